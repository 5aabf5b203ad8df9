"""Which modules can hand one another objects: those of one project, and of projects whose code imports each other's."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks.run_magic import run_in


def linked_modules(resolver: Resolver) -> tuple[tuple[str, ...], ...]:
    """The Python modules in groups between which no import leads, each in path order.

    What passes from one group to another is text: in command lines, files and variables. An object does not.
    """
    modules, paths = resolver.program.modules, resolver.program.python_paths()
    above: dict[str, str] = {}

    def first(project: str) -> str:
        while (parent := above.get(project, project)) != project:
            above[project] = project = above.get(parent, parent)
        return project

    for path in paths if len(modules.project_roots) > 1 else ():
        project = modules.project_of(path)
        for used in _used(resolver, path):
            above[first(modules.project_of(f"{used}/module"))] = first(project)
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(first(modules.project_of(path)), []).append(path)
    return tuple(map(tuple, groups.values()))


def _used(resolver: Resolver, path: str) -> Iterator[str]:
    """The modules and packages of the repository whose names a module takes."""
    modules = resolver.program.modules
    yield from run_in(resolver, path)
    for one in resolver.facts(path).imports:
        found = modules.relative(path, one.level, one.module) if one.level else modules.find(path, one.module)
        if found is not None:
            yield found
            part = modules.child(found, one.name) if one.name else None
            if part is not None:
                yield part
