"""A repository in memory with everything that is resolved before the graph is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.platforms import declarations
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.flow.dataflow import Dataflow, Slice
from mltradeoff_lint.resolve.modules import Modules
from mltradeoff_lint.resolve.program import Program
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.running.entries import Entries, Entry
from mltradeoff_lint.resolve.running.reach import Reach
from mltradeoff_lint.resolve.running.roles import Roles
from mltradeoff_lint.resolve.running.workflows import Workflows
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.tree.memory import MemoryTree
from tests.resolve.sample import catalog_of


@dataclass(frozen=True)
class Prepared:
    """What the builders of the graph work with."""

    resolver: WholeProgram
    sites: Sites
    reach: Reach
    entries: Entries
    roles: Roles
    flow: Dataflow

    def function(self, path: str, qualname: str) -> FunctionRef:
        """A function by its qualified name; the empty name is the module."""
        scopes = self.resolver.facts(path).scopes
        return next(FunctionRef(path, number) for number, one in enumerate(scopes) if one.qualname == qualname)

    def labels(self, kind: str) -> list[str]:
        """The labels of the entries of a kind, with their methods."""
        return sorted(f"{entry.method} {entry.label}".strip() for entry in self.entries.of_kind(kind))

    def above(self, path: str, qualname: str) -> list[Entry]:
        """The entries that reach a function."""
        return list(self.roles.entries_above(self.function(path, qualname)))

    def slice(self, path: str = "app.py", *, cautious: bool = True, handlers: tuple[str, ...] = ()) -> Slice:
        """The slice of the argument of the only call of `probe` in a file, stopped at parameters of the handlers."""
        facts = self.resolver.facts(path)
        (call,) = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe")]
        stops = {self.function(path, name) for name in handlers}
        kinds = frozenset({"feature-read", "dataset-read", "request-data", "model-call", "now"})
        return self.flow.backward(
            path, call.arguments[:1], kinds, lambda function, _: function in stops, cautious=cautious
        )


def prepared(files: Mapping[str, str] | str) -> Prepared:
    """Resolve files; one text alone is `app.py`."""
    read = read_tree(MemoryTree({"app.py": files} if isinstance(files, str) else files), lambda path: False)
    contents = {path: file.content for path, file in read.facts.items()}
    python = {path: content for path, content in contents.items() if isinstance(content, PythonFacts)}
    imports = frozenset(
        one.module.partition(".")[0] for content in python.values() for one in content.imports if not one.level
    )
    catalog = catalog_of(imports)
    declared = [one for path in sorted(read.facts) for one in declarations(read.facts[path])[0]]
    modules = Modules([*python, *read.unread], [*read.facts, *read.unread], catalog.roots)
    resolver = WholeProgram(Program(read.facts, catalog, modules, tuple(declared), frozenset(read.unread)))
    sites = Sites(resolver)
    workflows = Workflows(resolver, sites)
    reach = Reach(resolver, workflows)
    entries = Entries(resolver, sites, workflows)
    return Prepared(resolver, sites, reach, entries, Roles(reach, entries), Dataflow(resolver, sites, resolver.members))
