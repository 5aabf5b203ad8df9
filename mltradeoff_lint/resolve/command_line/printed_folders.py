"""The folders that command substitutions print: `$(git rev-parse --show-toplevel)`, `$(cd "$(dirname "$0")" && pwd)`.

A place inside of the repository is given from its root, as `__file__` is; nothing is said of any other command.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from mltradeoff_lint.resolve.domain import Hole
from mltradeoff_lint.resolve.values.strings import REPOSITORY

ROOT = (Hole(REPOSITORY),)
"""The repository's own folder."""

MAX_COMMAND = 400
"""A longer command is not looked at."""

_SCRIPTS = (".sh", ".bash", ".zsh", ".ksh")
_QUIET = re.compile(r"""["']|\s*(?:\d|&)?>{1,2}\s*(?:/dev/null|&\d)|\s+(?:-P|-L|--)(?=\s|$)""")
_TOP = re.compile(r"git rev-parse --show-toplevel")
_SAME = re.compile(r"(?:cd|pushd) (?P<cd>[^;&|]+?) ?(?:&&|;) ?pwd|(?:realpath|readlink -[efm]) (?P<of>[^;&|]+)")
_PARENT = re.compile(r"dirname (?P<of>[^;&|]+)")

Parts = Sequence[str | Hole]


def own_path(script: str) -> tuple[str | Hole, ...] | None:
    """What a shell script calls itself (`$0`, `${BASH_SOURCE[0]}`); None for what is no script."""
    return (*ROOT, f"/{script}") if script.endswith(_SCRIPTS) else None


def printed_of(command: str) -> tuple[str, bool] | None:
    """The word whose folder a command prints, and whether it prints the folder around it; None for other commands.

    The word is empty for the root of the repository.
    """
    if len(command) > MAX_COMMAND:
        return None
    plain = " ".join(_QUIET.sub("", command.removeprefix("shell ")).split())
    if _TOP.fullmatch(plain):
        return "", False
    if same := _SAME.fullmatch(plain):
        return same["cd"] or same["of"], False
    parent = _PARENT.fullmatch(plain)
    return (parent["of"], True) if parent is not None else None


def folder(parts: Parts, *, is_around: bool) -> tuple[str | Hole, ...] | None:
    """A place that is known, in normal form, or the folder around it; None for a place that is not."""
    is_inside = tuple(parts[:1]) == ROOT
    texts = [part for part in parts[1 if is_inside else 0 :] if isinstance(part, str)]
    if len(texts) < len(parts) - is_inside or not (is_inside or texts):
        return None
    path = posixpath.normpath("".join(texts).lstrip("/") if is_inside else "".join(texts))
    path = posixpath.normpath(posixpath.join(path, "..")) if is_around else path
    if is_inside:
        return None if path.startswith("..") else ROOT if path == "." else (*ROOT, f"/{path}")
    return (path,)
