"""Which callbacks the runs of graphs and chains are given: by the config of the run, or bound to what is run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.arguments import Arguments
from mltradeoff_lint.graph.facets.metering.search import Search
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Literal, Mapping, Value, Values
from mltradeoff_lint.resolve.running.workflows import Workflows
from mltradeoff_lint.resolve.sites import Use

MAX_STEPS = 400
"""Steps taken to tell whether what is run was bound to a config."""


class Given(NamedTuple):
    """What a run is given: what its callbacks record, and whether it names callbacks, which then replace others."""

    search: Search
    is_named: bool


class RunConfigs:
    """Reads the configs of runs, each once."""

    def __init__(self, work: Workspace, arguments: Arguments, workflows: Workflows) -> None:
        self._work = work
        self._arguments = arguments
        self._workflows = workflows
        self._runs = {use.ref: use for use in _with_callbacks(work, "workflow-run")}
        self._read: dict[CallRef, Given] = {}
        self._bound: dict[CallRef, list[Use]] | None = None

    def run_at(self, ref: CallRef) -> Given | None:
        """What a call gives to what it runs; None for a call that runs nothing which hands callbacks on."""
        if ref not in self._runs:
            return None
        if ref not in self._read:
            self._read[ref] = self._of_run(self._runs[ref])
        return self._read[ref]

    def runs_of(self, graphs: Iterable[CallRef]) -> tuple[CallRef, ...]:
        """The runs of the workflows that some calls construct."""
        wanted = set(graphs)
        return tuple(ref for ref, use in self._runs.items() if wanted.intersection(one.call for one in use.value.made))

    def bound_to(self, graphs: Iterable[CallRef]) -> Given:
        """What workflows are bound to, wherever they are run."""
        search = Search()
        named = [self.of_call(use, search) for use in self._bindings(graphs)]
        return Given(search, any(named))

    def are_any_open(self) -> bool:
        """Whether a run of the repository has callbacks that record a model call, or may."""
        runs = (self.run_at(ref) for ref in self._runs)
        return (
            any(one is not None and one.search.is_open for one in runs)
            or self.bound_to(self._all_bound()).search.is_open
        )

    def of_call(self, use: Use, search: Search) -> bool:
        """Add what the callbacks of a call record, by the selectors of its row; True when it names callbacks."""
        path, site = use.ref.path, self._work.site(use.ref)
        named = []
        for selector in use.meaning.selectors("callbacks"):
            for expr in self._work.sites.select(use.ref, (selector,)):
                key = "callbacks" if "callbacks" in selector.keywords else "config"
                if key == "callbacks" or not self._is_of_node(path, expr):
                    named.append(self._value(key, self._work.resolver.values(path, expr), site, search))
        for name, expr in self._work.resolver.call(use.ref).keywords:
            for value in self._work.resolver.values(path, expr) if name is None else ():
                if isinstance(value, Mapping):
                    found = ((key, value.get(key)) for key in ("config", "callbacks"))
                    named += [self._value(key, held, site, search) for key, held in found if held is not None]
        return any(named)

    def _is_of_node(self, path: str, expr: int) -> bool:
        """Whether a config is the parameter of a node: what runs the node hands its own config in."""
        facts = self._work.resolver.facts(path)
        name = facts.exprs[expr]
        definitions = [facts.definitions[one] for one in name[2]] if name[0] == "name" else []
        functions = {FunctionRef(path, one.scope) if one.kind == "param" else None for one in definitions}
        return bool(functions) and all(one is not None and one in self._workflows.wired() for one in functions)

    # -- runs

    def _of_run(self, use: Use) -> Given:
        search = Search()
        is_named = self.of_call(use, search)
        bindings = self._bindings(made.call for made in use.value.made)
        reached = self._bindings_of(use) if bindings else frozenset[CallRef]()
        for one in bindings:
            other = Search()
            if self.of_call(one, other):
                is_named = is_named or one.ref in reached
                if one.ref in reached:
                    search.note(other.facets.values())
                    search.doubts.update(other.doubts)
                elif other.is_open:
                    search.doubt("what is run may be bound to callbacks", self._work.site(one.ref))
        return Given(search, is_named)

    def _bindings_of(self, use: Use) -> frozenset[CallRef]:
        """The bindings that what is run has surely gone through."""
        facts = self._work.resolver.facts(use.ref.path)
        function = facts.exprs[facts.calls[use.ref.call].function]
        if function[0] != "attr":
            return frozenset()
        kinds = frozenset({"workflow-config"})
        piece = self._work.flow.backward(use.ref.path, (function[1],), kinds, limit=MAX_STEPS)
        return frozenset(one.ref for one, _ in piece.of_kind("workflow-config"))

    def _bindings(self, graphs: Iterable[CallRef]) -> tuple[Use, ...]:
        found = self._all_bound()
        return tuple(dict.fromkeys(use for graph in graphs for use in found.get(graph, ())))

    def _all_bound(self) -> dict[CallRef, list[Use]]:
        """The calls that bind a workflow to a config with callbacks, by the call that constructs it."""
        if self._bound is None:
            self._bound = {}
            for use in _with_callbacks(self._work, "workflow-config"):
                if self.of_call(use, Search()):
                    for graph in dict.fromkeys(made.call for made in use.value.made):
                        self._bound.setdefault(graph, []).append(use)
        return self._bound

    # -- values

    def _value(self, key: str, values: Values, site: Site, search: Search) -> bool:
        """Add what callbacks, or a config, record; True when they are callbacks and not None."""
        if key == "callbacks":
            self._arguments.callbacks(values, site, search)
            return any(value != Literal(None) for value in values)
        named = [self._config(value, site, search) for value in values]
        return any(named)

    def _config(self, value: Value, site: Site, search: Search) -> bool:
        held = value.get("callbacks") if isinstance(value, Mapping) else None
        if held is not None:
            return self._value("callbacks", held, site, search)
        self._arguments.config((value,), site, search)
        return False


def _with_callbacks(work: Workspace, kind: str) -> tuple[Use, ...]:
    return tuple(use for use in work.sites.of_kind(kind) if use.meaning.selectors("callbacks"))
