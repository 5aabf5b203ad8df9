"""Where the data comes from that a library passes to a function it is handed: the expressions beside the function.

`executor.submit(train, name, rows)` passes `rows` to the second parameter of `train` as a plain call does, so that a
slice that meets the parameter goes on there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.calls.handed import Handing, handings
from mltradeoff_lint.resolve.calls.queued_runs import runs_of
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.flow.flow_steps import Route
from mltradeoff_lint.resolve.flow.slices import FlowNode, Hop, Step
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick


class Passing(NamedTuple):
    """One call that hands a function on, and where what it has passed for a parameter comes from."""

    ref: CallRef
    steps: tuple[Step, ...]


def handed_steps(resolver: Resolver, function: FunctionRef, position: int, route: Route) -> tuple[Passing, ...]:
    """What the calls that hand a function to a library have it pass for one of the parameters."""
    key = (function, position, route)
    return resolver.program.ask("handed-steps", key, lambda: tuple(_passings(resolver, function, position, route)))


def _passings(resolver: Resolver, function: FunctionRef, position: int, route: Route) -> Iterator[Passing]:
    scope = resolver.scope(function)
    found = [one for one in handings(resolver, function) if one.meaning.kind == "calls-argument"]
    found += runs_of(resolver, function)
    live = frozenset(in_use(function.path, tuple(one.ref for one in found)))
    for one in found:
        if one.ref not in live:
            continue
        words = f"passed to `{scope.qualname}` as `{scope.parameters[position].name}`"
        hop = Hop(Site(one.ref.path, resolver.call(one.ref).span), words)
        parts = _passed(resolver, one, function, position, route)
        yield Passing(one.ref, tuple((FlowNode(one.ref.path, expr, None, rest), hop) for expr, rest in parts))


def _passed(
    resolver: Resolver, one: Handing, function: FunctionRef, position: int, route: Route
) -> Iterator[tuple[int, Route]]:
    """The expressions that one call passes for a parameter, each with the part of it that is wanted."""
    facts, parameter = resolver.facts(one.ref.path), resolver.scope(function).parameters[position]
    index, way = position - int(one.is_bound), one.meaning.literal("arguments")
    passes = one.meaning.selectors("passes")
    if passes or way == "result" or index < 0 or parameter.kind in ("*", "**"):
        picked = pick(facts, one.ref, passes[index]) if 0 <= index < len(passes) else NONE
        yield from ((picked, route),) if picked != NONE else ()
        return
    named = [expr for name, expr in resolver.call(one.ref).keywords if name == parameter.name]
    behind = _behind(resolver, one)
    if way == "following":
        yield from _following(facts, one, [*named, *behind], 0 if named else index, route)
    elif way == "each":
        yield from ((expr, ()) for expr in _at(facts, behind, index))
    elif way == "rows":
        for expr in _at(facts, behind, 0):
            yield from _columns(facts, expr, index, route)
    else:
        yield from _packed(facts, one, parameter.name, index, route)


def _behind(resolver: Resolver, one: Handing) -> tuple[int, ...]:
    """The positional arguments behind the function that is handed on; all of a method of the function itself."""
    arguments = resolver.call(one.ref).arguments
    if one.expr == NONE:
        return arguments
    return arguments[arguments.index(one.expr) + 1 :] if one.expr in arguments else ()


def _at(facts: PythonFacts, arguments: tuple[int, ...] | list[int], index: int) -> Iterator[int]:
    """The argument at a place, or the `*values` that may hold it."""
    for expr in arguments[: index + 1]:
        if facts.exprs[expr][0] == "star":
            yield facts.exprs[expr][1]
            return
    yield from arguments[index : index + 1]


def _following(
    facts: PythonFacts, one: Handing, arguments: list[int], index: int, route: Route
) -> Iterator[tuple[int, Route]]:
    found = [(expr, route if expr in arguments else ()) for expr in _at(facts, arguments, index)]
    if not found and not one.meaning.selectors("packed"):
        found = [(expr, ()) for name, expr in facts.calls[one.ref.call].keywords if name is None]
    yield from found


def _columns(facts: PythonFacts, expr: int, index: int, route: Route) -> Iterator[tuple[int, Route]]:
    """The place that one parameter has in each row of what is handed over row by row."""
    one = facts.exprs[expr]
    if one[0] == "name" and len(one[2]) == 1:
        held = facts.definitions[one[2][0]]
        one = facts.exprs[held.value] if held.kind == "assign" and not held.path else one
    if one[0] in ("list", "tuple"):
        yield from ((row, (index, *route)) for row in one[1])
    elif one[0] == "comp":
        yield one[2], (index, *route)
    else:
        yield expr, (index, *route) if one[0] == "call" else ()


def _packed(facts: PythonFacts, one: Handing, name: str, index: int, route: Route) -> Iterator[tuple[int, Route]]:
    """What `args=(...)` and `kwargs={...}` of a handing call hold for a parameter."""
    for selector in one.meaning.selectors("keywords"):
        expr = pick(facts, one.ref, selector)
        if expr != NONE and facts.exprs[expr][0] == "dict":
            pairs = facts.exprs[expr][1]
            yield from ((value, route) for key, value in pairs if key != NONE and facts.exprs[key] == ("const", name))
    for selector in (*one.meaning.selectors("arguments"), *one.meaning.selectors("packed")):
        expr = pick(facts, one.ref, selector)
        items = facts.exprs[expr][1] if expr != NONE and facts.exprs[expr][0] in ("tuple", "list") else ()
        yield from ((item, route) for item in _at(facts, tuple(items), index))
