"""String literals: plain, bytes, formatted, template, and their implicit concatenation."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TypeAlias

import libcst as cst

from mltradeoff_lint.readers.newer_syntax_lowering.places import Places, Point, Unsupported

Lower: TypeAlias = Callable[[cst.BaseExpression], ast.expr]
Note: TypeAlias = Callable[[str, tuple[int, int]], None]
Literal: TypeAlias = cst.SimpleString | cst.FormattedString | cst.TemplatedString
Formatted: TypeAlias = cst.FormattedString | cst.TemplatedString
Content: TypeAlias = cst.BaseFormattedStringContent | cst.BaseTemplatedStringContent

_ESCAPES = re.compile(r'\\N\{[^{}]*\}|\\[^{}]|\{\{|\}\}|"', re.DOTALL)


class Strings:
    """Lowers string literals to `Constant` and `JoinedStr`.

    Parts of formatted strings get their true positions, as in Python 3.12 and later; the positions that 3.11
    gives inside f-strings are known to be wrong there. A template string becomes a `JoinedStr` too: it is not a
    string, but its text and its interpolated expressions are what matters here.
    """

    def __init__(self, places: Places, lower: Lower, note: Note) -> None:
        self._places = places
        self._lower = lower
        self._note = note

    def literal(self, node: Literal | cst.ConcatenatedString) -> ast.expr:
        """Lower a literal or a run of adjacent ones, which make one value."""
        pieces = self._pieces(node)
        start, end = self._places.start(pieces[0]), self._places.end(pieces[-1])
        kind = "u" if _first_character(pieces[0]) == "u" else None
        if any(not isinstance(piece, cst.SimpleString) for piece in pieces):
            made: ast.expr = ast.JoinedStr(values=self._join(pieces, kind))
        else:
            made = ast.Constant(value=self._concatenate(pieces, node), kind=kind)
        return self._places.put(made, start, end)

    def _pieces(self, node: Literal | cst.ConcatenatedString) -> list[Literal]:
        pieces: list[Literal] = []
        here: cst.BaseExpression = node
        while isinstance(here, cst.ConcatenatedString):
            pieces.append(here.left)
            here = here.right
        if not isinstance(here, (cst.SimpleString, cst.FormattedString, cst.TemplatedString)):
            raise Unsupported(f"string part {type(here).__name__}", self._places.start(here))
        pieces.append(here)
        return pieces

    def _concatenate(self, pieces: Sequence[Literal], node: cst.CSTNode) -> str | bytes:
        values = [self._evaluate(piece) for piece in pieces if isinstance(piece, cst.SimpleString)]
        if all(isinstance(value, str) for value in values):
            return "".join(value for value in values if isinstance(value, str))
        if all(isinstance(value, bytes) for value in values):
            return b"".join(value for value in values if isinstance(value, bytes))
        raise Unsupported("cannot mix bytes and nonbytes literals", self._places.start(node))

    def _evaluate(self, piece: cst.SimpleString) -> str | bytes:
        value = _read_literal(piece.value)
        if value is None:
            raise Unsupported("malformed string literal", self._places.start(piece))
        return value

    def _join(self, pieces: Sequence[Literal], kind: str | None) -> list[ast.expr]:
        parts: list[ast.expr] = []
        for piece in pieces:
            if isinstance(piece, cst.SimpleString):
                value = self._evaluate(piece)
                if isinstance(value, bytes):
                    raise Unsupported("cannot mix bytes and nonbytes literals", self._places.start(piece))
                self._add_text(parts, value, kind, self._places.start(piece), self._places.end(piece))
            else:
                self._note_newer(piece)
                self._add_contents(parts, piece.parts, "r" in piece.prefix, kind)
        return parts

    def _note_newer(self, piece: Formatted) -> None:
        """Record what the running interpreter does not read: a template string, or an f-string of PEP 701."""
        if isinstance(piece, cst.TemplatedString):
            self._note("template string", (3, 14))
        elif sys.version_info < (3, 12):
            text = self._places.between(self._places.start(piece), self._places.end(piece))
            if not _is_expression(text):
                self._note("f-string", (3, 12))

    def _add_contents(self, parts: list[ast.expr], contents: Sequence[Content], raw: bool, kind: str | None) -> None:
        for content in contents:
            if isinstance(content, (cst.FormattedStringText, cst.TemplatedStringText)):
                value = _read_text(content.value, raw)
                start, end = self._places.start(content), self._places.end(content)
                if value is None:
                    raise Unsupported("malformed escape in an f-string", start)
                self._add_text(parts, value, kind, start, end)
            elif isinstance(content, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
                self._add_value(parts, content, raw, kind)
            else:
                raise Unsupported(f"string part {type(content).__name__}", self._places.start(content))

    def _add_text(self, parts: list[ast.expr], value: str, kind: str | None, start: Point, end: Point) -> None:
        if not value:
            return
        last = parts[-1] if parts else None
        if isinstance(last, ast.Constant) and isinstance(last.value, str):
            last.value += value
            last.end_lineno, last.end_col_offset = end.line, self._places.byte_column(end)
        else:
            parts.append(self._places.put(ast.Constant(value=value, kind=kind), start, end))

    def _add_value(
        self,
        parts: list[ast.expr],
        content: cst.FormattedStringExpression | cst.TemplatedStringExpression,
        raw: bool,
        kind: str | None,
    ) -> None:
        start, end = self._places.start(content), self._places.end(content)
        conversion = ord(content.conversion) if content.conversion else -1
        if content.equal is not None:
            self._add_text(parts, self._debug_text(start, content.equal), kind, start, end)
            if conversion == -1 and content.format_spec is None:
                conversion = ord("r")
        value = ast.FormattedValue(value=self._lower(content.expression), conversion=conversion)
        if content.format_spec is not None:
            spec: list[ast.expr] = []
            self._add_contents(spec, content.format_spec, raw, kind)
            where = content.format_spec[0] if content.format_spec else None
            value.format_spec = self._places.put(
                ast.JoinedStr(values=spec),
                self._places.start(where) if where else Point(end.line, end.column - 1),
                Point(end.line, end.column - 1),
            )
        parts.append(self._places.put(value, start, end))

    def _debug_text(self, start: Point, equal: cst.AssignEqual) -> str:
        """The text of `{x = }` from behind the brace to the end of the white space behind the equals sign."""
        after = self._places.end(equal)
        return self._places.between(Point(start.line, start.column + 1), self._places.skip_trivia(after))


def _first_character(piece: Literal) -> str:
    return piece.value[:1] if isinstance(piece, cst.SimpleString) else ""


def _read_literal(text: str) -> str | bytes | None:
    """The value of one string token as the interpreter reads it; None when it refuses."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = ast.literal_eval(text)
        except (SyntaxError, ValueError):
            return None
    return value if isinstance(value, (str, bytes)) else None


def _read_text(text: str, raw: bool) -> str | None:
    """The value of the literal text of an f-string: doubled braces halved, escapes read unless raw."""
    if raw:
        return text.replace("{{", "{").replace("}}", "}")
    if "\\" not in text:
        return text.replace("{{", "{").replace("}}", "}")
    body = _ESCAPES.sub(_halve, text)
    # A backslash before a replacement field stands for itself: f"\{x}".
    if (len(body) - len(body.rstrip("\\"))) % 2:
        body += "\\"
    value = _read_literal(f'"""{body}"""')
    return value if isinstance(value, str) else None


def _halve(found: re.Match[str]) -> str:
    token = found.group()
    if token == '"':
        return '\\"'
    return token[0] if token in ("{{", "}}") else token


def _is_expression(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(f"({text})", mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
