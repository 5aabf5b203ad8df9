"""The summary of one function from its own calls and the summaries of what these run."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.flow.flow_steps import arguments
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.summaries.anatomy import versions
from mltradeoff_lint.resolve.summaries.binding import is_object, object_of
from mltradeoff_lint.resolve.summaries.callees import Target
from mltradeoff_lint.resolve.summaries.contents import EMPTY, Flow, SummaryOf
from mltradeoff_lint.resolve.summaries.gates import compared
from mltradeoff_lint.resolve.summaries.keyed import under_key
from mltradeoff_lint.resolve.summaries.merging import gaps, nearest, through
from mltradeoff_lint.resolve.summaries.model import Effect, Gap, Given, Input, Reached, Summary
from mltradeoff_lint.resolve.summaries.readings import Readings

MAX_GIVEN = 3
"""Functions that give functions: a decorator with arguments is two deep."""


class Composer:
    """Puts together what one function does; what it runs is asked of `summary_of`."""

    def __init__(self, function: FunctionRef, readings: Readings, summary_of: SummaryOf) -> None:
        self._function = function
        self._path = function.path
        self._facts = readings.resolver.facts(function.path)
        self._resolver = readings.resolver
        self._sites = readings.sites
        self._callees = readings.callees
        self._anatomy = readings.callees.anatomy(function)
        self._binding = readings.binding
        self._meanings = readings.meanings
        self._own_classes = readings.own_classes
        self._marks = readings.marks.get(function, ())
        self._summary_of = summary_of
        self._flow = Flow(function, readings, summary_of)

    def compose(self) -> Summary:
        """The summary as far as those it is made from go."""
        results = [self._flow.of(expr) for expr in self._anatomy.results]
        gives = {one for expr in self._anatomy.results for one in self._given_back(expr)}
        return Summary(
            self._function,
            nearest(source for one in results for source in one.sources),
            tuple(sorted({each for one in results for each in one.inputs})),
            nearest(self._reached()),
            nearest(self._effects()),
            tuple(sorted(gives - {self._function})),
            gaps(self._gaps()),
        )

    def _given_back(self, expr: int) -> Iterator[FunctionRef]:
        """The functions a result is: named itself, or given back by what it calls, also over a variable."""
        yield from self._callees.functions(self._path, expr)
        one = self._facts.exprs[expr]
        values = [one]
        if one[0] == "name":
            definitions = versions(self._facts, one[2])
            values = [self._facts.exprs[each.value] for each in definitions if each.kind == "assign" and not each.path]
        for value in values:
            if value[0] == "call" and self._facts.calls[value[1]].scope == self._function.scope:
                for target in self._callees.called(CallRef(self._path, value[1])).targets:
                    yield from self._summary_of(target.function).gives

    # -- what inputs reach

    def _reached(self) -> Iterator[Reached]:
        for number in self._anatomy.calls:
            ref = CallRef(self._path, number)
            site = self._site(ref)
            for use in self._sites.at(ref):
                for role, expr in self._meanings.roles(use):
                    yield from self._note(expr, role, site, use.value.path)
                for role, key, splat in self._meanings.keyed(use):
                    inputs = self._inputs(under_key(self._path, self._facts, splat, key))
                    yield from (Reached(one, role, site, use.value.path) for one in inputs)
            called = self._callees.called(ref)
            if called.inputs:
                name = self._facts.calls[number].function
                yield from self._note(name, "called", site, str(self._facts.exprs[name][1]))
            for target in called.targets:
                yield from self._through(ref, site, target)
            for use, handed, function in self._handed(ref):
                yield from self._through_handed(use, handed, function, site)
        for test in self._anatomy.tests:
            for expr, what in compared(self._facts, test):
                yield from self._note(expr, "gate", self._line(test), what)
        yield from self._kept()

    def _through(self, ref: CallRef, site: Site, target: Target) -> Iterator[Reached]:
        summary = self._summary_of(target.function)
        for one in self._own_classes.through(summary.reached, ref, target, site):
            if one.role == "attribute":
                if not target.is_construction and self._facts.calls[ref.call].function != NONE and self._is_own(target):
                    yield from self._passed_on(ref, target, one._replace(way=one.way[1:]))
            else:
                yield from self._passed_on(ref, target, one)

    def _handed(self, ref: CallRef) -> Iterator[tuple[Use, int, FunctionRef]]:
        """(use, expression, function) of the functions that a call hands to a library that calls them."""
        for use in self._sites.at(ref):
            if use.meaning.kind == "calls-argument":
                for expr in self._sites.select(ref, use.meaning.selectors("function")):
                    yield from ((use, expr, function) for function in self._callees.functions(self._path, expr))

    def _through_handed(self, use: Use, expr: int, function: FunctionRef, site: Site) -> Iterator[Reached]:
        """What the arguments behind a handed function reach in it."""
        call = self._facts.calls[use.ref.call]
        if use.meaning.literal("arguments") not in ("following", "each") or expr not in call.arguments:
            return
        first = call.arguments.index(expr) + 1 - int(is_object(self._resolver, function, 0))
        for one in through(self._summary_of(function).reached, site):
            at = first + one.input.position
            is_own = one.input.function == function and not one.input.attribute and one.role != "attribute"
            if is_own and call.arguments.index(expr) < at < len(call.arguments):
                yield from (one._replace(input=each) for each in self._flow.of(call.arguments[at]).inputs)

    def _passed_on(self, ref: CallRef, target: Target, one: Reached) -> Iterator[Reached]:
        given = self._binding.given(self._function, ref, target, one.input)
        yield from (one._replace(input=each) for each in self._inputs(given))

    def _inputs(self, given: Given) -> set[Input]:
        return {each for expr in given.exprs for each in self._flow.of(expr).inputs} | set(given.inputs)

    def _is_own(self, target: Target) -> bool:
        """Whether a call is one of the own object: `super().__init__(...)`, `self.reset(...)`."""
        if target.receiver == NONE:
            return False
        base = self._facts.exprs[target.receiver]
        if base[0] == "call":
            return is_super(self._facts, target.receiver)
        return object_of(self._facts, self._path, base) is not None

    def _kept(self) -> Iterator[Reached]:
        for number in self._anatomy.attributes:
            write = self._facts.writes[number]
            if write.value != NONE and object_of(self._facts, self._path, self._facts.exprs[write.base]) is not None:
                yield from self._note(write.value, "attribute", Site(self._path, write.span), str(write.key))

    def _note(self, expr: int, role: str, site: Site, what: str) -> Iterator[Reached]:
        yield from (Reached(one, role, site, what) for one in self._flow.of(expr).inputs)

    # -- what it does

    def _effects(self) -> Iterator[Effect]:
        for number in self._anatomy.calls:
            ref = CallRef(self._path, number)
            site = self._site(ref)
            for use in self._sites.at(ref):
                yield from (Effect(kind, site, what) for kind, what in self._meanings.effects(use))
            called = self._callees.called(ref)
            for target in called.targets:
                summary = self._summary_of(target.function)
                yield from self._own_classes.through(summary.effects, ref, target, site)
                for position in {one.input for one in summary.reached if one.role == "called"}:
                    yield from self._of_handed(ref, target, position, site)
            for _, _, function in self._handed(ref):
                yield from through(self._summary_of(function).effects, site)
        for expr in self._anatomy.members:
            behind = self._callees.property_of(self._path, self._facts.exprs[expr])
            if behind is not None:
                yield from through(self._summary_of(behind).effects, self._line(expr))
        yield from self._of_decorators()

    def _of_handed(self, ref: CallRef, target: Target, wanted: Input, site: Site) -> Iterator[Effect]:
        """What a function does that is handed to one that calls it."""
        for expr in self._binding.given(self._function, ref, target, wanted).exprs:
            for function in self._callees.functions(self._path, expr):
                yield from through(self._summary_of(function).effects, site)

    def _of_decorators(self) -> Iterator[Effect]:
        """What the wrappers do that a function is called through."""
        line = Site(self._path, self._facts.scopes[self._function.scope].name_span)
        level = self._callees.wrappers(self._function)
        for _ in range(MAX_GIVEN):
            level = tuple(given for one in level for given in self._summary_of(one).gives)
            for one in level:
                yield from through(self._summary_of(one).effects, line)
        for mark in self._marks:
            if mark.meaning.kind == "instrument":
                yield Effect("meter", mark.site, f"{mark.meaning.literal('facets')} by {mark.meaning.path}")

    # -- what is not known

    def _gaps(self) -> Iterator[Gap]:
        for number in self._anatomy.calls:
            ref = CallRef(self._path, number)
            called = self._callees.called(ref)
            if called.unknown and not called.targets and not called.libraries and not self._sites.at(ref):
                given = [self._flow.of(expr) for expr in arguments(self._facts.calls[number])]
                if any(one != EMPTY for one in given):
                    yield Gap(called.unknown, self._site(ref))

    # -- places

    def _site(self, ref: CallRef) -> Site:
        return Site(ref.path, self._resolver.call(ref).span)

    def _line(self, expr: int) -> Site:
        line = self._facts.lines[expr]
        return Site(self._path, Span(line, 0, line, 0))
