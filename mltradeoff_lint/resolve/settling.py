"""What is done about chains of questions that are too long: their far ends are answered first, on their own.

A question is answered through others, and those through others again, up to a bound. An answer that was cut off there
must not be remembered: asked from nearby, the same question has a full answer. So what rests on a cut is kept for one
outermost question only. When that is through, the far ends are answered as outermost questions themselves, each once
in a run, and the first question is asked again, which now ends at remembered answers.
"""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.resolve.domain import Frame, Values
from mltradeoff_lint.resolve.program import Program

Key = tuple[str, int, Frame | None]

MAX_SETTLED = 4000
"""Far ends that are answered on their own in one run."""


class Settling:
    """Remembers which answers rest on a cut, and gives full ones in their place."""

    def __init__(
        self, program: Program, memo: dict[Key, Values], values: Callable[[str, int, Frame | None], Values]
    ) -> None:
        self._program = program
        self._memo = memo
        self._values = values
        self._ends: dict[Key, None] = {}
        self._passing: dict[Key, None] = {}
        self._settled: set[Key] = set()
        self._is_running = False

    def cut(self, key: Key) -> None:
        """Note that a question was not answered because it was too far from the outermost one."""
        self._program.cuts += 1
        if key not in self._settled:
            self._ends[key] = None

    def answered(self, key: Key, cuts_before: int, *, is_outermost: bool) -> Values:
        """The answer to a question on whose way a cut was met; a full one for an outermost question."""
        self._passing[key] = None
        if is_outermost and not self._is_running:
            self._settle(key)
            self._program.cuts = cuts_before
        return self._memo[key]

    def is_passing(self, key: Key) -> bool:
        """Whether the answer to a question is kept for one outermost question only."""
        return key in self._passing

    @property
    def is_empty(self) -> bool:
        """Whether no answer is kept for one outermost question only."""
        return not self._passing

    def _settle(self, key: Key) -> None:
        """Answer the far ends of a question, those of each end before the end itself, and then the question again."""
        self._is_running = True
        pending = [key]
        try:
            while pending:
                ends = self._new_ends()
                if not ends:
                    self._passing.pop(pending.pop(), None)
                self._forget()
                pending.extend(ends)
                if pending:
                    self._values(*pending[-1])
        finally:
            self._is_running = False

    def _new_ends(self) -> list[Key]:
        ends = [one for one in self._ends if one not in self._settled] if len(self._settled) < MAX_SETTLED else []
        self._settled.update(ends)
        self._ends.clear()
        return ends

    def _forget(self) -> None:
        for key in self._passing:
            self._memo.pop(key, None)
        self._passing.clear()
        self._program.forget_passing()
