"""What `make TARGET` runs: the recipes of the target and of those it depends on."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from typing import NamedTuple

from mltradeoff_lint.model.facts import Assignment, Shell
from mltradeoff_lint.model.makefiles import Makefile
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.resolve.interface import Resolver

_PROGRAMS = frozenset({"make", "gmake", "${MAKE}", "$MAKE"})
_FILES = ("GNUmakefile", "makefile", "Makefile")
_WITH_VALUE = frozenset({"-C", "--directory", "-f", "--file", "--makefile", "-j", "-l", "-o", "-I"})
_FOLDER, _FILE = frozenset({"-C", "--directory"}), frozenset({"-f", "--file", "--makefile"})
_NOWHERE = Span(0, 0, 0, 0)


class _Asked(NamedTuple):
    """The words of a call of make: the folder it moves to, the file it reads, variables it sets, and targets."""

    folder: str
    file: str
    variables: tuple[Assignment, ...]
    targets: tuple[str, ...]


def recipes(resolver: Resolver, words: Sequence[str], folders: Sequence[str]) -> tuple[str, Shell] | None:
    """The Makefile that a command reads with the recipes it runs of it; None for any other command."""
    if not words or posixpath.basename(words[0]) not in _PROGRAMS:
        return None
    asked = _asked(words[1:])
    for folder in folders:
        for name in (asked.file,) if asked.file else _FILES:
            path = posixpath.normpath(posixpath.join(folder, asked.folder, name))
            file = resolver.program.file(path)
            if file is not None and isinstance(file.content, Makefile):
                return path, _of_targets(file.content, asked)
    return None


def _asked(words: Sequence[str]) -> _Asked:
    folder, file, variables, targets = "", "", [], []
    pending = list(words)
    while pending:
        word = pending.pop(0)
        option, _, value = word.partition("=")
        if word.startswith("-"):
            is_apart = word in _WITH_VALUE and bool(pending) and (word not in ("-j", "-l") or pending[0].isdigit())
            value = pending.pop(0) if is_apart else value
            folder, file = value if option in _FOLDER else folder, value if option in _FILE else file
        elif "=" in word:
            variables.append(Assignment(option.rstrip(":?+"), value, True, _NOWHERE))
        else:
            targets.append(word)
    return _Asked(folder, file, tuple(variables), tuple(targets))


def _of_targets(makefile: Makefile, asked: _Asked) -> Shell:
    """The part of a Makefile that its wanted targets run; without a target the first one is meant."""
    names = (name for rule in makefile.rules for name in rule.targets if not name.startswith("."))
    wanted = _with_needed(asked.targets or tuple(names)[:1], makefile)
    lines = [rule.lines for rule in makefile.rules if rule.lines is not None and wanted.intersection(rule.targets)]
    commands = tuple(one for one in makefile.commands if any(first <= one.span.line <= last for first, last in lines))
    given = {one.name for one in asked.variables}
    kept = tuple(one for one in makefile.assignments if one.name not in given)
    return Shell((*asked.variables, *kept), commands)


def _with_needed(targets: tuple[str, ...], makefile: Makefile) -> frozenset[str]:
    """Targets and all that they depend on."""
    needs: dict[str, list[str]] = {}
    for rule in makefile.rules:
        for name in rule.targets:
            needs.setdefault(name, []).extend(rule.needs)
    pending, found = list(targets), set(targets)
    while pending:
        more = [one for one in needs.get(pending.pop(), ()) if one not in found]
        pending += more
        found.update(more)
    return frozenset(found)
