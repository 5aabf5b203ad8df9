"""The tree that YAML, TOML and JSON share: what a configuration file says, with the place of each part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.source import Span


class Entry(NamedTuple):
    """One value of a configuration file.

    `kind` is `map`, `seq`, or the scalar's type: `str`, `int`, `float`, `bool`, `null`, `date`.
    A scalar keeps its text as written (`value`), so that `1.10` and `on` survive; a map keeps its entries in
    order, duplicates included, and a sequence its items.
    """

    kind: str
    span: Span
    value: str = ""
    entries: tuple[tuple[str, Span, Entry], ...] = ()
    items: tuple[Entry, ...] = ()
    tag: str = ""
    """The custom tag of a YAML node as written (`!Ref`, `!ENV`), else empty: a tagged scalar is no plain literal."""

    def get(self, *keys: str) -> Entry | None:
        """The entry under a path of map keys; the last of duplicates wins, as in the formats' own loaders."""
        here: Entry = self
        for key in keys:
            found = [entry for name, _, entry in here.entries if name == key]
            if not found:
                return None
            here = found[-1]
        return here

    def text(self, *keys: str) -> str | None:
        """The text of the scalar under a path of keys; None when there is no scalar."""
        found = self.get(*keys)
        return None if found is None or found.kind in ("map", "seq", "null") else found.value

    def is_true(self, *keys: str) -> bool:
        """Whether the scalar under the path reads as true."""
        return (self.text(*keys) or "").lower() in ("true", "yes", "on", "1")

    def walk(self) -> Iterator[tuple[tuple[str, ...], Entry]]:
        """Every entry with its key path (indices as text), parents before children."""
        stack: list[tuple[tuple[str, ...], Entry]] = [((), self)]
        while stack:
            route, entry = stack.pop()
            yield route, entry
            children = [((*route, name), child) for name, _, child in entry.entries]
            children += [((*route, str(index)), child) for index, child in enumerate(entry.items)]
            stack.extend(reversed(children))
