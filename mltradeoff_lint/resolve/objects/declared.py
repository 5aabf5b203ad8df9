"""What the annotation of a name adds to what is assigned to it: the class of an object, and of an open type nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Values, is_none


def is_declared(facts: PythonFacts, versions: Sequence[int]) -> bool:
    """Whether a name has an annotation and is bound to nothing."""
    return bool(versions) and all(facts.definitions[one].kind == "declare" for one in versions)


class Said(NamedTuple):
    """What one place says of a name: a value that is bound to it, or an annotation."""

    values: Values
    is_note: bool = False


def told(said: Sequence[Said]) -> list[Values]:
    """What all places say of a name, in their order; types that leave it open say nothing where a value is bound."""
    if all(one.is_note or all(map(is_none, one.values)) for one in said):
        return [one.values for one in said]
    return [_objects(one.values) if one.is_note else one.values for one in said]


def _objects(values: Values) -> Values:
    return tuple(one for one in values if not isinstance(one, Unknown))


def without_none(sets: list[Values]) -> list[Values]:
    """Drop a placeholder None (`self.client = None` before the real one) when something else is known."""
    told = [tuple([value for value in values if not is_none(value)]) for values in sets]
    return told if any(told) else sets
