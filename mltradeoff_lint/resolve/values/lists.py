"""Lists that are put together of lists: `[first, *rest]`, `head + tail`, once for each alternative of their parts.

How many elements a list has at least is counted beside what is known of them: a comprehension may give none.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from mltradeoff_lint.resolve.domain import (
    MAX_ITEMS,
    MAX_VALUES,
    Items,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    union,
)

Ways = Sequence[Items]
"""What one part of a list can be, once for each alternative."""


MORE: Ways = (Items((), True),)
"""Elements of which nothing is known, if there are any."""


def as_ways(values: Values) -> Ways:
    """What a list that is added to another can be."""
    lists = [value for value in values if isinstance(value, Items)]
    return (*lists, *MORE) if not lists or any(map(_may_be_list, values)) else lists


def unpacked(values: Values, element: Callable[[Value], Values]) -> Ways:
    """What `*values` puts into a list; `element` gives any element of what is no list that is known."""
    lists = [value for value in values if isinstance(value, Items)]
    others = union(*(element(value) for value in values if _may_be_unpacked(value)))
    return (*lists, Items((others,), True)) if others else lists or MORE


def spliced(parts: Sequence[Ways]) -> Values:
    """The lists of some parts in their order; one that may be any of them where there are too many ways."""
    if math.prod(map(len, parts)) <= MAX_VALUES:
        return union(tuple(_joined(way) for way in itertools.product(*parts)))
    items = tuple(item for ways in parts for one in ways for item in one.items)
    fewest = sum(min(one.fewest for one in ways) for ways in parts)
    return (Items(tuple(dict.fromkeys(items))[:MAX_ITEMS], True, fewest),)


def as_sets(values: Values, is_set: bool) -> Values:
    """Lists and sets as what a call or display makes of them; any other value stays as it is."""
    return tuple(
        replace(one, is_set=is_set) if isinstance(one, Items) and one.is_set != is_set else one for one in values
    )


def _joined(way: Sequence[Items]) -> Items:
    items = tuple(item for one in way for item in one.items)
    is_open = len(items) > MAX_ITEMS or any(one.is_open for one in way)
    return Items(items[:MAX_ITEMS], is_open, sum(one.fewest for one in way) if is_open else 0)


def _may_be_unpacked(value: Value) -> bool:
    """Whether a value that is no list that is known may have elements: no number, None or empty text."""
    if isinstance(value, Literal):
        return isinstance(value.value, str) and bool(value.value)
    return not isinstance(value, Items)


def _may_be_list(value: Value) -> bool:
    """Whether a value that is no list that is known may be one: no text, number or None."""
    return not isinstance(value, (Items, Literal, Template, Mapping))
