"""Reads Jupyter notebooks (nbformat 3 and 4): the code cells in order as one Python module.

Every line of the module knows its line in the JSON file, the column its string begins at, and its cell. Cells are
numbered from 1, cells of every kind counted, as editors show them. Outputs are skipped by the JSON decoder itself and
never looked at.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from mltradeoff_lint.model.facts import Embedded, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import LineMap, ParameterCells, Span
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode
from mltradeoff_lint.readers.languages import language_of
from mltradeoff_lint.readers.magics import Masked, mask
from mltradeoff_lint.readers.tagged_cells import INJECTED, PARAMETERS

_BLANK = re.compile(r"[ \t\r\n]*")
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_BREAKS = {"\\n": "\n", "\\r": "\r", "\\u000a": "\n", "\\u000d": "\r", "\\u000A": "\n", "\\u000D": "\r"}
_PYTHON = re.compile(r"i?python|pyspark|sage|xpython|pyodide|coconut|python.*", re.IGNORECASE)
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)


class _Line(NamedTuple):
    """A line of a cell, and the offset in the file at which it begins."""

    text: str
    offset: int


class _Cell(NamedTuple):
    """A cell: its number, kind (`code`, `markdown`, `raw`), lines and tags."""

    number: int
    kind: str
    lines: tuple[_Line, ...]
    tags: tuple[str, ...] = ()


class _Notebook:
    """A walk over the JSON text that decodes values and keeps the place of every source line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.cells: list[_Cell] = []
        self.language = ""
        self.has_cells = False

    def run(self) -> None:
        """Read the notebook; raises ValueError or RecursionError when the text is no JSON."""
        at = self._skip(0)
        if self._text[at : at + 1] != "{":
            raise ValueError("a notebook is a JSON object")
        end = self._skip(self._members(at, self._top))
        if end < len(self._text):
            raise json.JSONDecodeError("Extra data", self._text, end)

    def _top(self, key: str, at: int) -> int:
        if key == "cells":
            self.has_cells = True
            return self._items(at, self._cell)
        if key == "worksheets":
            return self._items(at, lambda place: self._members(place, self._top))
        value, end = self._decode(at)
        if key == "metadata" and isinstance(value, dict):
            self.language = _kernel_language(value)
        return end

    def _cell(self, at: int) -> int:
        kind, lines = "", list[_Line]()
        tags: tuple[str, ...] = ()

        def member(key: str, place: int) -> int:
            nonlocal kind, tags
            if key in ("source", "input"):
                lines.clear()
                return self._source(place, lines)
            value, end = self._decode(place)
            if key == "cell_type" and isinstance(value, str):
                kind = value
            if key == "metadata":
                tags = _tags(value)
            return end

        end = self._members(at, member)
        self.cells.append(_Cell(len(self.cells) + 1, kind, tuple(lines), tags))
        return end

    def _source(self, at: int, lines: list[_Line]) -> int:
        def string(place: int) -> int:
            value, end = self._decode(place)
            if isinstance(value, str):
                _add_lines(lines, self._text[place + 1 : end - 1], value, place + 1)
            return end

        return self._items(at, string) if self._text[at] == "[" else string(at)

    def _members(self, at: int, visit: Callable[[str, int], int]) -> int:
        """Visit the members of the object at an offset, with the offsets of their values; the offset behind it."""
        if self._text[at : at + 1] != "{":
            return self._decode(at)[1]
        at = self._skip(at + 1)
        while self._text[at : at + 1] != "}":
            key, at = self._decode(at)
            at = self._skip(at)
            if not isinstance(key, str) or self._text[at : at + 1] != ":":
                raise json.JSONDecodeError("Expecting a key and a colon", self._text, at)
            at = self._separated(visit(key, self._skip(at + 1)), "}")
        return at + 1

    def _items(self, at: int, visit: Callable[[int], int]) -> int:
        if self._text[at : at + 1] != "[":
            return self._decode(at)[1]
        at = self._skip(at + 1)
        while self._text[at : at + 1] != "]":
            at = self._separated(visit(at), "]")
        return at + 1

    def _separated(self, at: int, closer: str) -> int:
        at = self._skip(at)
        if self._text[at : at + 1] == ",":
            return self._skip(at + 1)
        if self._text[at : at + 1] != closer:
            raise json.JSONDecodeError("Expecting a comma", self._text, at)
        return at

    def _decode(self, at: int) -> tuple[Any, int]:
        return _DECODER.raw_decode(self._text, at)

    def _skip(self, at: int) -> int:
        found = _BLANK.match(self._text, at)
        return found.end() if found else at


def _tags(metadata: Any) -> tuple[str, ...]:
    """The tags of a cell's metadata that say what a runner does with it."""
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return tuple(tag for tag in tags if tag in (PARAMETERS, INJECTED)) if isinstance(tags, list) else ()


def _kernel_language(metadata: dict[str, Any]) -> str:
    for table, key in (("kernelspec", "language"), ("language_info", "name")):
        value = metadata.get(table)
        if isinstance(value, dict) and isinstance(value.get(key), str):
            return str(value[key])
    return ""


def _add_lines(lines: list[_Line], raw: str, value: str, offset: int) -> None:
    """Add the lines of one JSON string; a string that does not begin a line continues the last one."""
    if not lines:
        lines.append(_Line("", offset))
    elif not lines[-1].text:
        lines[-1] = _Line("", offset)
    if value.find("\n") in (-1, len(value) - 1) and "\r" not in value:
        _continue(lines, value.removesuffix("\n"), offset)
        if value.endswith("\n"):
            lines.append(_Line("", offset + len(raw)))
        return
    start, previous = 0, ""
    for escape in _ESCAPE.finditer(raw):
        sign = _BREAKS.get(escape[0], "")
        if sign == "\n" and previous == "\r" and start == escape.start():
            start = escape.end()
            lines[-1] = _Line("", offset + start)
        elif sign:
            _continue(lines, _decoded(raw[start : escape.start()]), offset + start)
            start = escape.end()
            lines.append(_Line("", offset + start))
        previous = sign
    _continue(lines, _decoded(raw[start:]), offset + start)


def _continue(lines: list[_Line], text: str, offset: int) -> None:
    last = lines[-1]
    lines[-1] = _Line(last.text + text, last.offset) if last.text else _Line(text, offset)


def _decoded(raw: str) -> str:
    return str(json.loads(f'"{raw}"', strict=False))


def read(data: bytes | str, path: str) -> Reading:
    """Read a notebook.

    Embedded: the module (`python`), one `shell` text with the `!` and `%pip`-like lines of all cells, and a text for
    each `%%bash`, `%%sql` and `%%writefile` cell, and each `%sql` and `%sh` cell of Databricks. A cell that is no
    Python is masked and is a PARTIAL problem. A notebook of another kernel is SKIPPED.
    """
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    notebook = _Notebook(text)
    try:
        notebook.run()
    except (ValueError, RecursionError) as error:
        span = Positions(text).span(getattr(error, "pos", 0), getattr(error, "pos", 0))
        words = f"no notebook: {getattr(error, 'msg', str(error))} on line {span.line}"
        return Reading(None, problems=(Problem.of_file(ProblemKind.UNREADABLE, path, words[:300], span),))
    if not notebook.has_cells:
        return Reading(None, problems=(Problem.of_file(ProblemKind.UNREADABLE, path, "a notebook without cells"),))
    if notebook.language and not _PYTHON.fullmatch(notebook.language):
        words = f"not read: a notebook of a {notebook.language[:40]} kernel"
        return Reading(None, problems=(Problem.of_file(ProblemKind.SKIPPED, path, words),))
    return _reading(notebook, path, Positions(text))


def _reading(notebook: _Notebook, path: str, positions: Positions) -> Reading:
    module, shell = _Module(positions), _Module(positions)
    others: list[Embedded] = []
    problems: list[Problem] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        masked_cells = [
            (cell, mask([line.text for line in cell.lines])) for cell in notebook.cells if cell.kind == "code"
        ]
    tagged: dict[str, tuple[int, int]] = {}
    for cell, masked in masked_cells:
        first = len(module.lines) + 1
        module.add(cell, zip(range(len(cell.lines)), masked.lines, masked.shifts, strict=True))
        for tag in cell.tags:
            tagged.setdefault(tag, (first, len(module.lines)))
        shell.add(cell, masked.shell)
        for one in _whole_cell(cell, masked, positions):
            _add_written(others, one, is_appended=masked.is_appended)
        if masked.problem:
            span = Span(first, 0, max(first, len(module.lines)), 0)
            problems.append(Problem.of_file(ProblemKind.PARTIAL, path, f"cell {cell.number} {masked.problem}", span))
    cells = ParameterCells(tagged.get(PARAMETERS, (0, 0)), tagged.get(INJECTED, (0, 0)))
    code = replace(module.text("python"), parameters=cells)
    embedded = [code, *([shell.text("shell")] if shell.lines else []), *others]
    return Reading(None, tuple(embedded), problems=tuple(problems))


class _Module:
    """Lines of several cells that form one text."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self.lines: list[str] = []
        self._places: list[tuple[int, int, str]] = []

    def add(self, cell: _Cell, lines: Sequence[tuple[int, str, int]] | Iterator[tuple[int, str, int]]) -> None:
        """Add lines of a cell, each as (index in the cell, text, columns cut off its front)."""
        for index, text, shift in lines:
            line, column = self._positions.at(cell.lines[index].offset)
            self.lines.append(text)
            self._places.append((line, column + shift, f"cell {cell.number}"))

    def text(self, language: str, path: str = "") -> Embedded:
        """The text that the lines form."""
        return Embedded(language, "\n".join([*self.lines, ""]), LineMap(tuple(self._places)), path)


def _whole_cell(cell: _Cell, masked: Masked, positions: Positions) -> Iterator[Embedded]:
    language = masked.language or (language_of(masked.target) if masked.target else None)
    if not language or language == "notebook":
        return
    body = _Module(positions)
    first = masked.body
    body.add(cell, [(first, cell.lines[first].text[masked.head :], masked.head)] if first < len(cell.lines) else [])
    body.add(cell, [(index, cell.lines[index].text, 0) for index in range(first + 1, len(cell.lines))])
    yield body.text(language, masked.target)


def _add_written(others: list[Embedded], one: Embedded, *, is_appended: bool) -> None:
    """Add the text of a cell; of several cells that write one file the last counts, and what is appended to it."""
    earlier = next((other for other in others if one.path and other.path == one.path), None)
    if earlier is None:
        others.append(one)
        return
    lines = LineMap((*earlier.lines.lines, *one.lines.lines))
    others[others.index(earlier)] = replace(one, text=earlier.text + one.text, lines=lines) if is_appended else one
