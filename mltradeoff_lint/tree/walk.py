"""Lists a folder that git says nothing about, minding `.gitignore` files as git would."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SKIPPED_FOLDERS = frozenset(
    {".git", "node_modules", ".venv", "venv", "site-packages", "__pycache__", ".ipynb_checkpoints"}
)
"""Folders that are never entered: tools write them, and what they hold is not the repository's own."""
ENVIRONMENT_MARK = "pyvenv.cfg"
"""The file that makes a folder a virtual environment (PEP 405)."""

_Rules = tuple[tuple[str, "GitIgnoreSpec"], ...]


def walk(root: Path) -> Iterator[bytes]:
    """The paths below a folder in no order, links not followed; unreadable folders count as empty."""
    stack: list[tuple[str, _Rules]] = [("", ())]
    while stack:
        folder, rules = stack.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if folder and ENVIRONMENT_MARK in names:
            continue
        if ".gitignore" in names:
            rules = (*rules, *_ignore_rules(root, folder))
        for entry in entries:
            path = f"{folder}{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if _is_ignored(path + "/" * is_folder, rules):
                continue
            if not is_folder:
                yield os.fsencode(path)
            elif entry.name not in SKIPPED_FOLDERS:
                stack.append((f"{path}/", rules))


def _ignore_rules(root: Path, folder: str) -> _Rules:
    from pathspec import GitIgnoreSpec

    place = root / folder / ".gitignore"
    try:
        if place.is_symlink() or place.stat().st_size > 1 << 20:
            return ()
        lines = place.read_text("utf-8", "replace").split("\n")
        return ((folder, GitIgnoreSpec.from_lines(lines)),)
    except (OSError, ValueError):
        return ()


def _is_ignored(path: str, rules: _Rules) -> bool:
    """The deepest `.gitignore` that says anything about a path decides."""
    for folder, spec in reversed(rules):
        verdict = spec.check_file(path[len(folder) :]).include
        if verdict is not None:
            return verdict
    return False
