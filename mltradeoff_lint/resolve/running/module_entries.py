"""What makes the code of a module run that stands outside its functions: the entries of the modules that import it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.imported import modules_imported
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.entries import Entries, Entry


class ModuleEntries:
    """The most demanding entry behind each module: its own, or that of a module which imports it, however far."""

    def __init__(self, resolver: Resolver, entries: Entries, rank: Callable[[Entry], int]) -> None:
        self._resolver = resolver
        self._entries = entries
        self._rank = rank

    def of(self, path: str) -> Entry | None:
        """The entry that leads to the import of a module; None when nothing known does."""
        return self._resolver.program.ask("module-entries", "", self._all).get(path)

    def _all(self) -> Mapping[str, Entry]:
        """Module -> entry: the most demanding entries are spread over the imports first."""
        imported = self._imports()
        found: dict[str, Entry] = {}
        for entry in sorted(self._starting(), key=self._rank):
            pending = [entry.function.path]
            while pending:
                path = pending.pop()
                if path not in found:
                    found[path] = entry
                    pending += imported.get(path, ())
        return found

    def _starting(self) -> Iterator[Entry]:
        """Entries that make their module be imported: its own code, and handlers, which a server imports first."""
        for entry in self._entries.all:
            # a server does not import the notebook in which a handler is tried out
            is_handler = entry.kind in ("endpoint", "queue", "cli", "task", "scheduled")
            is_own = entry.function.scope == 0 or (is_handler and not entry.function.path.endswith(".ipynb"))
            if is_own and not is_test(entry.site.path) and not is_test(entry.function.path):
                yield entry

    def _imports(self) -> dict[str, tuple[str, ...]]:
        """Module -> the modules of the repository that it imports when it is imported."""
        index: dict[str, tuple[str, ...]] = {}
        for path in self._resolver.program.python_paths():
            imports = (one for one in self._resolver.facts(path).imports if one.scope == 0)
            index[path] = tuple(dict.fromkeys(modules_imported(self._resolver, path, imports)))
        return index
