"""Command lines that stand in configuration values: shell text or word lists, to simple commands with their folder.

What the shell reader does for whole scripts, for the `cmd`, `run`, `command` and `args` of other formats. Nothing is
expanded: `$VAR`, `$(...)` and `${{ ... }}` stay in their word as written.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.readers.shell_commands import scan

_SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ash"})


class SimpleCommand(NamedTuple):
    """One command: its words without quotes, the variables set in front of it (None when not literal).

    `line` counts from 0 in the text it stands in; `folder` is what `cd` made of the working directory, relative to
    where the text starts and empty while nothing moved it.
    """

    words: tuple[str, ...]
    environment: tuple[tuple[str, str | None], ...] = ()
    line: int = 0
    folder: str = ""


def split(text: str) -> tuple[SimpleCommand, ...]:
    """The simple commands of a shell text in order; `cd` is left out and moves what follows."""
    found: list[SimpleCommand] = []
    for command in _scanned(text):
        inner = _script(command.words)
        if not inner:
            found.append(command)
            continue
        for nested in _scanned(inner):
            folder = posixpath.join(command.folder, nested.folder) if nested.folder else command.folder
            environment = command.environment + nested.environment
            found.append(SimpleCommand(nested.words, environment, command.line, folder))
    return tuple(found)


def of_words(words: Sequence[str]) -> tuple[SimpleCommand, ...]:
    """The simple commands of an exec-form command; `sh -c "..."` gives those of its text."""
    plain = tuple(words)
    if not plain:
        return ()
    inner = _script(plain)
    return split(inner) if inner else (SimpleCommand(plain),)


def of_entry(entry: Entry | None) -> tuple[SimpleCommand, ...]:
    """The simple commands of a configuration value: a text is shell, a list is words."""
    if entry is None or entry.kind in ("map", "null"):
        return ()
    if entry.kind == "seq":
        return of_words([item.value for item in entry.items if item.kind not in ("map", "seq")])
    return split(entry.value)


def _scanned(text: str) -> Iterator[SimpleCommand]:
    folder = ""
    for command in scan(text).commands:
        if command.words[0] == "cd":
            target = command.words[1] if len(command.words) > 1 else ""
            folder = posixpath.normpath(posixpath.join(folder, target)) if target else folder
            continue
        environment = tuple((item.name, item.value) for item in command.environment)
        yield SimpleCommand(command.words, environment, command.span.line - 1, folder)


def _script(words: Sequence[str]) -> str:
    """The text behind `sh -c`, or empty."""
    if len(words) > 2 and posixpath.basename(words[0]) in _SHELLS:
        for option, text in pairwise(words[1:]):
            if option.startswith("-") and option.endswith("c"):
                return text
    return ""
