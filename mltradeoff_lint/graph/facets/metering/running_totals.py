"""Whether a count is added to a running total: `TOKENS_OUT[model] += len(encoding.encode(answer))`.

Who sizes a prompt compares a count with a limit; who sums counts up keeps account of what was used.
"""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, PythonFacts

MAX_INSIDE = 12
"""Expressions of a summand that are looked at."""


def is_summed(facts: PythonFacts, call: int) -> bool:
    """Whether the result of a call is a part of what an augmented assignment adds."""
    statement = facts.calls[call].statement
    added = [write.value for write in facts.writes if write.operator and write.span.line == statement.line]
    added += [one.value for one in facts.definitions if one.kind == "augment" and one.span.line == statement.line]
    return any(_holds(facts, value, call) for value in added if value != NONE)


def _holds(facts: PythonFacts, value: int, call: int) -> bool:
    """Whether an expression is a call, or a count or number made of its result."""
    pending = [value]
    for _ in range(MAX_INSIDE):
        if not pending:
            return False
        expr = facts.exprs[pending.pop()]
        if expr[0] == "call":
            if expr[1] == call:
                return True
            pending += facts.calls[expr[1]].arguments
        elif expr[0] == "binop":
            pending += expr[2:4]
    return False
