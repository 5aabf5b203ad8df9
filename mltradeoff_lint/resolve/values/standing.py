"""In which regions of its module an expression stands: under which tests the statements are that hold it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from collections.abc import Mapping as Index

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, PythonFacts

_VALUED = frozenset({"assign", "augment", "item", "attribute", "loop", "enter"})


def regions(facts: PythonFacts) -> Index[int, Set[int]]:
    """The regions of each expression that a binding, a return, a write or a call holds, by its index.

    An expression that is written in several places is one in the table.
    """
    found: dict[int, set[int]] = {}
    for root, region in statements(facts):
        pending = [root]
        while pending:
            index = pending.pop()
            here = found.get(index)
            if here is None:
                here = found[index] = set()
            elif region in here:
                continue
            here.add(region)
            expr = facts.exprs[index]
            if expr[0] != "name" and expr[0] != "const":
                pending += [one for one in parts(facts, expr) if one != NONE]
    return found


def statements(facts: PythonFacts) -> Iterator[tuple[int, int]]:
    """The expressions that statements are made of, with the region each stands in; what is inside a call before it."""
    for definition in facts.definitions:
        if definition.kind in _VALUED and definition.value != NONE:
            yield definition.value, definition.region
    for scope in facts.scopes:
        yield from ((one.value, one.region) for one in (*scope.returns, *scope.yields) if one.value != NONE)
    for write in facts.writes:
        if write.value != NONE:
            yield write.value, write.region
    for call in reversed(facts.calls):
        for one in (call.function, *call.arguments, *(expr for _, expr in call.keywords)):
            yield one, call.region


def is_on_every_way(facts: PythonFacts, region: int) -> bool:
    """Whether every run of a function passes a region: it stands under no branch, loop or `try`."""
    while facts.regions[region].kind in ("after", "with"):
        region = facts.regions[region].parent
    return facts.regions[region].kind == "scope"
