"""The tests that stand around code in its function, each with the outcome that leads there."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts


def tests_around(facts: PythonFacts, region: int) -> Iterator[tuple[int, bool]]:
    """The tests that decide whether a region runs, the nearest first, up to the start of its function.

    What follows an `if` runs by its test only where the branch left the block.
    """
    regions = facts.regions
    scope = regions[region].scope
    while region != NONE and regions[region].scope == scope:
        one = regions[region]
        if one.test != NONE and one.kind in ("then", "else"):
            yield one.test, one.kind == "then"
        elif one.test != NONE and one.kind == "after":
            left = (one.parent, "then", one.test, True)
            if any((each.parent, each.kind, each.test, each.exits) == left for each in regions):
                yield one.test, False
        region = one.parent
