"""Backward slices of parts of a catalogued call, by the calls through which the call is looked at."""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Frame
from mltradeoff_lint.resolve.flow.slices import CUT, Slice
from mltradeoff_lint.resolve.sites import Use

MAX_VISITED = 600
"""Steps of one slice: a file is opened, or an address asked for, close to where its data is read."""


class FramedSlices:
    """Takes each slice once, and only one where no call can make a difference."""

    def __init__(self, work: Workspace, stop_at: frozenset[str]) -> None:
        self._work = work
        self._stop_at = stop_at
        self._memo: dict[tuple[Use, tuple[int, ...], Frame | None], Slice] = {}

    def of(self, use: Use, exprs: tuple[int, ...], frame: Frame | None, is_wanted: Callable[[Slice], bool]) -> Slice:
        """The slice of expressions of a call in one frame; what is not `is_wanted` may be missing from it.

        Without a frame a slice goes up into every caller: when that is walked to its end and holds nothing wanted, no
        single call brings it.
        """
        if frame is not None:
            of_all = self.of(use, exprs, None, is_wanted)
            if CUT not in of_all.unknown and not is_wanted(of_all):
                return of_all
        key = (use, exprs, frame)
        if key not in self._memo:
            self._memo[key] = self._work.flow.backward(
                use.ref.path, exprs, self._stop_at, frame=frame, limit=MAX_VISITED
            )
        return self._memo[key]
