"""Values that command lines pass to programs: options of scripts, shells, containers, workflows and stages."""

from __future__ import annotations

import re
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.facts import Assignment, Shell
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.commands import Commands, Target
from mltradeoff_lint.resolve.domain import Hole, Template, Value, Values, union
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.strings import make, parts_of

_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+)|\(([^)]*)\))")

MAX_LINES = 12
"""Command lines of one program that are looked at for an option."""


class CommandLine(NamedTuple):
    """One command line that starts a module: the words behind the module, the variables it sees, and its place."""

    words: tuple[str, ...]
    variables: tuple[tuple[str, str | None], ...]
    site: Site


class CommandValues:
    """Answers what the repository's own command lines pass for an option of a module."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._lines: dict[str, list[CommandLine]] | None = None

    def lines(self, path: str) -> tuple[CommandLine, ...]:
        """The command lines that start a module, in path order, tests left out."""
        if self._lines is None:
            self._lines = {}
            for target, line in self._all():
                known = self._lines.setdefault(target.path, [])
                if line not in known and len(known) < MAX_LINES:
                    known.append(line)
        return tuple(self._lines.get(path, ()))

    def option(self, path: str, flags: tuple[str, ...]) -> Values:
        """What the command lines of a module pass for an option; empty when none passes it."""
        found: list[Value] = []
        for line in self.lines(path):
            text = _passed(line.words, flags)
            if text is not None:
                found += self._expanded(text, dict(line.variables))
        return union(tuple(found))

    def option_sites(self, path: str, flags: tuple[str, ...]) -> tuple[Site, ...]:
        """Where command lines pass an option of a module."""
        return tuple(line.site for line in self.lines(path) if _passed(line.words, flags) is not None)

    def positional(self, path: str, position: int) -> Values:
        """What the command lines of a module pass as a positional argument (0 is the first)."""
        found: list[Value] = []
        for line in self.lines(path):
            words = _positionals(line.words)
            if position < len(words):
                found += self._expanded(words[position], dict(line.variables))
        return union(tuple(found))

    # -- collecting

    def _all(self) -> list[tuple[Target, CommandLine]]:
        commands = Commands(self._resolver)
        found: list[tuple[Target, CommandLine]] = []
        for one in self._resolver.program.declarations():
            if isinstance(one, Command) and not is_test(one.site.path):
                variables = tuple((bound.name, bound.value) for bound in one.environment)
                found += [
                    (target, CommandLine(target.arguments, variables, one.site)) for target in commands.targets(one)
                ]
        for path, shell in self._resolver.program.shells():
            if not is_test(path):
                found += self._script(commands, path, shell)
        return found

    def _script(self, commands: Commands, path: str, shell: Shell) -> list[tuple[Target, CommandLine]]:
        """The commands of a script, each with the assignments that stand before it."""
        found: list[tuple[Target, CommandLine]] = []
        for one in shell.commands:
            if not any(word.endswith((".py", ".ipynb")) or word == "-m" for word in one.words):
                continue
            before = [each for each in shell.assignments if each.span.line <= one.span.line]
            variables = _latest([*before, *one.environment])
            site = Site(path, one.span)
            for target in commands.targets(Command(one.words, site, "shell", path)):
                found.append((target, CommandLine(target.arguments, variables, site)))
        return found

    # -- variables

    def _expanded(self, text: str, variables: dict[str, str | None], depth: int = 0) -> Values:
        """A word with its variables replaced; what nobody sets is a hole of its name."""
        parts: list[str | Hole] = []
        end = 0
        for found in _VARIABLE.finditer(text):
            parts.append(text[end : found.start()])
            end = found.end()
            name = found[1] or found[3]
            if name is None:
                parts.append(Hole("command output"))
                continue
            parts += self._variable(name, found[2], variables, depth)
        parts.append(text[end:])
        value = make([part for part in parts if part != ""], "configured")
        return (value,) if not (isinstance(value, Template) and not value.parts) else ()

    def _variable(
        self, name: str, default: str | None, variables: dict[str, str | None], depth: int
    ) -> list[str | Hole]:
        own = variables.get(name)
        if own is None:
            bound = [one.value for one in self._resolver.program.env(name) if one.value is not None]
            own = bound[0] if len(set(bound)) == 1 else default
        if own is None or depth > 6:
            return [Hole(f"env:{name}")]
        inner = {key: value for key, value in variables.items() if key != name}
        values = self._expanded(own, inner, depth + 1)
        return list(parts_of(values[0])) if len(values) == 1 else [own]


def _latest(assignments: list[Assignment]) -> tuple[tuple[str, str | None], ...]:
    latest: dict[str, str | None] = {}
    for one in assignments:
        latest[one.name] = one.value
    return tuple(latest.items())


def _passed(words: tuple[str, ...], flags: tuple[str, ...]) -> str | None:
    for position, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in flags:
            if equals:
                return value
            following = words[position + 1] if position + 1 < len(words) else None
            return following if following is not None and not following.startswith("--") else None
    return None


def _positionals(words: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = "=" not in word and word.startswith("--")
        elif word in (">", ">>", "2>", "<", "|"):
            break
        else:
            found.append(word)
    return found
