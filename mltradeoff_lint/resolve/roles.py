"""What code is for: serving, scheduled, train-entry, script, experiment, test or tutorial, by reachability."""

from __future__ import annotations

from collections.abc import Sequence

from mltradeoff_lint.model.declared import RolePath
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.entries import Entries, Entry
from mltradeoff_lint.resolve.folders import is_test, is_tutorial
from mltradeoff_lint.resolve.reach import Reach

_ORDER = ("endpoint", "queue", "service", "scheduled", "task", "stage", "cli", "main", "script", "ci")


class Roles:
    """Roles of functions; declared roles win over computed ones."""

    def __init__(self, reach: Reach, entries: Entries, declared: Sequence[RolePath] = ()) -> None:
        self._reach = reach
        self._entries = entries
        self._declared = tuple(declared)
        self._roles: dict[FunctionRef, tuple[str, Entry | None]] = {}

    def of(self, function: FunctionRef) -> str:
        """The role of a function."""
        return self._role(function)[0]

    def entry_of(self, function: FunctionRef) -> Entry | None:
        """The entry that gives a function its role."""
        return self._role(function)[1]

    def entries_above(self, function: FunctionRef) -> tuple[Entry, ...]:
        """All entries that reach a function, the most demanding first, then the nearest."""
        found: list[Entry] = []
        for one in self._reach.ancestors(function):
            found += self._entries.by_function.get(one, [])
        return tuple(sorted(found, key=lambda entry: _ORDER.index(entry.kind)))

    def _role(self, function: FunctionRef) -> tuple[str, Entry | None]:
        known = self._roles.get(function)
        if known is None:
            known = self._roles[function] = self._compute(function)
        return known

    def _compute(self, function: FunctionRef) -> tuple[str, Entry | None]:
        import fnmatch

        for one in self._declared:
            if fnmatch.fnmatch(function.path, one.path):
                return one.role, None
        if is_test(function.path):
            return "test", None
        if is_tutorial(function.path):
            return "tutorial", None
        entries = [entry for entry in self.entries_above(function) if not is_test(entry.site.path)]
        role = "experiment" if function.path.endswith(".ipynb") else "script"
        for entry in entries:
            if entry.kind == "endpoint" and entry.interface != "ui":
                return "serving", entry
            if entry.kind in ("service", "queue"):
                return "serving", entry
            if entry.kind == "scheduled":
                return "scheduled", entry
            if entry.kind in ("task", "stage", "cli", "main", "endpoint") and role != "experiment":
                return "train-entry", entry
        return role, entries[0] if entries else None
