"""Which expressions end up in something that lasts: a response, a file, a table, a saved model.

Walks back from every such end at once, over everything a value can be made of, without telling callers apart: what
it does not reach is only looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.combination.origins import definitions_of, versions
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.object_calls import run_by_call
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef, Instance, Module
from mltradeoff_lint.resolve.sites import Use

MAX_VISITED = 200_000
KEEPING_SINKS = ("file", "database", "response")
ANSWERING = ("endpoint", "task", "scheduled", "stage")
"""Kinds of entries whose result somebody receives."""

ASKED = ("predict", "predict_proba", "decision_function", "predict_log_proba", "forward", "__call__")
"""Methods that a saved model is asked for a score by."""

_Place = tuple[str, int]


class Kept:
    """The expressions, calls and definitions that reach an end that lasts."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._writes: dict[str, dict[str, list[int]]] = {}
        self.expressions: set[_Place] = set()
        self.calls: set[CallRef] = set()
        self.definitions: set[_Place] = set()
        self._walk(list(self._ends()))

    # -- the ends

    def _ends(self) -> Iterator[_Place]:
        for use in self._work.sites.of_kind("dataset-write", "model-save", "sink"):
            yield from ((use.ref.path, expr) for expr in self._stored(use))
            if use.meaning.kind == "model-save":
                yield from self._answers(use)
        for entry in self._work.entries.of_kind(*ANSWERING):
            scope = self._work.resolver.scope(entry.function)
            for one in (*scope.returns, *scope.yields):
                yield entry.function.path, one.value

    def _answers(self, use: Use) -> Iterator[_Place]:
        """What the methods of a saved object of the repository give back: whoever loads it asks them."""
        for expr in self._stored(use):
            for value in self._work.resolver.values(use.ref.path, expr):
                if isinstance(value, Instance):
                    methods = (one for name in ASKED for one in self._work.resolver.member(value, name))
                    for method in (one.ref for one in methods if isinstance(one, Function)):
                        scope = self._work.resolver.scope(method)
                        yield from ((method.path, one.value) for one in (*scope.returns, *scope.yields))

    def _stored(self, use: Use) -> tuple[int, ...]:
        """The expressions that a write stores."""
        call = self._work.resolver.call(use.ref)
        everything = (*call.arguments, *(expr for _, expr in call.keywords))
        if use.meaning.kind == "sink":
            return everything if use.meaning.literal("what") in KEEPING_SINKS else ()
        wanted = use.meaning.selectors("value" if use.meaning.kind == "dataset-write" else "model")
        return self._work.sites.select(use.ref, wanted) or everything

    # -- the walk

    def _walk(self, pending: list[_Place]) -> None:
        self.expressions.update(pending)
        while pending and len(self.expressions) < MAX_VISITED:
            path, expr = pending.pop()
            if expr == NONE:
                continue
            for following in self._step(path, expr):
                if following not in self.expressions and following[1] != NONE:
                    self.expressions.add(following)
                    pending.append(following)

    def _step(self, path: str, index: int) -> Iterator[_Place]:
        facts = self._work.resolver.facts(path)
        expr = facts.exprs[index]
        kind = expr[0]
        if kind == "call":
            yield from self._call(path, facts, expr[1])
        elif kind == "name":
            for where, number in definitions_of(self._work, path, expr):
                yield from self._definition(where, number)
            yield from ((path, value) for value in self._written(path, facts, expr[1]))
        elif kind == "attr":
            yield from self._attribute(path, expr[1], expr[2])
        elif kind == "comp":
            yield path, expr[2]
            yield from ((path, one) for one in expr[4])
        elif kind == "dict":
            yield from ((path, value) for _, value in expr[1])
        elif kind in ("tuple", "list", "set", "fstring"):
            yield from ((path, one) for one in expr[1])
        elif kind in ("boolop", "compare", "other"):
            yield from ((path, one) for one in expr[2])
        elif kind in ("binop", "ifexp"):
            yield from ((path, one) for one in expr[2:4])
        elif kind == "unary":
            yield path, expr[2]
        elif kind in ("item", "await", "star", "yield", "yieldfrom"):
            yield path, expr[1]

    def _definition(self, path: str, index: int) -> Iterator[_Place]:
        facts = self._work.resolver.facts(path)
        for number, definition, _ in versions(facts, index):
            if (path, number) in self.definitions:
                continue
            self.definitions.add((path, number))
            if definition.kind == "param":
                function = FunctionRef(path, definition.scope)
                for ref in self._work.resolver.callers(function):
                    found = self._work.resolver.argument(ref, function, definition.value)
                    if found is not None:
                        yield found
            elif definition.kind == "import":
                one = facts.imports[definition.value]
                target = self._work.resolver.program.module(path, one.module, one.level) if one.name else None
                if target is not None and self._work.resolver.program.python(target) is not None:
                    for other in self._work.resolver.facts(target).scopes[0].finals.get(one.name or "", ()):
                        yield from self._definition(target, other)
            elif definition.kind in ("assign", "loop", "enter", "augment", "item", "attribute", "method", "match"):
                yield path, definition.value

    def _written(self, path: str, facts: PythonFacts, name: str) -> tuple[int, ...]:
        """What is written below a name that no new version records: `frame.loc[:, "y"] = value`."""
        if path not in self._writes:
            index: dict[str, list[int]] = {}
            for write in facts.writes:
                root = facts.exprs[write.base] if write.base != NONE else ("other",)
                while root[0] in ("attr", "item"):
                    root = facts.exprs[root[1]]
                if root[0] == "name" and root[1] not in ("self", "cls"):
                    index.setdefault(root[1], []).append(write.value)
            self._writes[path] = index
        return tuple(self._writes[path].get(name, ()))

    def _attribute(self, path: str, base: int, name: str) -> Iterator[_Place]:
        found = False
        for value in self._work.resolver.values(path, base):
            if isinstance(value, Instance):
                for where, target, _, _ in self._work.resolver.members.sources(value, name):
                    found = True
                    yield where, target
            elif isinstance(value, Module) and self._work.resolver.program.python(value.path) is not None:
                for index in self._work.resolver.facts(value.path).scopes[0].finals.get(name, ()):
                    found = True
                    yield from self._definition(value.path, index)
        if not found:
            yield path, base

    def _call(self, path: str, facts: PythonFacts, number: int) -> Iterator[_Place]:
        self.calls.add(CallRef(path, number))
        call = facts.calls[number]
        for value in self._work.resolver.values(path, call.function):
            for run in run_by_call(self._work.resolver, value):
                scope = self._work.resolver.scope(run)
                yield from ((run.path, one.value) for one in (*scope.returns, *scope.yields))
        function = facts.exprs[call.function]
        if function[0] == "attr":
            yield path, function[1]
        yield from ((path, one) for one in call.arguments)
        yield from ((path, one) for _, one in call.keywords)
