"""What many classes have in common: the type of a field that each of them fills in its own way."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import MAX_VALUES, Instance, Library, Value, Values, is_none

MAX_ALIKE = 60
"""Classes whose fields are compared; a name that more of them define says nothing of any one."""


def in_common(fields: Iterable[Values | None]) -> Values:
    """The types of one field in many classes, without the calls that made the objects, for nobody knows which it is.

    Empty when the field is anything but an object somewhere (a text, a method) and when the types are too many. A class
    in which the field is unknown leaves its reason.
    """
    kinds: dict[Value, None] = {}
    for count, values in enumerate(fields):
        for value in values or ():
            match value:
                case Library():
                    kinds[Library(value.path)] = None
                case Instance():
                    kinds[Instance(value.ref, is_derived=value.is_derived)] = None
                case Unknown():
                    kinds[value] = None
                case _ if not is_none(value):
                    return ()
        if len(kinds) > MAX_VALUES or count >= MAX_ALIKE:
            return ()
    return tuple(kinds)
