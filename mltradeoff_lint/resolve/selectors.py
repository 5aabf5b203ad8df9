"""What the selectors of a row pick at a call, and whether the call may pass more than it writes."""

from __future__ import annotations

from mltradeoff_lint.model.catalog import Selector
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef


def pick(facts: PythonFacts, ref: CallRef, selector: Selector) -> int:
    """The expression a selector picks at a call; NONE when the call does not pass it."""
    call = facts.calls[ref.call]
    for name, expr in call.keywords:
        if name is not None and name in selector.keywords:
            return expr
    if selector.position is not None and selector.position < len(call.arguments):
        before = call.arguments[: selector.position + 1]
        if all(facts.exprs[one][0] != "star" for one in before):
            return call.arguments[selector.position]
    return NONE


def has_splat(facts: PythonFacts, ref: CallRef) -> bool:
    """Whether a call passes `**something`, so that a missing keyword says nothing yet."""
    return any(name is None for name, _ in facts.calls[ref.call].keywords)
