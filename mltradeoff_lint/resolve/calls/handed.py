"""Functions that a program hands to a library, which calls them: what it passes to them, and who is behind the call.

`executor.submit(f, a)`, `Thread(target=f, args=(a,))` and `pool.map(f, rows)` pass what stands beside the function;
`button.click(f)` passes what a person enters. Which call does which is a row of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls import dbt_models, served_arguments
from mltradeoff_lint.resolve.calls.injection import providers
from mltradeoff_lint.resolve.configuration import step_data
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    Function,
    FunctionRef,
    Items,
    Library,
    Made,
    Mapping,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.operators import element, project
from mltradeoff_lint.resolve.values.rendered import rendered

MAX_REFERENCES = 40
"""A name that is passed more often than this says nothing about which function is meant."""

_HANDLING = frozenset(
    ["abc", "argparse", "builtins", "contextlib", "copy", "dataclasses", "functools", "inspect", "logging", "operator",
     "pytest", "types", "typing", "unittest"]
)  # fmt: skip
"""Import roots of what takes a function without calling it, or gives back one like it."""


class Handing(NamedTuple):
    """One call that hands a function on: its meaning, the expression of the function, and whether `self` is bound.

    The expression is NONE where the call is a method of the function itself.
    """

    ref: CallRef
    meaning: Meaning
    expr: int
    is_bound: bool


def passing(resolver: Resolver, function: FunctionRef, most: int = MAX_REFERENCES) -> tuple[CallRef, ...]:
    """The calls that pass something by the name of a function, or pass the lambda itself; none when there are more."""
    own = resolver.scope(function).name
    name = own if own != "<lambda>" else _of_lambda(function.path, function.scope)
    candidates = passed_names(resolver).get(name, ())
    return candidates if len(candidates) <= most else ()


def is_passed(resolver: Resolver, ref: CallRef, function: FunctionRef) -> bool:
    """Whether an argument of a call is a function."""
    call = resolver.call(ref)
    for expr in (*call.arguments, *(value for _, value in call.keywords)):
        if any(isinstance(one, Function) and one.ref == function for one in resolver.values(ref.path, expr)):
            return True
    return False


def passed_names(resolver: Resolver) -> dict[str, tuple[CallRef, ...]]:
    """The calls that pass something by the name of a function, by that name: `f` of `g(f)` and of `g(module.f)`."""
    return resolver.program.ask("passed-names", "", lambda: _all_passed(resolver))


def _all_passed(resolver: Resolver) -> dict[str, tuple[CallRef, ...]]:
    index: dict[str, dict[CallRef, None]] = {}
    modules = [(path, resolver.facts(path)) for path in resolver.program.python_paths()]
    functions = {scope.name for _, facts in modules for scope in facts.scopes}
    for path, facts in modules:
        for number, call in enumerate(facts.calls):
            for expr_index in (*call.arguments, *[value for _, value in call.keywords]):
                expr = facts.exprs[expr_index]
                kind = expr[0]
                name = expr[1] if kind == "name" else expr[2] if kind == "attr" else None
                if name in functions:
                    index.setdefault(name, {})[CallRef(path, number)] = None
                elif kind == "lambda":
                    index.setdefault(_of_lambda(path, expr[1]), {})[CallRef(path, number)] = None
    return {name: tuple(refs) for name, refs in index.items()}


def _of_lambda(path: str, scope: int) -> str:
    """Under what a function without a name is kept: it is passed where it is written, and nowhere else."""
    return f"{path}:{scope}"


def handings(resolver: Resolver, function: FunctionRef) -> tuple[Handing, ...]:
    """The calls that hand a function to a library which the catalog says will call it."""
    return resolver.program.ask("handings", function, lambda: tuple(_handings(resolver, function)))


def _handings(resolver: Resolver, function: FunctionRef) -> Iterator[Handing]:
    for ref in passing(resolver, function):
        for meaning, expr in handed_by(resolver, ref):
            for value in resolver.values(ref.path, expr):
                if isinstance(value, Function) and value.ref == function:
                    yield Handing(ref, meaning, expr, _is_bound(resolver, value))
    for ref in _naming_class(resolver, function):
        owner = Class(ClassRef(function.path, resolver.scope(function).owner))
        for meaning, expr in handed_by(resolver, ref):
            if meaning.kind == "calls-argument" and owner in resolver.values(ref.path, expr):
                yield Handing(ref, meaning, expr, is_bound=True)


def _naming_class(resolver: Resolver, function: FunctionRef) -> tuple[CallRef, ...]:
    """The calls that pass something by the name of the class that a constructor makes objects of: a container's."""
    scope = resolver.scope(function)
    if scope.name != "__init__" or scope.owner == NONE:
        return ()
    candidates = passed_names(resolver).get(resolver.class_fact(ClassRef(function.path, scope.owner)).name, ())
    return candidates if len(candidates) <= MAX_REFERENCES else ()


def handed_at(resolver: Resolver, ref: CallRef, function: Function) -> Iterator[Handing]:
    """How a call hands a function to a library, whatever name it has there: once for each place it may stand in."""
    for meaning, expr in handed_by(resolver, ref):
        yield Handing(ref, meaning, expr, _is_bound(resolver, function))


def handing_at(resolver: Resolver, ref: CallRef, function: FunctionRef) -> Handing | None:
    """How a call hands a function to a library that calls it; None for a plain call of it."""
    if ref not in passing(resolver, function) and ref not in _naming_class(resolver, function):
        return None
    found = (one for one in handings(resolver, function) if one.ref == ref and one.meaning.kind == "calls-argument")
    return next(found, None)


def handed_by(resolver: Resolver, ref: CallRef) -> Iterator[tuple[Meaning, int]]:
    """What a call hands to a library to be called: the meaning of the call, and the expression."""
    for meaning in _meanings(resolver, ref):
        name = "function" if meaning.kind == "calls-argument" else "handler"
        for selector in meaning.selectors(name):
            expr = pick(resolver.facts(ref.path), ref, selector)
            if expr >= 0:
                yield meaning, expr


def _is_bound(resolver: Resolver, function: Function) -> bool:
    return function.receiver is not None and not _is_static(resolver, function.ref)


def _is_static(resolver: Resolver, function: FunctionRef) -> bool:
    facts = resolver.facts(function.path)
    decorators = facts.scopes[function.scope].decorators
    return any(last_name(facts.exprs[one]) == "staticmethod" for one in decorators)


def _meanings(resolver: Resolver, ref: CallRef) -> Iterator[Meaning]:
    for value in resolver.values(ref.path, resolver.call(ref).function):
        if isinstance(value, Library):
            for meaning in resolver.program.meanings("calls", value.path):
                if meaning.kind in ("calls-argument", "endpoint", "entry"):
                    yield meaning


def given(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What libraries pass for a parameter of a function they are handed; empty when nothing is known of it."""
    found = [_given(resolver, one, function, position) for one in handings(resolver, function)]
    named = (one.given(resolver, function, position) for one in (dbt_models, served_arguments))
    return union(*found, *named, _unseen(resolver, function, position))


def _unseen(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What a library passes that is handed a function and of which nobody says what it does with it.

    A parameter that itself depends on a function is given what that one returns, whoever asks for the first.
    """
    if providers(resolver, function, position):
        return ()
    taker = resolver.program.ask("taken-by", function, lambda: _taker(resolver, function))
    return unknown(f"what `{taker}` passes to it") if taker else ()


def _taker(resolver: Resolver, function: FunctionRef) -> str:
    """The path of a library's call that is handed a function and has no row that says what it does with functions."""
    for ref in passing(resolver, function):
        call = resolver.call(ref)
        takers = [one.path for one in resolver.values(ref.path, call.function) if isinstance(one, Library)]
        takers = [path for path in takers if path.partition(".")[0] not in _HANDLING]
        if takers and not any(_meanings(resolver, ref)) and is_passed(resolver, ref, function):
            return takers[0]
    return ""


def _given(resolver: Resolver, one: Handing, function: FunctionRef, position: int) -> Values:
    if one.meaning.kind == "entry":
        return step_data.given(resolver, one.ref, function, position)
    return passed_by(resolver, one, function, position, None) if one.meaning.kind == "calls-argument" else ()


def passed_by(resolver: Resolver, one: Handing, function: FunctionRef, position: int, frame: Frame | None) -> Values:
    """What a library passes for a parameter of a function that one call hands to it."""
    path, call = one.ref.path, resolver.call(one.ref)
    parameter = resolver.scope(function).parameters[position]
    index = position - int(one.is_bound)
    passes = one.meaning.selectors("passes")
    if passes:
        expr = pick(resolver.facts(path), one.ref, passes[index]) if 0 <= index < len(passes) else NONE
        return resolver.values(path, expr, frame) if expr != NONE else ()
    way = one.meaning.literal("arguments")
    if way == "result":
        return _made(resolver, one.ref) if index == 0 else ()
    if way in ("following", "each", "rows"):
        is_named = way == "following" or one.expr == NONE
        named = [expr for name, expr in call.keywords if name == parameter.name and is_named]
        if named:
            values = resolver.values(path, named[0], frame)
            # a dict is no list of values: what it is expanded to has both key and value
            return values if way == "following" else _elements([one for one in values if not isinstance(one, Mapping)])
        first = call.arguments.index(one.expr) + 1 if one.expr in call.arguments else len(call.arguments)
        first = first if one.expr != NONE else 0
        values = _at(resolver, one.ref, first, 0 if way == "rows" else index, frame) if index >= 0 else ()
        if way == "following":
            values = values or _keyed(resolver, one.ref, parameter.name, frame)
            return values or _packed(resolver, one, parameter.name, index, frame)
        elements = _elements(values)
        return project(resolver, elements, (index,)) if way == "rows" else elements
    return _packed(resolver, one, parameter.name, index, frame)


def _elements(values: Sequence[Value]) -> Values:
    return union(*(element(value) for value in values))


def _made(resolver: Resolver, ref: CallRef) -> Values:
    """What the handing call itself makes: the application that runs its own lifespan function."""
    things = resolver.values(ref.path, resolver.call(ref).function)
    called = resolver.program.catalog.called
    return tuple(Library(called(one.path), (Made(ref),)) for one in things if isinstance(one, Library))


def _at(resolver: Resolver, ref: CallRef, first: int, index: int, frame: Frame | None) -> Values:
    """What stands at an index behind the handed function; `*values` in front of it is opened when it is closed."""
    exprs = resolver.facts(ref.path).exprs
    for place, argument in enumerate(resolver.call(ref).arguments[first : first + index + 1]):
        if exprs[argument][0] == "star":
            held = resolver.values(ref.path, exprs[argument][1], frame)
            items = [value.items for value in held if isinstance(value, Items) and not value.is_open]
            is_known = len(items) == len(held) and all(index - place < len(one) for one in items)
            return union(*(one[index - place] for one in items)) if is_known else ()
        if place == index:
            return resolver.values(ref.path, argument, frame)
    return ()


def _keyed(resolver: Resolver, ref: CallRef, name: str, frame: Frame | None) -> Values:
    """What `**values` of a call that passes its keywords on hold for a parameter."""
    spread = (resolver.values(ref.path, expr, frame) for key, expr in resolver.call(ref).keywords if key is None)
    return union(*(value.get(name) or () for held in spread for value in held if isinstance(value, Mapping)))


def _packed(resolver: Resolver, one: Handing, name: str, index: int, frame: Frame | None) -> Values:
    """What `args=(...)` and `kwargs={...}` of a handing call hold for a parameter."""
    facts = resolver.facts(one.ref.path)
    found: list[Values] = []
    for selector in one.meaning.selectors("keywords"):
        for value in resolver.values(one.ref.path, pick(facts, one.ref, selector), frame):
            found.append((value.get(name) or ()) if isinstance(value, Mapping) else ())
    for selector in (*one.meaning.selectors("arguments"), *one.meaning.selectors("packed")):
        for value in resolver.values(one.ref.path, pick(facts, one.ref, selector), frame):
            if isinstance(value, Items) and not value.is_open and 0 <= index < len(value.items):
                found.append(value.items[index])
    return rendered(union(*found)) if one.meaning.literal("templates") else union(*found)


def source(resolver: Resolver, function: FunctionRef, position: int) -> str:
    """The source of a parameter that an app, a queue or a command line fills; empty for any other."""
    name = resolver.scope(function).parameters[position].name
    for one in handings(resolver, function):
        if one.meaning.kind == "endpoint":
            return f"request:{name}"
        if one.meaning.kind == "entry":
            return f"option:{name}" if one.meaning.literal("kind") == "cli" else f"input:{name}"
    return ""
