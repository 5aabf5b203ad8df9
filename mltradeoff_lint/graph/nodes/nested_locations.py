"""Locations that stand inside a request of a service: the channels of a training job, each with split and address."""

from __future__ import annotations

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.resolve.domain import Items, Mapping, Value, Values, known_texts, union, unknown


def nested(values: Values, row: Meaning) -> Values:
    """What the `inside` of a row leads to in an argument: of several splits in the one to train on."""
    parts = [one for value in values for one in (value.every if isinstance(value, Items) else (value,))]
    key = row.literal("split")
    chosen = [one for one in parts if isinstance(one, Mapping) and _is_training(one, key)] if key else []
    return union(*(_at(one, row.literal("inside")) for one in chosen or parts))


def _is_training(part: Mapping, key: str) -> bool:
    return any("train" in text.lower() for text in known_texts(part.at(key) or ()))


def _at(part: Value, way: str) -> Values:
    """What the keys of a way lead to, one after another."""
    found: Values = (part,)
    for key in way.split("."):
        steps = [
            one.at(key) or unknown(f"a part `{key}` that is not written") for one in found if isinstance(one, Mapping)
        ]
        found = union(*steps, tuple([one for one in found if not isinstance(one, Mapping)]))
    return found
