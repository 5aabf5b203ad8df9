"""Inputs that are one entry of a file and nothing else: `model.predict([ROWS[key]])`.

Whatever such a file holds, its keys list all that can be asked for.
"""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.flow.loaded_tables import ANYTHING
from mltradeoff_lint.resolve.flow.slices import FlowNode

MAX_NAMES = 3
"""Names that are followed to the look-up."""


def whole_row(work: Workspace, path: str, exprs: tuple[int, ...]) -> FlowNode | None:
    """What the only row of an input is looked up in, where that is what a file holds; None for any other input."""
    facts = work.resolver.facts(path)
    shown = facts.exprs[exprs[0]] if len(exprs) == 1 else ("none",)
    if shown[0] not in ("list", "tuple") or len(shown[1]) != 1:
        return None
    base, key = _look_up(facts, _bound(facts, shown[1][0]))
    node = FlowNode(path, base, None)
    return node if key and work.flow.loaded.kind(node, key) == ANYTHING else None


def _bound(facts: PythonFacts, expr: int) -> int:
    """The expression behind a name that is bound once."""
    for _ in range(MAX_NAMES):
        name = facts.exprs[expr]
        if name[0] != "name" or len(name[2]) != 1:
            return expr
        definition = facts.definitions[name[2][0]]
        if definition.kind != "assign" or definition.path:
            return expr
        expr = definition.value
    return expr


def _look_up(facts: PythonFacts, expr: int) -> tuple[int, tuple[int, ...]]:
    """What is looked up in, and by which keys, of `table[key]` and `table.get(key)`; no keys for anything else."""
    one = facts.exprs[expr]
    if one[0] == "item":
        return one[1], (one[2],)
    call = facts.calls[one[1]] if one[0] == "call" else None
    function = facts.exprs[call.function] if call is not None else ("none",)
    is_get = call is not None and function[0] == "attr" and function[2] == "get" and len(call.arguments) == 1
    return (function[1], call.arguments) if is_get and call is not None and not call.keywords else (expr, ())
