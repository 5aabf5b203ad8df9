"""Where things are: spans inside a file as its reader saw them, and locations as a report shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of one file in the reader's own units.

    Lines count from 1. Columns count from 0, in UTF-8 bytes for Python facts (as `ast` gives them) and in
    code points for every other format; only reported spans are converted, by `triage.locate`.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Site(NamedTuple):
    """A span in a file of the repository; what nodes, edges and problems carry."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Location:
    """A reported place: lines and columns from 1, columns in code points, the end column exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    snippet: str = ""
    """The first source line as a report may repeat it: redacted, printable, shortened."""
    note: str = ""
    """Extra words for the reader, such as `cell 3` for a notebook."""
    mark: tuple[int, int] = (0, 0)
    """Where the region stands in the snippet, in code points, the end exclusive; (0, 0) when it cannot be shown."""


WHOLE_FILE = Span(1, 0, 1, 0)


class ParameterCells(NamedTuple):
    """First and last line of the cells that set the parameters of a notebook; zeros where there is no such cell."""

    defaults: tuple[int, int] = (0, 0)
    """The cell with what holds where no run says otherwise."""
    injected: tuple[int, int] = (0, 0)
    """The cell in which an earlier run noted what it was given: the next run replaces it."""


class LineMap(NamedTuple):
    """Where the lines of an embedded text stand in its host file.

    `lines[i]` is the host (line, column, note) of line `i + 1` of the embedded text; the column is added to
    the columns of that line. An identity map has no lines.
    """

    lines: tuple[tuple[int, int, str], ...] = ()

    def to_host(self, span: Span) -> tuple[Span, str]:
        """Translate a span of the embedded text to its host; the note names the place (a notebook cell)."""
        if not self.lines:
            return span, ""
        first = self.lines[min(max(span.line, 1), len(self.lines)) - 1]
        last = self.lines[min(max(span.end_line, 1), len(self.lines)) - 1]
        return Span(first[0], first[1] + span.column, last[0], last[1] + span.end_column), first[2]

    def lines_on(self, host_line: int) -> tuple[int, ...]:
        """The lines of the embedded text that stand on a line of its host: several where a cell is one JSON string."""
        if not self.lines:
            return (host_line,)
        return tuple(number for number, (line, _, _) in enumerate(self.lines, 1) if line == host_line)


IDENTITY = LineMap()
"""The map of a text that is a file of its own."""
