"""A map or list whose end is not read yet: what readers that scan a text by themselves keep on their stack."""

from __future__ import annotations

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.source import Span


class OpenCollection:
    """Takes the members of a map or list, one by one; a value of a map goes under the key that was read before it."""

    __slots__ = ("entries", "is_map", "items", "key", "start")

    def __init__(self, is_map: bool, start: int) -> None:
        self.is_map, self.start = is_map, start
        self.key: tuple[str, Span] | None = None
        self.entries: list[tuple[str, Span, Entry]] = []
        self.items: list[Entry] = []

    def add(self, value: Entry) -> None:
        """Take a value under the open key, or as an item."""
        if not self.is_map:
            self.items.append(value)
        elif self.key is not None:
            self.entries.append((*self.key, value))
            self.key = None

    def closed(self, span: Span) -> Entry:
        """The whole map or list."""
        return Entry("map" if self.is_map else "seq", span, "", tuple(self.entries), tuple(self.items))
