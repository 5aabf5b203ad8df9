"""Which values of a slice hold data of the current request: `flask.request.args` and its like."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.domain import Library
from mltradeoff_lint.resolve.flow.slices import FlowNode
from mltradeoff_lint.resolve.interface import Resolver


def requests(resolver: Resolver, node: FlowNode) -> Iterator[str]:
    """The paths of what an expression reads of the current request."""
    for value in resolver.values(node.path, node.expr, node.frame):
        if isinstance(value, Library):
            for meaning in resolver.program.meanings("calls", value.path):
                if meaning.kind == "request-data":
                    yield meaning.path
