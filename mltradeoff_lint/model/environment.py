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
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,200}")
_MERGE_DEPTH = 8


class Interpolated(NamedTuple):
    """A text after its variables were filled: None when one comes from outside the repository."""

    value: str | None
    defaulted: bool
    """Whether a default written in the text was used: something outside may set another value."""


def interpolate(text: str, known: Mapping[str, str] = MappingProxyType({})) -> Interpolated:
    """Fill `$NAME` that is known, else `${NAME:-default}` with its default; any other hole makes the value None."""
    parts: list[str] = []
    end = 0
    defaulted = False
    for hole in _HOLE.finditer(text):
        parts.append(text[end : hole.start()])
        end = hole.end()
        if hole[0] == "$$":
            parts.append("$")
        elif (hole[1] or hole[4]) in known:
            parts.append(known[hole[1] or hole[4]])
        elif hole[2] == "-":
            parts.append(hole[3])
            defaulted = True
        else:
            return Interpolated(None, False)
    return Interpolated("".join(parts) + text[end:], defaulted)


def in_order(assignments: Iterable[Assignment]) -> Iterator[tuple[Assignment, str | None]]:
    """The assignments of an environment file with their values: one may use those before it, as its loaders do."""
    known: dict[str, str] = {}
    for one in assignments:
        value = interpolate(one.text, known).value if one.text else None
        value = value if one.value is None else interpolate(one.value).value
        known.pop(one.name, None)
        if value is not None:
            known[one.name] = value
        yield one, value


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
        filled = Interpolated(None, False) if text is None else interpolate(text)
        origin = "default" if filled.defaulted and provenance == "configured" else provenance
        found[name] = EnvBinding(name, filled.value, Site(path, span), platform, origin)
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
