"""What the calls of a function pass for one of its parameters, also those that a library makes of it."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.calls.handed import handed_by
from mltradeoff_lint.resolve.calls.handed_steps import handed_steps
from mltradeoff_lint.resolve.calls.injection import providers
from mltradeoff_lint.resolve.calls.own_calls import calls_on
from mltradeoff_lint.resolve.domain import CallRef, Frame, Function, FunctionRef, Instance, frame_of
from mltradeoff_lint.resolve.flow.flow_steps import Route, arguments, splats
from mltradeoff_lint.resolve.flow.slices import FlowNode, Hop, Step
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver


def callers(resolver: Resolver, function: FunctionRef) -> tuple[CallRef, ...]:
    """The call sites of a function; those in tests only for a function of a test."""
    return in_use(function.path, resolver.callers(function))


def ways_in(resolver: Resolver, function: FunctionRef, frame: Frame | None) -> tuple[tuple[CallRef, Frame | None], ...]:
    """The calls by which a function is looked at, each with the frame around it: the one of its frame, else all.

    A look at a method for one object shows no call of it: those that may be on the object count.
    """
    here = frame_of(frame, function)
    if here is None:
        return tuple((call, None) for call in callers(resolver, function))
    if here.is_construction and isinstance(here.receiver, Instance):
        return calls_on(resolver, function, here.receiver)
    return ((here.call, here.outer),)


def passed(
    resolver: Resolver, ref: CallRef, function: FunctionRef, position: int, outer: Frame | None, route: Route
) -> Iterator[Step]:
    """What one call passes for a parameter, by position, by name, or inside `*values` and `**values`."""
    scope, call = resolver.scope(function), resolver.call(ref)
    parameter = scope.parameters[position]
    hop = Hop(Site(ref.path, call.span), f"passed to `{scope.qualname}` as `{parameter.name}`")
    found = resolver.argument(ref, function, position)
    if found is not None:
        yield FlowNode(found[0], found[1], outer, route), hop
        return
    rest = arguments(call) if parameter.kind in ("*", "**") else splats(resolver.facts(ref.path), call)
    yield from ((FlowNode(ref.path, one, outer), hop) for one in rest)


def taken(
    resolver: Resolver, function: FunctionRef, position: int, frame: Frame | None, route: Route
) -> tuple[tuple[CallRef, ...], list[Step]]:
    """The calls by which a function is looked at, those of libraries too, and what they pass for a parameter."""
    further = {one.ref: one.steps for one in handed_steps(resolver, function, position, route)}
    ways = ways_in(resolver, function, frame)
    if frame_of(frame, function) is None:
        ways = (*(one for one in ways if one[0] not in further), *((call, None) for call in further))
    steps: list[Step] = []
    for call, outer in ways:
        if call in further:
            steps += [(node._replace(frame=outer), hop) for node, hop in further[call]]
        else:
            steps += passed(resolver, call, function, position, outer, route)
    return tuple(call for call, _ in ways), steps


def results_at(resolver: Resolver, ref: CallRef, frame: Frame | None) -> Iterator[Function]:
    """The functions of the repository whose results a library's call gives, or an object that the call makes."""
    for meaning, expr in handed_by(resolver, ref):
        if meaning.kind == "calls-argument" and meaning.literal("gives"):
            found = resolver.values(ref.path, expr, frame)
            yield from (one for one in found if isinstance(one, Function) and one.bound is None)


def provided(resolver: Resolver, function: FunctionRef, position: int, route: Route) -> tuple[Step, ...] | None:
    """What the providers of an injected parameter return; None when nothing is injected."""
    given = providers(resolver, function, position)
    if not given:
        return None
    scope = resolver.scope(function)
    steps: list[Step] = []
    for provider in given:
        of_provider = resolver.scope(provider)
        hop = Hop(Site(function.path, scope.name_span), f"`{scope.qualname}` depends on `{of_provider.qualname}`")
        for one in (*of_provider.returns, *of_provider.yields):
            steps.append((FlowNode(provider.path, one.value, None, route), hop))
    return tuple(steps)
