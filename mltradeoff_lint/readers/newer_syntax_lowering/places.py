"""Where the nodes of a concrete syntax tree stand, in the units of `ast`."""

from __future__ import annotations

import ast
import re
from array import array
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import libcst as cst
from libcst.metadata import CodePosition, CodeRange

Placed = TypeVar(
    "Placed", bound=ast.expr | ast.stmt | ast.pattern | ast.excepthandler | ast.arg | ast.keyword | ast.alias
)

_TRIVIA = re.compile(r"(?:[ \t\f\n]|\\\n|#[^\n]*)*")


class Point(NamedTuple):
    """A place in the text: line from 1, column from 0 in code points."""

    line: int
    column: int


class Unsupported(Exception):
    """A construct that this lowering does not know; the file is then a failure, never half a tree."""

    def __init__(self, what: str, point: Point) -> None:
        super().__init__(what)
        self.point = point


class Places:
    """Positions of the nodes of one file; the text has `\\n` line ends only.

    libcst keeps the parentheses around an expression on the expression itself and gives its position inside
    them, as `ast` does; `outer_start` and `outer_end` include them, as the positions of a parent need.
    """

    def __init__(self, text: str, module: cst.Module, ranges: Mapping[cst.CSTNode, CodeRange]) -> None:
        self._text = text
        self._dropped = _dropped_columns(text, module.code) if "\f" in text else {}
        self._lines = text.split("\n")
        self._ranges = ranges
        self._line_starts = array("l", [0])
        for line in self._lines:
            self._line_starts.append(self._line_starts[-1] + len(line) + 1)
        self._byte_columns: dict[int, array[int]] = {}

    def start(self, node: cst.CSTNode) -> Point:
        """Where the node's own text begins, inside its parentheses."""
        return self._point(self._ranges[node].start)

    def end(self, node: cst.CSTNode) -> Point:
        """Where the node's own text ends, inside its parentheses."""
        return self._point(self._ranges[node].end)

    def outer_start(self, node: cst.CSTNode) -> Point:
        """Where the node begins with its parentheses."""
        parens = getattr(node, "lpar", None)
        return self.start(parens[0]) if parens else self.start(node)

    def outer_end(self, node: cst.CSTNode) -> Point:
        """Where the node ends with its parentheses."""
        parens = getattr(node, "rpar", None)
        return self.end(parens[-1]) if parens else self.end(node)

    def skip_trivia(self, point: Point) -> Point:
        """The first place at or after `point` that is no white space, comment or line continuation."""
        offset = self._offset(point)
        found = _TRIVIA.match(self._text, offset)
        skipped = self._text[offset : found.end() if found else offset]
        lines = skipped.count("\n")
        if not lines:
            return Point(point.line, point.column + len(skipped))
        return Point(point.line + lines, len(skipped) - skipped.rindex("\n") - 1)

    def between(self, start: Point, end: Point) -> str:
        """The text between two places."""
        return self._text[self._offset(start) : self._offset(end)]

    def put(self, made: Placed, start: Point, end: Point) -> Placed:
        """Give an `ast` node its position: lines from 1, columns from 0 in UTF-8 bytes."""
        made.lineno, made.col_offset = start.line, self.byte_column(start)
        made.end_lineno, made.end_col_offset = end.line, self.byte_column(end)
        return made

    def byte_column(self, point: Point) -> int:
        """A column in UTF-8 bytes; linear over all columns of one line together."""
        line = self._lines[point.line - 1]
        if line.isascii():
            return point.column
        table = self._byte_columns.get(point.line)
        if table is None:
            table = array("l", [0])
            for character in line:
                table.append(table[-1] + len(character.encode("utf-8", "surrogatepass")))
            self._byte_columns[point.line] = table
        return table[point.column]

    def _point(self, place: CodePosition) -> Point:
        return Point(place.line, place.column + self._dropped.get(place.line, 0))

    def _offset(self, point: Point) -> int:
        return self._line_starts[point.line - 1] + point.column


def _dropped_columns(text: str, written: str) -> dict[int, int]:
    """How many columns each line lost in libcst, which drops a form feed from the indentation of a statement."""
    lines, kept = text.split("\n"), written.split("\n")
    return {
        number: len(line) - len(other)
        for number, (line, other) in enumerate(zip(lines, kept, strict=False), start=1)
        if len(line) != len(other)
    }
