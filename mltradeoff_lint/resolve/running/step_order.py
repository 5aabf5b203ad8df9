"""Which step of a workflow comes before which: by operators and calls, names, parameters, events, or passed results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Call, PythonFacts
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Function,
    FunctionRef,
    Instance,
    Library,
    known_texts,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.workflows import Workflows, is_step, names_in, opened
from mltradeoff_lint.resolve.sites import Marked, Sites, Use

MAX_STEPS_BACK = 6
"""Assignments from the place where a step is named back to the call that made it."""


class Before(NamedTuple):
    """A step that runs before another, and the place that says so."""

    function: FunctionRef
    site: Site


class StepOrder:
    """The order of the steps of all workflows of a repository."""

    def __init__(self, resolver: Resolver, sites: Sites, workflows: Workflows) -> None:
        self._resolver = resolver
        self._sites = sites
        self._workflows = workflows

    def before(self, function: FunctionRef) -> tuple[Before, ...]:
        """The steps that a step directly follows, in place order."""
        found = self._resolver.program.ask("step-order", "", self._collect)
        return found.get(function, ())

    def _collect(self) -> dict[FunctionRef, tuple[Before, ...]]:
        index: dict[FunctionRef, set[Before]] = {}
        for first, second, site in self._pairs():
            if first != second:
                index.setdefault(second, set()).add(Before(first, site))
        return {key: tuple(sorted(ones, key=lambda one: (one.site, one.function))) for key, ones in index.items()}

    def _pairs(self) -> Iterator[tuple[FunctionRef, FunctionRef, Site]]:
        marks = [mark for mark in self._sites.marked if mark.function is not None and is_step(mark.meaning)]
        yield from self._by_calls()
        yield from self._by_operators()
        yield from self._by_decorators(marks)
        yield from self._by_names()
        yield from self._by_results({mark.function for mark in marks if mark.function is not None})

    # -- `a >> b`, `a.set_downstream(b)`, `chain(a, b)`, `self.next(self.b)`

    def _by_calls(self) -> Iterator[tuple[FunctionRef, FunctionRef, Site]]:
        for use in self._sites.of_kind("workflow-order"):
            path, call = use.ref.path, self._resolver.call(use.ref)
            site = Site(path, call.span)
            if use.meaning.literal("before") == "around":
                groups = [[FunctionRef(path, call.scope)]]
            else:
                selected = self._sites.select(use.ref, use.meaning.selectors("before"))
                groups = [self._steps(path, one) for one in selected]
            behind = self._sites.select(use.ref, use.meaning.selectors("after"))
            if behind:
                first = [step for group in groups for step in group]
                yield from _all(first, [step for one in behind for step in self._steps(path, one)], site)
            else:
                for earlier, later in pairwise(groups):
                    yield from _all(earlier, later, site)

    def _by_operators(self) -> Iterator[tuple[FunctionRef, FunctionRef, Site]]:
        if not self._sites.of_kind("workflow"):
            return
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for index, expr in enumerate(facts.exprs):
                if expr[0] == "binop" and expr[1] in (">>", "<<"):
                    left, right = self._steps(path, expr[2]), self._steps(path, expr[3])
                    site = Site(path, Span(facts.lines[index], 0, facts.lines[index], 0))
                    yield from _all(left, right, site) if expr[1] == ">>" else _all(right, left, site)

    def _steps(self, path: str, expr: int, depth: int = 0) -> list[FunctionRef]:
        """The step functions that an expression of a wiring stands for."""
        facts = self._resolver.facts(path)
        one = facts.exprs[expr]
        if depth > MAX_STEPS_BACK:
            return []
        if one[0] in ("list", "tuple", "set"):
            return [step for item in one[1] for step in self._steps(path, item, depth + 1)]
        if one[0] == "binop" and one[1] in (">>", "<<"):
            return self._steps(path, one[3], depth + 1)
        found: list[FunctionRef] = []
        for value in opened(self._resolver.values(path, expr)):
            if isinstance(value, Function):
                found.append(value.ref)
            elif isinstance(value, Library):
                found += [step for made in value.made for step in self._wired_by().get(made.call, ())]
        return found or self._called(path, expr, depth)

    def _called(self, path: str, expr: int, depth: int) -> list[FunctionRef]:
        """The steps whose results an expression holds: calls of them, straight or through variables."""
        facts = self._resolver.facts(path)
        one = facts.exprs[expr]
        if depth > MAX_STEPS_BACK:
            return []
        if one[0] == "call":
            values = self._resolver.values(path, facts.calls[one[1]].function)
            return [value.ref for value in values if isinstance(value, Function)]
        if one[0] in ("attr", "item", "await", "star"):
            return self._called(path, one[1], depth + 1)
        if one[0] in ("list", "tuple"):
            return [step for item in one[1] for step in self._called(path, item, depth + 1)]
        if one[0] == "name":
            definitions = [facts.definitions[index] for index in one[2]]
            held = [each.value for each in definitions if each.kind == "assign" and each.value != NONE]
            return [step for value in held for step in self._called(path, value, depth + 1)]
        return []

    def _wired_by(self) -> dict[CallRef, tuple[FunctionRef, ...]]:
        """Call that puts steps into a workflow -> the steps."""

        def find() -> dict[CallRef, tuple[FunctionRef, ...]]:
            index: dict[CallRef, tuple[FunctionRef, ...]] = {}
            for function, refs in self._workflows.wired().items():
                for ref in refs:
                    index[ref] = (*index.get(ref, ()), function)
            return index

        return self._resolver.program.ask("wired-by", "", find)

    # -- decorators: names of earlier steps, parameters named for them, events

    def _by_decorators(self, marks: Iterable[Marked]) -> Iterator[tuple[FunctionRef, FunctionRef, Site]]:
        by_name: dict[str, list[FunctionRef]] = {}
        by_event: dict[ClassRef, list[FunctionRef]] = {}
        marks = list(marks)
        for mark in marks:
            if mark.function is not None:
                by_name.setdefault(self._resolver.scope(mark.function).name, []).append(mark.function)
                for event in self._returned(mark.function) if "events" in _after(mark) else ():
                    by_event.setdefault(event, []).append(mark.function)
        for mark in marks:
            for first in self._named(mark, by_name, by_event):
                if mark.function is not None:
                    yield first, mark.function, mark.site

    def _named(
        self, mark: Marked, by_name: dict[str, list[FunctionRef]], by_event: dict[ClassRef, list[FunctionRef]]
    ) -> Iterator[FunctionRef]:
        function = mark.function
        words = _after(mark)
        if function is None:
            return
        scope = self._resolver.scope(function)
        for parameter in scope.parameters:
            if "parameters" in words:
                yield from _nearest(by_name.get(parameter.name, ()), function)
            if "events" in words and parameter.annotation != NONE:
                for value in self._resolver.annotated(function.path, parameter.annotation):
                    yield from by_event.get(value.ref, ()) if isinstance(value, Instance) else ()
        selectors = [one for one in mark.meaning.selectors("after") if one.keywords != ("parameters",)]
        if mark.decorator is not None and selectors:
            for expr in self._sites.select(mark.decorator, tuple(selectors)):
                values = tuple(opened(self._resolver.values(mark.decorator.path, expr)))
                yield from (value.ref for value in values if isinstance(value, Function))
                for text in known_texts(values):
                    yield from _nearest(by_name.get(text, ()), function)

    def _returned(self, function: FunctionRef) -> Iterator[ClassRef]:
        scope = self._resolver.scope(function)
        values = [value for one in scope.returns for value in self._resolver.values(function.path, one.value)]
        if scope.annotation != NONE:
            values += self._resolver.annotated(function.path, scope.annotation)
        yield from (value.ref for value in values if isinstance(value, (Instance, Class)))

    # -- names of inputs and outputs

    def _by_names(self) -> Iterator[tuple[FunctionRef, FunctionRef, Site]]:
        uses = [use for use in self._sites.of_kind("workflow") if use.meaning.selectors("outputs")]
        makers: dict[str, list[FunctionRef]] = {}
        for use in uses:
            for name in self._texts(use, "outputs"):
                makers.setdefault(name.partition("@")[0], []).extend(self._wired_by().get(use.ref, ()))
        for use in uses:
            site = Site(use.ref.path, self._resolver.call(use.ref).span)
            for name in self._texts(use, "inputs"):
                yield from _all(makers.get(name.partition("@")[0], ()), self._wired_by().get(use.ref, ()), site)

    def _texts(self, use: Use, setting: str) -> tuple[str, ...]:
        return known_texts(tuple(opened(self._sites.setting(use, setting))))

    # -- results passed on: `score(load())`

    def _by_results(self, steps: set[FunctionRef]) -> Iterator[tuple[FunctionRef, FunctionRef, Site]]:
        names = {self._resolver.scope(one).name for one in steps}
        for path in self._resolver.program.python_paths() if steps else ():
            facts = self._resolver.facts(path)
            for call in facts.calls:
                if _names(facts, call).isdisjoint(names):
                    continue
                called = [one for one in self._called_steps(path, call.function) if one in steps]
                for expr in (*call.arguments, *(value for _, value in call.keywords)) if called else ():
                    given = [one for one in self._called(path, expr, 0) if one in steps]
                    yield from _all(given, called, Site(path, call.span))

    def _called_steps(self, path: str, function: int) -> list[FunctionRef]:
        expr = self._resolver.facts(path).exprs[function]
        values = self._resolver.values(path, function)
        if expr[0] == "attr":
            # `score.submit(...)` runs the step that stands before the dot
            values = (*values, *self._resolver.values(path, expr[1]))
        return [value.ref for value in values if isinstance(value, Function)]


def _after(mark: Marked) -> tuple[str, ...]:
    words = names_in(mark.meaning, "after")
    return (*words, *(word for one in mark.meaning.selectors("after") for word in one.keywords if word == "parameters"))


def _nearest(functions: Iterable[FunctionRef], near: FunctionRef) -> list[FunctionRef]:
    """Steps of one name: those of the same file when there are any, else the only one."""
    found = list(functions)
    here = [one for one in found if one.path == near.path]
    return here or (found if len(found) == 1 else [])


def _all(
    before: Iterable[FunctionRef], after: Iterable[FunctionRef], site: Site
) -> Iterator[tuple[FunctionRef, FunctionRef, Site]]:
    behind = list(after)
    yield from ((first, second, site) for first in before for second in behind)


def _names(facts: PythonFacts, call: Call) -> set[str]:
    """The names by which a call may go: `f` of `f()`, both of `f.submit()`."""
    expr = facts.exprs[call.function]
    names = {str(expr[1])} if expr[0] == "name" else {str(expr[2])} if expr[0] == "attr" else set()
    base = facts.exprs[expr[1]] if expr[0] == "attr" else ("", "")
    return names | ({str(base[1])} if base[0] == "name" else set())
