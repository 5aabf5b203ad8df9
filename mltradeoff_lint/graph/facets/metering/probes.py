"""Calls that embed a constant to learn how long a vector is: once per process, and a few tokens."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.resolve.sites import Use

PROBED = "a constant is embedded here only for the length of its vector"


def is_probe(work: Workspace, use: Use) -> bool:
    """Whether a call embeds a constant text and nothing but the length of the vector is used."""
    if use.meaning.literal("operation") != "embed":
        return False
    facts, call = work.resolver.facts(use.ref.path), work.resolver.call(use.ref)
    given = (*call.arguments, *(expr for _, expr in call.keywords))
    if not given or any(facts.exprs[one][0] != "const" for one in given):
        return False
    own = facts.exprs.index(("call", use.ref.call))
    return any(one.arguments == (own,) and last_name(facts.exprs[one.function]) == "len" for one in facts.calls)
