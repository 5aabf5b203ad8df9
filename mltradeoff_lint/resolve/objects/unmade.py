"""Classes of which no run makes an object: every construction that is written stands in code that is never run.

Names decide, before anything is asked of a value. A class that is also read in any other way counts as made: whoever
keeps it, hands it on, derives from it or has it as the type of a field or parameter may make objects unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from mltradeoff_lint.model.expressions import BOUND, heads_and_results, last_name, parts
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import ClassRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.dead_code import dead_regions

MAX_ROUNDS = 4
"""Classes that only methods of such classes make are found in further rounds."""

NEVER_MADE = "its only construction never runs"

_ASKING = frozenset({"isinstance", "issubclass"})
"""What takes a class and makes no object of it."""

SEEN_BY_BASE = frozenset({"__subclasses__", "__init_subclass__"})
"""By what a base class knows those that derive from it without their names."""

_KEEPING = frozenset({"dataclass", "define", "frozen", "final", "total_ordering"})
"""Decorators that keep no class."""


def is_never_made(resolver: Resolver, ref: ClassRef) -> bool:
    """Whether all constructions of a class stand in code that is never run, and nothing else can make its objects."""
    names = _asked(resolver)
    return bool(names) and resolver.class_fact(ref).name in names


def idle_calls(resolver: Resolver, path: str) -> frozenset[int]:
    """The calls of a module that no run comes to: in dead code, or in the methods of a class that is never made."""
    return frozenset(_idle(resolver, path, _asked(resolver)).calls)


def _asked(resolver: Resolver) -> frozenset[str]:
    return resolver.program.ask("never-made", "", lambda: _never_made(resolver), sorted)


class _Idle(NamedTuple):
    """What of a module no run comes to: the scopes in the methods of classes that are never made, and calls."""

    scopes: Set[int]
    calls: Set[int]


def _idle(resolver: Resolver, path: str, never_made: Set[str]) -> _Idle:
    facts, dead = resolver.facts(path), dead_regions(resolver, path)
    owners = {number for number, one in enumerate(facts.classes) if one.name in never_made}
    scopes: set[int] = set()
    if not dead and not owners:
        return _Idle(scopes, scopes)
    # the scopes around one stand before it
    for number, scope in enumerate(facts.scopes):
        if scope.owner in owners or scope.parent in scopes:
            scopes.add(number)
    calls = {number for number, call in enumerate(facts.calls) if call.region in dead or call.scope in scopes}
    return _Idle(scopes, calls)


def _never_made(resolver: Resolver) -> frozenset[str]:
    modules = [(path, resolver.facts(path)) for path in resolver.program.python_paths()]
    names = frozenset[str]()
    for _ in range(MAX_ROUNDS):
        found = _unused([(facts, _idle(resolver, path, names)) for path, facts in modules])
        if found <= names:
            break
        names = found - _configured(resolver, found)
    return frozenset() if names and resolver.program.unread_modules() else names


def _unused(modules: Sequence[tuple[PythonFacts, _Idle]]) -> frozenset[str]:
    """The classes that idle calls construct, and nothing else uses."""
    left = {last_name(facts.exprs[facts.calls[one].function]) for facts, idle in modules for one in idle.calls}
    left &= {one.name for facts, _ in modules for one in facts.classes} if left else set()
    for facts, idle in modules:
        left -= _used(facts, idle, left) if left else set()
    return frozenset(left)


def _used(facts: PythonFacts, idle: _Idle, names: Set[str]) -> set[str]:
    """Those of some classes that a module may make objects of, or hands to somebody who may."""
    named = {index: last_name(expr) for index, expr in enumerate(facts.exprs) if last_name(expr) in names}
    found = {index: name for index, name in named.items() if facts.expr_scopes[index] not in idle.scopes}
    texts = {str(expr[1]).rpartition(".")[2] for expr in facts.exprs if expr[0] == "const" and isinstance(expr[1], str)}
    used = (texts | {one.name or "" for one in facts.imports if one.bound != one.name}) & names
    if any(expr[0] == "attr" and expr[2] in SEEN_BY_BASE for expr in facts.exprs) or any(
        one.name in SEEN_BY_BASE for one in facts.scopes
    ):
        return set(names)
    for one in facts.classes:
        marks = {last_name(facts.exprs[index]) for index in one.decorators}
        if one.name in names and (one.keywords or not marks <= _KEEPING):
            used.add(one.name)
    used.update(found[index] for index in (*_parts(facts), *_roots(facts)) if index in found)
    return used | set(_called(facts, idle.calls, found))


def _called(facts: PythonFacts, idle: Set[int], found: Mapping[int, str]) -> Iterator[str]:
    """The classes that are called where a run comes, or handed to a call."""
    for number, call in enumerate(facts.calls):
        if call.function in found and number not in idle:
            yield found[call.function]
        if last_name(facts.exprs[call.function]) not in _ASKING:
            passed = (*call.arguments, *(value for _, value in call.keywords))
            yield from (found[index] for index in passed if index in found)


def _parts(facts: PythonFacts) -> Iterator[int]:
    """The expressions that stand in others, those of calls left out."""
    for expr in facts.exprs:
        if expr[0] != "call":
            yield from parts(facts, expr)


def _roots(facts: PythonFacts) -> Iterator[int]:
    """The expressions that are kept, given back, or say what a field or parameter holds."""
    for definition in facts.definitions:
        is_field = facts.scopes[definition.scope].kind == "class"
        if definition.kind in BOUND or (is_field and definition.kind == "declare"):
            yield definition.value
        if is_field:
            yield from (step[1] for step in definition.path if isinstance(step, tuple))
    yield from (write.value for write in facts.writes if write.kind != "declare")
    yield from heads_and_results(facts)
    yield from (one.annotation for scope in facts.scopes for one in scope.parameters)


def _configured(resolver: Resolver, names: Set[str]) -> set[str]:
    """The classes that a configuration file names."""
    program = resolver.program
    texts = (
        text.rpartition(".")[2].rpartition(":")[2]
        for path in program.documents_inside("")
        for root in program.roots(path)
        for _, entry in root.walk()
        for text in (entry.value, entry.tag.lstrip("!"))
    )
    return set(texts) & names
