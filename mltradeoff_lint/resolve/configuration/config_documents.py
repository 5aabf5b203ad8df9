"""One configuration document as values, with the references between its own parts followed."""

from __future__ import annotations

import posixpath
import re

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.resolve.domain import Hole, Items, Literal, Mapping, Values, unknown
from mltradeoff_lint.resolve.values.strings import make

MAX_ENTRIES = 3000
MAX_DEPTH = 24

_EXAMPLE = re.compile(r"(?:^|[._/-])(?:example|sample|template|dist)(?:[._/-]|$)", re.IGNORECASE)


def provenance_of_file(path: str) -> str:
    """How firmly a configuration file is written down: one that is named as an example is only that."""
    return "example" if _EXAMPLE.search(posixpath.basename(path)) else "configured"


def document(root: Entry, provenance: str) -> Values:
    """The values of a document as its plain parser gives them: references in texts stay as written."""
    return _Converter(provenance).entry(root, 0)


class _Converter:
    """Turns one document into values, within a budget."""

    def __init__(self, provenance: str) -> None:
        self._provenance = provenance
        self._left = MAX_ENTRIES

    def entry(self, entry: Entry, depth: int) -> Values:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            return unknown("a configuration file that is too large")
        if entry.kind == "map":
            pairs = tuple((name, self.entry(child, depth + 1)) for name, _, child in _whole(entry).entries)
            return (Mapping(pairs),)
        if entry.kind == "seq":
            return (Items(tuple(self.entry(child, depth + 1) for child in entry.items)),)
        return self._scalar(entry)

    def _scalar(self, entry: Entry) -> Values:
        text = entry.value
        if entry.tag:
            # `!ENV`, `!Ref`: what the tag makes of the text is the loader's business
            return (make([Hole(f"{entry.tag} {text}")], self._provenance),)
        if entry.kind == "null":
            return (Literal(None),)
        if entry.kind == "bool":
            return (Literal(text.lower() in ("true", "yes", "on"), self._provenance),)
        if entry.kind in ("int", "float"):
            try:
                number = int(text.replace("_", ""), 0) if entry.kind == "int" else float(text)
                return (Literal(number, self._provenance),)
            except ValueError:
                return (Literal(text, self._provenance),)
        return (Literal(text, self._provenance),)


def _whole(entry: Entry, depth: int = 0) -> Entry:
    """A map with the maps under its merge keys written out; its own keys win."""
    merged = [one for name, _, child in entry.entries if name == "<<" for one in (child, *child.items)]
    if not merged or depth > MAX_DEPTH:
        return entry
    entries = [pair for one in reversed(merged) for pair in _whole(one, depth + 1).entries]
    return entry._replace(entries=(*entries, *(pair for pair in entry.entries if pair[0] != "<<")))
