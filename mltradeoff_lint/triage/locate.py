"""From spans in a reader's units to reported locations: host file, lines and columns from 1, code points, a snippet.

Only what is reported is converted, so that reading stays cheap: Python facts count UTF-8 bytes, embedded texts count
in themselves, and a notebook's code stands escaped inside JSON strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from mltradeoff_lint.model.facts import FileFacts
from mltradeoff_lint.model.finding import Step
from mltradeoff_lint.model.redact import printable, redact, shorten
from mltradeoff_lint.model.source import Location, Site

SNIPPET_LIMIT = 200
_BYTE_COLUMNS = ("python", "notebook")
_JSON_UNIT = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\"\\]")
_JSON_LINE_ENDS = ("\\n", "\\r", "\\u000a", "\\u000d")


class Locator:
    """Turns sites into locations; the lines of each file are read once."""

    def __init__(self, read_text: Callable[[str], str | bytes], facts: Mapping[str, FileFacts]) -> None:
        """`read_text` gives a file of the repository by path (KeyError or OSError when it is gone)."""
        self._read_text = read_text
        self._facts = facts
        self._lines: dict[str, tuple[str, ...]] = {}

    def locate(self, site: Site) -> Location:
        """The location of a site; a span of no width becomes the rest of its line without blanks.

        A span outside its file is moved to the nearest place in it, so that no report points nowhere.
        """
        facts = self._facts.get(site.path)
        file = facts.file if facts is not None else site.path
        line, column, note = self._place(facts, file, site.span.line, site.span.column)
        end_line, end_column, _ = self._place(facts, file, site.span.end_line, site.span.end_column)
        if (end_line, end_column) <= (line, column):
            text, low, high = self._extent(facts, file, site.span.line)
            blanks = len(text[low:high]) - len(text[low:high].lstrip())
            column = max(column, low + blanks)
            end_line, end_column = line, max(low + len(text[low:high].rstrip()), column + (column < len(text)))
        snippet = shorten(redact(self.line_text(facts, file, site.span.line)), SNIPPET_LIMIT)
        text, low, high = self._extent(facts, file, site.span.line)
        parts = [text[low:column], text[column : end_column if end_line == line else high]]
        if facts is not None and facts.lines.lines and _is_json(file):
            parts = [_unescaped(part) for part in parts]
        return Location(file, line, column + 1, end_line, end_column + 1, snippet, note, _mark(snippet, *parts))

    def step(self, site: Site, text: str) -> Step:
        """A step of a trace at a site."""
        return Step(self.locate(site), text)

    def lines(self, path: str) -> tuple[str, ...]:
        """The lines of a file, split at LF, CRLF and CR only; none when it cannot be read."""
        if path not in self._lines:
            self._lines[path] = _split(self._read(path))
        return self._lines[path]

    def line_count(self, facts: FileFacts) -> int:
        """The number of lines of a text, embedded or not."""
        return len(facts.lines.lines) or len(self.lines(facts.file))

    def line_text(self, facts: FileFacts | None, file: str, line: int) -> str:
        """One line of a text as its reader saw it, escapes of a notebook undone."""
        text, low, high = self._extent(facts, file, line)
        piece = text[low:high]
        return _unescaped(piece) if facts is not None and facts.lines.lines and _is_json(file) else piece

    def stretch(self, facts: FileFacts, line: int) -> tuple[int, int, int]:
        """Where a line of a text stands in its host: host line from 1, first and last column from 1."""
        _, low, high = self._extent(facts, facts.file, line)
        return self._host_line(facts, line)[0], low + 1, high + 1

    def _read(self, path: str) -> str:
        try:
            data = self._read_text(path)
        except (KeyError, OSError):
            return ""
        if isinstance(data, str):
            return data.removeprefix("\ufeff")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("latin-1")

    def _host_line(self, facts: FileFacts | None, line: int) -> tuple[int, int, str]:
        """The host line, the column where the text's line starts in it, and the note."""
        if facts is None or not facts.lines.lines:
            return line, 0, ""
        return facts.lines.lines[min(max(line, 1), len(facts.lines.lines)) - 1]

    def _extent(self, facts: FileFacts | None, file: str, line: int) -> tuple[str, int, int]:
        """The host line's text, and the columns from 0 between which the text's line stands in it."""
        host, low, _ = self._host_line(facts, line)
        lines = self.lines(file)
        text = lines[min(max(host, 1), len(lines)) - 1] if lines else ""
        low = min(low, len(text))
        if facts is None or not facts.lines.lines or not _is_json(file):
            return text, low, len(text)
        high = low
        for unit in _JSON_UNIT.finditer(text, low):
            if unit.start() != high or unit[0].lower() in _JSON_LINE_ENDS:
                break
            high = unit.end()
        return text, low, high

    def _place(self, facts: FileFacts | None, file: str, line: int, column: int) -> tuple[int, int, str]:
        """The host line from 1, the host column from 0 in code points, and the note."""
        host, _, note = self._host_line(facts, line)
        lines = self.lines(file)
        if not lines:
            return max(host, 1), max(column, 0), note
        text, low, high = self._extent(facts, file, line)
        in_bytes = facts is not None and facts.language in _BYTE_COLUMNS
        if facts is not None and facts.lines.lines and _is_json(file):
            place = _json_column(text, low, high, column, in_bytes)
        else:
            place = low + (_code_points(text[low:high], column) if in_bytes else column)
        return min(max(host, 1), len(lines)), min(max(place, 0), len(text)), note


def _mark(snippet: str, before: str, region: str) -> tuple[int, int]:
    """Where a region stands in the snippet of its line; (0, 0) when shortening or masking leaves no trace of it."""
    lead = shorten(redact(before), SNIPPET_LIMIT)
    shown = shorten(redact(region), SNIPPET_LIMIT)
    start = len(lead) + (lead != "" and printable(before[-1:]).isspace())
    if not shown or snippet[: len(lead)] != lead:
        return 0, 0
    if snippet.startswith(shown, start):
        return start, start + len(shown)
    kept = snippet[start:].removesuffix("...")
    return (start, len(snippet)) if snippet.endswith("...") and kept and shown.startswith(kept) else (0, 0)


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) if text else ()


def _is_json(file: str) -> bool:
    return file.endswith(".ipynb")


def _code_points(text: str, column: int) -> int:
    """The number of code points in the first `column` bytes of a text."""
    if text.isascii():
        return column
    return len(text.encode("utf-8", "surrogatepass")[: max(column, 0)].decode("utf-8", "ignore"))


def _json_column(text: str, low: int, high: int, column: int, in_bytes: bool) -> int:
    """The column in a JSON string after `column` units of the text that the string stands for."""
    seen, place = 0, low
    for unit in _JSON_UNIT.finditer(text, low, high):
        if seen >= column:
            break
        written = unit[0] if len(unit[0]) == 1 else _unescaped(unit[0])
        seen += len(written.encode("utf-8", "surrogatepass")) if in_bytes else len(written)
        place = unit.end()
    return place


def _unescaped(piece: str) -> str:
    try:
        value = json.loads(f'"{piece}"', strict=False)
    except ValueError:
        return piece
    return value if isinstance(value, str) else piece
