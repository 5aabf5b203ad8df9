"""Callbacks that a run hands down to the model calls inside it.

LangChain and LangGraph keep the config of a run in a context variable. Each runnable that code calls inside the run,
through however many functions, has the callbacks of the innermost run that names some. What the SDK of a provider is
asked has none: it is no runnable.
https://docs.langchain.com/oss/python/langgraph/observability
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.arguments import Arguments
from mltradeoff_lint.graph.facets.metering.possible_nodes import PossibleNodes
from mltradeoff_lint.graph.facets.metering.run_configs import RunConfigs
from mltradeoff_lint.graph.facets.metering.search import Search
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.folders import is_evaluation, is_tutorial
from mltradeoff_lint.resolve.running.entries import is_main
from mltradeoff_lint.resolve.running.reach import Incoming
from mltradeoff_lint.resolve.running.workflows import Workflows
from mltradeoff_lint.resolve.shown_places import shown
from mltradeoff_lint.resolve.sites import Use

MAX_HOPS = 8
"""Functions between a run and the call of a model; what lies further up is not seen to run it."""

SURE = frozenset({"calls", "runs", "depends on"})
"""Ways that surely keep the context of the run: a thread pool that is handed a function may not."""

ELSEWHERE = frozenset({"queues", "deploys"})
"""Ways that leave the process, and with it the context."""


class Way(NamedTuple):
    """One way in which a function is led to: under what callbacks, and by which run that has none."""

    search: Search | None
    """What the callbacks record; None when there are none."""
    bare: CallRef | None
    """The run without callbacks next to the function."""
    is_live: bool = False
    """Whether something is known to take it: code of a module, or what runs an entry."""

    @property
    def is_open(self) -> bool:
        """Whether the callbacks record a model call, or may."""
        return self.search is not None and self.search.is_open


class _Step(NamedTuple):
    function: FunctionRef
    bare: CallRef | None = None
    doubted: CallRef | None = None
    """The last run so far whose callbacks did not resolve."""
    is_sure: bool = True
    hops: int = 0


class HandedDown:
    """Judges the runs that lead to a model call."""

    def __init__(self, work: Workspace, arguments: Arguments) -> None:
        self._work = work
        self._workflows = Workflows(work.resolver, work.sites)
        self._configs = RunConfigs(work, arguments, self._workflows)
        self._possible = PossibleNodes(work)
        self._is_used: bool | None = None
        self._ways: dict[FunctionRef, tuple[Way, ...]] = {}

    def judge(self, use: Use, search: Search) -> tuple[str, ...]:
        """Add what runs record of a call; returns the places of runs without callbacks where others have some.

        The call is metered when every run that leads to it is. Where some are not, the one without is the cause; where
        it is no run at all, nothing is known to start it, or callbacks did not resolve, the answer is open.
        """
        if not use.value.path.startswith("langchain") or not use.meaning.selectors("callbacks"):
            return ()
        if not self._are_used() or self._configs.of_call(use, Search()):
            return ()
        ways = self._counting(self._ways_of(self._start(use)))
        opened = [way.search for way in ways if way.search is not None and way.is_open]
        if not opened:
            return ()
        bare = [way.bare for way in ways if way.is_live and not way.is_open and way.bare is not None]
        if bare:
            return tuple(sorted({self._place(one) for one in bare}))
        if len(opened) == len(ways) and all(one.is_satisfied for one in opened):
            for one in opened:
                search.note(one.facets.values())
            return ()
        for one in opened:
            search.doubts.update(one.doubts)
            for recorded in list(one.facets.values())[:1]:
                search.doubt(f"{recorded.how} to some of the runs that lead here", recorded.site)
        return ()

    def _are_used(self) -> bool:
        if self._is_used is None:
            self._is_used = self._configs.are_any_open()
        return self._is_used

    def _start(self, use: Use) -> FunctionRef:
        """The function that holds a call; a lambda where it is a node itself."""
        facts, scope = self._work.resolver.facts(use.ref.path), self._work.resolver.call(use.ref).scope
        while scope > 0 and facts.scopes[scope].kind != "function":
            function = FunctionRef(use.ref.path, scope)
            if facts.scopes[scope].kind == "lambda" and self._workflows.runners(function):
                return function
            scope = facts.scopes[scope].parent
        return self._work.reach.holder(use.ref)

    def _place(self, ref: CallRef) -> str:
        return posixpath.basename(shown(self._work.resolver, self._work.site(ref)))

    # -- who leads to a function

    def _ways_of(self, start: FunctionRef) -> tuple[Way, ...]:
        if start not in self._ways:
            self._ways[start] = tuple(self._walk(start))
        return self._ways[start]

    def _walk(self, start: FunctionRef) -> Iterator[Way]:
        pending = [_Step(start)]
        seen = set(pending)
        while pending:
            step = pending.pop(0)
            incoming = self._work.reach.incoming(step.function)
            ways = [way for way in incoming if way.how != "wires"]
            is_unrun = len(ways) < len(incoming) and not any(self._run_of(way) for way in ways)
            if is_unrun or (incoming and self._is_entry(step.function)):
                yield self._unrun(step)
            elif not incoming or step.hops == MAX_HOPS:
                yield self._top(step)
            for way in ways if step.hops < MAX_HOPS else ():
                if way.how in ELSEWHERE:
                    yield self._way(step)
                    continue
                ref = self._run_of(way)
                given = self._configs.run_at(ref) if ref is not None else None
                is_sure = step.is_sure and (way.how in SURE or ref is not None)
                if given is not None and given.is_named:
                    found = given.search if is_sure else _doubted(given.search)
                    yield Way(found, ref if not given.search.is_open else None, self._is_started(way.caller))
                    continue
                doubted = ref if given is not None and given.search.is_open else step.doubted
                following = _Step(way.caller, step.bare or ref, doubted, is_sure)
                if following not in seen:
                    seen.add(following)
                    pending.append(following._replace(hops=step.hops + 1))

    def _run_of(self, way: Incoming) -> CallRef | None:
        """The run of a graph or chain by which a function is led to."""
        return way.ref if way.ref is not None and self._configs.run_at(way.ref) is not None else None

    def _way(self, step: _Step) -> Way:
        given = self._configs.run_at(step.doubted) if step.doubted is not None else None
        return Way(given.search if given is not None else None, step.bare, self._is_started(step.function))

    def _is_started(self, function: FunctionRef) -> bool:
        """Whether code of a module or an entry leads to a function."""
        above = self._work.reach.ancestors(function)
        return any(self._work.resolver.scope(one).kind == "module" or self._is_entry(one) for one in above)

    def _is_entry(self, function: FunctionRef) -> bool:
        """Whether something outside the code runs a function; every node is a task of its graph too."""
        return any(one.kind != "task" for one in self._work.entries.by_function.get(function, ()))

    def _unrun(self, step: _Step) -> Way:
        """A node of graphs that nothing here runs: a server does, with what they are bound to."""
        given = self._configs.bound_to(self._workflows.graphs(step.function))
        return Way(given.search, None) if given.is_named else self._way(step)

    def _top(self, step: _Step) -> Way:
        """A function that nothing is known to run: a graph or chain may."""
        if step.hops < MAX_HOPS and step.doubted is None and not self._is_entry(step.function):
            for ref in self._configs.runs_of(self._possible.graphs(step.function)):
                given = self._configs.run_at(ref)
                if given is not None and given.search.is_open:
                    search, name = Search(), self._work.function_name(step.function)
                    search.doubt(f"`{name}` may be part of a run that has callbacks", self._work.site(ref))
                    return Way(search, None)
        return self._way(step)

    # -- which of them count

    def _counting(self, ways: tuple[Way, ...]) -> tuple[Way, ...]:
        """The ways without those by which somebody only tries the graph, where it is run with callbacks otherwise."""
        operated = tuple(way for way in ways if way.bare is None or not self._is_trial(way.bare))
        return operated if any(way.is_open for way in operated) else ways

    def _is_trial(self, ref: CallRef) -> bool:
        """Whether a run stands behind the `__main__` test of its module, or in code that nobody operates."""
        if is_evaluation(ref.path) or is_tutorial(ref.path) or ref.path.endswith(".ipynb"):
            return True
        facts = self._work.resolver.facts(ref.path)
        return is_main(facts, self._work.resolver.call(ref).region)


def _doubted(search: Search) -> Search:
    """The same search where nobody can tell whether its callbacks are handed down as far."""
    found = Search(doubts=dict(search.doubts))
    for one in list(search.facets.values())[:1]:
        found.doubt(f"{one.how} to a run that may lead here", one.site)
    return found
