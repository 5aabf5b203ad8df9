"""Units that only run tests: a step of CI, a service or a build stage whose command is a test runner.

What such a unit sets holds for the tests, and says nothing of the program that is served. A unit tests only where all
its commands are known: each runs tests or prepares for them, such as an installation or a linter.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from mltradeoff_lint.model.declarations import Command, EnvBinding, Unit
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.commands import Commands
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver

SERVED, PERHAPS, TESTS = "served", "perhaps", "tests"
"""Whom a variable is set for: whatever runs, tests and something that is not known, or tests alone."""

_RUNNERS = frozenset({"pytest", "py.test"})
"""Programs that run tests, wherever their name stands in a command: behind a wrapper, or in a container."""

_FIRST = frozenset({"tox", "nox", "nose2", "nosetests", "behave", "stestr", "unittest"})
"""Programs that run tests when they are the program or its module, as in `python -m unittest`."""

_TASKS = frozenset(
    {"make", "gmake", "just", "task", "invoke", "npm", "yarn", "pnpm", "manage.py", "setup.py", "deepeval"}
)
"""Programs that are told to test by their first word."""

_NAMES = """
pip pip3 pipx venv sync lock install add apt apt-get apk brew yum curl wget tar unzip git gh cd ls pwd echo printf
export set unset source mkdir cp mv rm touch chmod chown cat sleep which true exit test date head tail grep sed
ruff black isort flake8 mypy pyright pylint bandit codespell pre-commit codecov pyenv uv poetry pdm sh bash
"""
_PREPARING = frozenset(_NAMES.split())
"""Programs and subcommands of installers that run no code of the repository."""

_PREPARING_TASKS = frozenset({"install", "lint", "format", "setup", "deps", "ci"})
_MODULES = frozenset({"python", "python3", "python2", "coverage"})
_BRINGING = frozenset({"install", "add", "remove", "sync"})


class TestedUnits:
    """Answers whether what a configuration sets is for tests alone."""

    __test__ = False

    def __init__(self, resolver: Resolver) -> None:
        self._commands = Commands(resolver)
        self._by_job: dict[tuple[str, str], list[Command]] = {}
        self._by_binding: dict[Site, list[Command]] = {}
        self._bound: set[Site] = set()
        """Where variables are set for units of which no command is written."""
        self._told: dict[Command, str] = {}
        declarations = resolver.program.declarations()
        for one in declarations:
            if isinstance(one, Command):
                self._by_job.setdefault((one.site.path, one.job), []).append(one)
                for binding in one.environment:
                    self._by_binding.setdefault(binding.site, []).append(one)
        for one in declarations:
            if isinstance(one, Unit) and not self._by_job.get((one.site.path, one.name)):
                self._bound.update(binding.site for binding in one.environment)

    def is_tested(self, unit: Unit) -> bool:
        """Whether a unit runs nothing but tests."""
        return self._use(self._by_job.get((unit.site.path, unit.name), ())) == TESTS

    def runs_tests(self, command: Command) -> bool:
        """Whether a command runs tests."""
        return self._kind(command) == TESTS

    def set_for(self, site: Site) -> str:
        """Whom the variable that is set at a place is set for."""
        return SERVED if site in self._bound else self._use(self._by_binding.get(site, ()))

    def is_for_tests(self, binding: EnvBinding) -> bool:
        """Whether a variable is set for tests alone."""
        return is_test(binding.site.path) or self.set_for(binding.site) == TESTS

    def _use(self, commands: Sequence[Command]) -> str:
        kinds = {self._kind(one) for one in commands}
        return SERVED if TESTS not in kinds else PERHAPS if SERVED in kinds else TESTS

    def _kind(self, command: Command) -> str:
        """Whether a command tests, serves, or neither (empty)."""
        if command not in self._told:
            targets = self._commands.targets(command)
            kinds = {_kind(words) for words in self._commands.simple(command)}
            if any(not is_test(target.path) for target in targets):
                kinds = {SERVED}
            elif targets:
                kinds = {TESTS}
            self._told[command] = SERVED if SERVED in kinds else TESTS if TESTS in kinds else ""
        return self._told[command]


def _kind(words: Sequence[str]) -> str:
    """Whether a simple command tests, serves, or prepares for either (empty)."""
    program, rest = posixpath.basename(words[0]), tuple(words[1:])
    if program.rstrip("0123456789.") in _MODULES or program in _MODULES:
        module = rest[rest.index("-m") + 1 :] if "-m" in rest else rest
        if not module:
            return SERVED
        program, rest = posixpath.basename(module[0]), tuple(module[1:])
        if program in ("report", "xml", "html", "combine", "--version", "-V"):
            return ""
    if _BRINGING.intersection((program, *rest[:1])):
        return ""
    if program in _FIRST or _RUNNERS.intersection((program, *rest)):
        return "" if program in ("echo", "pip", "pip3") else TESTS
    if program in _TASKS and rest:
        task = next((word for word in rest if not word.startswith("-") and word != "run"), "")
        words_of_task = task.replace("_", "-").replace(":", "-").split("-")
        is_test_task = "test" in words_of_task or "tests" in words_of_task
        return TESTS if is_test_task else "" if task in _PREPARING_TASKS else SERVED
    return "" if program in _PREPARING else SERVED
