"""How large a value may be: a program of a few lines can double a text or a list at every one of them."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Items, Mapping, Value, Values

MAX_TEXT = 100_000
"""Characters of a text that is put together; a text that stands in the code may be longer."""

MAX_PIECES = 1_000
"""Texts and holes that a text is put together from."""

MAX_WEIGHT = 50_000
"""Values inside a list or dict and those inside it; comparing two of them takes as many steps."""


def bounded(values: Values) -> Values:
    """The values, with those that are too large to work with unknown."""
    for value in values:
        if (value.__class__ is Items or value.__class__ is Mapping) and _weight(value) > MAX_WEIGHT:
            large = Unknown("a container that is too large")
            return tuple(large if _weight(one) > MAX_WEIGHT else one for one in values)
    return values


def _weight(value: Value) -> int:
    """How many values a value is made of, itself included; kept, since what it holds was weighed before."""
    if not isinstance(value, (Items, Mapping)):
        return 1
    if not value.weight:
        held: Iterable[Values] = (
            value.items if isinstance(value, Items) else (*(values for _, values in value.entries), value.rest)
        )
        object.__setattr__(value, "weight", 1 + sum(_weight(one) for values in held for one in values))
    return value.weight
