"""Reads TOML into entries with positions.

`tomllib` decides whether the text is TOML at all; the scanner below then only has to find where things are, and may
trust the syntax.
"""

from __future__ import annotations

import re
import tomllib

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode, lines_of, marked_comments
from mltradeoff_lint.readers.dependency_tables import requirements_of_project
from mltradeoff_lint.readers.templates import has_tags

MAX_DEPTH = 100
"""Deepest nesting of tables and arrays that is read."""
MAX_DOTS = 5000
"""Most dots on a line: tomllib takes quadratic time for the parts of a dotted key."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_KEY_PART = re.compile(
    r"""[ \t]*(?:(?P<bare>[A-Za-z0-9_-]+)|"(?P<basic>(?:[^"\\]|\\.)*)"|'(?P<literal>[^']*)')[ \t]*"""
)
_STRING = re.compile(
    r""""{3}(?:[^"\\]|\\.|"(?!""))*"{3,5}|'{3}(?:[^']|'(?!''))*'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'""", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}#\r\n]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d:")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)|\(at end of document\)")


class TooDeepError(Exception):
    """The document is nested too deeply to be read."""


class _Table:
    """A table or array that is being filled; its extent grows with what is put in it."""

    __slots__ = ("children", "end", "kind", "start", "tables")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind, self.start, self.end = kind, start, end
        self.children: list[tuple[str, tuple[int, int], _Table | Entry]] = []
        self.tables: dict[str, _Table] = {}

    def put(self, key: str, place: tuple[int, int], child: _Table | Entry) -> None:
        """Add a child; the offsets of its key are in `place`."""
        self.children.append((key, place, child))
        if isinstance(child, _Table):
            self.tables[key] = child

    def last(self, key: str) -> _Table | None:
        """The table under a key, or the newest of an array of tables."""
        child = self.tables.get(key)
        if child is None or child.kind == "map" or not child.children:
            return child
        newest = child.children[-1][2]
        return newest if isinstance(newest, _Table) else None


class _Scanner:
    """Walks a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._positions = Positions(text)
        self.root = _Table("map", 0, len(text))

    def run(self) -> Entry:
        """The root table; raises TooDeepError."""
        here, at = [self.root], 0
        while (at := _end(_BLANK, self._text, at)) < len(self._text):
            if self._text[at] == "[":
                here, at = self._header(at)
            else:
                at = self._pair(here[-1], at)
                for table in here:
                    table.end = max(table.end, at)
        return self._finished()

    def _header(self, start: int) -> tuple[list[_Table], int]:
        is_array = self._text.startswith("[[", start)
        parts, at = self._key(start + 1 + is_array)
        at += 1 + is_array
        chain = [self.root]
        for name, place in parts[:-1]:
            chain.append(self._inside(chain[-1], name, place, start, at))
        name, place = parts[-1]
        if is_array:
            parent = chain[-1]
            array = parent.tables.get(name)
            if array is None:
                array = _Table("seq", start, at)
                parent.put(name, place, array)
            array.put("", place, _Table("map", start, at))
            array.end = at
        chain.append(self._inside(chain[-1], name, place, start, at))
        return chain, at

    def _inside(self, table: _Table, name: str, place: tuple[int, int], start: int, end: int) -> _Table:
        found = table.last(name)
        if found is None:
            found = _Table("map", start, end)
            table.put(name, place, found)
        found.end = max(found.end, end)
        return found

    def _key(self, at: int) -> tuple[list[tuple[str, tuple[int, int]]], int]:
        parts: list[tuple[str, tuple[int, int]]] = []
        while part := _KEY_PART.match(self._text, at):
            name = part["bare"] or part["literal"] or ""
            if part["basic"] is not None:
                name = _unescaped(f'"{part["basic"]}"')
            bare = part[0].strip(" \t")
            start = part.start() + part[0].index(bare) if bare else part.start()
            parts.append((name, (start, start + len(bare))))
            at = part.end()
            if len(parts) > MAX_DEPTH:
                raise TooDeepError
            if not self._text.startswith(".", at):
                break
            at += 1
        return parts, at

    def _pair(self, table: _Table, at: int) -> int:
        """Read `key = value` into a table; the offset behind the value."""
        parts, equals = self._key(at)
        if not parts:
            return len(self._text)
        value_at = _end(_BLANK, self._text, equals + 1)
        value, end = self._value(value_at)
        for name, place in parts[:-1]:
            table = self._inside(table, name, place, at, end)
        table.put(*parts[-1], value)
        return end

    def _value(self, at: int) -> tuple[_Table | Entry, int]:
        """One value; arrays and inline tables are read with a stack."""
        opener = self._text[at : at + 1]
        if opener not in ("[", "{"):
            return self._scalar(at)
        outer = _Table("seq" if opener == "[" else "map", at, at + 1)
        stack, at = [outer], at + 1
        while stack:
            at = _end(_BLANK, self._text, at)
            sign = self._text[at : at + 1]
            if sign in ("]", "}", ""):
                at += 1
                stack.pop().end = at
            elif sign == ",":
                at += 1
            else:
                at = self._member(stack, at)
        return outer, at

    def _member(self, stack: list[_Table], at: int) -> int:
        table, name, place = stack[-1], "", (at, at)
        if table.kind == "map":
            parts, equals = self._key(at)
            if not parts:
                return len(self._text)
            at = _end(_BLANK, self._text, equals + 1)
            for part, where in parts[:-1]:
                table = self._inside(table, part, where, place[0], at)
            name, place = parts[-1]
        opener = self._text[at : at + 1]
        if opener not in ("[", "{"):
            value, end = self._scalar(at)
            table.put(name, place, value)
            return end
        if len(stack) >= MAX_DEPTH:
            raise TooDeepError
        inner = _Table("seq" if opener == "[" else "map", at, at + 1)
        table.put(name, place, inner)
        stack.append(inner)
        return at + 1

    def _scalar(self, at: int) -> tuple[Entry, int]:
        found = _STRING.match(self._text, at)
        if found:
            kind, value = "str", _unescaped(found[0])
        else:
            found = _SCALAR.match(self._text, at)
            value = found[0].rstrip() if found else ""
            kind = _kind(value)
        end = found.end() if found and kind == "str" else at + max(len(value), 1)
        return Entry(kind, self._positions.span(at, end), value), end

    def _finished(self) -> Entry:
        """The tree as entries, children before parents, without recursion."""
        order = [self.root]
        for table in order:
            order.extend(child for _, _, child in table.children if isinstance(child, _Table))
            if len(order) > len(self._text) + 1:
                raise TooDeepError
        done: dict[int, Entry] = {}
        for table in reversed(order):
            children = [
                (name, self._positions.span(*place), done[id(child)] if isinstance(child, _Table) else child)
                for name, place, child in table.children
            ]
            span = self._positions.span(table.start, table.end)
            if table.kind == "map":
                done[id(table)] = Entry("map", span, "", tuple(children))
            else:
                done[id(table)] = Entry("seq", span, "", (), tuple(child for _, _, child in children))
        return done[id(self.root)]


def read(data: bytes | str, path: str) -> Reading:
    """Read a TOML file as one document; what a project table requires is in `extra`.

    A text that is no TOML is UNREADABLE (a TEMPLATE when it holds template tags), with the place tomllib names.
    """
    try:
        text = decode(data, path)
        if any(line.count(".") > MAX_DOTS for line in lines_of(text)):
            raise TooDeepError
        tomllib.loads(text)
        root = _Scanner(text).run()
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    except (ValueError, RecursionError, TooDeepError) as error:
        return Reading(None, comments=marked_comments(text), problems=(_problem(error, text, path),))
    requirements = requirements_of_project(root)
    return Reading(Documents((root,)), (), marked_comments(text), (), (requirements,) if requirements else ())


def _problem(error: Exception, text: str, path: str) -> Problem:
    if isinstance(error, RecursionError | TooDeepError):
        words = f"not read: nested more than {MAX_DEPTH} levels deep"
        return Problem.of_file(ProblemKind.UNREADABLE, path, words)
    words, place = str(error), _PLACE.search(str(error))
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    column = int(place[2]) - 1 if place and place[2] else 0
    kind = ProblemKind.TEMPLATE if has_tags(text) else ProblemKind.UNREADABLE
    words = _PLACE.sub("", words).strip()[:200]
    return Problem.of_file(kind, path, f"not valid TOML on line {line}: {words}", Span(line, column, line, column))


def _kind(value: str) -> str:
    if value in ("true", "false"):
        return "bool"
    if _DATE.match(value):
        return "date"
    if value[:2] in ("0x", "0o", "0b") or value.lstrip("+-").replace("_", "").isdigit():
        return "int"
    return "float"


def _unescaped(literal: str) -> str:
    if "\\" not in literal and not literal.startswith(("'''", '"""')):
        return literal[1:-1]
    value = tomllib.loads(f"x={literal}")["x"]
    return value if isinstance(value, str) else ""


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
