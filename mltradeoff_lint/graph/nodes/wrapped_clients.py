"""The clients inside chains and agents that wrap them: what an agent runs on is the model it was given."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.graph.wrapped_parts import MAX_WRAPS, arguments, last, made_of, receivers
from mltradeoff_lint.resolve.domain import Made


def innermost(work: Workspace, made: Iterable[Made], hops: int = MAX_WRAPS) -> tuple[Made, ...]:
    """The constructions behind a call, with each wrapping one replaced by those it wraps where these are seen."""
    found: dict[Made, None] = {}
    for one in last(work, made):
        given = [each for values in arguments(work, one) for each in made_of(values)] if hops else []
        below = [each for values in receivers(work, one) for each in made_of(values)] if hops else []
        inner = given or below
        found.update(dict.fromkeys(innermost(work, inner, hops - 1) if inner else (one,)))
    return tuple(found)
