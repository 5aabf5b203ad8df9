"""Asks git about a folder, in a way that runs nothing the folder's own configuration names and touches no network.

The repository is not trusted: hooks, the file-system monitor and lazy fetches are off, no lock is taken, bare
repositories hidden in a folder are not entered, and the `GIT_*` variables of the caller are dropped.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

TIMEOUT = 60
"""Seconds git may take for one question."""

_SAFE = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "core.untrackedCache=false", "submodule.recurse=false",
         "protocol.allow=never", "safe.bareRepository=explicit", "core.quotePath=false")  # fmt: skip
_KEPT = ("GIT_CONFIG_", "GIT_CEILING_DIRECTORIES")
_REVISION = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")


class GitError(Exception):
    """Git is not installed, has no repository here, or failed; the message is its own first line."""


class IndexEntry(NamedTuple):
    """A tracked path, relative to the folder that was asked about."""

    path: bytes
    mode: int
    is_checked_out: bool
    """False for a path outside a sparse checkout."""


def tracked_files(root: Path) -> tuple[IndexEntry, ...]:
    """The tracked paths below a folder; raises GitError."""
    found: dict[bytes, IndexEntry] = {}
    for record in _run(root, "ls-files", "-z", "-s", "-t").split(b"\0"):
        head, tab, path = record.partition(b"\t")
        words = head.split()
        if tab and len(words) == 4:
            found.setdefault(path, IndexEntry(path, int(words[1], 8), words[0] != b"S"))
    return tuple(found.values()) or _committed_files(root)


def _committed_files(root: Path) -> tuple[IndexEntry, ...]:
    """What the last commit holds below a folder, where the index of the whole repository was never filled."""
    if _run(root, "ls-files", "-z", "--", ":/") or git_revision(root) is None:
        return ()
    records = (one.partition(b"\t") for one in _run(root, "ls-tree", "-r", "-z", "HEAD").split(b"\0"))
    return tuple(IndexEntry(path, int(head.split()[0], 8), True) for head, tab, path in records if tab)


def untracked_files(root: Path) -> tuple[bytes, ...]:
    """The paths below a folder that git neither tracks nor ignores; raises GitError."""
    output = _run(root, "ls-files", "-z", "-o", "--exclude-standard")
    return tuple(path for path in output.split(b"\0") if path)


def require_repository(root: Path) -> None:
    """Raise GitError unless the folder is the top of a work tree or lies in one.

    A `core.worktree` that points elsewhere does not count: its files are not below the folder.
    """
    top = Path(os.path.realpath(os.fsdecode(_run(root, "rev-parse", "--show-toplevel").rstrip(b"\r\n"))))
    here = Path(os.path.realpath(root))
    if here != top and top not in here.parents:
        raise GitError("the work tree of the repository is elsewhere")


def git_revision(root: Path) -> str | None:
    """The commit that is checked out, as hexadecimal digits; None without a repository or a commit."""
    try:
        output = _run(root, "rev-parse", "--verify", "-q", "HEAD^{commit}").strip()
    except GitError:
        return None
    return output.decode("ascii") if _REVISION.fullmatch(output) else None


def git_remote(root: Path) -> str | None:
    """The URL of `origin` without user and password; None when there is none or it is no URL a reader could open."""
    try:
        url = os.fsdecode(_run(root, "config", "--local", "--get", "remote.origin.url").strip())
    except GitError:
        return None
    if not url.isprintable() or "::" in url:
        return None
    scp = re.fullmatch(r"(?:[^@/\s]+@)?([\w.-]+):(?!//)([^\\]+)", url)
    if scp and len(scp[1]) > 1:
        return f"ssh://{scp[1]}/{scp[2].lstrip('/')}"
    return _CREDENTIALS.sub("", url) if "://" in url else None


def _run(root: Path, *arguments: str) -> bytes:
    settings: list[str] = [part for setting in _SAFE for part in ("-c", setting)]
    command = ["git", "--no-pager", *settings, "-C", str(root), *arguments]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=_environment(), timeout=TIMEOUT, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise GitError(f"git did not run: {error}"[:200]) from error
    if done.returncode != 0:
        raise GitError(_first_line(done.stderr.splitlines()))
    return done.stdout


def _first_line(lines: Sequence[bytes]) -> str:
    return lines[0].decode("utf-8", "replace")[:200] if lines else "git failed"


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }
