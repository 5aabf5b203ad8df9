"""Which environment variables a module runs with: those of the unit that runs it, never those of another one.

A variable is set at a *place*: a folder whose code runs with it. The place of an environment file is the nearest
folder at or above it that holds code; of a container, the folder it is built from or of the modules its command
starts; of a file that code loads by name, the project of that code. The nearest place above a module decides. A
variable that has no place (a manifest whose image is built elsewhere) counts only where it has one value in the
whole repository, the module's own unit is not known, and the manifest belongs to the project of the module or to one
around it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command, EnvBinding, EnvSet, Unit
from mltradeoff_lint.model.repository_path import from_folder, upwards
from mltradeoff_lint.resolve.command_line.commands import Commands
from mltradeoff_lint.resolve.environment.composed_variables import COMPOSE, ComposedVariables
from mltradeoff_lint.resolve.environment.environment_files import EnvironmentFiles
from mltradeoff_lint.resolve.environment.placeholders import is_placeholder
from mltradeoff_lint.resolve.environment.units import UnitFolders
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver

_FILES = "dotenv"
_DEFAULTS = re.compile(r"(?:^|[._-])defaults?(?:[._-]|$)", re.IGNORECASE)
"""Names of environment files that hold the values a deployment starts with, where the file with its own is not kept."""
_WORKFLOWS = ("github-actions",)
_FIRMNESS = ("configured", "default", "example")


class Placement(NamedTuple):
    """A variable and the folder whose code runs with it; None when nothing tells the folder."""

    folder: str | None
    binding: EnvBinding


_Placements = dict[str, list[Placement]]


class Variables:
    """Answers what the repository sets a variable to where a module runs."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._files = EnvironmentFiles(resolver)
        self._composed = ComposedVariables(self._files)
        self._fixed: _Placements | None = None
        self._whole: _Placements | None = None
        self._is_loading = False
        self._places: frozenset[str] = frozenset()

    def bound(self, name: str, path: str) -> tuple[EnvBinding, ...]:
        """The bindings of a variable for the code of a module, firmest files first.

        One without a value is handed through from outside, and counts where nothing but a default is written.
        """
        folder = posixpath.dirname(path)
        if self._is_loading:
            # the name of an environment file may itself come from a variable: then only what is set elsewhere counts
            return self._nearest(name, folder, self._declared())
        return self._resolver.program.ask(
            "variable", (name, folder), lambda: self._nearest(name, folder, self._placements())
        )

    def prefixed(self, prefix: str, path: str) -> tuple[str, ...]:
        """The names of the variables set for a module that start with a prefix."""
        folder = posixpath.dirname(path)

        def find() -> tuple[str, ...]:
            placed = self._declared() if self._is_loading else self._placements()
            names = (name for name in placed if name.upper().startswith(prefix.upper()))
            return tuple(sorted(name for name in names if self._nearest(name, folder, placed)))

        return find() if self._is_loading else self._resolver.program.ask("variables", (prefix, folder), find)

    # -- choosing

    def _nearest(self, name: str, folder: str, placed: _Placements) -> tuple[EnvBinding, ...]:
        known = placed.get(name, [])
        handed: tuple[EnvBinding, ...] = ()
        for above in upwards(folder):
            here = [one.binding for one in known if one.folder == above]
            found = _in_force(here)
            handed = handed or _handed_through(here)
            if found:
                is_set = any(one.provenance == "configured" for one in found)
                return found if is_set else (*handed, *found)
        if handed:
            return handed
        if any(above in self._places for above in upwards(folder) if above):
            return ()
        # code in the root may be shared by all units; a project of its own shares nothing with another one
        projects = self._resolver.program.modules.project_of
        own = projects(f"{folder}/x" if folder else "x")
        is_shared = not own
        elsewhere = _in_force(
            [
                one.binding
                for one in known
                if (is_shared or (one.folder is None and projects(one.binding.site.path) in upwards(own)))
                and one.binding.platform not in _WORKFLOWS
            ]
        )
        return elsewhere if len({one.value for one in elsewhere}) == 1 else ()

    # -- collecting

    def _placements(self) -> _Placements:
        if self._whole is None:
            self._is_loading = True
            try:
                loaded = [
                    Placement(folder, one)
                    for folder, file in self._files.loaded()
                    for one in self._files.bindings(file, "configured")
                ]
            finally:
                self._is_loading = False
            self._whole = {name: list(known) for name, known in self._declared().items()}
            for one in loaded:
                self._whole.setdefault(one.binding.name, []).append(one)
            self._places |= {one.folder for one in loaded if one.folder is not None}
        return self._whole

    def _declared(self) -> _Placements:
        if self._fixed is None:
            self._fixed = {}
            for one in self._all():
                self._fixed.setdefault(one.binding.name, []).append(one)
            self._places = frozenset(
                one.folder for known in self._fixed.values() for one in known if one.folder is not None
            )
        return self._fixed

    def _all(self) -> Iterator[Placement]:
        declarations = self._resolver.program.declarations()
        folders = UnitFolders(self._resolver)
        commands = Commands(self._resolver)
        sets = {one.name: one for one in declarations if isinstance(one, EnvSet)}
        owned: set[EnvBinding] = set()
        for one in declarations:
            if isinstance(one, Unit) and not is_test(one.site.path):
                held = tuple(self._of_unit(one, sets))
                owned.update(one.environment)
                owned.update(binding for name in one.sets if name in sets for binding in sets[name].environment)
                for folder in folders.of(one):
                    yield from (Placement(folder, binding) for binding in held)
            elif isinstance(one, Command) and one.environment and not is_test(one.site.path):
                if folders.tested.runs_tests(one):
                    continue
                held = tuple(map(self._composed.filled, one.environment))
                for folder in folders.of_modules(target.path for target in commands.targets(one)):
                    yield from (Placement(folder, binding) for binding in held)
        for one in declarations:
            if isinstance(one, EnvBinding) and one not in owned and not is_test(one.site.path):
                if one.platform == _FILES:
                    yield Placement(folders.home(posixpath.dirname(one.site.path)), self._in_place(one))
                else:
                    yield Placement(None, one)

    def _in_place(self, binding: EnvBinding) -> EnvBinding:
        """A binding of an environment file; one of `.env.default` is in force where no `.env` stands beside it."""
        path = binding.site.path
        own = posixpath.join(posixpath.dirname(path), ".env")
        if binding.provenance != "default" or not _DEFAULTS.search(path) or self._resolver.program.file(own):
            return binding
        if is_placeholder(binding.value or ""):
            return replace(binding, provenance="example")
        return replace(binding, provenance="configured")

    def _of_unit(self, unit: Unit, sets: dict[str, EnvSet]) -> Iterator[EnvBinding]:
        yield from map(self._composed.filled, unit.environment)
        for name in unit.sets:
            yield from sets[name].environment if name in sets else ()
        for variable, name, key in unit.keys:
            held = sets[name].environment if name in sets else ()
            yield from (
                EnvBinding(variable, one.value, one.site, one.platform, one.provenance)
                for one in held
                if one.name == key
            )
        start = posixpath.dirname(unit.site.path)
        for written in unit.files:
            # compose may be told another project directory, so a file may lie in a folder above
            for folder in upwards(start):
                path = from_folder(folder, written)
                found = self._files.bindings(path, "configured") if path else ()
                if found:
                    yield from found
                    break


def _handed_through(bindings: list[EnvBinding]) -> tuple[EnvBinding, ...]:
    """The bindings of one place that compose or an environment file makes of variables from outside, firmest first."""
    handed = [
        one
        for one in bindings
        if one.value is None and one.text and one.platform in (COMPOSE, _FILES) and not is_placeholder(one.text)
    ]
    firmest = min((_FIRMNESS.index(one.provenance) for one in handed), default=0)
    return tuple(dict.fromkeys(one for one in handed if _FIRMNESS.index(one.provenance) == firmest))


def _in_force(bindings: list[EnvBinding]) -> tuple[EnvBinding, ...]:
    """The bindings of one place that count: of environment files the firmest, and no value that asks to be replaced."""
    valued = [
        one
        for one in bindings
        if one.value is not None and (one.provenance == "configured" or not is_placeholder(one.value))
    ]
    ranks = [_FIRMNESS.index(one.provenance) for one in valued if one.platform == _FILES]
    firmest = min(ranks, default=0)
    if any(one.provenance == "configured" for one in valued):
        # what a deployment sets beats what a template or an example proposes
        firmest = 0
    return tuple(
        dict.fromkeys(one for one in valued if one.platform != _FILES or _FIRMNESS.index(one.provenance) <= firmest)
    )
