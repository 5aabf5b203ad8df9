"""Reads the exact versions of poetry.lock, uv.lock, pdm.lock and Pipfile.lock, without parsing the rest of them.

Lock files run to megabytes and are written by programs in one layout, so that a line scan is enough. Every requirement
is in group `lock` with the specifier `==VERSION`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.facts import Reading, Requirement, Requirements
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import UndecodableError, decode, lines_of
from mltradeoff_lint.readers.requirement_line import normalise

_FIELD = re.compile(r"(name|version) = \"([^\"]+)\"\s*$")
_PIPFILE_NAME = re.compile(r"        \"([^\"]+)\": \{\s*$")
_PIPFILE_VERSION = re.compile(r"            \"version\": \"(==[^\"]+)\"")


def read(data: bytes | str, path: str) -> Reading:
    """Read the locked distributions of a lock file."""
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    lines = lines_of(text)
    found = _pipfile(lines) if text.lstrip().startswith("{") else _packages(lines)
    return Reading(Requirements(tuple(found)))


def _packages(lines: list[str]) -> Iterator[Requirement]:
    name, inside = "", False
    for number, line in enumerate(lines, 1):
        if line.startswith("["):
            name, inside = "", line.strip() == "[[package]]"
        elif inside and (found := _FIELD.match(line)):
            if found[1] == "name":
                name = found[2]
            elif name:
                yield Requirement(normalise(name), f"=={found[2]}", "lock", Span(number, 0, number, len(line)))
                inside = False


def _pipfile(lines: list[str]) -> Iterator[Requirement]:
    name = ""
    for number, line in enumerate(lines, 1):
        if found := _PIPFILE_NAME.match(line):
            name = found[1]
        elif name and (found := _PIPFILE_VERSION.match(line)):
            yield Requirement(normalise(name), found[1], "lock", Span(number, 0, number, len(line)))
            name = ""
