"""Names that change together, and what each row gives them: the elements of a loop, the entries that are unpacked.

`for name, run in PAIRS` binds both names from one element, `kind, model = TABLE[name]` from one entry of the table.
"""

from __future__ import annotations

from collections.abc import Mapping as Bound
from collections.abc import Sequence
from typing import NamedTuple

from mltradeoff_lint.model.expressions import is_whole
from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts
from mltradeoff_lint.resolve.domain import TOO_MANY, Frame, Items, Mapping, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.operators import element, project

MAX_ROWS = 64
"""Rows of one loop or comprehension that are told apart."""

Row = Bound[tuple[int, ...], Values]
"""What names hold in one row, by the versions that reach them: those of one name are one thing wherever it is read."""


class Group(NamedTuple):
    """Names that change together: targets of one loop or of one unpacking by its expression, else one name alone."""

    kind: str
    value: int
    versions: tuple[int, ...] = ()


def group_of(facts: PythonFacts, versions: tuple[int, ...]) -> Group:
    """The group of a name, by the versions of it."""
    one = facts.definitions[versions[0]]
    if len(versions) > 1 or not (one.kind == "loop" or is_unpacked(one)):
        return Group("name", NONE, versions)
    return Group(one.kind, one.value)


def is_unpacked(definition: Definition) -> bool:
    """Whether an assignment gives a name a part of its right-hand side: `kind, model = TABLE[name]`."""
    return definition.kind == "assign" and bool(definition.path) and not is_whole(definition)


def rows_of_group(
    resolver: Resolver, path: str, group: Group, targets: Sequence[int], frame: Frame | None
) -> list[Row] | None:
    """What each row gives some targets of one loop or unpacking; None when the rows are not told apart."""
    facts = resolver.facts(path)
    if group.kind == "loop":
        return rows_of(resolver, facts, resolver.values(path, group.value, frame), targets)
    held = entries(resolver, path, group.value, frame)
    if not held or len(held) > MAX_ROWS:
        return None
    routes = {one: route_of(facts.definitions[one]) for one in targets}
    return [{(one,): project(resolver, (entry,), route) for one, route in routes.items()} for entry in held]


def rows_of(resolver: Resolver, facts: PythonFacts, iterables: Values, targets: Sequence[int]) -> list[Row] | None:
    """What each element of a loop gives its targets; None when the elements are not told apart."""
    elements: list[Values] = []
    for value in iterables:
        if isinstance(value, Items):
            elements += [(one,) for item in value.items for one in item] if value.is_open else list(value.items)
        elif isinstance(value, Mapping) and not value.is_open:
            elements += [(one,) for one in element(value)]
        else:
            return None
    if not elements or len(elements) > MAX_ROWS:
        return None
    return [{(one,): project(resolver, item, facts.definitions[one].path) for one in targets} for item in elements]


def route_of(definition: Definition) -> tuple[int | str, ...]:
    """The steps by which a target is unpacked, without its annotation."""
    return tuple(step for step in definition.path if not isinstance(step, tuple))


def entries(resolver: Resolver, path: str, value: int, frame: Frame | None) -> Values:
    """What an unpacked expression can be, one row each: also all entries of a table that are too many for one set."""
    found = resolver.values(path, value, frame)
    whole = _table(resolver.facts(path), value) if TOO_MANY in found else NONE
    tables = resolver.values(path, whole, frame) if whole != NONE else ()
    if len(tables) != 1 or not isinstance(tables[0], Mapping) or tables[0].is_open:
        return found
    return tuple(dict.fromkeys(one for _, values in tables[0].entries for one in values))


def _table(facts: PythonFacts, index: int) -> int:
    """The table that an expression takes an entry of: `table[key]`, `table.get(key)`; NONE for any other."""
    expr = facts.exprs[index]
    if expr[0] == "item":
        return int(expr[1])
    if expr[0] == "call" and len(facts.calls[expr[1]].arguments) == 1:
        function = facts.exprs[facts.calls[expr[1]].function]
        return int(function[1]) if function[0] == "attr" and function[2] == "get" else NONE
    return NONE
