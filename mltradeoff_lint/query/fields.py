"""The `{variable.property}` fields of messages: parsed when a rule is loaded, filled when it reports.

A field between backticks loses them when there is no value to quote, so that a message reads "an unresolved
model" and not "`an unresolved model`", and quotes each of several values on its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.redact import quoted
from mltradeoff_lint.model.value import Property, Scalar, Unknown
from mltradeoff_lint.query.schema import listed

FORMATS: dict[str, str] = {
    "duration": "seconds in the largest unit that fits: `1 day`, `90 minutes`",
    "percent": "a share from 0 to 1 as a percentage: `35 %`",
    "count": "how many values a list holds",
}
"""What may follow `|` in a field."""

OPTIONS = "options"
"""The name under which a message reads the options of its rule."""

_FIELD = re.compile(r"(`?)\{([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)(?:\|([a-z]+))?\}(`?)")
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Field(NamedTuple):
    """A place of a message that is filled with a property, the label, or an option."""

    variable: str
    property: str
    format: str
    is_quoted: bool


def parse(text: str) -> tuple[str | Field, ...]:
    """The literal parts and the fields of a message, in order; ValueError when a brace belongs to no field."""
    parts: list[str | Field] = []
    end = 0
    for found in _FIELD.finditer(text):
        opening, variable, name, form, closing = found.groups(default="")
        is_quoted = bool(opening and closing)
        start = found.start() if is_quoted or not opening else found.start() + 1
        stop = found.end() if is_quoted or not closing else found.end() - 1
        parts.append(text[end:start])
        parts.append(Field(variable, name, form, is_quoted))
        end = stop
    parts.append(text[end:])
    for part in parts:
        if isinstance(part, str) and ("{" in part or "}" in part):
            raise ValueError("a brace that belongs to no `{variable.property}`")
    return tuple(part for part in parts if part != "")


def render(text: str, nodes: Mapping[str, Node], options: Mapping[str, Scalar]) -> str:
    """A message with its fields filled; what the repository supplies is redacted, shortened and printable."""
    parts = []
    for part in parse(text):
        parts.append(part if isinstance(part, str) else _filled(part, nodes, options))
    return " ".join("".join(parts).split())


def shown(name: str, value: Property | None, form: str = "", quote: str = "") -> str:
    """A property as a reader sees it; `name` stands in for a value that is unknown or missing."""
    spoken = name.replace("_", " ")
    if value is None:
        return f"no {spoken}"
    if isinstance(value, Unknown):
        return f"an unresolved {spoken}"
    if form == "count":
        return str(len(value)) if isinstance(value, tuple) else "1"
    if isinstance(value, tuple):
        return listed([quote + _clean(each) + quote for each in value]) or f"no {spoken}"
    if isinstance(value, bool):
        return quote + ("true" if value else "false") + quote
    if isinstance(value, int | float):
        return quote + _number(value, form) + quote
    return quote + _clean(value) + quote


def duration(seconds: float) -> str:
    """Seconds in words, in the largest unit that gives a whole number, else with one decimal."""
    for name, size in _UNITS:
        count = seconds / size
        if count >= 1 and (count.is_integer() or name == "second" or seconds % _smaller(size) or count >= 10):
            amount = f"{count:.0f}" if count.is_integer() else f"{count:.1f}"
            return f"{amount} {name}" if amount == "1" else f"{amount} {name}s"
    return f"{seconds:g} seconds"


def _smaller(size: int) -> int:
    """The next smaller unit, in seconds."""
    return max((each for _, each in _UNITS if each < size), default=1)


def _number(value: float, form: str) -> str:
    if form == "duration":
        return duration(float(value))
    if form == "percent":
        return f"{value * 100:.0f} %"
    return str(value) if isinstance(value, int) else f"{value:g}"


def _clean(text: str) -> str:
    return quoted(text).replace("`", "'")


def _filled(field: Field, nodes: Mapping[str, Node], options: Mapping[str, Scalar]) -> str:
    quote = "`" if field.is_quoted else ""
    if field.variable == OPTIONS:
        return shown(field.property, options.get(field.property), field.format, quote)
    node = nodes[field.variable]
    if field.property == "label":
        return quote + _clean(node.label) + quote
    return shown(field.property, node.properties.get(field.property), field.format, quote)
