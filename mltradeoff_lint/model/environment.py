"""Environment variables as configuration formats write them: maps, `NAME=value` lists, name and value pairs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Assignment
from mltradeoff_lint.model.source import Site, Span

_HOLE = re.compile(
    r"\$\$|\$\{\{|\$\{([A-Za-z_]\w{0,200})(?::?([-+?])([^}$]{0,2000}))?\}|\$([A-Za-z_]\w{0,200})|\$\{|\$\(|\{\{"
)
_OPEN = re.compile(r"\$\{([A-Za-z_]\w{0,200})\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,200}")
_MERGE_DEPTH = 8


class Interpolated(NamedTuple):
    """A text after its variables were filled: None when one comes from outside the repository."""

    value: str | None
    defaulted: bool
    """Whether a default written in the text was used: something outside may set another value."""


class Filled(NamedTuple):
    """A text as far as its variables are known: None when something else than variables is left in it."""

    value: str | None
    defaulted: bool
    is_open: bool
    """Whether a variable of which nothing is known is left in it, as `${NAME}`."""


_NOTHING = Filled(None, False, False)


def interpolate(text: str, known: Mapping[str, str] = MappingProxyType({})) -> Interpolated:
    """Fill `$NAME` that is known, else `${NAME:-default}` with its default; any other hole makes the value None."""
    filled = interpolate_known(text, known)
    return Interpolated(None, False) if filled.is_open else Interpolated(filled.value, filled.defaulted)


def interpolate_known(text: str, known: Mapping[str, str] = MappingProxyType({})) -> Filled:
    """Fill a text in the same way, with each variable that is not known left in it as `${NAME}`."""
    parts: list[str] = []
    end = 0
    defaulted = is_open = is_escaped = False
    for hole in _HOLE.finditer(text):
        parts.append(text[end : hole.start()])
        end = hole.end()
        name = hole[1] or hole[4]
        if hole[0] == "$$":
            parts.append("$")
            is_escaped = True
        elif name in known and (known[name] or hole[2] != "-"):
            parts.append(known[name])
            is_open = is_open or _OPEN.search(known[name]) is not None
        elif hole[2] == "-":
            parts.append(hole[3])
            defaulted = True
        elif name and hole[2] != "+":
            parts.append(f"${{{name}}}")
            is_open = True
        else:
            return _NOTHING
    # a dollar that is meant as one would look like a variable
    return _NOTHING if is_open and is_escaped else Filled("".join(parts) + text[end:], defaulted, is_open)


def open_parts(text: str) -> tuple[tuple[str, str], ...]:
    """The (written text, variable behind it) pairs of a text with variables left in it; the last has no variable."""
    pieces = [*_OPEN.split(text), ""]
    return tuple(zip(pieces[::2], pieces[1::2], strict=True))


def in_order(assignments: Iterable[Assignment]) -> Iterator[tuple[Assignment, str | None, str]]:
    """The assignments of an environment file with their values: one may use those before it, as its loaders do.

    Each comes with the text of one that is made of variables which the file does not set.
    """
    known: dict[str, str] = {}
    for one in assignments:
        filled = interpolate_known(one.text, known) if one.text else _NOTHING
        value = interpolate(one.value).value if one.value is not None else None if filled.is_open else filled.value
        text = filled.value or "" if one.value is None and filled.is_open else ""
        known.pop(one.name, None)
        if value is not None or text:
            known[one.name] = text if value is None else value
        yield one, value, text


def bindings(entry: Entry | None, path: str, platform: str, provenance: str = "configured") -> tuple[EnvBinding, ...]:
    """The variables of an `environment`, `env` or `data` entry, whatever its shape; other entries give none.

    Shapes: a map, a list of `NAME=value` or `NAME`, a list of `{name, value}` or `{name, valueFrom}`.
    """
    if entry is None:
        return ()
    pairs = _from_map(entry) if entry.kind == "map" else _from_items(entry)
    found: dict[str, EnvBinding] = {}
    for name, text, span in pairs:
        if not _NAME.fullmatch(name):
            continue
        filled = _NOTHING if text is None else interpolate_known(text)
        origin = "default" if filled.defaulted and provenance == "configured" else provenance
        value = None if filled.is_open else filled.value
        is_made = filled.is_open or filled.defaulted
        found[name] = EnvBinding(name, value, Site(path, span), platform, origin, text or "" if is_made else "")
    return tuple(found.values())


def _from_map(entry: Entry, depth: int = 0) -> Iterator[tuple[str, str | None, Span]]:
    """Pairs of a map; the maps under merge keys come first, so that the map's own keys win."""
    if depth > _MERGE_DEPTH:
        return
    for name, _, child in entry.entries:
        if name == "<<":
            for merged in (child, *child.items):
                yield from _from_map(merged, depth + 1)
    for name, key, child in entry.entries:
        if name != "<<":
            span = Span(key.line, key.column, child.span.end_line, child.span.end_column)
            yield name, None if child.kind in ("map", "seq", "null") else child.value, span


def _from_items(entry: Entry) -> Iterator[tuple[str, str | None, Span]]:
    for item in entry.items:
        if item.kind == "map":
            name = item.text("name")
            if name is not None:
                yield name, item.text("value"), item.span
        elif item.kind != "seq":
            name, equals, value = item.value.partition("=")
            yield name.strip(), value if equals else None, item.span
