"""What a decorator of the repository is applied to: the calls that Python makes without writing them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Value
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver

MAX_DECORATED = 60
"""Things under one decorator that are looked at."""


class Decorated(NamedTuple):
    """A function or class under a decorator; `setting` is the call that made the decorator, as in `@register("x")`."""

    thing: Value
    setting: CallRef | None


class _Mark(NamedTuple):
    path: str
    expr: int
    thing: Value


class Decorations:
    """Answers what a function decorates, by name first and by resolved decorator then."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def of(self, function: FunctionRef) -> tuple[Decorated, ...]:
        """What a function is applied to as a decorator, or as the function that a decorator with settings returns."""
        marks = self._resolver.program.ask("decorator-marks", "", self._by_name)
        names = [name for name in self._names(function) if name in marks]
        if not names:
            return ()
        return self._resolver.program.ask("decorated", function, lambda: tuple(self._find(function, marks, names)))

    def _names(self, function: FunctionRef) -> tuple[str, ...]:
        """The names under which a decorator can be written: its own, and that of the function that returns it."""
        facts = self._resolver.facts(function.path)
        scope = facts.scopes[function.scope]
        outer = facts.scopes[scope.parent] if scope.parent > 0 else None
        return (scope.name, outer.name) if outer is not None and outer.kind == "function" else (scope.name,)

    def _find(
        self, function: FunctionRef, marks: dict[str, tuple[_Mark, ...]], names: list[str]
    ) -> Iterator[Decorated]:
        for mark in [mark for name in names for mark in marks[name]][:MAX_DECORATED]:
            if is_test(mark.path) and not is_test(function.path):
                continue
            values = self._resolver.values(mark.path, mark.expr)
            if any(isinstance(value, Function) and value.ref == function for value in values):
                expr = self._resolver.facts(mark.path).exprs[mark.expr]
                yield Decorated(mark.thing, CallRef(mark.path, expr[1]) if expr[0] == "call" else None)

    def _by_name(self) -> dict[str, tuple[_Mark, ...]]:
        index: dict[str, list[_Mark]] = {}
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for number, scope in enumerate(facts.scopes):
                for expr in scope.decorators:
                    thing = Function(FunctionRef(path, number))
                    index.setdefault(_name(facts, expr), []).append(_Mark(path, expr, thing))
            for number, one in enumerate(facts.classes):
                for expr in one.decorators:
                    mark = _Mark(path, expr, Class(ClassRef(path, number)))
                    index.setdefault(_name(facts, expr), []).append(mark)
        return {name: tuple(marks) for name, marks in index.items()}


def takes_decorated(resolver: Resolver, function: FunctionRef, position: int) -> bool:
    """Whether a parameter is the one that takes what is decorated: the first that is not the receiver."""
    scope = resolver.scope(function)
    return position == (1 if scope.owner != NONE and scope.kind == "function" else 0)


def _name(facts: PythonFacts, expr: int) -> str:
    one = facts.exprs[expr]
    if one[0] == "call":
        one = facts.exprs[facts.calls[one[1]].function]
    return str(one[1] if one[0] == "name" else one[2] if one[0] == "attr" else "")
