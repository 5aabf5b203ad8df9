"""Reads YAML into entries with positions, from the parser's events: nothing is constructed and nothing expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import yaml

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Content, Documents, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode, marked_comments
from mltradeoff_lint.readers.dependency_tables import requirements_of_conda
from mltradeoff_lint.readers.templates import blank, has_tags

MAX_DEPTH = 100
"""Deepest nesting that is read, aliases counted where they are used."""
MAX_ENTRIES = 200_000
"""Most entries of a file, an alias counted as often as it is used: what stops an alias bomb."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {"int": "int", "float": "float", "bool": "bool", "null": "null", "timestamp": "date"}
_STANDARD = "tag:yaml.org,2002:"
_PYTHON = "!!python/"
_BUILDING = ("python/object", "python/name", "python/module")
"""Tags by which PyYAML runs Python. Source: PyYAML documentation, "YAML tags and Python types"."""
_PATH = re.compile(r"!!python/object/(?:apply|new):pathlib\.(?:Pure)?(?:Posix|Windows)?Path")
_IMPLICIT: dict[str, list[tuple[str, re.Pattern[str]]]] = yaml.SafeLoader.yaml_implicit_resolvers
_FOREIGN_BREAKS = ("\x85", "\u2028", "\u2029")
"""Line breaks of YAML 1.1 that are none elsewhere. A file with one takes positions from offsets, and so does a file
whose last line has no end: the parser places what ends there on the line after it."""


class LimitError(Exception):
    """The document is nested too deeply or too large to be read."""


class _Anchor(NamedTuple):
    entry: Entry
    size: int
    height: int


class _Frame:
    """A collection that is being read."""

    __slots__ = ("anchor", "block", "end", "entries", "height", "is_map", "items", "key", "size", "start", "tag")

    def __init__(self, event: Any, start: tuple[int, int], end: tuple[int, int]) -> None:
        self.is_map = isinstance(event, yaml.MappingStartEvent)
        self.anchor: str | None = event.anchor
        self.tag = _custom(event.tag)
        self.block = not event.flow_style
        self.start, self.end = start, end
        self.key: Entry | None = None
        self.entries: list[tuple[str, Span, Entry]] = []
        self.items: list[Entry] = []
        self.size = 1
        self.height = 1

    def add(self, entry: Entry, size: int, height: int) -> None:
        """Take the next key, value or item."""
        self.size += size
        self.height = max(self.height, height + 1)
        self.end = max(self.end, (entry.span.end_line, entry.span.end_column))
        if not self.is_map:
            self.items.append(entry)
        elif self.key is None:
            self.key = entry
        else:
            name = self.key.value if self.key.kind not in ("map", "seq") else "?"
            self.entries.append((name, self.key.span, entry))
            self.key = None


class _Builder:
    """Builds the entries of one stream with a stack of frames of its own."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        is_plain = text.endswith(("\n", "\r")) and not any(mark in text for mark in _FOREIGN_BREAKS)
        self._positions = None if is_plain else Positions(text)
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchor] = {}
        self._count = 0
        self.roots: list[Entry] = []
        self.problems: list[Problem] = []

    def run(self) -> None:
        """Read the whole stream; raises yaml.YAMLError or LimitError, with the documents before it in `roots`."""
        parser = _LOADER(self._text)
        try:
            while (kind := type(event := parser.get_event())) is not yaml.StreamEndEvent:
                if kind is yaml.ScalarEvent:
                    self._place(_scalar(event, self._span(event)), 1, 1, event.anchor)
                elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                    self._open(event)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._close(event)
                elif kind is yaml.AliasEvent:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    self._anchors = {}
        finally:
            parser.dispose()

    def _open(self, event: Any) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise LimitError(f"nested more than {MAX_DEPTH} levels deep")
        span = self._span(event)
        frame = _Frame(event, span[:2], span[2:])
        if frame.anchor is not None:
            self._anchors.pop(frame.anchor, None)
        self._stack.append(frame)

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        end = frame.end if frame.block else max(frame.end, self._span(event)[2:])
        entries = self._merged(frame) if any(name == "<<" for name, _, _ in frame.entries) else frame.entries
        kind = "map" if frame.is_map else "seq"
        entry = Entry(kind, Span(*frame.start, *end), "", tuple(entries), tuple(frame.items), frame.tag)
        if frame.tag.startswith(_PYTHON):
            entry = _built(entry)
        self._place(entry, frame.size, frame.height, frame.anchor)

    def _place(self, entry: Entry, size: int, height: int, anchor: str | None) -> None:
        self._count += 1
        if self._count > MAX_ENTRIES:
            raise LimitError(f"more than {MAX_ENTRIES} entries")
        if anchor is not None:
            self._anchors[anchor] = _Anchor(entry, size, height)
        if self._stack:
            self._stack[-1].add(entry, size, height)
        else:
            self.roots.append(entry)

    def _alias(self, event: Any) -> None:
        span = self._span(event)
        found = self._anchors.get(event.anchor)
        if found is None:
            self._partial(span, f"alias *{event.anchor[:60]} names no finished anchor")
            return self._place(Entry("null", span), 1, 1, None)
        if len(self._stack) + found.height > MAX_DEPTH or self._count + found.size > MAX_ENTRIES:
            self._partial(span, f"alias *{event.anchor[:60]} expands too far and is left out")
            return self._place(Entry("null", span), 1, 1, None)
        self._count += found.size
        return self._place(found.entry._replace(span=span), found.size, found.height, None)

    def _merged(self, frame: _Frame) -> Iterator[tuple[str, Span, Entry]]:
        """The entries with `<<` resolved: the map's own keys win, then earlier merges (YAML 1.1 merge key)."""
        own = [entry for entry in frame.entries if entry[0] != "<<"]
        taken = {name for name, _, _ in own}
        for _, _, value in (entry for entry in frame.entries if entry[0] == "<<"):
            for source in value.items if value.kind == "seq" else (value,):
                for merged in source.entries:
                    if merged[0] not in taken:
                        taken.add(merged[0])
                        yield merged
        yield from own

    def _partial(self, span: Span, words: str) -> None:
        self.problems.append(Problem.of_file(ProblemKind.PARTIAL, self._path, words, span))

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        if self._positions is None:
            return Span(start.line + 1, start.column, end.line + 1, end.column)
        return self._positions.span(start.index, end.index)


def read(data: bytes | str, path: str) -> Reading:
    """Read the documents of a YAML file.

    Scalars keep their text; kinds follow YAML 1.1 as PyYAML reads it, so `on` is a `bool` whose value is `on`. A custom
    tag stays on its entry. A key that is a collection is named `?`. A file that parses only once its template tags are
    blanked is a TEMPLATE problem, with what is left of it as content; one that never parses is UNREADABLE, or PARTIAL
    when whole documents stand before the error.
    """
    try:
        text = decode(data, path, wide=True)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    builder, problem = _attempt(text, path)
    if problem is not None and has_tags(text):
        retried, again = _attempt(blank(text), path)
        words = "a template: read with its tags blanked" if again is None else "a template that is no YAML of its own"
        builder = retried if again is None else builder
        problem = Problem.of_file(ProblemKind.TEMPLATE, path, words, problem.site.span)
    elif problem is not None and builder.roots:
        problem = Problem.of_file(ProblemKind.PARTIAL, path, problem.message, problem.site.span)
    comments = marked_comments(text)
    if problem is not None and not builder.roots:
        return Reading(None, comments=comments, problems=(problem,))
    problems = (*builder.problems, *([problem] if problem else []))
    extra: list[Content] = [found for root in builder.roots[:1] if (found := requirements_of_conda(root)) is not None]
    return Reading(Documents(tuple(builder.roots)), (), comments, problems, tuple(extra))


def _attempt(text: str, path: str) -> tuple[_Builder, Problem | None]:
    builder = _Builder(text, path)
    try:
        builder.run()
    except (yaml.YAMLError, LimitError, RecursionError, ValueError) as error:
        return builder, _unreadable(error, text, path)
    return builder, None


def _unreadable(error: Exception, text: str, path: str) -> Problem:
    words, offset = str(error) or type(error).__name__, 0
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        offset = mark.index
        words = getattr(error, "problem", None) or words
    elif isinstance(error, yaml.reader.ReaderError):
        offset = len(text.encode("utf-8")[: error.position].decode("utf-8", "ignore"))
        words = error.reason
    span = Positions(text).span(offset, offset)
    return Problem.of_file(ProblemKind.UNREADABLE, path, f"not valid YAML on line {span.line}: {words}", span)


def _scalar(event: Any, span: Span) -> Entry:
    tag: str | None = event.tag
    value: str = event.value
    if tag is None or tag == "!":
        return Entry(_implicit(value) if event.implicit[0] else "str", span, value)
    if tag.startswith(_STANDARD) and not _custom(tag):
        return Entry(_KINDS.get(tag[len(_STANDARD) :], "str"), span, value)
    return Entry("str", span, value, tag=_custom(tag))


def _implicit(value: str) -> str:
    for tag, pattern in _IMPLICIT.get(value[:1], ()):
        if pattern.match(value):
            return _KINDS.get(tag[len(_STANDARD) :], "str")
    return "str"


def _custom(tag: str | None) -> str:
    """A tag that says more than the kind of its value; empty for any other."""
    if tag is None or tag == "!":
        return ""
    if not tag.startswith(_STANDARD):
        return tag
    name = tag[len(_STANDARD) :]
    return f"!!{name}" if name.startswith(_BUILDING) else ""


def _built(entry: Entry) -> Entry:
    """What a tag of PyYAML makes of a collection by running Python: a path is told by its parts, nothing else is."""
    is_path = _PATH.fullmatch(entry.tag) and entry.kind == "seq"
    if is_path and all(one.kind == "str" and not one.tag for one in entry.items):
        return Entry("str", entry.span, str(PurePosixPath(*(one.value for one in entry.items))))
    return Entry("str", entry.span, tag=entry.tag)
