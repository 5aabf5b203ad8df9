"""The folders that code is run in: those of the modules that a process starts with, and what changes them."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.model.repository_path import folder_of, upwards
from mltradeoff_lint.resolve.domain import Library
from mltradeoff_lint.resolve.running.processes import Processes

_CHANGES = frozenset({"chdir", "fchdir"})


class WorkingFolders:
    """Answers from which folders the relative paths of a module may be seen."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._processes = Processes(work.resolver)

    def folders(self, path: str) -> tuple[str, ...]:
        """The folders of the modules that bring a file into a process, and those above them."""
        starts = sorted(self._processes.starts(path))
        return tuple(dict.fromkeys(folder for one in starts for folder in upwards(folder_of(one))))

    def is_changed(self, path: str) -> bool:
        """Whether a module, or one that brings it into a process, goes to another folder."""
        return any(self._changes(one) for one in sorted({path, *self._processes.starts(path)}))

    def _changes(self, path: str) -> bool:
        resolver = self._work.resolver
        if resolver.program.python(path) is None:
            return False
        facts = resolver.facts(path)
        exprs = [one.function for one in facts.calls if _name(facts.exprs[one.function]) in _CHANGES]
        values = (value for expr in exprs for value in resolver.values(path, expr))
        return any(isinstance(one, Library) and one.path.startswith("os.") for one in values) or _is_cd(facts)


def _name(expr: Expr) -> str:
    return str(expr[2] if expr[0] == "attr" else expr[1])


def _is_cd(facts: PythonFacts) -> bool:
    """Whether a notebook goes elsewhere by `%cd`."""
    named = (one for one in facts.calls if _name(facts.exprs[one.function]) == "run_line_magic" and one.arguments)
    return any(facts.exprs[one.arguments[0]] == ("const", "cd") for one in named)
