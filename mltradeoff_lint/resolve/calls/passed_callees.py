"""Calls of what a parameter holds: `def run(load, path): load(path)` gives a loader the paths it is passed with."""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import CallRef, Frame, Function, FunctionRef, Values
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver

MAX_CALLS = 12
"""Calls of the function that holds the parameter; of more, all are looked at in one."""


def frames_of(resolver: Resolver, site: CallRef, function: FunctionRef) -> tuple[Frame, ...]:
    """The calls around a site through which it runs a function; empty where all do, or none can be told."""
    return resolver.program.ask("passed-callees", (site, function), lambda: _frames(resolver, site, function))


def _frames(resolver: Resolver, site: CallRef, function: FunctionRef) -> tuple[Frame, ...]:
    facts, called = resolver.facts(site.path), resolver.call(site).function
    expr = facts.exprs[called]
    if expr[0] != "name" or len(expr[2]) != 1 or facts.definitions[expr[2][0]].kind != "param":
        return ()
    around = FunctionRef(site.path, facts.definitions[expr[2][0]].scope)
    calls = in_use(around.path, resolver.callers(around))
    frames = [Frame(around, one) for one in calls] if 1 < len(calls) <= MAX_CALLS else []
    running = [one for one in frames if _may_be(resolver.values(site.path, called, one), function)]
    return tuple(running) if len(running) < len(frames) else ()


def _may_be(values: Values, function: FunctionRef) -> bool:
    """Whether a function is among values, or something is of which that cannot be told."""
    return any(not isinstance(value, Function) or value.ref == function for value in values)
