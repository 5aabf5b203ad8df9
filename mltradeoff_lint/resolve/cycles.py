"""What is done about questions that lead back to themselves: what rests on an open one is kept until that is answered.

A question that meets itself is answered `unknown` there. What was worked out in between rests on that stop-gap: asked
by itself, each of these questions has an answer of its own, which may say more. So such an answer is held only while
the question it met is open, which keeps the work linear, and is then forgotten; the met question itself is remembered.

Inside one group of questions that all lead to one another, an answer can still depend on which was asked first. To rule
that out takes the work of one evaluation of the group for each of its questions.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

FREE = 1 << 60
"""The position of a question that met no open one."""


class Cycles:
    """Answers that rest on open questions. The position of a question is how many are open around it."""

    def __init__(self) -> None:
        self.depth = 0
        """How many questions are open: the position of the next one."""
        self._lowest = FREE
        self._held: dict[Hashable, tuple[Any, int]] = {}
        self._resting: dict[int, list[Hashable]] = {}

    def met(self, position: int) -> None:
        """Note that what is being answered has met the open question at a position; none is below the first."""
        if 0 <= position < self._lowest:
            self._lowest = position

    def enter(self) -> int:
        """Begin a question; the result is for `leave`."""
        self.depth += 1
        outer, self._lowest = self._lowest, FREE
        return outer

    def leave(self, outer: int) -> int:
        """End the latest question; the position of the lowest open one its answer rests on, FREE when there is none."""
        self.depth -= 1
        position = self.depth
        lowest, self._lowest = self._lowest, outer
        if lowest == FREE:
            # nothing rests on a question that nobody met
            return FREE
        is_final = lowest >= position
        if not is_final:
            self.met(lowest)
        for node in self._resting.pop(position, ()):
            answer, resting = self._held.get(node, (None, FREE))
            if resting == position:
                del self._held[node]
                if not is_final:
                    # what rested on this question rests on what this question rests on
                    self.hold(node, answer, lowest)
        return FREE if is_final else lowest

    def hold(self, node: Hashable, answer: object, lowest: int) -> None:
        """Keep an answer for as long as the open question it rests on is open."""
        self._held[node] = (answer, lowest)
        self._resting.setdefault(lowest, []).append(node)

    def held(self, node: Hashable) -> tuple[Any] | None:
        """A kept answer in a tuple, which then is rested on as well; None when none is kept."""
        found = self._held.get(node)
        if found is None:
            return None
        self.met(found[1])
        return (found[0],)

    @property
    def is_free(self) -> bool:
        """Whether what is being answered has met no open question so far."""
        return self._lowest == FREE

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept, as it is when no question is open."""
        return not self._held

    def is_held(self, node: Hashable) -> bool:
        """Whether an answer is kept for the time being."""
        return node in self._held
