"""Reads JSON, also with comments and trailing commas (jsonc), into entries with positions.

One pass with a stack of its own; the standard library decodes the strings. A differential test against `json.loads`
keeps the two in agreement.
"""

from __future__ import annotations

import json
import re

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode, marked_comments
from mltradeoff_lint.readers.open_collection import OpenCollection
from mltradeoff_lint.readers.templates import has_tags

MAX_DEPTH = 100
"""Deepest nesting that is read."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<rest>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_WORDS = {"true": "bool", "false": "bool", "null": "null", "NaN": "float", "Infinity": "float", "-Infinity": "float"}
_WORD = re.compile("|".join(_WORDS))


class JsonError(ValueError):
    """The text is not JSON; `offset` says where."""

    def __init__(self, words: str, offset: int) -> None:
        super().__init__(words)
        self.offset = offset


class _Scanner:
    """Builds the entries of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._positions = Positions(text)
        self._at = 0
        self._stack: list[OpenCollection] = []

    def run(self) -> Entry | None:
        """The root value, None for an empty text; raises JsonError."""
        self._skip()
        if self._at >= len(self._text):
            return None
        root = self._value()
        while self._stack:
            root = self._step() or root
        self._skip()
        if self._at < len(self._text):
            raise JsonError("text behind the value", self._at)
        assert root is not None
        return root

    def _skip(self) -> str:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _step(self) -> Entry | None:
        """Read one member of the innermost collection, or its end; the collection when nothing is around it."""
        frame = self._stack[-1]
        sign = self._skip()
        if sign == ("}" if frame.is_map else "]"):
            return self._close(frame)
        if frame.entries or frame.items:
            if sign != ",":
                raise JsonError("expected a comma", self._at)
            self._at += 1
            sign = self._skip()
            if sign == ("}" if frame.is_map else "]"):
                return self._close(frame)
        if frame.is_map:
            start = self._at
            name = self._string()
            frame.key = name, self._positions.span(start, self._at)
            if self._skip() != ":":
                raise JsonError("expected a colon", self._at)
            self._at += 1
            self._skip()
        value = self._value()
        if value is not None:
            frame.add(value)
        return None

    def _close(self, frame: OpenCollection) -> Entry | None:
        self._at += 1
        self._stack.pop()
        entry = frame.closed(self._positions.span(frame.start, self._at))
        if not self._stack:
            return entry
        self._stack[-1].add(entry)
        return None

    def _value(self) -> Entry | None:
        """A scalar, or None when a collection begins."""
        start = self._at
        sign = self._text[start : start + 1]
        if sign in ("{", "["):
            if len(self._stack) >= MAX_DEPTH:
                raise JsonError(f"nested more than {MAX_DEPTH} levels deep", start)
            self._stack.append(OpenCollection(sign == "{", start))
            self._at += 1
            return None
        if sign == '"':
            value, kind = self._string(), "str"
        elif found := _WORD.match(self._text, start):
            value, kind, self._at = found[0], _WORDS[found[0]], found.end()
        elif found := _NUMBER.match(self._text, start):
            value, kind, self._at = found[0], "float" if found["rest"] else "int", found.end()
        else:
            raise JsonError("expected a value", start)
        return Entry(kind, self._positions.span(start, self._at), value)

    def _string(self) -> str:
        found = _STRING.match(self._text, self._at)
        if found is None:
            raise JsonError("expected a string", self._at)
        try:
            value = found[0][1:-1] if "\\" not in found[0] else str(json.loads(found[0]))
        except ValueError as error:
            raise JsonError("bad escape in a string", self._at) from error
        self._at = found.end()
        return value


def read(data: bytes | str, path: str) -> Reading:
    """Read a JSON file as one document.

    An empty file has no document. A text that is no JSON is UNREADABLE with its place, a TEMPLATE when it holds
    template tags, and SKIPPED when it is several values in a row (JSON lines: data).
    """
    try:
        text = decode(data, path, wide=True)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    comments = marked_comments(text, "//")
    try:
        root = _Scanner(text).run()
    except JsonError as error:
        return Reading(None, comments=comments, problems=(_problem(error, text, path),))
    return Reading(Documents((root,) if root else ()), comments=comments)


def _problem(error: JsonError, text: str, path: str) -> Problem:
    span = Positions(text).span(error.offset, error.offset)
    if str(error) == "text behind the value" and text[error.offset : error.offset + 1] in ("{", "["):
        return Problem.of_file(ProblemKind.SKIPPED, path, "several JSON values in a row: data, not settings", span)
    kind = ProblemKind.TEMPLATE if has_tags(text) else ProblemKind.UNREADABLE
    return Problem.of_file(kind, path, f"not valid JSON on line {span.line}: {error}", span)
