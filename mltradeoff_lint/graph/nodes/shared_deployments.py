"""Which project roots are deployed together: their units stand in one file, or one workflow runs code of both."""

from __future__ import annotations

from collections.abc import Collection

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.declarations import Command, Unit
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.commands import Commands
from mltradeoff_lint.resolve.environment.units import UnitFolders


class SharedDeployments:
    """Answers whether project roots share a deployment; the files are looked through on the first question."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._roots: dict[str, dict[str, Site]] | None = None

    def of(self, roots: Collection[str]) -> Site | None:
        """The place of a deployment that runs code of all roots; None when there is none."""
        for found in self._by_file().values():
            if set(roots) <= set(found):
                return found[min(roots)]
        return None

    def _by_file(self) -> dict[str, dict[str, Site]]:
        if self._roots is None:
            self._roots = {}
            resolver = self._work.resolver
            folders, commands = UnitFolders(resolver), Commands(resolver)
            project = resolver.program.modules.project_of
            for one in resolver.program.declarations():
                if isinstance(one, Unit):
                    for folder in folders.of(one):
                        if folder is not None:
                            self._roots.setdefault(one.site.path, {}).setdefault(project(f"{folder}/x"), one.site)
                elif isinstance(one, Command):
                    for target in commands.targets(one):
                        self._roots.setdefault(one.site.path, {}).setdefault(project(target.path), one.site)
        return self._roots
