"""Reads Procfiles (Heroku, Honcho): `process: command` lines as shell commands.

The extra content is one document that maps each process to its command line, whose span holds its commands.
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Reading, Shell
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import UndecodableError, decode, lines_of, marked_comments
from mltradeoff_lint.readers.shell_commands import scan

_PROCESS = re.compile(r"([A-Za-z0-9_-]+):\s*(.*\S)\s*")


def read(data: bytes | str, path: str) -> Reading:
    """Read the processes of a Procfile."""
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    shown: list[str] = []
    entries: list[tuple[str, Span, Entry]] = []
    for number, line in enumerate(lines_of(text), 1):
        process = _PROCESS.fullmatch(line)
        shown.append("")
        if process:
            start, end = process.span(2)
            shown[-1] = " " * start + process[2]
            value = Entry("str", Span(number, start, number, end), process[2])
            entries.append((process[1], Span(number, 0, number, process.end(1)), value))
    script = scan("\n".join(shown))
    root = Entry("map", Span(1, 0, len(shown), len(shown[-1])), "", tuple(entries))
    shell = Shell(script.assignments, script.commands)
    return Reading(shell, (), marked_comments(text), (), (Documents((root,)),))
