"""Paths of a repository: the folders above one, and what a configuration file names, seen from the root."""

from __future__ import annotations

import posixpath
import re

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:(?://|$)|[A-Za-z]:[\\/]")


def folder_of(path: str) -> str:
    """The folder a file stands in; empty for the root."""
    return posixpath.dirname(path)


def folders_above(path: str) -> tuple[str, ...]:
    """The folders above a path, nearest first, without the root; those of an absolute path end below `/`."""
    found: list[str] = []
    folder = path.rpartition("/")[0].rstrip("/")
    while folder:
        found.append(folder)
        folder = folder.rpartition("/")[0].rstrip("/")
    return tuple(found)


def upwards(folder: str) -> tuple[str, ...]:
    """A folder and those above it, the root (empty) last."""
    return (folder, *folders_above(folder), "") if folder.strip("/") else ("",)


def from_folder(folder: str, path: str) -> str | None:
    """A path written relative to `folder`, seen from the root; `""` is the root itself.

    None when it leaves the repository: an absolute path, a URI, or more `..` than there are folders.
    """
    written = path.strip().replace("\\", "/") if not _SCHEME.match(path.strip()) else path.strip()
    if not written or "\0" in written or posixpath.isabs(written) or written.startswith("~") or _SCHEME.match(written):
        return None
    joined = posixpath.normpath(posixpath.join(folder or ".", written))
    if joined == ".." or joined.startswith("../") or posixpath.isabs(joined):
        return None
    return "" if joined == "." else joined
