"""Ways down through the call graph that the arguments along them allow.

`edit(image, refs=None)` calls another model under `if refs:`; whoever calls it without `refs` does not reach that one.
"""

from __future__ import annotations

from typing import TypeAlias

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.branches import is_possible
from mltradeoff_lint.resolve.running.reach import Incoming, Reach

Hops: TypeAlias = tuple[tuple[FunctionRef, Incoming], ...]
"""A way down: each function with how it leads to the next."""

MAX_TRIES = 40
"""Ways down to one function that are tried when the arguments along the first close it."""


class OpenWays:
    """Finds ways down to calls that no branch on the way closes."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._resolver = reach.resolver

    def down(self, top: FunctionRef, hops: Hops, call: CallRef) -> Hops | None:
        """A way from a function down to a call that the arguments along it allow, the given one first; None without."""
        holder = self._reach.holder(call)
        avoided: list[tuple[FunctionRef, Site]] = []
        for _ in range(MAX_TRIES):
            closed = self._closed(hops, call)
            if closed is None:
                return hops
            # a call higher up may pass what opens the branch, so the nearest call that has an alternative is avoided
            taken = [(caller, way.site) for caller, way in reversed(hops[: closed + 1])]
            taken = [*taken[1:], taken[0]] if closed < len(hops) else taken
            other: Hops = ()
            for one in taken:
                other = self._reach.other_path(top, holder, [*avoided, one])
                if other:
                    avoided.append(one)
                    break
            if not other:
                return None
            hops = other
        return None

    def frame(self, hops: Hops) -> Frame | None:
        """The calls that lead down, as the frame in which the last function's parameters are read."""
        frame: Frame | None = None
        for _, way in hops:
            frame = Frame(way.caller, way.ref, frame) if way.how == "calls" and way.ref is not None else None
        return frame

    def _closed(self, hops: Hops, call: CallRef) -> int | None:
        """The first hop, or the call itself, that stands in a branch which the arguments of the hops before close."""
        for number in range(1, len(hops)):
            way = hops[number][1]
            region = region_of(self._resolver, way)
            if not is_possible(self._resolver, way.site.path, region, self.frame(hops[:number])):
                return number
        region = self._resolver.call(call).region
        return None if is_possible(self._resolver, call.path, region, self.frame(hops)) else len(hops)


def region_of(resolver: Resolver, way: Incoming) -> int:
    """The region in which the call stands by which a function leads to the next; NONE where there is no call."""
    return NONE if way.ref is None else resolver.call(way.ref).region
