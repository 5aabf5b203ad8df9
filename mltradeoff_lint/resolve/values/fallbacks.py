"""Whether `name or default` can give its default: not in the frame of a call that passes a written text.

A parameter that may be left out is not None in every call, and a set of values does not say so, as it is kept without
None. What the one call of a frame writes does.
"""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import Frame, FunctionRef, frame_of
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.sums import is_filled_text

MAX_STEPS = 4
"""Calls and names that are followed to the text that is passed."""


def is_passed_text(resolver: Resolver, path: str, index: int, frame: Frame | None) -> bool:
    """Whether an expression is a parameter for which the call of a frame passes a text that is written, not empty."""
    for _ in range(MAX_STEPS):
        facts = resolver.facts(path)
        expr = facts.exprs[index]
        bound = facts.definitions[expr[2][0]] if expr[0] == "name" and len(expr[2]) == 1 else None
        if bound is None:
            return False
        if bound.kind == "param":
            function = FunctionRef(path, bound.scope)
            here = frame_of(frame, function)
            if here is None or here.row or here.is_construction:
                return False
            given = resolver.argument(here.call, function, bound.value)
            if given is None:
                return False
            (path, index), frame = given, here.outer
            if is_filled_text(resolver.facts(path), index):
                return True
        elif bound.kind == "assign" and not bound.path and bound.value != NONE:
            index = bound.value
        else:
            return False
    return False
