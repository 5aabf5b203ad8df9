"""Whether code runs only while what it makes is not there yet: `if model is None: model = load()`."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts, Region
from mltradeoff_lint.resolve.values.standing import regions_around

_ON_DISK = frozenset({"exists", "is_file", "is_dir", "isfile", "isdir"})
"""Calls that ask for a file: what is fetched when there is none is kept by being written."""


def is_first_time(facts: PythonFacts, region: int) -> bool:
    """Whether a region runs only while something is absent that it, or a region around it, then writes.

    Absent is told by `if x is None`, `if not x`, `if key not in cache`, and by what follows `if x is not None: return`.
    What is put into a container may be put there later in the same function.
    """
    while region != NONE and facts.regions[region].kind != "scope":
        one = facts.regions[region]
        if one.kind in ("then", "else", "after") and one.test != NONE:
            name = _tested(facts, one.test, is_true=one.kind == "then")
            if name in _ON_DISK or (name and (_is_written(facts, region, name) or _is_filled(facts, one, name))):
                return True
        region = one.parent
    return False


def _tested(facts: PythonFacts, test: int, *, is_true: bool) -> str:
    """The name of what is absent when a test is true (or false); empty when the test tells nothing of the kind."""
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        return _tested(facts, expr[2], is_true=not is_true)
    if expr[0] == "compare" and len(expr[1]) == 1:
        left, right = expr[2]
        operator = expr[1][0]
        if facts.exprs[right][:2] == ("const", None) and operator in ("is", "==", "is not", "!="):
            return _last(facts, left) if is_true == (operator in ("is", "==")) else ""
        if operator in ("in", "not in"):
            return _last(facts, right) if is_true == (operator == "not in") else ""
        return ""
    if expr[0] in ("name", "attr", "call", "item"):
        return "" if is_true else _last(facts, test)
    if expr[0] == "boolop":
        names = (_tested(facts, one, is_true=is_true) for one in expr[2])
        return next((name for name in names if name), "")
    return ""


def _last(facts: PythonFacts, index: int) -> str:
    """The last name of an expression; of `hasattr(x, "name")` and `getattr(x, "name", None)` the name that is asked."""
    expr: Expr = facts.exprs[index]
    if expr[0] == "call":
        call = facts.calls[expr[1]]
        asked = facts.exprs[call.arguments[1]] if len(call.arguments) > 1 else ("", None)
        function = _last(facts, call.function)
        if function in ("hasattr", "getattr") and asked[0] == "const":
            return str(asked[1])
        # `cache.get(key)` asks the cache
        inner = facts.exprs[call.function]
        return _last(facts, inner[1]) if function == "get" and inner[0] == "attr" else function
    if expr[0] == "item":
        return _last(facts, expr[1])
    return str(expr[1]) if expr[0] == "name" else str(expr[2]) if expr[0] == "attr" else ""


def _is_written(facts: PythonFacts, region: int, name: str) -> bool:
    for one in facts.definitions:
        if one.name == name and one.kind in ("assign", "item") and region in regions_around(facts, one.region):
            return True
    for write in facts.writes:
        written = str(write.key) if write.kind in ("attribute", "global") else _last(facts, write.base)
        if written == name and region in regions_around(facts, write.region):
            return True
    return False


def _is_filled(facts: PythonFacts, region: Region, name: str) -> bool:
    """Whether the function around a test of membership puts something into the container."""
    test = facts.exprs[region.test]
    test = facts.exprs[test[2]] if test[0] == "unary" else test
    if test[0] != "compare" or test[1][0] not in ("in", "not in"):
        return False
    return any(
        write.kind == "item" and write.scope == region.scope and _last(facts, write.base) == name
        for write in facts.writes
    )
