"""Which code a command line of a configuration file starts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.facts import Shell
from mltradeoff_lint.resolve.interface import Resolver

_RUNNERS = frozenset(
    {"uv", "poetry", "pdm", "pipenv", "hatch", "conda", "exec", "sudo", "time", "nohup", "env", "nice", "xvfb-run"}
)
_PREFIXES = ("@", "[", "run", "ddtrace-run")
_PYTHONS = frozenset(
    {"python", "python3", "python2", "pypy", "ipython", "accelerate", "torchrun", "deepspeed", "coverage", "kernprof"}
)
_SHELLS = ("sh", "bash", "zsh", "source", ".")
_NAMES = """
papermill jupyter nbconvert uvicorn gunicorn hypercorn granian daphne celery langgraph modal bentoml serve fastapi flask
chainlit prefect dagster airflow litserve mlflow
"""
_TOOLS = frozenset(_NAMES.split())
"""Programs that are given the module or notebook they run."""

MAX_SCRIPTS = 2
"""Shell scripts that call shell scripts are followed this deep."""


class Target(NamedTuple):
    """A module a command runs, and the words behind it that reach the program."""

    path: str
    arguments: tuple[str, ...]


_Folders = tuple[str, ...]


class _Simple(NamedTuple):
    """One simple command, and the folders its paths may be seen from."""

    words: tuple[str, ...]
    folders: _Folders


class Commands:
    """Resolves command lines against the modules and scripts of the repository."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_name: dict[str, list[str]] | None = None
        self._expanded: dict[tuple[tuple[str, ...], _Folders], tuple[_Simple, ...]] = {}
        self._started: dict[tuple[tuple[str, ...], _Folders], tuple[Target, ...]] = {}

    def targets(self, command: Command) -> tuple[Target, ...]:
        """The modules a command starts, shell scripts followed two deep."""
        key = (tuple(command.words), _folders(command))
        if key not in self._started:
            found = (target for one in self._expand(*key) for target in self._one(one.words, one.folders))
            self._started[key] = tuple(dict.fromkeys(found))
        return self._started[key]

    def simple(self, command: Command) -> tuple[tuple[str, ...], ...]:
        """The simple commands a command line comes down to, shell scripts followed two deep."""
        return tuple(one.words for one in self._expand(tuple(command.words), _folders(command)))

    def _expand(self, words: tuple[str, ...], folders: _Folders) -> tuple[_Simple, ...]:
        key = (words, folders)
        if key not in self._expanded:
            self._expanded[key] = tuple(dict.fromkeys(self._simple(words, folders, 0)))
        return self._expanded[key]

    def _simple(self, words: Sequence[str], folders: _Folders, depth: int) -> Iterator[_Simple]:
        for part in _simple_commands(words):
            plain = _without_prefix(part)
            name = _script_of(plain)
            script = self._shell(name, folders) if name and depth < MAX_SCRIPTS else None
            if script is not None:
                inner = tuple(dict.fromkeys((*folders, posixpath.dirname(script[0]))))
                for command in script[1].commands:
                    yield from self._simple(command.words, inner, depth + 1)
            elif plain[1:2] == ["-c"] and len(plain) > 2 and plain[0] in _SHELLS and depth < MAX_SCRIPTS:
                yield from self._simple((" ".join(plain[2:]),), folders, depth + 1)
            elif plain:
                yield _Simple(tuple(plain), folders)

    def _shell(self, name: str, folders: _Folders) -> tuple[str, Shell] | None:
        """A shell script by the name a command gives it."""
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, name))
            file = self._resolver.program.file(path)
            if file is not None and isinstance(file.content, Shell):
                return path, file.content
        return None

    def _one(self, words: tuple[str, ...], folders: _Folders) -> Iterator[Target]:
        program, rest = posixpath.basename(words[0]), words[1:]
        stem = program.rstrip("0123456789.")
        if stem in _PYTHONS or program in _PYTHONS or (program == "streamlit" and rest[:1] == ("run",)):
            yield from self._python(rest, folders)
        elif program in _TOOLS:
            for word in rest:
                found = self._find(word.partition(":")[0], folders)
                if found is not None:
                    yield Target(found, tuple(rest))
        elif words[0].endswith((".py", ".ipynb")):
            found = self._find(words[0], folders)
            if found is not None:
                yield Target(found, tuple(rest))

    def _python(self, rest: tuple[str, ...], folders: _Folders) -> Iterator[Target]:
        for position, word in enumerate(rest):
            if word == "-m" and position + 1 < len(rest):
                found = self._find(rest[position + 1], folders)
                if found is not None:
                    yield Target(found, tuple(rest[position + 2 :]))
                    return
            elif word == "-c":
                return
            elif word.endswith((".py", ".ipynb")):
                found = self._find(word, folders)
                if found is not None:
                    yield Target(found, tuple(rest[position + 1 :]))
                return

    def _find(self, word: str, folders: _Folders) -> str | None:
        """A module by path or dotted name, seen from one of the folders."""
        stem = (
            word.removesuffix(".py").removesuffix(".ipynb")
            if word.endswith((".py", ".ipynb"))
            else word.replace(".", "/")
        )
        if not stem or stem.startswith("-"):
            return None
        for folder in folders:
            joined = posixpath.normpath(posixpath.join(folder, stem)).lstrip("/")
            for candidate in (
                f"{joined}.py",
                f"{joined}.ipynb",
                f"{joined}/__main__.py",
                f"{joined}/__init__.py",
                f"src/{joined}.py",
            ):
                if self._resolver.program.python(candidate) is not None:
                    return candidate
        last = self._by_tail(stem) if "/" in stem else []
        return last[0] if len(last) == 1 else None

    def _by_tail(self, stem: str) -> list[str]:
        """The modules whose path ends in the words of a stem."""
        if self._by_name is None:
            self._by_name = {}
            for path in self._resolver.program.python_paths():
                self._by_name.setdefault(posixpath.basename(path).rpartition(".")[0], []).append(path)
        return [path for path in self._by_name.get(posixpath.basename(stem), ()) if _ends(path, stem)]


def _folders(command: Command) -> _Folders:
    folder = posixpath.dirname(command.site.path)
    return tuple(dict.fromkeys((command.cwd, folder, "", posixpath.join(folder, ".."))))


def _script_of(words: Sequence[str]) -> str:
    """The shell script a simple command runs; empty when it runs none."""
    if not words:
        return ""
    if words[0] in _SHELLS and len(words) > 1 and not words[1].startswith("-"):
        return words[1]
    return words[0] if words[0].endswith(".sh") else ""


def _ends(path: str, stem: str) -> bool:
    tail = path.removesuffix(".py").removesuffix(".ipynb")
    return tail.endswith("/" + stem.lstrip("./"))


def _simple_commands(words: Sequence[str]) -> Iterator[list[str]]:
    """The simple commands of a line: one shell string is split into words, operators end a command."""
    flat: list[str] = []
    for word in words:
        if " " in word or "\n" in word:
            for line in word.split("\n"):
                flat += [*line.split(), ";"]
        else:
            flat.append(word)
    part: list[str] = []
    for word in flat:
        if word in ("&&", "||", ";", "|", "&", "then", "do", "("):
            yield part
            part = []
        elif word.endswith(";"):
            yield [*part, word[:-1]]
            part = []
        else:
            part.append(word.strip("\"'"))
    yield part


def _without_prefix(words: list[str]) -> list[str]:
    """Drop assignments and wrappers such as `uv run`, `poetry run` or `opentelemetry-instrument`."""
    while words and (_is_prefix(words[0]) or words[0] in _RUNNERS):
        words = words[1:]
    return words


def _is_prefix(word: str) -> bool:
    """Whether a leading word is an assignment, an option of a wrapper, or an instrumenting wrapper."""
    is_assignment = "=" in word and not word.startswith("-")
    return is_assignment or word.startswith("-") or word.endswith("-instrument") or word in _PREFIXES
