"""Answers that rest on questions which are still open: they are kept until that is answered, and no longer.

A question that is met while it is open has no answer yet, and what is worked out with a stop-gap in its place rests on
it: asked by itself, each of these questions has an answer of its own, which may say more. Kept as long as the question
is open, such an answer is worked out once; what becomes of it then is decided by who asked that question.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

FREE = 1 << 60
"""The position of a question that met no open one."""


class Cycles:
    """Answers that rest on open questions. The position of a question is how many are open around it."""

    def __init__(self) -> None:
        self.depth = 0
        """How many questions are open: the position of the next one."""
        self._lowest = FREE
        self._open: list[Hashable | None] = []
        self._held: dict[Hashable, tuple[Any, int]] = {}
        self._resting: dict[int, list[Hashable]] = {}
        self._users: dict[Hashable, dict[Hashable, None]] = {}

    def met(self, position: int, node: Hashable | None = None) -> None:
        """Note that what is being answered has met the open question at a position; none is below the first.

        Named, the question also knows who met it.
        """
        if 0 <= position < self._lowest:
            self._lowest = position
        if node is not None:
            self._note_user(node)

    def enter(self, node: Hashable | None) -> int:
        """Begin a question, or with None what asks several and uses none; the result is for `leave`."""
        self.depth += 1
        self._open.append(node)
        outer, self._lowest = self._lowest, FREE
        return outer

    def leave(self, outer: int) -> int:
        """End the latest question; the position of the lowest question its answer rests on, FREE when there is none.

        Where that is the question itself, nothing outside decides for what rests on it: that is to be released.
        """
        self.depth -= 1
        self._open.pop()
        position = self.depth
        lowest, self._lowest = self._lowest, outer
        if lowest >= position:
            return lowest
        self.met(lowest)
        for node in self._resting.pop(position, ()):
            answer, resting = self._held.get(node, (None, FREE))
            if resting == position:
                # what rested on this question rests on what this question rests on
                self.keep(node, answer, lowest)
        return lowest

    def keep(self, node: Hashable, answer: object, lowest: int) -> None:
        """Keep an answer for as long as the open question it rests on is open."""
        self._held[node] = (answer, lowest)
        self._resting.setdefault(lowest, []).append(node)

    def hold(self, node: Hashable, answer: object, lowest: int) -> None:
        """Keep the answer to the question that was just left, which the one around it uses; see `keep`."""
        self.keep(node, answer, lowest)
        self._note_user(node)

    def held(self, node: Hashable) -> tuple[Any] | None:
        """A kept answer in a tuple, which then is rested on as well; None when none is kept."""
        found = self._held.get(node)
        if found is None:
            return None
        self.met(found[1], node)
        return (found[0],)

    def release(self, position: int) -> dict[Any, Any]:
        """The answers that rest on a question, by what they answer; they are kept no longer."""
        nodes = self._resting.pop(position, ())
        mine = [one for one in dict.fromkeys(nodes) if self._held.get(one, (None, FREE))[1] == position]
        return {one: self._held.pop(one)[0] for one in mine}

    def forget(self, node: Hashable) -> None:
        """Keep the answer to a question no longer."""
        self._held.pop(node, None)

    def users(self, node: Hashable) -> Iterable[Any]:
        """The questions that used an answer to a question which was not the last word."""
        return self._users.get(node, ())

    def drop_users(self, nodes: Iterable[Hashable]) -> None:
        """Forget who used questions that have their last word."""
        for node in nodes:
            self._users.pop(node, None)

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

    def _note_user(self, node: Hashable) -> None:
        if self._open and self._open[-1] is not None:
            self._users.setdefault(node, {})[self._open[-1]] = None
