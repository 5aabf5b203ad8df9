"""Bytes to text, text to lines, and offsets to positions: the one convention that every reader counts by."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator

from mltradeoff_lint.model.facts import Comment
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import Span

LINE_END = re.compile(r"\r\n|\r|\n")
"""What ends a line. U+2028, form feed and their kin do not, although `str.splitlines` says so."""
MARKERS = ("mltradeoff:", "owner:", "@package")
"""Words that make a comment worth keeping: suppressions, owner lines, the package of a Hydra file."""
_WIDE_BOMS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class UndecodableError(ValueError):
    """The bytes are not text in an encoding the format allows; carries the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def decode(data: bytes | str, path: str, *, wide: bool = False) -> str:
    """The text of a file, without its byte-order mark.

    UTF-8 only; `wide` also allows UTF-16 and UTF-32 with a byte-order mark (JSON, YAML, pip's requirement files).
    Raises UndecodableError with the place of the first bad byte.
    """
    if isinstance(data, str):
        bad = None if data.isascii() else re.search("[\ud800-\udfff]", data)
        if bad:
            raise UndecodableError(_undecodable(path, data[: bad.start()], "a lone surrogate"))
        return data.removeprefix("\ufeff")
    encoding = next((name for mark, name in _WIDE_BOMS if wide and data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        raise UndecodableError(_undecodable(path, before, f"byte {error.start}")) from error


def _undecodable(path: str, before: str, what: str) -> Problem:
    span = Positions(before).span(len(before), len(before))
    return Problem.of_file(ProblemKind.UNREADABLE, path, f"not valid UTF-8 text: {what} on line {span.line}", span)


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends; a text that ends in a line end has an empty last line."""
    if "\r" in text:
        return LINE_END.split(text)
    return text.split("\n")


class Positions:
    """Turns offsets of a text into lines from 1 and columns from 0, in code points."""

    __slots__ = ("_length", "_starts")

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in LINE_END.finditer(text))]
        self._length = len(text)

    def at(self, offset: int) -> tuple[int, int]:
        """The (line, column) of an offset; offsets past the end give the end."""
        offset = min(max(offset, 0), self._length)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]

    def span(self, start: int, end: int) -> Span:
        """The span from `start` up to, not including, `end`."""
        return Span(*self.at(start), *self.at(max(start, end)))


def marked_comments(text: str, sign: str = "#") -> tuple[Comment, ...]:
    """The comments that hold one of `MARKERS`, found by a search of the text before any line is looked at.

    A comment begins at `sign` at the start of a line or behind white space; the text of a quoted string that
    looks like one is taken for one, which is harmless for the two markers there are.
    """
    folded = text.lower()
    if not any(marker in folded for marker in MARKERS):
        return ()
    return tuple(_comments(text, re.compile(rf"(?:^|(?<=\s)){re.escape(sign)}(.*)", re.DOTALL)))


def _comments(text: str, comment: re.Pattern[str]) -> Iterator[Comment]:
    for number, line in enumerate(lines_of(text), 1):
        found = comment.search(line)
        if found and any(marker in found[1].lower() for marker in MARKERS):
            yield Comment(number, found.start(), found[1].strip())
