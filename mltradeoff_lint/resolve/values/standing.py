"""In which regions of its module an expression stands: under which tests the statements are that hold it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Set
from collections.abc import Mapping as Index

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts

_OUTWARD = frozenset({"global", "nonlocal"})
"""Kinds of writes by which a function binds a name of the code around it."""

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


def regions_around(facts: PythonFacts, region: int) -> Iterator[int]:
    """A region and those that it stands in, the nearest first, out to the module."""
    while region != NONE:
        yield region
        region = facts.regions[region].parent


def is_inside(facts: PythonFacts, region: int, outer: int) -> bool:
    """Whether a region is another one or lies in it, in one function."""
    while region != outer and region != NONE and facts.regions[region].kind != "scope":
        region = facts.regions[region].parent
    return region == outer


def branches_around(facts: PythonFacts, region: int) -> Iterator[tuple[Hashable, bool]]:
    """The `if`s around a region in its function, and what they ask, each with whether the test holds there.

    Two of them ask the same where they ask it of the same versions of names, and nobody can change the answer.
    """
    while region != NONE and facts.regions[region].kind != "scope":
        one = facts.regions[region]
        if one.kind in ("then", "else"):
            number, holds = region, one.kind == "then"
            while facts.regions[number][:3] != (one.parent, "then", one.test):
                number -= 1
            yield ("if", number), holds
            test = facts.exprs[one.test]
            asked = one.test
            while test[:2] == ("unary", "not"):
                asked, test, holds = test[2], facts.exprs[test[2]], not holds
            if _is_settled(facts, test):
                yield ("test", asked), holds
        region = one.parent


def _is_settled(facts: PythonFacts, test: Expr) -> bool:
    """Whether a test has the same outcome wherever the same versions of names reach it.

    It compares a name with a constant, or takes the truth of a name that holds the outcome of another test.
    """
    sides = [facts.exprs[one] for one in test[2]] if test[0] == "compare" else [test]
    if any(one.kind in _OUTWARD and one.key == sides[0][1] for one in facts.writes):
        return False
    if test[0] == "compare":
        return sides[0][0] == "name" and bool(sides[0][2]) and all(one[0] == "const" for one in sides[1:])
    return test[0] == "name" and bool(test[2]) and all(_is_flag(facts, facts.definitions[one]) for one in test[2])


def _is_flag(facts: PythonFacts, definition: Definition) -> bool:
    """Whether a name holds the outcome of a test, or is a parameter of which the default is a constant."""
    if definition.kind == "param":
        default = facts.scopes[definition.scope].parameters[definition.value].default
        return default != NONE and facts.exprs[default][0] == "const" and facts.exprs[default][1] is not None
    kind = facts.exprs[definition.value][:2] if definition.kind == "assign" else ("", "")
    return kind[0] in ("compare", "const") or kind == ("unary", "not")
