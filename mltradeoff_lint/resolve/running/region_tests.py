"""The tests that stand around code in its function, each with the outcome that leads there."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts


def tests_around(facts: PythonFacts, region: int) -> Iterator[tuple[int, bool]]:
    """The tests that decide whether a region runs, the nearest first, up to the start of its function.

    What follows an `if` runs by its test only where a branch of it left the block. One of an `elif` tells nothing:
    the tests before it may have led past it.
    """
    while region != NONE and facts.regions[region].kind != "scope":
        one = facts.regions[region]
        if one.test != NONE and one.kind in ("then", "else"):
            yield one.test, one.kind == "then"
        elif one.test != NONE and one.kind == "after":
            kind = _left(facts, region)
            if kind:
                yield one.test, kind == "else"
        region = one.parent


def _left(facts: PythonFacts, region: int) -> str:
    """The branch that left the block of the `if` that a region follows; empty where one of an `elif` did."""
    after = facts.regions[region]
    # the branches of an `if` stand between the region around it and what follows it, the last `if` nearest
    for number in range(region - 1, after.parent, -1):
        one = facts.regions[number]
        if one.exits and one.kind in ("then", "else") and (one.parent, one.test) == (after.parent, after.test):
            return one.kind
    return ""
