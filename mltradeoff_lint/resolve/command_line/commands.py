"""Which code a command line of a configuration file starts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.facts import Shell
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line
from mltradeoff_lint.resolve.command_line import make_targets, scripts
from mltradeoff_lint.resolve.command_line.installed import InstalledPrograms
from mltradeoff_lint.resolve.command_line.scripts import Variables
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks import papermill
from mltradeoff_lint.resolve.notebooks.named import Notebooks

_RUNNERS = frozenset(
    {"uv", "poetry", "pdm", "pipenv", "hatch", "conda", "exec", "sudo", "time", "nohup", "env", "nice", "xvfb-run"}
)
_PREFIXES = ("@", "[", "run", "ddtrace-run")
_PYTHONS = frozenset(
    {"python", "python3", "python2", "pypy", "ipython", "accelerate", "torchrun", "deepspeed", "coverage", "kernprof"}
)
_SHELLS = ("sh", "bash", "zsh", "source", ".")
_NAMES = """
jupyter nbconvert uvicorn gunicorn hypercorn granian daphne celery langgraph modal bentoml serve fastapi flask
chainlit prefect dagster airflow litserve mlflow
"""
_TOOLS = frozenset(_NAMES.split())
"""Programs that are given the module or notebook they run."""

_LAUNCHERS = frozenset(
    {
        "docker",
        "podman",
        "kubectl",
        "ray",
        "srun",
        "sbatch",
        "mpirun",
        "mpiexec",
        "singularity",
        "apptainer",
        "oc",
        "sky",
    }
)
"""Programs that start another command, which stands behind their own options."""

_OPERATORS = frozenset({"&&", "||", ";", "|", "&", "then", "do", "("})
_JINJA = re.compile(r"\{\{[^{}]*\}\}")

MAX_SCRIPTS = 2
"""Shell scripts and recipes of Makefiles that call others are followed this deep."""


class Target(NamedTuple):
    """A module a command runs, and the words behind it that reach the program."""

    path: str
    arguments: tuple[str, ...]


class Run(NamedTuple):
    """A module a command runs, with the shell variables it sees and the commands that lead to it, outermost first."""

    path: str
    arguments: tuple[str, ...]
    variables: Variables = ()
    sites: tuple[Site, ...] = ()


_Folders = tuple[str, ...]


class _Simple(NamedTuple):
    """One simple command, the folders its paths may be seen from, its variables, and the scripts it was reached by."""

    words: tuple[str, ...]
    folders: _Folders
    variables: Variables = ()
    sites: tuple[Site, ...] = ()


class Commands:
    """Resolves command lines against the modules and scripts of the repository."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._by_name: dict[str, list[str]] | None = None
        self.installed = InstalledPrograms(resolver)
        self._notebooks = Notebooks(resolver)
        self._expanded: dict[tuple[tuple[str, ...], _Folders], tuple[_Simple, ...]] = {}
        self._started: dict[tuple[tuple[str, ...], _Folders], tuple[Run, ...]] = {}

    def targets(self, command: Command) -> tuple[Target, ...]:
        """The modules a command starts, shell scripts followed two deep."""
        return tuple(dict.fromkeys(Target(one.path, one.arguments) for one in self.runs(command)))

    def runs(self, command: Command) -> tuple[Run, ...]:
        """The modules a command starts, each with the variables that the scripts on the way set."""
        key = (tuple(command.words), _folders(command))
        if key not in self._started:
            found = (
                Run(target.path, target.arguments, one.variables, one.sites)
                for one in self._expand(*key)
                for target in self._one(one.words, one.folders)
            )
            self._started[key] = tuple(dict.fromkeys(found))
        return self._started[key]

    def simple(self, command: Command) -> tuple[tuple[str, ...], ...]:
        """The simple commands a command line comes down to, shell scripts followed two deep."""
        return tuple(one.words for one in self._expand(tuple(command.words), _folders(command)))

    def called(self, command: Command) -> tuple[FunctionRef, ...]:
        """The functions that the installed programs among the simple commands of a command line call."""
        found = (self.installed.function(posixpath.basename(words[0])) for words in self.simple(command) if words)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def script(self, path: str, shell: Shell) -> Iterator[scripts.ScriptCommand]:
        """The commands of a script that nobody is known to start."""
        return self._commands_of(path, shell, (posixpath.dirname(path), ""), (), None)

    def _expand(self, words: tuple[str, ...], folders: _Folders) -> tuple[_Simple, ...]:
        key = (words, folders)
        if key not in self._expanded:
            self._expanded[key] = tuple(dict.fromkeys(self._simple(words, folders, (), ())))
        return self._expanded[key]

    def _simple(
        self, words: Sequence[str], folders: _Folders, variables: Variables, sites: tuple[Site, ...]
    ) -> Iterator[_Simple]:
        """The simple commands of a line; `sites` are the commands of scripts that led to it."""
        for part, folder in _simple_commands(words):
            here = tuple(posixpath.join(one, folder) for one in folders) if folder else folders
            plain = _without_prefix(part)
            name, given = _script_of(plain)
            script = self._called(name, plain, here) if len(sites) < MAX_SCRIPTS else None
            if script is not None:
                inner = tuple(dict.fromkeys((*here, posixpath.dirname(script[0]))))
                for one in self._commands_of(*script, here, variables, given):
                    exported = one.exported if _script_of(one.words)[0] else one.variables
                    yield from self._simple(one.words, _moved(inner, one.folder), exported, (*sites, one.site))
            elif _is_text_of_shell(plain):
                yield from self._simple((" ".join(plain[2:]),), here, variables, sites)
            elif plain:
                yield _Simple(tuple(plain), here, variables, sites)

    def _called(self, name: str, words: Sequence[str], folders: _Folders) -> tuple[str, Shell] | None:
        """The shell script of a name, or the recipes that a call of make runs."""
        return self._shell(name, folders) if name else make_targets.recipes(self._resolver, words, folders)

    def _commands_of(
        self, path: str, shell: Shell, folders: _Folders, variables: Variables, given: Sequence[str] | None
    ) -> Iterator[scripts.ScriptCommand]:
        file = self._resolver.program.file(path)
        is_ordered = file is None or file.language != "makefile"
        seen = tuple(dict.fromkeys((*folders, posixpath.dirname(path))))
        return scripts.commands(
            path, shell, lambda name: self._shell(name, seen), variables, given, is_ordered=is_ordered
        )

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
        if _is_python(program) or (program == "streamlit" and rest[:1] == ("run",)):
            yield from self._python(rest, folders)
        elif program == "papermill":
            yield from self._notebook(rest, folders)
        elif program == "databricks-notebook":
            yield from self._databricks(rest, folders)
        elif program in _TOOLS:
            for word in rest:
                found = self._find(word.partition(":")[0], folders)
                if found is not None:
                    yield Target(found, tuple(rest))
        elif words[0].endswith((".py", ".ipynb")):
            found = self._find(words[0], folders) or self._notebooks.find(words[0], folders)
            if found is not None:
                yield Target(found, tuple(rest))
        elif program in _LAUNCHERS:
            inner = next((at for at, word in enumerate(rest) if _is_python(posixpath.basename(word))), None)
            if inner is not None:
                yield from self._python(rest[inner + 1 :], folders)
        else:
            found = self.installed.module(program)
            if found is not None:
                yield Target(found, tuple(rest))

    def _notebook(self, rest: tuple[str, ...], folders: _Folders) -> Iterator[Target]:
        """The notebook that papermill runs, with the parameters it is given; the one it writes is not run."""
        found = self._notebooks.find(papermill.notebook(rest), folders)
        if found is not None:
            yield Target(found, papermill.parameters(rest))

    def _databricks(self, rest: tuple[str, ...], folders: _Folders) -> Iterator[Target]:
        """A notebook of Databricks, whose name may lack the suffix that its file has: `.py` or `.ipynb`."""
        name = papermill.notebook(rest)
        for word in (name,) if name.endswith((".py", ".ipynb")) else (f"{name}.py", f"{name}.ipynb"):
            found = self._find(word, folders) if name else None
            if found is not None:
                yield Target(found, papermill.parameters(rest))
                return

    def _python(self, rest: tuple[str, ...], folders: _Folders) -> Iterator[Target]:
        for position, word in enumerate(rest):
            if word == "-m" and rest[position + 1 : position + 2] == ("papermill",):
                yield from self._notebook(rest[position + 2 :], folders)
                return
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
    seen = (folder, "", posixpath.join(folder, ".."))
    # a folder of another machine tells less than those of the repository
    return tuple(dict.fromkeys((*seen, command.cwd) if command.cwd.startswith("/") else (command.cwd, *seen)))


def _moved(folders: _Folders, folder: str) -> _Folders:
    """The folders that `cd` leads to from some folders, before those themselves."""
    if not folder:
        return folders
    moved = (posixpath.normpath(posixpath.join(one, folder)) for one in folders)
    return tuple(dict.fromkeys((*folders, *moved) if folder.startswith("/") else (*moved, *folders)))


def _is_python(program: str) -> bool:
    return program in _PYTHONS or program.rstrip("0123456789.") in _PYTHONS


def _script_of(words: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The shell script a simple command runs, empty when it runs none, and the words it is given."""
    if not words:
        return "", ()
    if words[0] in _SHELLS:
        plain = [word for word in words[1:] if not word.startswith("-")]
        return ("", ()) if _is_text_of_shell(words) or not plain else (plain[0], tuple(plain[1:]))
    return (words[0], tuple(words[1:])) if words[0].endswith(".sh") else ("", ())


def _is_text_of_shell(words: Sequence[str]) -> bool:
    """Whether a command is `sh -c TEXT`."""
    is_text = len(words) > 2 and words[1].startswith("-") and words[1].endswith("c")
    return is_text and posixpath.basename(words[0]) in _SHELLS


def _ends(path: str, stem: str) -> bool:
    tail = path.removesuffix(".py").removesuffix(".ipynb")
    return tail.endswith("/" + stem.lstrip("./"))


def _simple_commands(words: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """The simple commands of a line, each with the folder that `cd` moved it to; a single text is shell."""
    if len(words) == 1:
        for one in command_line.split(_JINJA.sub(_without_blanks, words[0])):
            yield [*one.words], one.folder
        return
    part: list[str] = []
    for word in words:
        if word in _OPERATORS:
            yield part, ""
            part = []
        else:
            part.append(word)
    yield part, ""


def _without_blanks(hole: re.Match[str]) -> str:
    return re.sub(r"\s+", "", hole[0])


def _without_prefix(words: list[str]) -> list[str]:
    """Drop assignments and wrappers such as `uv run`, `poetry run` or `opentelemetry-instrument`."""
    while words and (_is_prefix(words[0]) or words[0] in _RUNNERS):
        words = words[1:]
    return words


def _is_prefix(word: str) -> bool:
    """Whether a leading word is an assignment, an option of a wrapper, or an instrumenting wrapper."""
    is_assignment = "=" in word and not word.startswith("-")
    return is_assignment or word.startswith("-") or word.endswith("-instrument") or word in _PREFIXES
