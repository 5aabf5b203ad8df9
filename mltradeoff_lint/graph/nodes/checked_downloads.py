"""Which downloads of a script a check of digests is about: one that names another file says nothing of them.

Source: GNU coreutils manual, `sha256sum --check`: a list of digests, each followed by the name of its file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.nodes.fetch_lines import Transfer, is_digest_program
from mltradeoff_lint.model.source import Site

_PRINTERS = ("echo", "printf")
_DIGEST = re.compile(r"[0-9a-fA-F]{3,}|\$.+|%s")
"""What a line of digests begins with, written out, held by a variable or filled in."""
_OF_LISTS = re.compile(
    r"(?:^|[._-])(?:(?:md5|sha\d*|shasum|b2|check|hash|digest)-?(?:sums?|e?s)?|txt)(?=[._-]|$)", re.I
)
"""Parts of the name of a list of digests that name no file: `rows.csv.sha256`, `SHA256SUMS`, `checksums.txt`."""
_OF_ALL = frozenset({"all", "data", "dataset", "datasets", "downloads", "files", "manifest", "raw"})
"""Names of a list that may be about anything."""
_PACKED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z")
_OPEN = "${`*?%"


class Check(NamedTuple):
    """What one check is about; a name is that of a file, or of a file without its ending."""

    names: frozenset[str] = frozenset()
    is_told: bool = False
    """Whether the names are all there are."""


class Digests(NamedTuple):
    """What the checks of a script tell of a download."""

    fixes: bool
    may_fix: bool


def prints_digest(words: Sequence[str]) -> bool:
    """Whether a simple command prints a text that a check behind it may read."""
    return posixpath.basename(words[0]) in _PRINTERS if words else False


def check_of(words: Sequence[str], before: Sequence[str], *, is_near: bool) -> Check:
    """What a check is about, told by its words, or by the text that the command before it prints into it."""
    program = next(n for n, word in enumerate(words) if is_digest_program(word))
    lists = [word for word in words[program + 1 :] if not word.startswith("-") and not word.isdigit()]
    if lists:
        names = [_OF_LISTS.sub("", posixpath.basename(one)).strip("._-") for one in lists]
        is_told = all(names) and _OF_ALL.isdisjoint(names) and not any(sign in one for one in lists for sign in _OPEN)
        return Check(frozenset(one for one in names if one), is_told)
    text = " ".join(word for word in before[1:] if not word.startswith("-")) if prints_digest(before) else ""
    tokens = text.replace("\\n", " ").split()
    if not is_near or len(tokens) < 2 or not _DIGEST.fullmatch(tokens[0]):
        return Check()
    files = [posixpath.basename(one.removeprefix("*")) for one in tokens[1:]]
    return Check(frozenset(files), not any(sign in one for one in tokens[1:] for sign in _OPEN))


def is_near(before: Site, here: Site) -> bool:
    """Whether two commands may stand in one pipe, that a line is broken in."""
    return before.path == here.path and 0 <= here.span.line - before.span.end_line <= 1


def judged(checks: Sequence[Check], one: Transfer) -> Digests:
    """What checks tell of a download; what is unpacked of an archive or a folder may be checked by any of them."""
    folder, name = posixpath.split(one.target)
    fixes = not one.is_folder and any(_is_about(check, name) for check in checks)
    # the list of a folder goes by its name
    folders = frozenset(folder.split("/"))
    is_untold = any(not check.is_told or not folders.isdisjoint(check.names) for check in checks)
    is_untold = is_untold or one.is_folder or name.endswith(_PACKED)
    return Digests(fixes, bool(checks) and is_untold)


def _is_about(check: Check, name: str) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in check.names)


def by_path(found: Iterator[tuple[str, Check]]) -> Mapping[str, tuple[Check, ...]]:
    """The checks of each file."""
    kept: dict[str, tuple[Check, ...]] = {}
    for path, check in found:
        kept[path] = (*kept.get(path, ()), check)
    return kept
