"""Counts that are written down and no response tells: a record of `{"eval_count": 0}` says nothing of the use."""

from __future__ import annotations

from collections.abc import Iterable

from mltradeoff_lint.graph.facets.metering.words import TOKEN_FIELDS
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Literal, Mapping


def are_constant(work: Workspace, path: str, exprs: Iterable[int]) -> bool:
    """Whether some expressions hold token counts by name, and every one of these is a constant."""
    records = [one for expr in exprs for one in work.resolver.values(path, expr) if isinstance(one, Mapping)]
    counts = [value for one in records for name, values in one.entries if name in TOKEN_FIELDS for value in values]
    return bool(counts) and all(isinstance(one, Literal) for one in counts)
