"""The programs a repository installs: `[project.scripts]`, Poetry scripts, and `console_scripts` of setup.py."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from mltradeoff_lint.resolve.domain import Function, FunctionRef, Items, Mapping, known_texts
from mltradeoff_lint.resolve.interface import Resolver

_TABLES = (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts"))


class InstalledPrograms:
    """Answers which module a program of the repository's own name runs."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._modules: dict[str, tuple[str, str]] | None = None

    def module(self, program: str) -> str | None:
        """The module behind a program; None when the repository installs none of this name, or two."""
        found = self._programs().get(program)
        return found[0] if found is not None else None

    def function(self, program: str) -> FunctionRef | None:
        """The function that a program calls; None when it is not one that its module defines or takes in."""
        path, name = self._programs().get(program, ("", ""))
        values = self._resolver.global_name(path, name) if name else None
        found = [one.ref for one in values or () if isinstance(one, Function)]
        return found[0] if len(found) == 1 else None

    def names(self) -> tuple[str, ...]:
        """The programs that the repository installs, sorted."""
        return tuple(sorted(self._programs()))

    def _programs(self) -> dict[str, tuple[str, str]]:
        """Program -> the module and the name in it that it calls."""
        if self._modules is None:
            self._modules = {}
            found: dict[str, dict[str, str]] = {}
            for name, entry, folder in self._declared():
                module, _, called = entry.partition("[")[0].partition(":")
                path = self._path(module.strip(), folder)
                if path is not None:
                    found.setdefault(name, {})[path] = called.strip()
            self._modules = {name: next(iter(one.items())) for name, one in found.items() if len(one) == 1}
        return self._modules

    def _declared(self) -> Iterator[tuple[str, str, str]]:
        """(name, `module:function`, folder of the file) of every program."""
        program = self._resolver.program
        for path in program.documents_ending("pyproject.toml", ""):
            for root in program.roots(path):
                for table in _TABLES:
                    listed = root.get(*table)
                    for name, _, entry in listed.entries if listed is not None else ():
                        if entry.kind == "str":
                            yield name, entry.value, posixpath.dirname(path)
        for path in program.python_paths():
            if posixpath.basename(path) == "setup.py":
                yield from self._setup(path)

    def _setup(self, path: str) -> Iterator[tuple[str, str, str]]:
        for call in self._resolver.facts(path).calls:
            for keyword, expr in call.keywords:
                if keyword != "entry_points":
                    continue
                for value in self._resolver.values(path, expr):
                    listed = value.get("console_scripts") or () if isinstance(value, Mapping) else ()
                    for each in listed:
                        for item in each.items if isinstance(each, Items) else ():
                            for text in known_texts(item):
                                name, equals, entry = text.partition("=")
                                if equals:
                                    yield name.strip(), entry, posixpath.dirname(path)

    def _path(self, dotted: str, folder: str) -> str | None:
        inside = dotted.replace(".", "/")
        for base in (folder, posixpath.join(folder, "src")):
            for tail in (".py", "/__init__.py", "/__main__.py"):
                path = posixpath.normpath(posixpath.join(base, inside)) + tail
                if self._resolver.program.python(path) is not None:
                    return path
        return None
