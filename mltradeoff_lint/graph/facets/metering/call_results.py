"""What a module calls the results of its calls and what goes through them, indexed once for all of its calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.expressions import dotted, is_whole
from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts, Write
from mltradeoff_lint.resolve.interface import Resolver

_BINDS = frozenset({"assign", "enter", "loop"})
_PASSING = frozenset({"get", "iter_lines", "aiter_lines", "parse"})
"""Methods of a response whose elements are its own."""


class Binding(NamedTuple):
    """What a name is bound to, in the order of the module: a result, or what a loop takes of it."""

    place: int
    name: str


Gone = dict[tuple[int, int | str], list[Binding]]
"""Loops by their scope and by what they go through, an expression or the name of one."""


class CallResults(NamedTuple):
    """The results of the calls of a module."""

    own: dict[int, set[int]]
    """By call the expressions that are its result, waited for or not."""
    bound: dict[int, Binding]
    """By expression the first name that is bound to all of it, or to each element of it."""
    kept: dict[int, Write]
    """By expression the first attribute that it is written to."""
    each: Gone
    methods: dict[tuple[int, str], list[Definition]]
    """By scope and method as it is written the names that are bound to what it gives."""


def call_results(resolver: Resolver, path: str) -> CallResults:
    """The results of the calls of a module."""
    return resolver.program.ask("call-results", path, lambda: _indexed(resolver.facts(path)))


def gone_through(loops: Gone, scope: int, own: set[int], name: str) -> list[Binding]:
    """The loops of a scope through a result: its own expressions, or its name."""
    keys: tuple[int | str, ...] = (*own, name) if name else (*own,)
    return sorted({one for key in keys for one in loops.get((scope, key), ())})


def note(loops: Gone, facts: PythonFacts, scope: int, index: int, loop: Binding) -> None:
    """Add a loop by an expression that it goes through."""
    loops.setdefault((scope, index), []).append(loop)
    name = dotted(facts, index)
    if name:
        loops.setdefault((scope, name), []).append(loop)


def _indexed(facts: PythonFacts) -> CallResults:
    found = CallResults(_own(facts), {}, {}, {}, {})
    for place, one in enumerate(facts.definitions):
        if one.kind in _BINDS and is_whole(one):
            found.bound.setdefault(one.value, Binding(place, one.name))
        if one.kind == "loop" and not one.path:
            for index in _inward(facts, one.value):
                note(found.each, facts, one.scope, index, Binding(place, one.name))
        method = _method(facts, one.value) if one.kind == "assign" and is_whole(one) else ""
        if method:
            found.methods.setdefault((one.scope, method), []).append(one)
    for write in facts.writes:
        if write.kind == "attribute" and not write.path and not write.operator:
            found.kept.setdefault(write.value, write)
    return found


def _own(facts: PythonFacts) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    waiting: list[tuple[int, int]] = []
    for index, expr in enumerate(facts.exprs):
        if expr[0] == "call":
            found.setdefault(expr[1], set()).add(index)
        elif expr[0] == "await" and expr[1] != NONE and facts.exprs[expr[1]][0] == "call":
            waiting.append((facts.exprs[expr[1]][1], index))
    for number, index in waiting:
        found[number].add(index)
    return found


def _inward(facts: PythonFacts, index: int) -> Iterator[int]:
    """An expression and what it takes its elements of: `reply["stream"]` those of `reply`."""
    while index != NONE:
        yield index
        expr = facts.exprs[index]
        if expr[0] in ("item", "await"):
            index = expr[1]
            continue
        function = facts.exprs[facts.calls[expr[1]].function] if expr[0] == "call" else expr
        index = function[1] if expr[0] == "call" and function[0] == "attr" and function[2] in _PASSING else NONE


def _method(facts: PythonFacts, index: int) -> str:
    """The method whose result an expression is, as it is written; empty where it is none."""
    if index == NONE:
        return ""
    expr = facts.exprs[index]
    expr = facts.exprs[expr[1]] if expr[0] == "await" else expr
    return dotted(facts, facts.calls[expr[1]].function) if expr[0] == "call" else ""
