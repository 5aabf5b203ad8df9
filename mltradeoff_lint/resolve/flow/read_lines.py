"""The line of what a slice reached, where its module writes the same expression more than once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.resolve.flow.slices import FlowNode, Hop, Step
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.shown_places import ANYWHERE, bindings, set_at


def read_site(resolver: Resolver, steps: Sequence[Step], inside: Span = ANYWHERE) -> Site:
    """The line of the last of the steps of a slice; `inside` is what the first one stands in, such as a call."""
    first = steps[0][0]
    line = resolver.facts(first.path).line_in(first.expr, inside)
    for (parent, _), (node, hop) in pairwise(steps):
        inside = _stands_in(resolver, parent, node, hop, inside._replace(line=line))
        line = resolver.facts(node.path).line_in(node.expr, inside)
    return Site(steps[-1][0].path, Span(line, 0, line, 0))


def _stands_in(resolver: Resolver, parent: FlowNode, node: FlowNode, hop: Hop | None, around: Span) -> Span:
    """The stretch in which a step reads its expression: a call or return, what binds a name, or the whole of a part."""
    if hop is not None and hop.site.path == node.path:
        return hop.site.span
    expr = resolver.facts(parent.path).exprs[parent.expr]
    is_near = node.path == parent.path
    found: tuple[Span, ...] = ()
    if expr[0] == "name":
        found = bindings(resolver.facts(node.path), expr[1], node.expr) or (ANYWHERE,)
    elif expr[0] == "attr" and not (is_near and node.expr == expr[1]):
        objects = resolver.values(parent.path, expr[1], parent.frame)
        found = set_at(resolver, objects, expr[2], node.path, node.expr) or (ANYWHERE,)
    if found:
        return max((one for one in found if is_near and one.line <= around.line), default=found[0])
    return around if is_near else ANYWHERE
