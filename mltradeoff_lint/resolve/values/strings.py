"""Joins and formats of strings and paths over sets of values."""

from __future__ import annotations

import itertools
import math
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.bounds import MAX_PIECES, MAX_TEXT
from mltradeoff_lint.resolve.domain import (
    MAX_VALUES,
    TOO_MANY,
    Hole,
    Literal,
    Template,
    Value,
    Values,
    is_none,
    union,
    unknown,
    weakest,
)
from mltradeoff_lint.resolve.values.sums import name_of_sum

REPOSITORY = "repository root"
"""The hole that stands for the folder the repository lies in: `__file__` and what is built on it begin there.

Its name is no identifier, so that no variable of a program is taken for it.
"""

OWN_FILE = "__file__"
"""The hole for `__file__` inside a text: there it is the name by which the script was started."""

MAX_COMBINATIONS = 64
"""Combinations of the pieces of one text that are looked at; many of them are alike."""

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}!:]*)(![rsa])?(?::([^{}]*))?\}")
_PERCENT = re.compile(r"%(?:\((\w+)\))?([#0\- +]*\d{0,2}(?:\.\d{1,2})?)([diouxXeEfFgGcrsa%])")
_SPEC = re.compile(r"(?:[^{}]?[<>=^])?[+\- ]?#?0?\d{0,2}[,_]?(?:\.\d{1,2})?[bcdeEfFgGnosxX%]?")
"""Format specifications that are followed; a width of more digits would make a text of any size."""


def parts_of(value: Value, name: str = "?") -> tuple[str | Hole, ...]:
    """A value as parts of a string; what is no string becomes a hole."""
    if isinstance(value, Literal):
        # a None in a text is a value that was left out, and no text anybody means
        return (str(value.value),) if value.value is not None else (Hole(name),)
    if isinstance(value, Template):
        return value.parts
    if isinstance(value, Unknown):
        return (Hole(value.source or _short(value.reason, name)),)
    return (Hole(name),)


def _short(reason: str, name: str) -> str:
    if name != "?":
        return name
    if sides := name_of_sum(reason):
        return sides
    words = reason.split() if reason != TOO_MANY.reason else []
    word = words[1] if words[:1] == ["parameter"] and len(words) > 1 else words[-1] if words else "?"
    # the holes that stand for a place are never what did not resolve
    return "?" if word in (REPOSITORY, OWN_FILE) else word


def make(parts: Sequence[str | Hole], provenance: str) -> Value:
    """A literal when there is no hole, else a template with adjacent texts joined; a text of any size is unknown."""
    if len(parts) > MAX_PIECES or sum(len(part) for part in parts if isinstance(part, str)) > MAX_TEXT:
        return Unknown("a text that is too long")
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


def concatenate(pieces: Sequence[tuple[Values, str]], separator: str = "", fields: Sequence[str] = ()) -> Values:
    """Every combination of the pieces, joined; each piece has a name for its hole.

    Pieces of one of the `fields` are one thing that is written several times: their values go side by side.
    """

    def join(combination: Sequence[Value]) -> Value:
        parts: list[str | Hole] = []
        for position, value in enumerate(combination):
            if position and separator:
                parts.append(separator)
            own = parts_of(value, pieces[position][1])
            parts.extend(own if not parts or own[:1] != (Hole(REPOSITORY),) else (Hole(OWN_FILE),))
        return make(parts, weakest(*map(provenance_of, combination)))

    return _combined(pieces, join, fields)


def join_path(pieces: Sequence[tuple[Values, str]]) -> Values:
    """`os.path.join` and `Path /`: an absolute later part replaces what came before; the result is in normal form."""

    def join(combination: Sequence[Value]) -> Value:
        parts: list[str | Hole] = []
        for position, value in enumerate(combination):
            more = [part for part in parts_of(value, pieces[position][1]) if part != ""]
            if more and isinstance(more[0], str) and more[0].startswith("/"):
                parts = []
            elif parts and not (isinstance(parts[-1], str) and parts[-1].endswith("/")):
                parts.append("/")
            parts.extend(more)
        return _normal(make(parts, weakest(*map(provenance_of, combination))))

    return _combined(pieces, join)


def _combined(
    pieces: Sequence[tuple[Values, str]], join: Callable[[Sequence[Value]], Value], fields: Sequence[str] = ()
) -> Values:
    """The texts that all combinations of pieces give; a set that was cut says so."""
    written: dict[str | int, list[int]] = {}
    for position in range(len(pieces)):
        written.setdefault((fields[position] if fields else "") or position, []).append(position)
    sets = [_alternatives([pieces[one] for one in each]) for each in written.values()]
    taken = sorted(
        (one, number, place) for number, each in enumerate(written.values()) for place, one in enumerate(each)
    )
    found: dict[Value, None] = {}
    for combination in itertools.islice(itertools.product(*sets), MAX_COMBINATIONS):
        found[join([combination[number][place] for _, number, place in taken])] = None
        if len(found) > MAX_VALUES:
            break
    else:
        if math.prod(map(len, sets)) > MAX_COMBINATIONS:
            found[TOO_MANY] = None
    return union(tuple(found))


def _alternatives(pieces: Sequence[tuple[Values, str]]) -> list[tuple[Value, ...]]:
    """What the pieces of one field can be together, without None: a name that may be None is not joined where it is."""
    rows = [row for row in zip(*(values for values, _ in pieces), strict=True) if not any(map(is_none, row))]
    # what cannot be told apart in a text is one piece
    told = {
        tuple((parts_of(one, name), provenance_of(one)) for one, (_, name) in zip(row, pieces, strict=True)): row
        for row in rows or [unknown("None in a text") * len(pieces)]
    }
    return list(told.values())


def _normal(value: Value) -> Value:
    if isinstance(value, Literal) and isinstance(value.value, str) and "://" not in value.value:
        return Literal(posixpath.normpath(value.value), value.provenance)
    if isinstance(value, Template) and not any(isinstance(part, str) and "://" in part for part in value.parts):
        return _without_steps(value)
    return value


def _without_steps(value: Template) -> Value:
    """A path with holes in normal form: `..` takes away a folder in front of it that is written out."""
    if not any(isinstance(part, str) and "." in part for part in value.parts):
        return value
    segments: list[list[str | Hole]] = [[]]
    for part in value.parts:
        first, *further = [part] if isinstance(part, Hole) else part.split("/")
        segments[-1].append(first)
        segments += [[one] for one in further]
    kept: list[list[str | Hole]] = []
    for segment in segments:
        text = "".join(segment) if all(isinstance(one, str) for one in segment) else None  # type: ignore[arg-type]
        if text == "." and len(segments) > 1:
            continue
        before = kept[-1] if kept else []
        is_name = bool(before) and all(isinstance(one, str) for one in before) and before not in ([""], [".."])
        if text == ".." and is_name:
            kept.pop()
        else:
            kept.append(segment)
    joined = [one for index, segment in enumerate(kept) for one in (*(["/"] if index else []), *segment)]
    return make(joined, value.provenance) if joined else Literal(".", value.provenance)


def join_texts(separator: Values, items: Sequence[Values]) -> Values:
    """`separator.join(items)`."""
    if len(separator) != 1 or not isinstance(separator[0], Literal) or not isinstance(separator[0].value, str):
        return unknown("a join with an unresolved separator")
    return concatenate([(values, "part") for values in items], separator[0].value)


def formatted(values: Values, spec: str, name: str) -> Values:
    """`format(value, spec)` of each value that is known; a part that is not stays a hole of its name."""
    return union(_formatted(values, spec, name))


def _formatted(values: Values, spec: str, name: str) -> Values:
    """The same, one for each of the values."""
    found: list[Value] = []
    for value in values:
        if not spec or not isinstance(value, Literal):
            # a specification changes how a hole looks, and not what fills it
            found.append(value)
            continue
        try:
            found.append(Literal(format(value.value, spec if _SPEC.fullmatch(spec) else "?"), value.provenance))
        except (TypeError, ValueError):
            found.append(Template((Hole(name),), value.provenance))
    return tuple(found)


def format_fields(
    text: Values, arguments: Sequence[Values], keywords: Mapping[str, Values], hints: Sequence[str] = ()
) -> Values:
    """`str.format` with what is known of its arguments, whose names are `hints`; the holes of a template stay."""
    found = (_with_fields(one, arguments, keywords, hints) for one in text)
    return union(*found) or unknown("format of an unresolved text")


def _with_fields(
    text: Value, arguments: Sequence[Values], keywords: Mapping[str, Values], hints: Sequence[str]
) -> Values:
    if not isinstance(text, Template) and not (isinstance(text, Literal) and isinstance(text.value, str)):
        return unknown("format of an unresolved text")
    pieces: list[tuple[Values, str, str]] = []
    automatic = itertools.count()
    for source in parts_of(text):
        if isinstance(source, Hole):
            pieces.append(((Template((source,)),), source.name, ""))
            continue
        end = 0
        if set("{}") & set(_FIELD.sub("", source)):
            return unknown("a format that is put together")
        for found in _FIELD.finditer(source):
            pieces.append(((Literal(source[end : found.start()], provenance_of(text)),), "", ""))
            end = found.end()
            if found.group() in ("{{", "}}"):
                pieces.append(((Literal(found.group()[0]),), "", ""))
                continue
            field = found[1] or str(next(automatic))
            is_position = field.isdigit() and int(field) < len(arguments)
            values = arguments[int(field)] if is_position else keywords.get(field) or unknown(f"field {field}")
            name = _hint(hints, int(field), field) if is_position else field
            spec = found[3] or ("?" if found[2] not in (None, "!s") else "")
            pieces.append((_formatted(values, spec, name), name, field))
        pieces.append(((Literal(source[end:], provenance_of(text)),), "", ""))
    return _concatenated(pieces)


def _concatenated(pieces: Sequence[tuple[Values, str, str]]) -> Values:
    """The texts that pieces give, each with the name of its hole and that of its field."""
    return concatenate([one[:2] for one in pieces], fields=[field for _, _, field in pieces])


def _hint(hints: Sequence[str], place: int, otherwise: str) -> str:
    """The name of an argument, or its place for one that has none."""
    return hints[place] if place < len(hints) and hints[place] != "?" else otherwise


def percent(
    text: Values, arguments: Sequence[Values], keywords: Mapping[str, Values], hints: Sequence[str] = ()
) -> Values:
    """The `%` operator with what is known of its right side, whose parts have the names `hints`.

    A dict behind an address that has no field for it is the query of an address object (`yarl.URL(...) % {...}`).
    """
    if len(text) != 1 or not isinstance(text[0], Literal) or not isinstance(text[0].value, str):
        return unknown("format of an unresolved text")
    pieces: list[tuple[Values, str, str]] = []
    source, end, position = text[0].value, 0, 0
    if keywords and "://" in source and "%" not in source:
        return (make((source, "?", Hole(_hint(hints, 0, "query"))), text[0].provenance),)
    if "%" in _PERCENT.sub("", source):
        return unknown("a format that is put together")
    for found in _PERCENT.finditer(source):
        pieces.append(((Literal(source[end : found.start()], text[0].provenance),), "", ""))
        end = found.end()
        if found[3] == "%":
            pieces.append(((Literal("%"),), "", ""))
            continue
        name = found[1] or str(position)
        values = keywords.get(name) if found[1] else arguments[position] if position < len(arguments) else None
        name = name if found[1] else _hint(hints, position, name)
        position += 0 if found[1] else 1
        pieces.append((_converted(values or unknown("field"), f"%{found[2]}{found[3]}", name), name, found[1] or ""))
    pieces.append(((Literal(source[end:], text[0].provenance),), "", ""))
    return _concatenated(pieces)


def _converted(values: Values, conversion: str, name: str) -> Values:
    """`conversion % value` of each value that is known, one for each of the values."""
    found: list[Value] = []
    for value in values:
        try:
            if isinstance(value, Literal):
                value = Literal(conversion % (value.value,), value.provenance)
            found.append(value)
        except (TypeError, ValueError):
            found.append(Template((Hole(name),), provenance_of(value)))
    return tuple(found)
