"""Reads environment files: `NAME=value` lines with quotes, comments, `export`, and values over several lines.

Whether a file is an example or in force is not said by its syntax and is decided by whoever knows its name.
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.facts import Assignment, Reading, Shell
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode, marked_comments

_LINE = re.compile(r"(?P<indent>[ \t]*)(?P<export>export[ \t]+)?(?P<name>[A-Za-z_][\w.\-]*)[ \t]*(?P<equals>=[ \t]*)?")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_SINGLE = re.compile(r"'([^']*)'")
_PLAIN = re.compile(r"[^\r\n]*")
_INLINE_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_REST = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_EXPANSION = re.compile(r"\$(?:[A-Za-z_{(])|`")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def read(data: bytes | str, path: str) -> Reading:
    """Read the assignments of an environment file, in order.

    The value is None for a name without `=` and where it is not literal (`$NAME`, `$(...)`, a backtick); the text of
    one that is made of variables is kept.
    """
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    positions = Positions(text)
    found: list[Assignment] = []
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        end = at
        if line is not None:
            value, end = _value(text, line.end()) if line["equals"] else (None, line.end())
            computed = _computed(text[line.end() : end]) if line["equals"] and value is None else ""
            if line["equals"] or line["export"] or _ends_line(text, end):
                span = positions.span(line.start("name"), end)
                found.append(Assignment(line["name"], value, line["export"] is not None, span, computed))
        rest = _REST.match(text, end)
        at = rest.end() if rest and rest.end() > at else at + 1
    return Reading(Shell(tuple(found), ()), comments=marked_comments(text))


def _ends_line(text: str, at: int) -> bool:
    rest = _PLAIN.match(text, at)
    return rest is None or not _INLINE_COMMENT.sub("", rest[0]).strip()


def _computed(written: str) -> str:
    """A value that is made of variables, without its quotes; empty when a command makes it."""
    return "" if "`" in written or "$(" in written else written.strip('"')


def _value(text: str, at: int) -> tuple[str | None, int]:
    """The value that begins at an offset, and the offset behind it."""
    if found := _DOUBLE.match(text, at):
        if _EXPANSION.search(found[1].replace("\\$", "")):
            return None, found.end()
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), found[1]), found.end()
    if found := _SINGLE.match(text, at):
        return found[1], found.end()
    plain = _PLAIN.match(text, at)
    words = _INLINE_COMMENT.sub("", plain[0]).rstrip() if plain else ""
    return (None if _EXPANSION.search(words) else words), at + len(words)
