"""Which modules run in one process: everything that one module nobody imports brings in."""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.model.facts import Import, PythonFacts
from mltradeoff_lint.resolve.folders import is_aside
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.entries import is_main

_Links = dict[str, tuple[str, ...]]


class Processes:
    """The import graph of the repository, made when it is first asked for."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def together(self, first: str, second: str) -> str:
        """Whether a process that runs the second file also runs the first: `yes`, `no`, or `maybe`.

        Tests, evaluations and tutorials that import the second say nothing of how it is operated. Files of one
        package may meet in a process that finds its modules by name, as long as nobody imports the second.
        """
        if first == second:
            return "yes"
        operated = self._operated(second)
        if any(first in self._closure(root) for root in operated):
            return "yes"
        is_found_by_name = operated == {second} and first.split("/")[:-1][:2] == second.split("/")[:-1][:2]
        return "maybe" if is_found_by_name and "/" in first and not is_aside(first) else "no"

    def starts(self, path: str) -> frozenset[str]:
        """The modules that a process with a file in it may be started by."""
        return self._roots(path)

    def sets(self, path: str, region: int, second: str) -> str:
        """The same for what a region of the first file sets: behind its `__main__` test only where it is the start."""
        if path != second and is_main(self._resolver.facts(path), region) and second not in self._closure(path):
            return "no"
        return self.together(path, second)

    def surely_loads(self, first: str, second: str, line: int = 0, *, is_start: bool = False) -> bool:
        """Whether every process with the second file has run the first, up to a line of the second's own code.

        With `is_start` only where the first file is the one that is started.
        """
        if line and first != second:
            before = (one for at, one in self._firmly_imported(second) if at < line)
            return not is_start and any(first in self._firm_closure(one) for one in before)
        operated = self._operated(second)
        if is_start:
            return not line and operated == {first}
        return not line if first == second else all(first in self._firm_closure(one) for one in operated)

    def _firm_closure(self, root: str) -> frozenset[str]:
        return self._below("firmly-imported-below", root, self._firm_graph)

    def _firm_graph(self) -> _Links:
        """The imports that loading a module surely runs."""
        program = self._resolver.program

        def find() -> _Links:
            return {
                path: tuple(sorted({one for _, one in self._firmly_imported(path)})) for path in program.python_paths()
            }

        return program.ask("firmly-imported-modules", "", find)

    def _firmly_imported(self, path: str) -> list[tuple[int, str]]:
        """The lines and modules of the imports in a module's own code that stand under nothing."""
        facts = self._resolver.facts(path)
        firm = (one for one in facts.imports if not one.scope and facts.regions[one.region].kind == "scope")
        return [(one.span.line, target) for one in firm for target in self._targets(path, one)]

    def _graph(self) -> _Links:
        program = self._resolver.program

        def find() -> _Links:
            return {path: self._imported(path, self._resolver.facts(path)) for path in program.python_paths()}

        return program.ask("imported-modules", "", find)

    def _importers(self) -> _Links:
        def find() -> _Links:
            found: dict[str, list[str]] = {}
            for path, targets in self._graph().items():
                for target in targets:
                    found.setdefault(target, []).append(path)
            return {target: tuple(sorted(paths)) for target, paths in found.items()}

        return self._resolver.program.ask("importing-modules", "", find)

    def _imported(self, path: str, facts: PythonFacts) -> tuple[str, ...]:
        found = {target for one in facts.imports for target in self._targets(path, one)}
        return tuple(sorted(found - {path}))

    def _targets(self, path: str, one: Import) -> list[str]:
        program = self._resolver.program
        names = [f"{one.module}.{one.name}".lstrip("."), one.module] if one.name and one.name != "*" else [one.module]
        targets = (program.module(path, name, one.level) for name in names)
        return [target for target in targets if target is not None and program.python(target) is not None]

    def _roots(self, path: str) -> frozenset[str]:
        """The modules at the top of every way to import a file; the file itself when nobody does."""
        importers = self._importers()
        above = _reachable(path, importers)
        return frozenset(one for one in above if not importers.get(one)) or frozenset(above)

    def _operated(self, path: str) -> frozenset[str]:
        """The modules that start a file, without tests and tutorials where others do."""
        roots = self._roots(path)
        return frozenset(root for root in roots if not is_aside(root)) or roots

    def _closure(self, root: str) -> frozenset[str]:
        return self._below("imported-below", root, self._graph)

    def _below(self, question: str, root: str, graph: Callable[[], _Links]) -> frozenset[str]:
        def find() -> frozenset[str]:
            return frozenset(_reachable(root, graph()))

        # whoever asks makes its own `Processes`: the program keeps what all of them find
        return self._resolver.program.ask(question, root, find, sorted)


def _reachable(start: str, graph: _Links) -> set[str]:
    seen = {start}
    pending = [start]
    while pending:
        for one in graph.get(pending.pop(), ()):
            if one not in seen:
                seen.add(one)
                pending.append(one)
    return seen
