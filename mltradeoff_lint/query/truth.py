"""Three-valued tests: a property test is true, false, or in doubt because nobody could give the value.

| value of the property | `missing` | `unknown` | every other operator |
|---|---|---|---|
| not in the mapping | true | false | false |
| `Unknown(reason)` | in doubt | true | in doubt |
| known | false | false | compared |
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.rule import NodePattern, Test
from mltradeoff_lint.model.value import Property, Scalar, Unknown


class Doubt(NamedTuple):
    """A clause that is neither true nor false, and why."""

    clause: str
    reason: str


Truth = bool | Doubt


def test_holds(test: Test, properties: Mapping[str, Property]) -> bool | Unknown:
    """Whether one test holds; the Unknown itself when the value is one."""
    value = properties.get(test.property)
    if value is None:
        return test.operator == "missing"
    if isinstance(value, Unknown):
        return True if test.operator == "unknown" else value
    return _compare(test, value)


def all_hold(tests: Iterable[Test], properties: Mapping[str, Property], clause: str) -> Truth:
    """Whether all tests hold: one false test decides, else the first doubt, else true."""
    doubt: Doubt | None = None
    for test in tests:
        answer = test_holds(test, properties)
        if answer is False:
            return False
        if isinstance(answer, Unknown) and doubt is None:
            doubt = Doubt(f"{clause}.{test.property}", answer.reason)
    return True if doubt is None else doubt


def pattern_holds(pattern: NodePattern, node: Node, clause: str) -> Truth:
    """Whether a node is of the kind of a pattern and all its tests hold."""
    if node.id.kind != pattern.kind:
        return False
    return all_hold(pattern.tests, node.properties, clause)


def values_agree(left: Property | None, right: Property | None) -> bool | Unknown:
    """Whether two properties hold one value; an absent one agrees with nothing."""
    if left is None or right is None:
        return False
    for side in (left, right):
        if isinstance(side, Unknown):
            return side
    return _key(left) == _key(right)


def join_key(value: Property | None) -> tuple[str, Property] | Unknown | None:
    """What two properties must share to agree; the Unknown, or None for an absent value."""
    return value if value is None or isinstance(value, Unknown) else _key(value)


def _key(value: Property) -> tuple[str, Property]:
    """A value with its type, so that `1` and `true` stay apart while `1` and `1.0` are one number."""
    if isinstance(value, bool):
        return "flag", value
    return ("number" if isinstance(value, int | float) else type(value).__name__), value


def _compare(test: Test, value: Scalar | tuple[str, ...]) -> bool:
    wanted = test.value
    match test.operator:
        case "present":
            return True
        case "is":
            return _key(value) == _key(_scalar(wanted))
        case "in":
            return _key(value) in map(_key, _all(wanted))
        case "not":
            return _key(value) not in map(_key, _all(wanted))
        case "at_least":
            return _amount(value) >= _amount(wanted)
        case "below":
            return _amount(value) < _amount(wanted)
        case "includes_all":
            return isinstance(value, tuple) and set(_all(wanted)) <= set(value)
    return False


def _amount(value: object) -> float:
    """A number; anything else is not-a-number, which is neither above nor below anything."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _scalar(value: Scalar | tuple[Scalar, ...]) -> Scalar:
    return value[0] if isinstance(value, tuple) else value


def _all(value: Scalar | tuple[Scalar, ...]) -> tuple[Scalar, ...]:
    return value if isinstance(value, tuple) else (value,)
