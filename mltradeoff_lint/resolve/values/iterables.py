"""What functions that make iterables give, element by element where their arguments are known."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table

from mltradeoff_lint.resolve.domain import (
    MAX_ITEMS,
    MAX_VALUES,
    Items,
    Literal,
    Mapping,
    Value,
    Values,
    union,
    unknown,
    weakest,
)
from mltradeoff_lint.resolve.values.operators import element

VIEWS = frozenset({"keys", "values", "items"})
"""Methods of a dict that give something to run over."""

_FIRM = frozenset({"literal", "configured"})
"""Provenances of numbers that are known exactly."""


def numbered(values: Values, start: Values) -> Values:
    """`enumerate(values, start)`: pairs; the index of a list that is longer than a set of values is not told apart."""
    first = start[0].value if len(start) == 1 and isinstance(start[0], Literal) else None if start else 0
    if len(values) == 1 and isinstance(first, int):
        items = _closed(values[0])
        if items is not None and len(items) <= MAX_VALUES:
            return (Items(tuple((Items(((Literal(first + at),), item)),) for at, item in enumerate(items))),)
    any_item = union(*(element(value) for value in values))
    return (Items(((Items((unknown("an index"), any_item)),),), True),)


def counted(bounds: Sequence[Values]) -> Values | None:
    """`range(...)` of known numbers; None when it has more of them than a set of values tells apart.

    Where a default stands, whoever sets another number gets other ones, so that it tells of none.
    """
    known = [one[0] for one in bounds if len(one) == 1 and isinstance(one[0], Literal)]
    firmness = weakest(*(one.provenance for one in known))
    if len(known) != len(bounds) or not 1 <= len(known) <= 3 or firmness not in _FIRM:
        return None
    numbers = [one.value for one in known]
    whole = [one for one in numbers if isinstance(one, int)]
    if len(whole) != len(numbers) or whole[2:] == [0]:
        return None
    found = range(*whole)
    return (Items(tuple((Literal(one, firmness),) for one in found)),) if len(found) <= MAX_VALUES else None


def chained(lists: Sequence[Values]) -> Values:
    """`itertools.chain(...)`: the elements of each, in order."""
    items: list[Values] = []
    is_open = False
    for values in lists:
        closed = _closed(values[0]) if len(values) == 1 else None
        is_open = is_open or closed is None
        items += closed if closed is not None else [union(*(element(value) for value in values))]
    return (Items(tuple(items[:MAX_ITEMS]), is_open or len(items) > MAX_ITEMS),)


def crossed(lists: Sequence[Values]) -> Values:
    """`itertools.product(...)`: every row of one element each."""
    columns = [_closed(values[0]) if len(values) == 1 else None for values in lists]
    known = [one for one in columns if one is not None]
    if len(known) == len(lists) and math.prod(map(len, known)) <= MAX_ITEMS:
        return (Items(tuple((Items(row),) for row in itertools.product(*known))),)
    row = Items(tuple(union(*(element(value) for value in values)) for values in lists))
    return (Items(((row,),), True),)


def view(name: str, dicts: Sequence[Value]) -> Values:
    """`keys()`, `values()` or `items()` of what may be dicts: all that is known of any of them."""
    known = [one for one in dicts if isinstance(one, Mapping)]
    pairs: list[tuple[Values, Values]] = [((Literal(key),), held) for one in known for key, held in one.entries]
    pairs += [(unknown("a key"), one.rest) for one in known if one.rest]
    if name == "items":
        return (Items(tuple((Items(pair),) for pair in pairs), True),)
    return (Items(tuple(key if name == "keys" else held for key, held in pairs if held), True),)


def _closed(value: Value) -> tuple[Values, ...] | None:
    """The elements of a list that is known in full."""
    return value.items if isinstance(value, Items) and not value.is_open else None


MAKERS: Table[str, Callable[[Sequence[Values]], Values | None]] = {
    "builtins.range()": counted,
    "itertools.chain()": chained,
    "itertools.product()": crossed,
}
"""What the results of these functions hold, by access path."""
