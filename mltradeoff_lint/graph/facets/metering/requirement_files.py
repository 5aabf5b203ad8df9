"""The requirement files that hold for a place in the code, and what they ask for."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Requirements
from mltradeoff_lint.resolve.folders import is_test


class RequirementFiles:
    """Finds by distribution the files that name it, for the code below the folder that each file is for."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def naming(self, distribution: str, path: str) -> str:
        """The nearest file that says what a module is run with and names a distribution; empty without one."""
        found = [
            (self._folder(file), file)
            for file, _ in self._by_name.get(distribution, ())
            # lock files and exported environments name what dependencies need, not what the project uses
            if "lock" not in file and not file.endswith((".yml", ".yaml")) and self._is_for(file, path)
        ]
        return max(found, key=lambda one: len(one[0]))[1] if found else ""

    def specifiers(self, distribution: str, path: str) -> Iterator[str]:
        """What the files, lock files too, ask of a distribution for a module."""
        yield from (one for file, one in self._by_name.get(distribution, ()) if self._is_for(file, path))

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[str, str]]]:
        """The files that name each distribution, with what they ask of it."""
        found: dict[str, list[tuple[str, str]]] = {}
        repository = self._work.repository
        for path in sorted(repository.facts):
            for facts in (repository.facts[path], *repository.extra.get(path, ())):
                for one in facts.content.requirements if isinstance(facts.content, Requirements) else ():
                    if not is_test(path):
                        found.setdefault(one.name, []).append((path, one.specifier))
        return found

    @cached_property
    def _code(self) -> frozenset[str]:
        """The folders with code, and those that they lie in."""
        found: set[str] = set()
        for path in self._work.resolver.program.python_paths():
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)

    def _folder(self, file: str) -> str:
        """The folder whose code a file is for: a folder that holds no code is one of the project around it."""
        folder = posixpath.dirname(file)
        while folder and folder not in self._code:
            folder = posixpath.dirname(folder)
        return folder

    def _is_for(self, file: str, path: str) -> bool:
        folder = self._folder(file)
        return not folder or path.startswith(f"{folder}/")
