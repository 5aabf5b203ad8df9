"""Which code a command line of a configuration file starts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.facts import Shell
from mltradeoff_lint.resolve.interface import Resolver

_RUNNERS = {
    "uv",
    "poetry",
    "pdm",
    "pipenv",
    "hatch",
    "conda",
    "exec",
    "sudo",
    "time",
    "nohup",
    "env",
    "nice",
    "xvfb-run",
}
_PREFIXES = ("@", "[", "run", "ddtrace-run")
_PYTHONS = (
    "python",
    "python3",
    "python2",
    "pypy",
    "ipython",
    "accelerate",
    "torchrun",
    "deepspeed",
    "coverage",
    "kernprof",
)
_APPS = ("uvicorn", "gunicorn", "hypercorn", "granian", "daphne")
_SHELLS = ("sh", "bash", "zsh", "source", ".")
_NOTEBOOKS = ("papermill", "jupyter", "nbconvert")


class Target(NamedTuple):
    """A module a command runs, and the words behind it that reach the program."""

    path: str
    arguments: tuple[str, ...]


class Commands:
    """Resolves command lines against the modules and scripts of the repository."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_name: dict[str, list[str]] | None = None

    def targets(self, command: Command) -> tuple[Target, ...]:
        """The modules a command starts, shell scripts followed two deep."""
        folder = posixpath.dirname(command.site.path)
        folders = tuple(dict.fromkeys((command.cwd, folder, "", posixpath.join(folder, ".."))))
        return tuple(dict.fromkeys(self._targets(command.words, folders, 0)))

    def simple(self, command: Command) -> tuple[list[str], ...]:
        """The simple commands a command line comes down to, shell scripts followed two deep."""
        folder = posixpath.dirname(command.site.path)
        folders = tuple(dict.fromkeys((command.cwd, folder, "", posixpath.join(folder, ".."))))
        return tuple(self._simple(command.words, folders, 0))

    def _simple(self, words: Sequence[str], folders: tuple[str, ...], depth: int) -> Iterator[list[str]]:
        for part in _simple_commands(words):
            plain = _without_prefix(part)
            name = _script_of(plain)
            script = self._shell(name, folders) if name and depth < 2 else None
            if script is not None:
                inner = tuple(dict.fromkeys((*folders, posixpath.dirname(script[0]))))
                for command in script[1].commands:
                    yield from self._simple(command.words, inner, depth + 1)
            elif plain[1:2] == ["-c"] and len(plain) > 2 and plain[0] in _SHELLS and depth < 2:
                yield from self._simple((" ".join(plain[2:]),), folders, depth + 1)
            elif plain:
                yield plain

    def _shell(self, name: str, folders: tuple[str, ...]) -> tuple[str, Shell] | None:
        """A shell script by the name a command gives it."""
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, name))
            file = self._resolver.program.file(path)
            if file is not None and isinstance(file.content, Shell):
                return path, file.content
        return None

    def _targets(self, words: Sequence[str], folders: tuple[str, ...], depth: int) -> Iterator[Target]:
        for part in _simple_commands(words):
            yield from self._one(part, folders, depth)

    def _one(self, words: list[str], folders: tuple[str, ...], depth: int) -> Iterator[Target]:
        words = _without_prefix(words)
        if not words:
            return
        program, rest = posixpath.basename(words[0]), words[1:]
        stem = program.rstrip("0123456789.")
        if stem in _SHELLS and rest:
            yield from self._script(rest[0] if rest[0] != "-c" else "", rest, folders, depth)
        elif words[0].endswith(".sh"):
            yield from self._script(words[0], rest, folders, depth)
        elif stem in _PYTHONS or program in _PYTHONS or (program == "streamlit" and rest[:1] == ["run"]):
            yield from self._python(rest, folders)
        elif (
            program in _NOTEBOOKS
            or program in _APPS
            or program
            in (
                "celery",
                "langgraph",
                "modal",
                "bentoml",
                "serve",
                "fastapi",
                "flask",
                "chainlit",
                "prefect",
                "dagster",
                "airflow",
                "litserve",
                "mlflow",
            )
        ):
            for word in rest:
                found = self._find(word.partition(":")[0], folders)
                if found is not None:
                    yield Target(found, tuple(rest))
        elif words[0].endswith((".py", ".ipynb")):
            found = self._find(words[0], folders)
            if found is not None:
                yield Target(found, tuple(rest))

    def _script(self, name: str, rest: list[str], folders: tuple[str, ...], depth: int) -> Iterator[Target]:
        if name == "" and len(rest) > 1:
            yield from self._targets(rest[1].split(), folders, depth + 1)
            return
        script = self._shell(name, folders) if depth < 2 else None
        if script is not None:
            inner = tuple(dict.fromkeys((*folders, posixpath.dirname(script[0]))))
            for command in script[1].commands:
                yield from self._targets(command.words, inner, depth + 1)

    def _python(self, rest: list[str], folders: tuple[str, ...]) -> Iterator[Target]:
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

    def _find(self, word: str, folders: tuple[str, ...]) -> str | None:
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
