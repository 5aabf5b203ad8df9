"""Where a location with open parts is put together: the same expression in the same call gives the same location.

`target = f"s3://{bucket}/train.csv"` is written, returned and read again: nobody knows the bucket, but what is read is
what was written. Two expressions of the same look are two locations, and so are two calls of one function that puts
them together. What is written after the read is not what is read.
"""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.graph.nodes.places import Maker
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.resolve.calls.passing import ways_in
from mltradeoff_lint.resolve.domain import CallRef, Frame, Function, FunctionRef, Library, frame_of
from mltradeoff_lint.resolve.flow.flow_steps import Route, binding_scope, constant_key, source_of
from mltradeoff_lint.resolve.flow.slices import FlowNode
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Use

MAX_STEPS = 16
"""Names, parameters and results that are followed back to the expression."""

_MAKING = frozenset({"fstring", "binop"})

_BRANCHES = frozenset({("then", "else"), ("else", "then"), ("case", "case")})


class _Held(NamedTuple):
    """A node on the way back, and the function whose call it is looked at in."""

    node: FlowNode
    holder: FunctionRef
    way: tuple[CallRef, ...]
    entered: tuple[FunctionRef, ...] = ()


def maker_of(work: Workspace, use: Use, frame: Frame | None, setting: str = "location") -> Maker | None:
    """The expression that makes the location of a read or write; None where more than one may."""
    exprs = work.sites.select(use.ref, use.meaning.selectors(setting))
    if len(exprs) != 1:
        return None
    holder = FunctionRef(use.ref.path, work.resolver.call(use.ref).scope)
    held: _Held | None = _Held(FlowNode(use.ref.path, exprs[0], frame), holder, (use.ref,))
    for _ in range(MAX_STEPS):
        if held is None:
            return None
        expr = work.resolver.facts(held.node.path).exprs[held.node.expr]
        if not held.node.route and _is_making(work.resolver, held.node, expr):
            return _maker(work.resolver, held)
        held = _before(work.resolver, held, expr)
    return None


def is_before(resolver: Resolver, written: Maker, read: Maker) -> bool:
    """Whether a write surely comes before a read of the very same location; False where nobody can tell."""
    if (written.path, written.expr) != (read.path, read.expr):
        return False
    if any(one != other for one, other in zip(written.calls, read.calls, strict=False)):
        return False
    if len(written.entered) == len(read.entered):
        return _is_earlier(resolver, written.way, read.way)
    # a call gives what is read: all that it does with it comes before
    inside = read.entered[len(written.entered) :]
    return bool(inside) and inside[0] == _around(resolver, written.way[-1])


def _is_earlier(resolver: Resolver, written: tuple[CallRef, ...], read: tuple[CallRef, ...]) -> bool:
    """Whether of two ways in from the calls around, the first parts from the second at an earlier call."""
    for one, other in zip(reversed(written), reversed(read), strict=False):
        if one != other:
            if _around(resolver, one) != _around(resolver, other):
                return False
            first, second = resolver.call(one), resolver.call(other)
            ends = (first.span.end_line, first.span.end_column)
            is_above = ends <= (second.span.line, second.span.column)
            return is_above and not _are_apart(resolver.facts(one.path), first.region, second.region)
    return False


def _are_apart(facts: PythonFacts, written: int, read: int) -> bool:
    """Whether a run that goes through the first of two regions never goes on through the second."""
    above, below = _regions(facts, written), _regions(facts, read)
    own, other = [one for one in above if one not in below], [one for one in below if one not in above]
    if any(facts.regions[one].exits for one in own):
        return True
    if not own or not other:
        return False
    first, second = facts.regions[own[-1]], facts.regions[other[-1]]
    return second.kind == "except" or ((first.kind, second.kind) in _BRANCHES and first.test == second.test)


def _regions(facts: PythonFacts, region: int) -> list[int]:
    """A region and those around it in its function."""
    found = [region]
    while facts.regions[region].kind != "scope" and facts.regions[region].parent != NONE:
        region = facts.regions[region].parent
        found.append(region)
    return found


def _around(resolver: Resolver, ref: CallRef) -> FunctionRef:
    return FunctionRef(ref.path, resolver.call(ref).scope)


def _maker(resolver: Resolver, held: _Held) -> Maker | None:
    """The expression with the calls in which it is evaluated; None where the calls on the way do not tell which."""
    here = frame_of(held.node.frame, held.holder)
    if here is None and held.entered and resolver.scope(held.holder).kind != "module":
        return None
    calls: list[CallRef] = []
    while here is not None:
        calls.append(here.call)
        here = here.outer
    return Maker(held.node.path, held.node.expr, tuple(calls), held.way, held.entered)


def _is_making(resolver: Resolver, node: FlowNode, expr: Expr) -> bool:
    if expr[0] != "call":
        return expr[0] in _MAKING
    function = resolver.facts(node.path).calls[expr[1]].function
    values = resolver.values(node.path, function, node.frame)
    return bool(values) and all(isinstance(one, Library) for one in values)


def _before(resolver: Resolver, held: _Held, expr: Expr) -> _Held | None:
    """The only node that one is the same value as; None where there are several or none."""
    node, facts = held.node, resolver.facts(held.node.path)
    if expr[0] == "name":
        bound = _definition(facts, expr)
        return _bound(resolver, held, facts, bound) if bound is not None else None
    if expr[0] == "item":
        key = constant_key(facts, expr)
        return _at(held, expr[1], (key, *node.route)) if key is not None else None
    if expr[0] in ("tuple", "list") and node.route and isinstance(node.route[0], int):
        is_there = -len(expr[1]) <= node.route[0] < len(expr[1])
        return _at(held, expr[1][node.route[0]], node.route[1:]) if is_there else None
    return _returned(resolver, held, CallRef(node.path, expr[1])) if expr[0] == "call" else None


def _at(held: _Held, expr: int, route: Route) -> _Held:
    return held._replace(node=held.node._replace(expr=expr, route=route))


def _definition(facts: PythonFacts, expr: Expr) -> Definition | None:
    """The only definition that a name can have; None for several."""
    versions = expr[2]
    if not versions:
        scope = binding_scope(facts, expr)
        versions = facts.scopes[scope].finals.get(expr[1], ()) if scope is not None else ()
    return facts.definitions[versions[0]] if len(versions) == 1 else None


def _bound(resolver: Resolver, held: _Held, facts: PythonFacts, bound: Definition) -> _Held | None:
    function = FunctionRef(held.node.path, bound.scope)
    if bound.kind == "assign":
        value, route = source_of(bound, held.node.route)
        is_whole = all(isinstance(step, int) for step in bound.path)
        node = held.node._replace(expr=value, route=route)
        return held._replace(node=node, holder=function) if is_whole and value != NONE else None
    if bound.kind != "param" or facts.scopes[bound.scope].parameters[bound.value].kind in ("*", "**"):
        return None
    ways = ways_in(resolver, function, held.node.frame)
    found = resolver.argument(ways[0][0], function, bound.value) if len(ways) == 1 else None
    if found is None:
        return None
    node = FlowNode(found[0], found[1], ways[0][1], held.node.route)
    around = FunctionRef(found[0], resolver.call(ways[0][0]).scope)
    if not held.entered:
        return _Held(node, around, (*held.way, ways[0][0]))
    return _Held(node, around, held.way, held.entered[:-1]) if held.entered[-1] == function else None


def _returned(resolver: Resolver, held: _Held, ref: CallRef) -> _Held | None:
    """What the only function that a call may run returns at its only `return`."""
    node = held.node
    values = resolver.values(ref.path, resolver.call(ref).function, node.frame)
    value = values[0] if len(values) == 1 else None
    if not isinstance(value, Function) or value.bound is not None:
        return None
    scope = resolver.scope(value.ref)
    if len(scope.returns) != 1 or scope.yields or scope.decorators or scope.returns[0].value == NONE:
        return None
    frame = Frame(value.ref, ref, node.frame)
    inside = FlowNode(value.ref.path, scope.returns[0].value, frame, node.route)
    return _Held(inside, value.ref, held.way, (*held.entered, value.ref))
