"""Whether a text hangs on nothing but parameters that nobody passes: those of functions that are offered to others."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, Definition
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.callers import NO_CALLER
from mltradeoff_lint.resolve.domain import FunctionRef, Library, Literal, Values, is_none
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.parameters import operands

MAX_STEPS = 200
"""Expressions looked at for one text."""

_BOUND = frozenset({"assign", "loop", "enter", "augment"})
_VERSIONS = frozenset({"phi", "augment", "item", "attribute", "method"})

Cause = tuple[str, int] | None
"""The (module, expression) that something is made of or handed on from; None for a parameter that nobody passes."""


def is_unpassed(resolver: Resolver, path: str, expr: int) -> bool:
    """Whether all that is open in a text comes from parameters without a caller, through any number of calls."""
    pending, seen = [(path, expr)], {(path, expr)}
    is_any = False
    while pending:
        where, index = pending.pop()
        values = resolver.values(where, index)
        if values and all(isinstance(value, Literal) for value in values):
            continue
        causes: tuple[Cause, ...] = (None,) if _is_left_open(values) else _causes(resolver, where, index)
        if not causes or len(seen) > MAX_STEPS:
            return False
        is_any = is_any or None in causes
        following = [one for one in causes if one is not None and one not in seen]
        pending += following
        seen.update(following)
    return is_any


def _is_left_open(values: Values) -> bool:
    """Whether a value is that of a parameter nobody passes, its default of None aside."""
    return bool(values) and all(
        is_none(value) or (isinstance(value, Unknown) and value.reason.endswith(NO_CALLER) and not value.source)
        for value in values
    )


def _causes(resolver: Resolver, path: str, index: int) -> tuple[Cause, ...]:
    """What a value is made of or handed on from; empty when a part of it cannot be told."""
    facts = resolver.facts(path)
    expr = facts.exprs[index]
    if expr[0] == "name":
        return _of_name(resolver, path, [facts.definitions[number] for number in expr[2]])
    if expr[0] in ("attr", "item"):
        return ((path, expr[1]),)
    if expr[0] == "call":
        functions = resolver.values(path, facts.calls[expr[1]].function)
        if not functions or not all(isinstance(value, (Library, Unknown)) for value in functions):
            return ()
    return tuple((path, part) for part in operands(resolver, path, facts, expr))


def _of_name(resolver: Resolver, path: str, definitions: list[Definition]) -> tuple[Cause, ...]:
    facts = resolver.facts(path)
    found: dict[Cause, None] = {}
    pending, seen = list(definitions), set(definitions)
    while pending:
        one = pending.pop()
        if one.kind == "param":
            causes = tuple(_passed(resolver, FunctionRef(path, one.scope), one.value))
            if not causes:
                return ()
            found.update(dict.fromkeys(causes))
        elif one.kind in _BOUND and one.value != NONE:
            found[path, one.value] = None
        elif one.kind not in _VERSIONS:
            return ()
        if one.kind in _VERSIONS:
            previous = [facts.definitions[number] for number in one.previous]
            pending += [each for each in previous if each not in seen]
            seen.update(previous)
    return tuple(found)


def _passed(resolver: Resolver, function: FunctionRef, position: int) -> Iterator[Cause]:
    """What the calls outside tests pass for a parameter; nothing when an argument of one of them cannot be told."""
    parameter = resolver.scope(function).parameters[position]
    sites = in_use(function.path, resolver.callers(function))
    passed = [resolver.argument(site, function, position) for site in sites]
    if _is_left_open(resolver.parameter(function, position, None)):
        yield None
    elif parameter.default != NONE or None not in passed:
        yield from (place for place in passed if place is not None)
