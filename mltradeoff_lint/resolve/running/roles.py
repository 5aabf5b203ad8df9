"""What code is for: serving, scheduled, train-entry, script, experiment, test or tutorial, by reachability."""

from __future__ import annotations

from collections.abc import Sequence

from mltradeoff_lint.model.declared import RolePath
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.folders import is_test, is_tutorial
from mltradeoff_lint.resolve.running.entries import Entries, Entry
from mltradeoff_lint.resolve.running.module_entries import ModuleEntries
from mltradeoff_lint.resolve.running.reach import Reach

_ORDER = ("endpoint", "queue", "service", "scheduled", "task", "stage", "cli", "main", "script", "ci")


_BY_RANK = ("serving", "scheduled", "train-entry")


def _demand(entry: Entry) -> tuple[int, bool]:
    # a notebook tries out what a module serves
    return _ORDER.index(entry.kind), entry.site.path.endswith(".ipynb")


def _rank(entry: Entry) -> int:
    """Which role an entry gives, as an index into `_BY_RANK`; a user interface asks no more than a command line."""
    if entry.kind in ("service", "queue") or (entry.kind == "endpoint" and entry.interface != "ui"):
        return 0
    if entry.kind == "scheduled":
        return 1
    return 2 if entry.kind in ("task", "stage", "cli", "main", "endpoint") else 3


class Roles:
    """Roles of functions; declared roles win over computed ones."""

    def __init__(self, reach: Reach, entries: Entries, declared: Sequence[RolePath] = ()) -> None:
        self._reach = reach
        self._entries = entries
        self._declared = tuple(declared)
        self._modules = ModuleEntries(reach.resolver, entries, _rank)

    def of(self, function: FunctionRef) -> str:
        """The role of a function."""
        return self._reach.resolver.program.ask("role", function, lambda: self._compute(function))

    def is_of_application(self) -> bool:
        """Whether something outside tests and tutorials starts code here."""
        sites = (one.site.path for one in self._entries.all)
        return any(not is_test(path) and not is_tutorial(path) for path in sites)

    def entries_above(self, function: FunctionRef) -> tuple[Entry, ...]:
        """All entries that reach a function, the most demanding first, then the nearest."""

        def find() -> tuple[Entry, ...]:
            above = self._reach.ancestors(function)
            found = [entry for one in above for entry in self._entries.by_function.get(one, ())]
            return tuple(sorted(found, key=_demand))

        return self._reach.resolver.program.ask("entries-above", function, find)

    def loading(self, path: str) -> Entry | None:
        """The entry that leads to the import of a module; None when nothing known does."""
        return self._modules.of(path)

    def _compute(self, function: FunctionRef) -> str:
        import fnmatch

        for one in self._declared:
            if fnmatch.fnmatch(function.path, one.path):
                return one.role
        if is_test(function.path):
            return "test"
        if is_tutorial(function.path):
            return "tutorial"
        # what runs when a module is imported runs for whatever imports it
        modules = {one.path for one in self._reach.ancestors(function) if one.scope == 0}
        importing = [entry for path in sorted(modules) if (entry := self._modules.of(path)) is not None]
        found = [*self.entries_above(function), *importing]
        entries = sorted((entry for entry in found if not is_test(entry.site.path)), key=_demand)
        role = "experiment" if function.path.endswith(".ipynb") else "script"
        entry = min(entries, key=_rank, default=None)
        if entry is None or _rank(entry) >= len(_BY_RANK):
            return role
        # a notebook that a test or a command runs now and then is still an experiment
        is_kept = role == "experiment" and _BY_RANK[_rank(entry)] == "train-entry"
        return role if is_kept else _BY_RANK[_rank(entry)]
