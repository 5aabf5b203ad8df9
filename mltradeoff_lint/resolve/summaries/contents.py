"""What the expressions of a function are made of: its inputs, and the library calls whose results they hold.

Every expression is looked at once: the expressions form a graph, whose components are taken from the sources up. Names
lead to the versions that reach them, so that only what one version is made of in a loop is told apart no further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Definition, Expr
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library
from mltradeoff_lint.resolve.flow.flow_steps import arguments, binding_scope, is_pure, operands, source_of
from mltradeoff_lint.resolve.summaries.anatomy import versions
from mltradeoff_lint.resolve.summaries.binding import object_of
from mltradeoff_lint.resolve.summaries.components import components
from mltradeoff_lint.resolve.summaries.merging import nearest, through
from mltradeoff_lint.resolve.summaries.model import Input, Source, Summary
from mltradeoff_lint.resolve.summaries.readings import Readings

SummaryOf = Callable[[FunctionRef], Summary]

_BUILDING = frozenset({"format", "join", "replace", "append", "extend", "insert", "add", "update", "setdefault", "get"})
"""Methods that put their arguments into what they give, or into their receiver, whatever the receiver is."""


class Contents(NamedTuple):
    """What an expression is made of."""

    inputs: frozenset[Input] = frozenset()
    sources: tuple[Source, ...] = ()


class _Step(NamedTuple):
    """What one expression adds, and the expressions it takes further."""

    own: Contents
    following: tuple[int, ...] = ()
    decodes: bool = False


EMPTY = Contents()


class Flow:
    """What the expressions of one function are made of."""

    def __init__(self, function: FunctionRef, readings: Readings, summary_of: SummaryOf) -> None:
        self._function = function
        self._path = function.path
        self._facts = readings.resolver.facts(function.path)
        self._resolver = readings.resolver
        self._sites = readings.sites
        self._callees = readings.callees
        self._meanings = readings.meanings
        self._binding = readings.binding
        self._own_classes = readings.own_classes
        self._summary_of = summary_of
        self._own_calls = frozenset(readings.callees.anatomy(function).calls)
        self._contents: dict[int, Contents] = {}
        self._steps: dict[int, _Step] = {}

    def of(self, expr: int) -> Contents:
        """What one expression is made of."""
        if expr not in self._contents:
            for members in components([expr], self._following, self._contents.__contains__):
                self._close(members)
        return self._contents[expr]

    def _following(self, expr: int) -> tuple[int, ...]:
        if expr not in self._steps:
            self._steps[expr] = self._step(expr)
        return self._steps[expr].following

    def _close(self, members: tuple[int, ...]) -> None:
        """What a component is made of: all of its members are made of the same."""
        steps = [self._steps[one] for one in members]
        parts = [step.own for step in steps]
        parts += [self._contents[one] for step in steps for one in step.following if one in self._contents]
        found = _joined(parts)
        if any(step.decodes for step in steps):
            sources = (one._replace(kind="structured") if one.kind == "text" else one for one in found.sources)
            found = Contents(found.inputs, nearest(sources))
        self._contents.update(dict.fromkeys(members, found))

    # -- expressions

    def _step(self, expr: int) -> _Step:
        one = self._facts.exprs[expr]
        match one[0]:
            case "const":
                return _Step(EMPTY)
            case "name":
                return self._name(expr, one)
            case "attr":
                return self._attribute(expr, one)
            case "call" if one[1] in self._own_calls:
                return self._call(CallRef(self._path, one[1]))
            case "call":
                # of a function around this one: what it runs is no part of this summary
                return _Step(Contents(sources=self._held(expr)))
            case "lambda":
                results = self._facts.scopes[one[1]].returns
                return _Step(EMPTY, tuple(each.value for each in results if each.value != NONE))
        parts = (child for child, _ in operands(self._facts, one, (), cautious=False))
        return _Step(EMPTY, tuple(child for child in parts if child != NONE))

    def _name(self, expr: int, one: Expr) -> _Step:
        scope = binding_scope(self._facts, one)
        if scope is None or (scope == 0 and self._function.scope != 0):
            return _Step(Contents(sources=self._held(expr)))
        reaching = one[2] or self._facts.scopes[scope].finals.get(one[1], ())
        inputs: set[Input] = set()
        following: list[int] = []
        is_outside = False
        for definition in versions(self._facts, reaching):
            if definition.kind == "param":
                inputs |= self._parameter(definition)
            elif definition.kind == "import":
                is_outside = True
            else:
                following += [value for value, _ in [source_of(definition, ())] if value != NONE]
        return _Step(Contents(frozenset(inputs), self._held(expr) if is_outside else ()), tuple(following))

    def _parameter(self, definition: Definition) -> set[Input]:
        scope = self._facts.scopes[definition.scope]
        is_object = definition.value == 0 and scope.owner != NONE and definition.name in ("self", "cls")
        if scope.kind != "function" or is_object:
            return set()
        return {Input(FunctionRef(self._path, definition.scope), definition.value)}

    def _attribute(self, expr: int, one: Expr) -> _Step:
        base = self._facts.exprs[one[1]]
        own = object_of(self._facts, self._path, base)
        if own is None:
            is_module = base[0] == "name" and binding_scope(self._facts, base) in (0, None)
            return _Step(Contents(sources=self._held(expr) if is_module else ()), (one[1],))
        behind = self._callees.property_of(self._path, one)
        if behind is None:
            return _Step(Contents(frozenset({Input(own, 0, one[2])}), self._held(expr)))
        summary = self._summary_of(behind)
        inputs = (each._replace(function=own) for each in summary.passed if each.attribute)
        line = self._facts.lines[expr]
        site = Site(self._path, Span(line, 0, line, 0))
        return _Step(Contents(frozenset(inputs), through(summary.returned, site)))

    def _held(self, expr: int) -> tuple[Source, ...]:
        """What a name or attribute holds that something else has made: a client, a model, data read at import."""
        found = []
        for value in self._resolver.values(self._path, expr):
            if isinstance(value, Library) and value.made:
                ref = value.made[-1].call
                for use in self._sites.at(ref):
                    kind = self._meanings.result(use)
                    if kind:
                        found.append(Source(kind, Site(ref.path, self._resolver.call(ref).span), use.value.path))
        return nearest(found)

    # -- calls

    def _call(self, ref: CallRef) -> _Step:
        uses = self._sites.at(ref)
        site = Site(ref.path, self._resolver.call(ref).span)
        ends = [use for use in uses if self._meanings.is_end(use)]
        if ends:
            kinds = ((self._meanings.result(use), use) for use in ends)
            found = [Source(kind, site, use.value.path) for kind, use in kinds if kind]
            return _Step(Contents(sources=nearest(found)))
        called = self._callees.called(ref)
        call = self._facts.calls[ref.call]
        following: list[int] = []
        parts: list[Contents] = []
        if called.inputs:
            following += [call.function, *arguments(call)]
        for target in called.targets if not called.constructs else ():
            summary = self._summary_of(target.function)
            seen = self._own_classes.through(summary.returned, ref, target, site)
            parts.append(Contents(sources=tuple(seen)))
            for wanted in summary.passed:
                given = self._binding.given(self._function, ref, target, wanted)
                following += given.exprs
                parts.append(Contents(frozenset(given.inputs), self._results_of(given.exprs, site)))
        if called.constructs and not called.targets:
            # a record of its fields; a class that makes itself up is no longer what it was given
            following += arguments(call)
        if called.libraries or called.unknown:
            following += self._through_library(ref, called.libraries)
        for use in uses:
            following += self._sites.select(ref, use.meaning.selectors("text")) if use.meaning.kind == "parse" else ()
            if use.meaning.kind == "calls-argument":
                handed = self._sites.select(ref, use.meaning.selectors("function"))
                parts.append(Contents(sources=self._results_of(handed, site)))
        decodes = any(use.meaning.kind == "parse" for use in uses)
        return _Step(_joined(parts), tuple(dict.fromkeys(one for one in following if one != NONE)), decodes)

    def _results_of(self, exprs: Iterable[int], site: Site) -> tuple[Source, ...]:
        """What functions give that are handed to one that gives back what they give."""
        found = [one for expr in exprs for one in self._callees.functions(self._path, expr)]
        return nearest(source for one in found for source in through(self._summary_of(one).returned, site))

    def _through_library(self, ref: CallRef, libraries: tuple[str, ...]) -> Iterator[int]:
        call = self._facts.calls[ref.call]
        function = self._facts.exprs[call.function]
        if function[0] == "attr":
            yield function[1]
        is_building = function[0] == "attr" and function[2] in _BUILDING
        if is_building or (libraries and all(is_pure(path) for path in libraries)):
            yield from arguments(call)


def _joined(parts: Iterable[Contents]) -> Contents:
    parts = [one for one in parts if one.inputs or one.sources]
    if len(parts) <= 1:
        return parts[0] if parts else EMPTY
    sources = nearest(source for one in parts for source in one.sources)
    return Contents(frozenset().union(*(one.inputs for one in parts)), sources)
