"""Summaries of all functions on demand, to a fix-point over the components of the call graph.

The components below a function are taken from the leaves up. Inside one, every summary starts empty and takes in what a
further look at it finds, until none changes; `merging.nearest` says why that ends.
"""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, Use
from mltradeoff_lint.resolve.summaries.components import components
from mltradeoff_lint.resolve.summaries.composing import Composer
from mltradeoff_lint.resolve.summaries.contents import Flow
from mltradeoff_lint.resolve.summaries.keyed import under_key
from mltradeoff_lint.resolve.summaries.merging import joined
from mltradeoff_lint.resolve.summaries.model import Input, Summary
from mltradeoff_lint.resolve.summaries.readings import readings_of

MAX_ROUNDS = 40
"""Looks at one component; a group of functions that still changes after so many is kept as it is then."""


class Summaries:
    """Answers what functions do; each answer is a recorded question of the program."""

    def __init__(self, resolver: Resolver, sites: Sites) -> None:
        self._resolver = resolver
        self._readings = readings_of(resolver, sites)
        self.callees = self._readings.callees
        self._flows: dict[FunctionRef, Flow] = {}
        self._components: dict[FunctionRef, tuple[FunctionRef, ...]] = {}

    def of(self, function: FunctionRef) -> Summary:
        """The summary of a function."""
        return self._resolver.program.ask("summary", function, lambda: self._find(function))

    def filling(self, holder: FunctionRef, use: Use, role: str) -> frozenset[Input]:
        """The inputs of the function around a catalogued call that fill one role of it there."""
        key = (holder, use.ref, use.value.path, use.meaning.kind, role)
        return frozenset(self._resolver.program.ask("role-inputs", key, lambda: self._filling(holder, use, role)))

    def _filling(self, holder: FunctionRef, use: Use, role: str) -> tuple[Input, ...]:
        flow = self._flow(holder)
        meanings = self._readings.meanings
        found = {one for named, expr in meanings.roles(use) if named == role for one in flow.of(expr).inputs}
        for named, key, expr in meanings.keyed(use):
            if named == role:
                given = under_key(holder.path, self._resolver.facts(holder.path), expr, key)
                found.update(given.inputs, *(flow.of(one).inputs for one in given.exprs))
        return tuple(sorted(found))

    def _flow(self, function: FunctionRef) -> Flow:
        return self._flows.setdefault(function, Flow(function, self._readings, self.of))

    def given(self, caller: FunctionRef, ref: CallRef, function: FunctionRef, wanted: Iterable[Input]) -> set[Input]:
        """The inputs of a caller that one of its calls hands on for inputs of the function it runs."""
        inputs = tuple(sorted(wanted))
        key = (caller, ref, function, inputs)
        return set(self._resolver.program.ask("given-inputs", key, lambda: self._given(caller, ref, function, inputs)))

    def _given(
        self, caller: FunctionRef, ref: CallRef, function: FunctionRef, wanted: tuple[Input, ...]
    ) -> tuple[Input, ...]:
        found: set[Input] = set()
        for target in self.callees.called(ref).targets:
            if target.function == function:
                for one in wanted:
                    given = self._readings.binding.given(caller, ref, target, one)
                    found.update(given.inputs, *(self._flow(caller).of(expr).inputs for expr in given.exprs))
        return tuple(sorted(found))

    def _find(self, function: FunctionRef) -> Summary:
        if function not in self._components:
            for members in components([function], self.callees.of, self._components.__contains__):
                ordered = tuple(sorted(members))
                self._components.update(dict.fromkeys(ordered, ordered))
                self._solved(ordered)
        members = self._components[function]
        return self._solved(members)[members.index(function)]

    def _solved(self, members: tuple[FunctionRef, ...]) -> tuple[Summary, ...]:
        """The summaries of a component, in the order of its members."""
        return self._resolver.program.ask("summaries", members[0], lambda: self._solve(members))

    def _solve(self, members: tuple[FunctionRef, ...]) -> tuple[Summary, ...]:
        current = {one: Summary(one) for one in members}

        def known(function: FunctionRef) -> Summary:
            if function in current:
                return current[function]
            # everything a function runs is in a component that was solved before its own
            return self.of(function) if function in self._components else Summary(function)

        is_cyclic = len(members) > 1 or members[0] in self.callees.of(members[0])
        for _ in range(MAX_ROUNDS if is_cyclic else 1):
            before = dict(current)
            for one in members:
                found = Composer(one, self._readings, known).compose()
                current[one] = joined(current[one], found)
            if current == before:
                break
        return tuple(current[one] for one in members)
