"""Writes `x.name = value` anywhere in a repository: what sets attributes from outside the class that has them."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts, Write
from mltradeoff_lint.resolve.interface import Resolver


def attribute_writes(resolver: Resolver) -> Iterator[tuple[str, PythonFacts, Write]]:
    """Each plain write of a value to an attribute, with its module, in path and source order; no `x.name += value`."""
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        for write in facts.writes:
            if write.kind == "attribute" and not write.operator and write.value != NONE:
                yield path, facts, write
