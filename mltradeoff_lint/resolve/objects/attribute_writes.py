"""Writes `x.name = value` anywhere in a repository, and which of them a class makes to its own objects."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, PythonFacts, Write
from mltradeoff_lint.resolve.calls.hanging import method_around
from mltradeoff_lint.resolve.interface import Resolver


def attribute_writes(resolver: Resolver) -> Iterator[tuple[str, PythonFacts, Write]]:
    """Each plain write of a value to an attribute, with its module, in path and source order; no `x.name += value`."""
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        for write in facts.writes:
            if write.kind == "attribute" and not write.operator and write.value != NONE:
                yield path, facts, write


def own_class(facts: PythonFacts, write: Write) -> int | None:
    """The class whose instance a write changes; NONE for a global; None when it is neither."""
    if write.kind == "global":
        return None if write.operator else NONE
    if write.kind not in ("attribute", "declare") or write.operator:
        return None
    base = facts.exprs[write.base]
    if base[0] != "name":
        return None
    scope = method_around(facts, write.scope)
    if scope <= 0:
        return None
    parameters = facts.scopes[scope].parameters
    return facts.scopes[scope].owner if parameters and parameters[0].name == base[1] else None
