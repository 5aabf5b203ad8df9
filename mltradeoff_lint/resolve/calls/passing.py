"""What the calls of a function pass for one of its parameters."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.calls.injection import providers
from mltradeoff_lint.resolve.calls.own_calls import calls_on
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Instance
from mltradeoff_lint.resolve.flow.flow_steps import Route, arguments, splats
from mltradeoff_lint.resolve.flow.slices import FlowNode, Hop, Step
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver


def callers(resolver: Resolver, function: FunctionRef) -> tuple[CallRef, ...]:
    """The call sites of a function; those in tests only for a function of a test."""
    return in_use(function.path, resolver.callers(function))


def ways_in(resolver: Resolver, function: FunctionRef, here: Frame | None) -> tuple[tuple[CallRef, Frame | None], ...]:
    """The calls by which a function is looked at, each with the frame around it: the one of its frame, else all.

    A look at a method for one object shows no call of it: those that may be on the object count.
    """
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
