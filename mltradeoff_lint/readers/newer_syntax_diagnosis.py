"""Why a Python file does not parse, in a few words: another dialect, a template, newer syntax, or an error."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import NamedTuple

PYTHON2 = "Python 2 syntax"
TEMPLATE = "template placeholders ({{ }})"

_MESSAGE_LENGTH = 120
# Runs are possessive and every text may end with the file, so that a scan is linear whatever the input.
_TEXT = re.compile(
    r"#[^\n]*+"
    r"|'''(?:[^'\\]++|\\.?|'(?!''))*+(?:''')?"
    r'|"""(?:[^"\\]++|\\.?|"(?!""))*+(?:""")?'
    r"|'(?:[^'\\\n]++|\\.?)*+'?"
    r'|"(?:[^"\\\n]++|\\.?)*+"?',
    re.DOTALL,
)
_PLACEHOLDER = re.compile(r"\{%|\{\{\s*+[\w.]++[^{}\n]*+\}\}|<%")
_PYTHON2_HINT = re.compile(
    r"""^[ \t]*(?:print|exec)[ \t]+(?:["`]|(?!(?:in|is|if|and|or|not|for|else)\b)\w)"""
    r"""|[:;][ \t]*print[ \t]+["\w`]"""
    r"""|`|<>"""
    r"""|(?<![\w.])0(?=0*+[1-7])[0-7]*+(?![\w.])"""
    r"""|(?<![\w.])[0-9]+[lL]\b"""
    r"""|\b[uU][rR]["']"""
    r"""|^[ \t]*raise[ \t]+[\w.]+[ \t]*,"""
    r"""|^[ \t]*except[ \t]+(?:[\w.]+|\([^()\n]*\))[ \t]*,[ \t]*[a-z_]\w*[ \t]*:""",
    re.MULTILINE,
)
_NEWER_LINES = (
    ("type alias", re.compile(r"^\s*type\s+\w++\s*+(?:\[[^\n=]*+=|=)")),
    ("type parameters", re.compile(r"^\s*(?:(?:async\s+)?def|class)\s+\w+\s*\[")),
    ("lazy import", re.compile(r"^\s*lazy\s+(?:import|from)\b")),
    ("template string", re.compile(r"\b(?:[tT][rR]?|[rR][tT])[\"']")),
)
_FSTRING = re.compile(r"\b(?:[fF][rR]?|[rR][fF])[\"']")


class Diagnosis(NamedTuple):
    """Why the running interpreter refuses a file, and where: line from 1, column from 0 in UTF-8 bytes."""

    reason: str
    line: int
    column: int
    message: str
    """The interpreter's own words."""
    is_newer: bool = False
    """Whether the place looks like syntax of a later Python; a guess that another parser may refute."""
    is_limit: bool = False
    """Whether the interpreter gave up on the size or depth of the file rather than on its syntax."""


def diagnose(source: bytes) -> str:
    """The short reason why the running interpreter does not parse a file; empty when it does."""
    found = examine(source)
    return found.reason if found is not None else ""


def examine(source: bytes) -> Diagnosis | None:
    """Parse with the running interpreter and explain its refusal; None when it accepts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except SyntaxError as error:
            return _explain(source, error)
        except (RecursionError, MemoryError):
            return Diagnosis("nested too deeply", 1, 0, "nested too deeply", is_limit=True)
        except ValueError as error:
            message = _shortened(str(error))
            return Diagnosis(message, 1, 0, message)
    return None


def bracket_depth(source: bytes) -> int:
    """The deepest nesting of brackets outside strings and comments; approximate where strings nest (3.12)."""
    depth = deepest = 0
    for bracket in re.findall(r"[()\[\]{}]", _without_text(_as_text(source))):
        depth = depth + 1 if bracket in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def _explain(source: bytes, error: SyntaxError) -> Diagnosis:
    message = _shortened(error.msg or "invalid syntax")
    line_number = max(error.lineno or 1, 1)
    lines = source.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    line = lines[line_number - 1] if line_number <= len(lines) else b""
    text = line.decode("utf-8", "replace")
    column = len(text[: max((error.offset or 1) - 1, 0)].encode())
    code = _without_text(_as_text(source))
    if _PLACEHOLDER.search(text) or _PLACEHOLDER.search(code):
        return Diagnosis(TEMPLATE, line_number, column, message)
    if "call to 'print'" in message or "call to 'exec'" in message or _PYTHON2_HINT.search(code):
        return Diagnosis(PYTHON2, line_number, column, message)
    newer = _newer_construct(message, text)
    if newer:
        version = ".".join(map(str, sys.version_info[:2]))
        return Diagnosis(f"syntax newer than {version} ({newer})", line_number, column, message, is_newer=True)
    return Diagnosis(message, line_number, column, message)


def _newer_construct(message: str, line: str) -> str:
    """The construct that the message and the line of the error point at, by the wording of CPython 3.11."""
    if message.startswith("f-string"):
        return message.split("(")[0].strip()
    if message.startswith("multiple exception types must be parenthesized"):
        return "except without parentheses"
    if message.startswith("unterminated") and _FSTRING.search(line):
        return "f-string with a replacement field over several lines"
    if message.startswith("Exceeds the limit"):
        return "long integer"
    return next((name for name, pattern in _NEWER_LINES if pattern.search(line)), "")


def _as_text(source: bytes) -> str:
    """The bytes as characters of the same number; only ASCII matters to the patterns here."""
    return source.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")


def _without_text(code: str) -> str:
    """The code with each string emptied and each comment removed."""
    return _TEXT.sub(lambda found: "" if found.group().startswith("#") else '""', code)


def _shortened(message: str) -> str:
    first = message.split("\n", 1)[0]
    return first if len(first) <= _MESSAGE_LENGTH else first[: _MESSAGE_LENGTH - 1] + "…"
