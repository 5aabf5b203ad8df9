"""Workflow objects that run functions they were given: a compiled LangGraph runs its nodes and routers.

A node is found by the construction of the graph it was added to, and so is the call that runs the graph.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, Use

GRAPH = "langgraph.graph.StateGraph()"
COMPILED = "langgraph.Graph()"
_RUNS = frozenset(
    {"invoke", "ainvoke", "stream", "astream", "astream_events", "batch", "abatch", "transform", "atransform"}
)


class Workflows:
    """Which calls run which step functions."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._sites = sites
        self._steps: dict[FunctionRef, tuple[CallRef, ...]] = {}
        self._parents: dict[CallRef, list[CallRef]] = {}
        self._runs: dict[CallRef, list[CallRef]] = {}
        uses = [use for use in sites.of_kind("entry") if use.value.path.startswith(GRAPH)]
        if uses:
            self._collect(uses)

    def runners(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The calls that run the workflows a function is a step of, also as part of a larger workflow."""
        found: dict[CallRef, None] = {}
        for graph in self.graphs(function):
            found.update(dict.fromkeys(self._runs.get(graph, ())))
        return tuple(sorted(found))

    def graphs(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The constructions of the workflows a function is a step of, the larger ones included."""
        pending = list(self._steps.get(function, ()))
        seen = dict.fromkeys(pending)
        while pending:
            for parent in self._parents.get(pending.pop(), ()):
                if parent not in seen:
                    seen[parent] = None
                    pending.append(parent)
        return tuple(seen)

    def functions_of(self, values: Values) -> tuple[FunctionRef, ...]:
        """The step functions of the workflow objects among values."""
        made = set(_constructions(values))
        return tuple(one for one in self._steps if made.intersection(self.graphs(one)))

    def _collect(self, uses: list[Use]) -> None:
        for use in uses:
            graphs = self._graphs_of(use)
            for exprs in self._sites.select(use.ref, use.meaning.selectors("handler")):
                values = self._resolver.values(use.ref.path, exprs)
                for function in self._sites.functions(values):
                    self._steps[function] = tuple(dict.fromkeys((*self._steps.get(function, ()), *graphs)))
                for inner in _constructions(values):
                    self._parents.setdefault(inner, []).extend(graphs)
        for ref in self._run_calls():
            values = self._resolver.values(ref.path, self._receiver(ref))
            for graph in _constructions(values):
                self._runs.setdefault(graph, []).append(ref)

    def _graphs_of(self, use: Use) -> tuple[CallRef, ...]:
        return tuple(dict.fromkeys(made.call for made in use.value.made if self._is_graph(made.call)))

    def _is_graph(self, ref: CallRef) -> bool:
        values = self._resolver.values(ref.path, self._resolver.call(ref).function)
        return any(isinstance(value, Library) and f"{value.path}()" == GRAPH for value in values)

    def _run_calls(self) -> Iterator[CallRef]:
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for number, call in enumerate(facts.calls):
                function = facts.exprs[call.function]
                if function[0] == "attr" and function[2] in _RUNS:
                    yield CallRef(path, number)

    def _receiver(self, ref: CallRef) -> int:
        facts = self._resolver.facts(ref.path)
        return int(facts.exprs[facts.calls[ref.call].function][1])


def _constructions(values: Values) -> Iterator[CallRef]:
    """The calls that made the workflow objects among values."""
    for value in values:
        if isinstance(value, Library) and value.path in (GRAPH, COMPILED):
            yield from (made.call for made in value.made)
