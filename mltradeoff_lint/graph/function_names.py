"""The names of functions in the graph, where a module defines one name more than once.

Two routes can be handled by two functions of one name, and both are in use. The second is `get_predictions#2`: it is
counted in the order of the source, so that moved lines change no name.

What has to change is a coarser thing. Of the definitions in the branches of an `if` or `try` one is in use, and so is
one of those that replace each other before anything sees them: these are one cause under the name of the first.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts, Scope
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.standing import regions_around

_OTHER_WAYS = {
    "then": frozenset({"else", "after"}),
    "else": frozenset({"then"}),
    "after": frozenset({"then"}),
    "try": frozenset({"except"}),
    "tryelse": frozenset({"except"}),
    "except": frozenset({"try", "tryelse", "except"}),
    "case": frozenset({"case"}),
}
"""Kind of a region -> the kinds of its neighbours that do not run when it does."""

_TESTED = frozenset({"then", "else", "after", "case"})
"""Kinds of regions whose neighbours of one statement have its test or subject."""

_FUNCTIONS = ("function", "lambda")


class FunctionNames:
    """Tells the definitions of one name in one module apart."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._repeated: dict[str, dict[int, tuple[int, ...]]] = {}
        self._causes: dict[FunctionRef, str] = {}

    def of(self, function: FunctionRef) -> str:
        """The qualified name of a function, with `#2` behind that of a second definition; empty for module code."""
        name = self._resolver.scope(function).qualname
        return _numbered(name, self._same(function).index(function.scope))

    def of_cause(self, function: FunctionRef) -> str:
        """The name of what has to change: definitions of which only one is in use share that of the first."""
        found = self._causes.get(function)
        if found is None:
            found = self._causes[function] = self._cause(function)
        return found

    def _same(self, function: FunctionRef) -> tuple[int, ...]:
        """The definitions that have the name of a function, itself among them, in the order of the source."""
        repeated = self._repeated.get(function.path)
        if repeated is None:
            repeated = self._repeated[function.path] = _repeated(self._resolver.facts(function.path))
        return repeated.get(function.scope, (function.scope,))

    def _cause(self, function: FunctionRef) -> str:
        name, same = self._resolver.scope(function).qualname, self._same(function)
        if len(same) == 1 or self._resolver.scope(function).kind == "lambda":
            return name
        facts = self._resolver.facts(function.path)
        causes: list[int] = []
        for place, scope in enumerate(same):
            sharing = (at for at, one in enumerate(same[:place]) if not _is_beside(facts, one, scope))
            shared = next(sharing, None)
            causes.append(max(causes, default=-1) + 1 if shared is None else causes[shared])
        return _numbered(name, causes[same.index(function.scope)])


def _numbered(name: str, place: int) -> str:
    return name if place == 0 else f"{name}#{place + 1}"


def _repeated(facts: PythonFacts) -> dict[int, tuple[int, ...]]:
    """The functions of a module whose name another one has, each with all of that name.

    What `typing.overload` decorates is no function of its own: it never runs.
    """
    by_name: dict[str, list[int]] = {}
    for number, scope in enumerate(facts.scopes):
        if scope.kind in _FUNCTIONS and not _is_overload(facts, scope):
            by_name.setdefault(scope.qualname, []).append(number)
    return {one: tuple(numbers) for numbers in by_name.values() if len(numbers) > 1 for one in numbers}


def _is_overload(facts: PythonFacts, scope: Scope) -> bool:
    return any(last_name(facts.exprs[one]) == "overload" for one in scope.decorators)


def _is_beside(facts: PythonFacts, first: int, second: int) -> bool:
    """Whether both of two definitions of one name can be in use, as those are that a decorator registers."""
    if _is_one_of_two_ways(facts, first, second):
        return False
    if facts.scopes[first].decorators:
        return True
    versions = {one.value: number for number, one in enumerate(facts.definitions) if one.kind == "function"}
    earlier, later = versions.get(first, NONE), versions.get(second, NONE)
    return any(
        expr[0] == "name" and expr[1] == facts.scopes[first].name and earlier in expr[2] and later not in expr[2]
        for expr in facts.exprs
    )


def _is_one_of_two_ways(facts: PythonFacts, first: int, second: int) -> bool:
    """Whether two functions stand in branches of one statement of which only one runs."""
    one, other = (list(_around(facts, scope))[::-1] for scope in (first, second))
    for mine, its in zip(one, other, strict=False):
        if mine != its:
            region, neighbour = facts.regions[mine], facts.regions[its]
            is_one = region.test == neighbour.test or region.kind not in _TESTED
            return is_one and neighbour.kind in _OTHER_WAYS.get(region.kind, frozenset())
    return False


def _around(facts: PythonFacts, scope: int) -> Iterator[int]:
    """The regions that a function stands in, the nearest first."""
    return regions_around(facts, facts.regions[facts.scopes[scope].region].parent)
