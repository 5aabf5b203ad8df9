"""Joins and formats of strings and paths over sets of values."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Sequence

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    MAX_VALUES,
    Hole,
    Library,
    Literal,
    Template,
    Value,
    Values,
    union,
    unknown,
    weakest,
)

_FIELD = re.compile(r"\{([^{}!:]*)(?:![rsa])?(?::[^{}]*)?\}")
_PERCENT = re.compile(r"%(?:\((\w+)\))?[#0\- +]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa%])")


def parts_of(value: Value, name: str = "?") -> tuple[str | Hole, ...]:
    """A value as parts of a string; what is no string becomes a hole."""
    if isinstance(value, Literal):
        return (str(value.value),)
    if isinstance(value, Template):
        return value.parts
    if isinstance(value, Library) and value.path.startswith("pathlib."):
        return (Hole(name),)
    return (Hole(name if not isinstance(value, Unknown) else _short(value.reason, name)),)


def _short(reason: str, name: str) -> str:
    return name if name != "?" else reason.rpartition(" ")[2] or "?"


def make(parts: Sequence[str | Hole], provenance: str) -> Value:
    """A literal when there is no hole, else a template with adjacent texts joined."""
    joined: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if all(isinstance(part, str) for part in joined):
        return Literal("".join(map(str, joined)), provenance)
    return Template(tuple(joined), provenance)


def provenance_of(value: Value) -> str:
    """How firmly a value is written down."""
    return value.provenance if isinstance(value, (Literal, Template)) else "literal"


def concatenate(pieces: Sequence[tuple[Values, str]], separator: str = "") -> Values:
    """Every combination of the pieces, joined; each piece has a name for its hole."""
    result: list[Value] = []
    for combination in itertools.islice(itertools.product(*(values for values, _ in pieces)), MAX_VALUES + 1):
        parts: list[str | Hole] = []
        for position, value in enumerate(combination):
            if position and separator:
                parts.append(separator)
            parts.extend(parts_of(value, pieces[position][1]))
        result.append(make(parts, weakest(*map(provenance_of, combination))))
    return union(tuple(result))


def join_path(pieces: Sequence[tuple[Values, str]]) -> Values:
    """`os.path.join` and `Path /`: an absolute later part replaces what came before; the result is in normal form."""
    result: list[Value] = []
    for combination in itertools.islice(itertools.product(*(values for values, _ in pieces)), MAX_VALUES + 1):
        parts: list[str | Hole] = []
        for position, value in enumerate(combination):
            more = [part for part in parts_of(value, pieces[position][1]) if part != ""]
            if more and isinstance(more[0], str) and more[0].startswith("/"):
                parts = []
            elif parts and not (isinstance(parts[-1], str) and parts[-1].endswith("/")):
                parts.append("/")
            parts.extend(more)
        result.append(_normal(make(parts, weakest(*map(provenance_of, combination)))))
    return union(tuple(result))


def _normal(value: Value) -> Value:
    if isinstance(value, Literal) and isinstance(value.value, str) and "://" not in value.value:
        return Literal(posixpath.normpath(value.value), value.provenance)
    return value


def join_texts(separator: Values, items: Sequence[Values]) -> Values:
    """`separator.join(items)`."""
    if len(separator) != 1 or not isinstance(separator[0], Literal) or not isinstance(separator[0].value, str):
        return unknown("a join with an unresolved separator")
    return concatenate([(values, "part") for values in items], separator[0].value)


def format_fields(text: Values, arguments: Sequence[Values], keywords: dict[str, Values]) -> Values:
    """`str.format` with what is known of its arguments."""
    if len(text) != 1 or not isinstance(text[0], Literal) or not isinstance(text[0].value, str):
        return unknown("format of an unresolved text")
    pieces: list[tuple[Values, str]] = []
    automatic = itertools.count()
    end = 0
    source = text[0].value
    for found in _FIELD.finditer(source):
        pieces.append(((Literal(source[end : found.start()]),), ""))
        name = found.group(1) or str(next(automatic))
        end = found.end()
        if name.isdigit() and int(name) < len(arguments):
            pieces.append((arguments[int(name)], name))
        else:
            pieces.append((keywords.get(name, unknown(f"field {name}")), name))
    pieces.append(((Literal(source[end:]),), ""))
    return concatenate(pieces)


def percent(text: Values, arguments: Sequence[Values], keywords: dict[str, Values]) -> Values:
    """The `%` operator with what is known of its right side."""
    if len(text) != 1 or not isinstance(text[0], Literal) or not isinstance(text[0].value, str):
        return unknown("format of an unresolved text")
    pieces: list[tuple[Values, str]] = []
    source, end, position = text[0].value, 0, 0
    for found in _PERCENT.finditer(source):
        pieces.append(((Literal(source[end : found.start()]),), ""))
        end = found.end()
        if found.group(2) == "%":
            pieces.append(((Literal("%"),), ""))
        elif found.group(1):
            pieces.append((keywords.get(found.group(1), unknown("field")), found.group(1)))
        else:
            value = arguments[position] if position < len(arguments) else unknown("field")
            pieces.append((value, str(position)))
            position += 1
    pieces.append(((Literal(source[end:]),), ""))
    return concatenate(pieces)
