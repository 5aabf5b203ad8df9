"""Which calls decide what a wrapper reads, writes or asks: those that fill the parameter it hands on.

`load(path)` reads what its callers name, and when one of these is handed the name in turn, its own callers do. The way
up is a frame, so that what is read can be looked at through just these calls.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.calls.callers import MAX_FRAMES
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.summaries.fixpoint import Summaries
from mltradeoff_lint.resolve.summaries.model import MAX_HOPS, Input

MAX_DECIDERS = 200
"""Ways to one call that are told apart; with more of them none is told."""

MAX_DEEP = MAX_FRAMES - 1
"""Calls a value is looked at through: one more is left for a function that makes it."""

Way = tuple[tuple[FunctionRef, CallRef], ...]


class Deciders:
    """Follows a role of a catalogued call up to the calls that decide it."""

    def __init__(self, resolver: Resolver, summaries: Summaries) -> None:
        self._resolver = resolver
        self._summaries = summaries

    def frames(self, use: Use, holder: FunctionRef, role: str, hops: int = MAX_DEEP) -> tuple[Frame, ...]:
        """The frames through which callers decide one role of a call; empty when none of them does, or too many.

        The outermost call of each frame is the one that decides, or the last within `hops` calls.
        """
        wanted = self._summaries.filling(holder, use, role)
        found: list[Frame] = []
        for way in self._ways(wanted, (), min(hops, MAX_HOPS)):
            if len(found) == MAX_DECIDERS:
                return ()
            found.append(_frame(way))
        return tuple(found)

    def _ways(self, wanted: frozenset[Input], way: Way, hops: int) -> Iterator[Way]:
        """The calls that fill inputs, innermost first, each with the function it runs.

        An input of a function around another one is filled where the outer one is called.
        """
        for function in sorted({one.function for one in wanted}):
            own = frozenset(one for one in wanted if one.function == function)
            for ref in self._resolver.callers(function):
                if is_test(ref.path) and not is_test(function.path):
                    continue
                here = (*way, (function, ref))
                caller = self._holder(ref)
                further: list[Way] = []
                if len(here) < hops and all(caller != one for one, _ in here):
                    given = frozenset(self._summaries.given(caller, ref, function, own))
                    further = list(self._ways(given, here, hops))
                yield from further or [here]

    def _holder(self, ref: CallRef) -> FunctionRef:
        scopes, scope = self._resolver.facts(ref.path).scopes, self._resolver.call(ref).scope
        while scope > 0 and scopes[scope].kind != "function":
            scope = scopes[scope].parent
        return FunctionRef(ref.path, max(scope, 0))


def _frame(way: Way) -> Frame:
    frame: Frame | None = None
    for function, ref in reversed(way):
        frame = Frame(function, ref, frame)
    if frame is None:
        raise ValueError("a way without calls")
    return frame


def deciding_call(frame: Frame) -> CallRef:
    """The outermost call of a frame."""
    while frame.outer is not None:
        frame = frame.outer
    return frame.call
