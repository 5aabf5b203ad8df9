"""What stands where every value that is known fails a test: `if not CONFIG["key"]: raise` leaves a key that is set.

A default that fails a test says that somebody sets the variable where the code behind it runs. A dict of which one item
fails is the same dict with that item set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Hole,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    is_none,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.outcomes import keys_asked

SET_ELSEWHERE = "an item that the tests around it want set"

Passes = Callable[[Value], bool]


def with_items_set(facts: PythonFacts, conditions: Sequence[Condition], value: Value, passes: Passes) -> Values:
    """A dict that fails the tests of some of its items, with what passes in their place; empty for any other value."""
    if not isinstance(value, Mapping):
        return ()
    keys = [key for one in conditions for key in keys_asked(facts, one.test, one.place)]
    opened = {key: unknown(SET_ELSEWHERE) for key in keys if value.get(key) is not None}
    if not opened or not passes(_with(value, opened)):
        return ()
    for key in opened:
        held = tuple(one for one in value.get(key) or () if passes(_with(value, {**opened, key: (one,)})))
        opened[key] = held or opened[key]
    return (_with(value, opened),)


def is_default(value: Value) -> bool:
    """Whether a value is one that a setting may replace."""
    return isinstance(value, (Literal, Template)) and value.provenance != "literal" and not is_none(value)


def has_default(facts: PythonFacts, conditions: Sequence[Condition], value: Value) -> bool:
    """Whether a dict holds such a value under a key that the tests ask about."""
    if not isinstance(value, Mapping):
        return False
    keys = (key for one in conditions for key in keys_asked(facts, one.test, one.place))
    return any(is_default(held) for key in keys for held in value.get(key) or ())


def variable(resolver: Resolver, path: str, index: int, frame: Frame | None) -> Values:
    """The variable that a name is read from where its default fails the tests: `name = os.getenv("NAME", "")`."""
    facts = resolver.facts(path)
    expr = facts.exprs[_bound(facts, index)]
    if expr[0] != "call":
        return ()
    functions = resolver.values(path, facts.calls[expr[1]].function, frame)
    found: list[Values] = []
    for one in functions if all(isinstance(one, Library) for one in functions) else ():
        for meaning in resolver.program.meanings("calls", one.path) if isinstance(one, Library) else ():
            selectors = meaning.selectors("name") if meaning.kind == "environment" else ()
            picked = [pick(facts, CallRef(path, expr[1]), selector) for selector in selectors]
            found += [_holes(resolver.values(path, name, frame)) for name in picked if name != NONE]
    return union(*found)


def _holes(names: Values) -> Values:
    return tuple(Template((Hole(f"env:{name}"),), "configured") for name in known_texts(names))


def _bound(facts: PythonFacts, index: int) -> int:
    """The expression that a name is bound to; the name itself where that is not one assignment."""
    expr = facts.exprs[index]
    if expr[0] != "name":
        return index
    versions = expr[2] or facts.scopes[0].finals.get(expr[1], ())
    one = facts.definitions[versions[0]] if len(versions) == 1 else None
    return one.value if one is not None and one.kind == "assign" and not one.path else index


def _with(value: Mapping, items: dict[str, Values]) -> Mapping:
    entries = tuple((key, items.get(key, held)) for key, held in value.entries)
    return Mapping(entries, value.is_open, value.rest, value.of)
