"""Code that no run reaches, because a constant decides the test in front of it: `if False`, `elif fast and False`.

A name that holds a constant is a setting somebody may change, and decides nothing here.
"""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, PythonFacts

_BRANCHES = {"then": False, "while": False, "else": True}
"""The outcome of its test by which a branch is not run."""


def dead_regions(facts: PythonFacts) -> frozenset[int]:
    """The regions of a module that are not run, with the functions and classes that are defined in them."""
    dead: set[int] = set()
    left: set[tuple[int, int]] = set()
    for number, region in enumerate(facts.regions):
        decided = constant_outcome(facts, region.test) if region.kind in _BRANCHES and region.test != NONE else None
        is_skipped = decided is not None and decided is _BRANCHES[region.kind]
        if decided is not None and region.exits and not is_skipped:
            left.add((region.parent, region.test))
        is_left = region.kind == "after" and (region.parent, region.test) in left
        # the regions around one stand before it
        if is_skipped or is_left or region.parent in dead:
            dead.add(number)
    return frozenset(dead)


def constant_outcome(facts: PythonFacts, test: int) -> bool | None:
    """The outcome of a test that the constants in it decide; None when a run decides it."""
    expr = facts.exprs[test]
    if expr[0] == "const":
        return bool(expr[1])
    if expr[0] == "unary" and expr[1] == "not":
        inner = constant_outcome(facts, expr[2])
        return None if inner is None else not inner
    if expr[0] == "boolop":
        decisive = expr[1] == "or"
        outcomes = {constant_outcome(facts, one) for one in expr[2]}
        return decisive if decisive in outcomes else None if None in outcomes else not decisive
    return None
