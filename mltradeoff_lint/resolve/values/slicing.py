"""What `value[low:high]` gives of lists and texts."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import Items, Literal, Values, unknown


def sliced(facts: PythonFacts, value: Items | Literal, bounds: Expr) -> Values:
    """The part between bounds that are written out; where one is computed, any elements, and nothing of a text."""
    low, high, step = (_bound(facts, index) for index in bounds[1:4])
    if isinstance(low, str) or isinstance(high, str) or isinstance(step, str) or step == 0:
        return (Items((value.every,), True),) if isinstance(value, Items) else unknown("a part of a text")
    if isinstance(value, Items):
        return (Items((value.every,), True) if value.is_open else Items(value.items[low:high:step]),)
    if isinstance(value.value, str):
        return (Literal(value.value[low:high:step], value.provenance),)
    return unknown("a part of something that has none")


def _bound(facts: PythonFacts, index: int) -> int | str | None:
    """A bound: a number, None where it is left out, a text where it is computed."""
    expr = facts.exprs[index] if index != NONE else ("const", None)
    sign = 1
    if expr[0] == "unary" and expr[1] == "-":
        sign, expr = -1, facts.exprs[expr[2]]
    if expr[0] == "const" and (expr[1] is None or isinstance(expr[1], int)):
        return None if expr[1] is None else sign * int(expr[1])
    return "computed"
