"""Objects that a program gets from a holder: a context variable, a queue, an injection container, a service registry.

`client.get()` gives what `client.set(...)` was passed, `injector.get(Store)` an object of the class it names. Which
call does which is a row of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Class, Frame, Instance, Library, Made, Value, Values, union
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.session_state import taken
from mltradeoff_lint.resolve.selectors import pick

_PROVIDERS = frozenset({"Singleton", "Factory", "ThreadSafeSingleton", "ThreadLocalSingleton", "ContextLocalSingleton"})
"""Names of the classes whose rows say that they make an object: any other call is not looked up."""

MAX_PUTS = 400
"""A method name with more calls than this is not looked through for those on one holder."""


def held(resolver: Resolver, value: Library, site: CallRef, frame: Frame | None) -> Values:
    """What a call gets from a holder; empty when it gets nothing that is known."""
    found = [taken(resolver, value, site, frame)]
    for meaning in resolver.program.meanings("calls", value.path):
        if meaning.kind != "held-object":
            continue
        found.append(_picked(resolver, meaning, "default", site, frame))
        for chosen in _picked(resolver, meaning, "class", site, frame):
            made = Made(site, frame) if meaning.literal("makes") else None
            found.append(_object_of(resolver, chosen, made))
        if meaning.literal("put") and value.made:
            maker = value.made[-1]
            found.append(_picked(resolver, meaning, "initial", maker.call, maker.frame))
            methods = {name.strip() for name in meaning.literal("put").split(",")}
            for name in sorted(methods):
                found += _put(resolver, name, maker.call)
    return union(*found)


def _picked(resolver: Resolver, meaning: Meaning, setting: str, site: CallRef, frame: Frame | None) -> Values:
    picked = (pick(resolver.facts(site.path), site, selector) for selector in meaning.selectors(setting))
    return union(*(resolver.values(site.path, expr, frame) for expr in picked if expr >= 0))


def is_provided(resolver: Resolver, value: Library | Instance) -> bool:
    """Whether an object stands for the provider that makes it, as a container has it: a call of that gives it."""
    made = value.made if isinstance(value, Instance) else value.made[-1] if value.made else None
    if made is None or (isinstance(value, Library) and not value.path.endswith("()")):
        return False
    function = resolver.call(made.call).function
    if last_name(resolver.facts(made.call.path).exprs[function]) not in _PROVIDERS:
        return False
    found = (one for one in resolver.values(made.call.path, function, made.frame) if isinstance(one, Library))
    meanings = (each for one in found for each in resolver.program.meanings("calls", one.path))
    return any(each.kind == "held-object" and bool(each.literal("makes")) for each in meanings)


def clients_made(resolver: Resolver, site: CallRef, meaning: Meaning) -> Iterator[tuple[Library, Meaning]]:
    """The clients of libraries that a call makes for a container, each with the row of its class."""
    for chosen in _picked(resolver, meaning, "class", site, None) if meaning.literal("makes") else ():
        if isinstance(chosen, Library):
            rows = resolver.program.meanings("calls", chosen.path)
            yield from ((chosen, row) for row in rows if row.kind == "client")


def _object_of(resolver: Resolver, chosen: Value, made: Made | None) -> Values:
    """An object of a class that is asked for; for one of the repository another that derives from it may come."""
    if isinstance(chosen, Class):
        return (Instance(chosen.ref, made) if made is not None else Instance(chosen.ref, is_derived=True),)
    if not isinstance(chosen, Library):
        return ()
    return (Library(resolver.program.catalog.called(chosen.path), () if made is None else (made,)),)


def _put(resolver: Resolver, name: str, maker: CallRef) -> Iterator[Values]:
    """What the calls of a method on the holder that one call made put into it; doubles in tests left out."""
    calls = resolver.program.ask("calls-of-method", name, lambda: tuple(_calls(resolver, name)))
    for path, base, passed in calls if len(calls) <= MAX_PUTS else ():
        if is_test(path) and not is_test(maker.path):
            continue
        for one in resolver.values(path, base):
            if isinstance(one, Library) and any(made.call == maker for made in one.made[-1:]):
                yield resolver.values(path, passed)


def _calls(resolver: Resolver, name: str) -> Iterator[tuple[str, int, int]]:
    """(path, receiver, first argument) of the calls of a method."""
    for path in resolver.program.python_paths():
        facts: PythonFacts = resolver.facts(path)
        for call in facts.calls:
            function = facts.exprs[call.function]
            if function[0] == "attr" and function[2] == name and call.arguments:
                yield path, function[1], call.arguments[0]
