"""The clients inside chains and agents that wrap them: what an agent runs on is the model it was given."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Library, Made

MAX_WRAPS = 3


def innermost(work: Workspace, made: Iterable[Made], hops: int = MAX_WRAPS) -> tuple[Made, ...]:
    """The constructions behind a call, with each wrapping one replaced by those it wraps where these are seen."""
    found: dict[Made, None] = {}
    for one in made:
        inner = [
            each
            for use in work.sites.at(one.call)
            if use.meaning.kind == "client" and hops
            for expr in work.sites.select(one.call, use.meaning.selectors("wraps"))
            for value in work.resolver.values(one.call.path, expr, one.frame)
            if isinstance(value, Library)
            for each in value.made
        ]
        found.update(dict.fromkeys(innermost(work, inner, hops - 1) if inner else (one,)))
    return tuple(found)
