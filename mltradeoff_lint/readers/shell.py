"""Reads shell scripts: their assignments and simple commands, and the Python they feed to an interpreter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.facts import Embedded, Reading, Shell
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import LineMap
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode, lines_of, marked_comments
from mltradeoff_lint.readers.shell_commands import MAX_COMMANDS, Script, scan

_PYTHON = re.compile(r"(?:.*/)?python[\d.]*")


def read(data: bytes | str, path: str) -> Reading:
    """Read a shell script; a here-document that a `python` command reads comes as embedded `python`."""
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    script = scan(text)
    problems: tuple[Problem, ...] = ()
    if not script.is_whole:
        words = f"read up to its first {MAX_COMMANDS} commands"
        problems = (Problem.of_file(ProblemKind.PARTIAL, path, words),)
    shell = Shell(script.assignments, script.commands)
    return Reading(shell, tuple(_python(script, text)), marked_comments(text), problems)


def _python(script: Script, text: str) -> Iterator[Embedded]:
    positions: Positions | None = None
    for body in script.heredocs:
        if body.words and _PYTHON.fullmatch(body.words[0]) and all(word == "-" for word in body.words[1:2]):
            positions = positions or Positions(text)
            first = positions.at(body.start)[0]
            code = text[body.start : body.end]
            lines = tuple((first + index, 0, "") for index in range(len(lines_of(code))))
            yield Embedded("python", code, LineMap(lines))
