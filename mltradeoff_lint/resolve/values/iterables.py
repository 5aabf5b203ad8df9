"""What functions that make iterables give, element by element where their arguments are known."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

from mltradeoff_lint.resolve.domain import MAX_ITEMS, MAX_VALUES, Items, Literal, Value, Values, union, unknown
from mltradeoff_lint.resolve.values.operators import element


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
    """`range(...)` of known numbers; None when it has more of them than a set of values tells apart."""
    numbers = [one[0].value for one in bounds if len(one) == 1 and isinstance(one[0], Literal)]
    if len(numbers) != len(bounds) or not 1 <= len(numbers) <= 3:
        return None
    whole = [one for one in numbers if isinstance(one, int)]
    if len(whole) != len(numbers) or whole[2:] == [0]:
        return None
    found = range(*whole)
    return (Items(tuple((Literal(one),) for one in found)),) if len(found) <= MAX_VALUES else None


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


def _closed(value: Value) -> tuple[Values, ...] | None:
    """The elements of a list that is known in full."""
    return value.items if isinstance(value, Items) and not value.is_open else None


MAKERS: Mapping[str, Callable[[Sequence[Values]], Values | None]] = {
    "builtins.range()": counted,
    "itertools.chain()": chained,
    "itertools.product()": crossed,
}
"""What the results of these functions hold, by access path."""
