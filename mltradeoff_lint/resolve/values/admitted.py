"""The constants to which the tests around a name narrow it: `if branch in ("main", "try")` leaves these two."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Library, Literal, Template, Value, Values, union
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.outcomes import fits

_ONE_OF = {"==": True, "in": True, "!=": False, "not in": False}
"""The outcome of a comparison by which what is compared is one of the constants."""


def in_place_of_open(
    facts: PythonFacts,
    conditions: Sequence[Condition],
    values: Values,
    passes: Callable[[Value], bool],
    is_brought: Callable[[Value], bool],
) -> Values:
    """The values of a name, with the constants that its conditions admit in place of those that are not known.

    `passes` tells whether a value gets past all of the conditions, `is_brought` whether a thing of a library is what an
    option or a request brings. An attribute admits none: who writes to the object may change it behind the test.
    """
    if not any(isinstance(value, (Unknown, Template, Library)) for value in values):
        return values
    named = (_named(facts, one.test, one.place, one.holds) for one in conditions if one.place[0] == "name")
    words = next((found for found in named if found is not None), None)
    if words is None:
        return values
    admitted = tuple(one for one in map(Literal, dict.fromkeys(words)) if passes(one))
    return union(*(_of(admitted, value, is_brought) for value in values))


def _of(admitted: tuple[Literal, ...], value: Value, is_brought: Callable[[Value], bool]) -> Values:
    if isinstance(value, Template):
        return tuple(one for one in admitted if fits(value, str(one.value)))
    is_open = isinstance(value, Unknown) or (isinstance(value, Library) and is_brought(value))
    return admitted if is_open else (value,)


def _named(facts: PythonFacts, test: int, name: Expr, holds: bool) -> tuple[str, ...] | None:
    """The texts of which a name is one when a test holds, or fails; None when it may be another."""
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        return _named(facts, expr[2], name, not holds)
    if expr[0] == "boolop":
        named = [_named(facts, one, name, holds) for one in expr[2]]
        known = [words for words in named if words is not None]
        if (expr[1] == "and") is holds:
            return known[0] if known else None
        return tuple(word for words in known for word in words) if len(known) == len(named) else None
    if expr[0] != "compare" or len(expr[1]) != 1 or _ONE_OF.get(expr[1][0]) is not holds:
        return None
    left, right = (facts.exprs[one] for one in expr[2])
    is_display = expr[1][0] in ("in", "not in")
    if left != name or (is_display and right[0] not in ("tuple", "list", "set")):
        return None
    texts = [facts.exprs[one] for one in right[1]] if is_display else [right]
    are_texts = all(one[0] == "const" and isinstance(one[1], str) for one in texts)
    return tuple(one[1] for one in texts) if are_texts and texts else None
