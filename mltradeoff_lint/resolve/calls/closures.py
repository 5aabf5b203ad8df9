"""Functions inside others: what they read of the function around them is what the call of that one passes."""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import Frame, FunctionRef, frame_of
from mltradeoff_lint.resolve.interface import Resolver


def frame_around(resolver: Resolver, function: FunctionRef, frame: Frame | None) -> Frame | None:
    """The frame of a function around one that is looked at without a call of its own; None where there is none."""
    if frame is None:
        return None
    scopes = resolver.facts(function.path).scopes
    parent = scopes[function.scope].parent
    while parent > 0:
        around = frame_of(frame, FunctionRef(function.path, parent))
        if around is not None:
            return around
        parent = scopes[parent].parent
    return None
