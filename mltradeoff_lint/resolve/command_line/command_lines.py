"""The command lines that start the modules of a repository: declared ones, those of scripts, those Python starts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.repository_path import from_folder, upwards
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.commands import Commands
from mltradeoff_lint.resolve.command_line.scripts import Setting, Variables
from mltradeoff_lint.resolve.command_line.started import Started
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver

MAX_LINES = 12
"""Command lines of one module that are looked at for an option."""


class CommandLine(NamedTuple):
    """One command line that starts a module: the words behind the module, the variables it sees, and its place.

    `via` are the commands that lead to it, outermost first: the job that runs the script it stands in. A word may hold
    `started.mark(n)`, which stands for the expression `exprs[n]` of a Python module.
    """

    words: tuple[str, ...]
    variables: Variables
    site: Site
    platform: str
    via: tuple[Site, ...] = ()
    exprs: tuple[tuple[str, int], ...] = ()


class CommandLines:
    """Finds the command lines that start a module; those of tests are left out."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._lines: dict[str, tuple[CommandLine, ...]] | None = None
        self._with_code: frozenset[str] = frozenset()

    def of(self, path: str) -> tuple[CommandLine, ...]:
        """The command lines that start a module: declared ones first, then those of scripts and of Python."""
        if self._lines is None:
            # what is asked while the lines are being collected sees none
            self._lines = {}
            found: dict[str, dict[CommandLine, None]] = {}
            for target, line in self._all():
                known = found.setdefault(target, {})
                if len(known) < MAX_LINES:
                    known[line] = None
            self._lines = {target: tuple(lines) for target, lines in found.items()}
        return self._lines.get(path, ())

    def started(self) -> tuple[str, ...]:
        """The modules that some command line starts, sorted."""
        self.of("")
        return tuple(sorted(self._lines or ()))

    def _all(self) -> Iterator[tuple[str, CommandLine]]:
        commands = Commands(self._resolver)
        paths = self._resolver.program.python_paths()
        self._with_code = frozenset(folder for path in paths for folder in upwards(posixpath.dirname(path)))
        reached: set[Site] = set()
        for one in self._resolver.program.declarations():
            if isinstance(one, Command) and not is_test(one.site.path):
                for target, line in _declared(commands, one):
                    reached.update((*line.via, line.site))
                    yield target, line
        steps = [
            (step, run)
            for path, shell in self._resolver.program.shells()
            if not is_test(path)
            for step in commands.script(path, shell)
            for run in commands.runs(Command(step.words, step.site, "shell", path, cwd=self._folder(path, step.folder)))
            if step.site not in reached
        ]
        # what one script runs through another is bound by the first, so the second one's own reading says less
        reached.update(site for _, run in steps for site in run.sites)
        for step, run in steps:
            if step.site not in reached or run.sites:
                sites = (step.site, *run.sites)
                variables = _merged(step.exported if run.sites else step.variables, run.variables)
                yield run.path, CommandLine(run.arguments, variables, sites[-1], "shell", sites[:-1])
        for call in Started(self._resolver).commands():
            for target, line in _declared(commands, call.command):
                yield target, line._replace(exprs=call.exprs)

    def _folder(self, path: str, moved: str) -> str:
        """Where `cd` leads in a script: from its own folder when code lies there, else from the root."""
        beside = from_folder(posixpath.dirname(path), moved) if moved else None
        return beside if beside is not None and beside in self._with_code else moved


def _declared(commands: Commands, command: Command) -> Iterator[tuple[str, CommandLine]]:
    own = tuple((one.name, (Setting(one.value, one.site, one.provenance),)) for one in command.environment)
    for run in commands.runs(command):
        sites = (command.site, *run.sites)
        variables = _merged(own, run.variables)
        yield run.path, CommandLine(run.arguments, variables, sites[-1], command.platform, sites[:-1])


def _merged(outer: Variables, inner: Variables) -> Variables:
    return tuple({**dict(outer), **dict(inner)}.items())
