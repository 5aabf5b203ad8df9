"""The rows of a loop: what each element of an iterable gives the targets that are bound from it."""

from __future__ import annotations

from collections.abc import Mapping as Bound
from collections.abc import Sequence

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import Items, Mapping, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.operators import element, project

MAX_ROWS = 64
"""Rows of one loop or comprehension that are told apart."""

Row = Bound[tuple[int, ...], Values]
"""What names hold in one row, by the versions that reach them: those of one name are one thing wherever it is read."""


def rows_of(resolver: Resolver, facts: PythonFacts, iterables: Values, targets: Sequence[int]) -> list[Row] | None:
    """What each element of a loop gives its targets; None when the elements are not told apart."""
    elements: list[Values] = []
    for value in iterables:
        if isinstance(value, Items):
            elements += [(one,) for item in value.items for one in item] if value.is_open else list(value.items)
        elif isinstance(value, Mapping) and not value.is_open:
            elements += [(one,) for one in element(value)]
        else:
            return None
    if not elements or len(elements) > MAX_ROWS:
        return None
    return [{(one,): project(resolver, item, facts.definitions[one].path) for one in targets} for item in elements]
