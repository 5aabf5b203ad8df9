"""The folders of code that a deployable unit runs: by its build, by the modules its command starts, by its image."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from mltradeoff_lint.model.declarations import Command, Unit
from mltradeoff_lint.model.repository_path import from_folder, upwards
from mltradeoff_lint.resolve.command_line.commands import Commands
from mltradeoff_lint.resolve.environment.foreign_units import ForeignUnits
from mltradeoff_lint.resolve.environment.tested_units import TestedUnits
from mltradeoff_lint.resolve.interface import Resolver

_SHARED_NAMES = frozenset({"app", "api", "web", "server", "service", "worker", "latest", "python", "base", "main"})
"""Image names that any project may use: they say nothing of a folder unless one image is built under them."""


class UnitFolders:
    """Answers which folders of the repository a unit runs."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._commands = Commands(resolver)
        paths = resolver.program.python_paths()
        self._with_code = frozenset(folder for path in paths for folder in upwards(posixpath.dirname(path)))
        declarations = resolver.program.declarations()
        self._started: dict[tuple[str, str], list[Command]] = {}
        for one in declarations:
            if isinstance(one, Command):
                self._started.setdefault((one.site.path, one.job), []).append(one)
        self._foreign = ForeignUnits(resolver, self._with_code)
        self.tested = TestedUnits(resolver)
        self._images: dict[str, str | None] = {}
        """Names of images that are built here, and their folders; None for one without Python of the repository."""
        for one in declarations:
            if isinstance(one, Unit) and one.folders and one.image:
                is_foreign = self._foreign.is_foreign(one)
                built = None if is_foreign else self._built(one)
                if is_foreign or built is not None:
                    self._images.setdefault(_name(one.image), built)

    def home(self, folder: str) -> str:
        """The nearest folder at or above a folder that holds code; the root when none does."""
        return next((above for above in upwards(folder) if above in self._with_code), "")

    def of(self, unit: Unit) -> tuple[str | None, ...]:
        """The folders a unit runs; (None,) when nothing tells them, none where it runs tests or no Python here."""
        if self.tested.is_tested(unit):
            return ()
        modules = [
            target.path
            for command in self._started.get((unit.site.path, unit.name), ())
            for target in self._commands.targets(command)
        ]
        if not modules and self._is_foreign(unit):
            return ()
        started = self.of_modules(modules)
        built = self._built(unit) if unit.folders else self._of_image(unit.image)
        if built is None:
            return started or (None,)
        # a command names its service more closely than a build from the root of all services
        inside = tuple(one for one in started if one == built or one.startswith(f"{built}/") or not built)
        return inside or (built,)

    def _is_foreign(self, unit: Unit) -> bool:
        name = _name(unit.image)
        if not unit.folders and name in self._images:
            return self._images[name] is None
        return self._foreign.is_foreign(unit)

    def of_modules(self, modules: Iterable[str]) -> tuple[str, ...]:
        """The folders whose code some started modules are: their own, outside of packages, and their project."""
        found: dict[str, None] = {}
        for path in modules:
            found[self.outside(path)] = None
            project = self._resolver.program.modules.project_of(path)
            if project:
                # the root is everybody's project: what one unit runs with would reach all others from there
                found[project] = None
        return tuple(found)

    def outside(self, path: str) -> str:
        """The folder a module runs in: above the outermost package that holds it, or that package in the root."""
        folder = posixpath.dirname(path)
        while folder and self._resolver.program.python(f"{folder}/__init__.py") is not None:
            above = posixpath.dirname(folder)
            if not above:
                return folder
            folder = above
        return folder

    def _built(self, unit: Unit) -> str | None:
        """The first of the folders a unit is built from that holds code, also seen from the folders above its file."""
        for written in unit.folders:
            for start in upwards(posixpath.dirname(unit.site.path)):
                folder = from_folder(start, written)
                if folder is not None and folder in self._with_code:
                    return folder
        return None

    def _of_image(self, image: str) -> str | None:
        """The folder that an image of this name is built from, or the only folder of code that has its name."""
        name = _name(image)
        if not name:
            return None
        if name in self._images:
            return self._images[name]
        if name in _SHARED_NAMES:
            return None
        named = [
            one for one in self._with_code if one.rpartition("/")[2].lower().replace("_", "-") == name.replace("_", "-")
        ]
        outer = [one for one in named if posixpath.dirname(one) not in named]
        return outer[0] if len(outer) == 1 else None


def _name(image: str) -> str:
    """The last word of an image's name, without registry, tag and digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
