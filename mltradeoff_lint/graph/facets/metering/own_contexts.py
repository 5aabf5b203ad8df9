"""Context managers that the repository defines: the code that runs around a block, and whether it opens a span."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.usage_scopes import reads_usage
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import is_whole, last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance

SPAN = re.compile(
    r"(?:^|_)(?:span|generation|observation)s?(?:_|$)|^(?:Span|Generation|Observation)|[a-z](?:Span|Generation)$"
)
"""Functions that open a span of a trace, by what the tracing libraries call them."""

MAX_HOPS = 3
"""How far down its own calls the code of a context manager is followed."""

MAX_FUNCTIONS = 40
"""How many functions of them are looked at."""

_WHOLE = frozenset({"process", "off"})
"""The reach of instruments that cover more than the block of a context: setting a library up is no span."""

_METHODS = ("__init__", "__enter__", "__aenter__", "__exit__", "__aexit__")


class Manager(NamedTuple):
    """A context manager of the repository at a `with`: its call, its name, and the functions that run for it."""

    ref: CallRef
    name: str
    functions: tuple[FunctionRef, ...]
    """First the one that takes the arguments."""


class OwnContexts:
    """Finds the managers around a region and looks into them."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._opening: dict[FunctionRef, bool] = {}
        self._calls: dict[str, dict[int, list[int]]] = {}

    def around(self, path: str, region: int) -> Iterator[Manager]:
        """The managers of the repository that enclose a region, the innermost first."""
        for ref in self.opened(path, region):
            functions = tuple(dict.fromkeys(self._functions(ref)))
            if functions:
                yield Manager(ref, self._called(ref), functions)

    def opened(self, path: str, region: int) -> Iterator[CallRef]:
        """The calls that may make the managers around a region, the innermost first."""
        facts = self._work.resolver.facts(path)
        while region != NONE:
            one = facts.regions[region]
            for number in _makers(facts, one.test) if one.kind == "with" else ():
                yield CallRef(path, number)
            region = one.parent

    def opens_span(self, manager: Manager) -> bool:
        """Whether a manager opens a span of a library, or reads what a call used, in its code or further down."""
        return any(self._opens(function) for function in manager.functions)

    def _functions(self, ref: CallRef) -> Iterator[FunctionRef]:
        resolver = self._work.resolver
        for value in resolver.values(ref.path, resolver.call(ref).function):
            if isinstance(value, Class):
                yield from self._methods(value.ref)
            elif isinstance(value, Function):
                yield value.ref
                for one in self._returned(value.ref):
                    yield from self._methods(one)

    def _returned(self, function: FunctionRef) -> Iterator[ClassRef]:
        """The classes of the objects that a function gives back."""
        for one in self._work.resolver.scope(function).returns:
            values = self._work.resolver.values(function.path, one.value) if one.value != NONE else ()
            yield from (value.ref for value in values if isinstance(value, Instance))

    def _methods(self, ref: ClassRef) -> Iterator[FunctionRef]:
        """The methods that make, enter and leave an object of a class."""
        for name in _METHODS:
            for one in self._work.resolver.member(Instance(ref), name):
                if isinstance(one, Function):
                    yield one.ref

    def _opens(self, function: FunctionRef) -> bool:
        if function not in self._opening:
            self._opening[function] = self._any_opens(function)
        return self._opening[function]

    def _any_opens(self, function: FunctionRef) -> bool:
        level, seen = [function], {function}
        for hops in range(MAX_HOPS + 1):
            following: list[FunctionRef] = []
            for one in level:
                if hops < 2 and reads_usage(self._work, one):
                    return True
                for ref in self._calls_in(one):
                    own = tuple(self._functions(ref))
                    if not own and self._is_span(ref):
                        return True
                    following += [each for each in own if each not in seen]
                    seen.update(own)
            level = following[:MAX_FUNCTIONS]
        return False

    def _calls_in(self, function: FunctionRef) -> Iterator[CallRef]:
        if function.path not in self._calls:
            by_scope = self._calls[function.path] = dict[int, list[int]]()
            for number, call in enumerate(self._work.resolver.facts(function.path).calls):
                by_scope.setdefault(call.scope, []).append(number)
        return (CallRef(function.path, number) for number in self._calls[function.path].get(function.scope, ()))

    def _is_span(self, ref: CallRef) -> bool:
        """Whether a call is an instrument of the catalog or is called like the start of a span."""
        for use in self._work.sites.at(ref):
            if use.meaning.kind == "instrument" and use.meaning.literal("reach") not in _WHOLE:
                return True
        return SPAN.search(self._called(ref)) is not None

    def _called(self, ref: CallRef) -> str:
        facts = self._work.resolver.facts(ref.path)
        return last_name(facts.exprs[facts.calls[ref.call].function])


def _makers(facts: PythonFacts, index: int) -> Iterator[int]:
    """The calls that may make the manager of a `with`: it may be chosen, or bound to a name before."""
    pending, seen = [index], set[int]()
    while pending:
        at = pending.pop()
        if at == NONE or at in seen:
            continue
        seen.add(at)
        expr = facts.exprs[at]
        if expr[0] == "call":
            yield expr[1]
            yield from _entered(facts, at)
        elif expr[0] == "ifexp":
            pending += expr[2:4]
        elif expr[0] == "boolop":
            pending += expr[2]
        elif expr[0] == "name":
            bound = [facts.definitions[one] for one in expr[2]]
            pending += [one.value for one in bound if one.kind == "assign" and is_whole(one)]


def _entered(facts: PythonFacts, manager: int) -> Iterator[int]:
    """The calls whose managers are entered through a stack that a `with` opens: `stack.enter_context(...)`."""
    names = {one.name for one in facts.definitions if one.kind == "enter" and one.value == manager}
    for call in facts.calls if names else ():
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] in ("enter_context", "enter_async_context") and call.arguments:
            given = facts.exprs[call.arguments[0]]
            if last_name(facts.exprs[function[1]]) in names and given[0] == "call":
                yield given[1]
