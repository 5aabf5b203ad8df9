"""Reads INI files (`.ini`, `.cfg`) as `configparser` does: sections of string values, with positions.

A value may go on over indented lines. What stands before the first section, which `configparser` refuses, is left out.
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Reading
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import UndecodableError, decode, lines_of, marked_comments

MAX_SECTIONS = 2000
_SECTION = re.compile(r"\[(?P<name>.+)\]")
_OPTION = re.compile(r"(?P<name>[^\s=:#;\[][^=:]*?)\s*(?:[=:]\s*(?P<value>.*))?$")
_INLINE = re.compile(r"\s[;#].*$")

_Pair = tuple[str, Span, Entry]


class _Open:
    """The section that is being filled."""

    def __init__(self, name: str, span: Span) -> None:
        self.name, self.span = name, span
        self.options: list[_Pair] = []

    def put(self, name: str, value: str, span: Span) -> None:
        """Add an option; names compare in lower case, as `configparser` has it."""
        self.options.append((name.lower(), span, Entry("str", span, value)))

    def extend(self, text: str, line: int) -> None:
        """Add a further line to the value of the last option."""
        name, key, entry = self.options[-1]
        span = Span(entry.span.line, entry.span.column, line, len(text))
        self.options[-1] = name, key, Entry("str", span, f"{entry.value}\n{text.strip()}".strip())

    def entry(self) -> _Pair:
        """The section as an entry of the document."""
        return self.name, self.span, Entry("map", self.span, entries=tuple(self.options))


def read(data: bytes | str, path: str) -> Reading:
    """Read the sections of an INI file."""
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    sections: list[_Open] = []
    lines = lines_of(text)
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        span = Span(number, len(line) - len(line.lstrip()), number, len(line.rstrip()))
        section = _SECTION.fullmatch(_INLINE.sub("", stripped))
        if section and len(sections) < MAX_SECTIONS and not line[0].isspace():
            sections.append(_Open(section["name"], span))
        elif sections and line[0].isspace() and sections[-1].options:
            sections[-1].extend(line, number)
        elif sections and (option := _OPTION.match(stripped)):
            sections[-1].put(option["name"], _INLINE.sub("", option["value"] or "").strip(), span)
    whole = Span(1, 0, len(lines), len(lines[-1]))
    root = Entry("map", whole, entries=tuple(one.entry() for one in sections))
    return Reading(Documents((root,)) if sections else None, comments=marked_comments(text))
