"""Texts that a library renders at run time: `data/{{ ds }}.csv` of an Airflow operator is a path with a hole."""

from __future__ import annotations

import re

from mltradeoff_lint.resolve.domain import Hole, Items, Literal, Mapping, Value, Values, union
from mltradeoff_lint.resolve.values.strings import make

_EXPRESSION = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def rendered(values: Values) -> Values:
    """Values with the expressions of their texts as holes; texts in lists and dicts are templates too."""
    return union(tuple(_one(value) for value in values))


def _one(value: Value) -> Value:
    if isinstance(value, Items):
        return Items(tuple(rendered(item) for item in value.items), value.is_open, value.least)
    if isinstance(value, Mapping):
        return Mapping(tuple((key, rendered(held)) for key, held in value.entries), value.is_open, value.rest)
    if not isinstance(value, Literal) or not isinstance(value.value, str) or "{{" not in value.value:
        return value
    parts: list[str | Hole] = []
    end = 0
    for found in _EXPRESSION.finditer(value.value):
        parts += [value.value[end : found.start()], Hole(f"input:{found[1]}")]
        end = found.end()
    return make([*parts, value.value[end:]], value.provenance)
