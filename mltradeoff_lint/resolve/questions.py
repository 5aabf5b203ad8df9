"""Answers each question about a value once, also where questions lead back to themselves or through very long chains.

**Cycles.** A question that meets itself while it is open has no answer yet. In the first round around a group of such
questions it is unknown there; then the group is gone through again, and what the round before found stands for it,
until nothing is added. So an answer is the same whichever question of the group was asked first. Only what cannot grow
on its way around is handed on: objects, functions and things of libraries. A text or container that is made of itself
is another one in each round; the question it is part of stays unknown there, and what rests on that is not remembered.

**Long chains.** A chain that is cut off at its far end is settled from there: the far end is asked on its own, and the
first question again, which then ends at a remembered answer.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from typing import cast

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.cycles import FREE
from mltradeoff_lint.resolve.domain import Frame, Instance, Items, Library, Literal, Mapping, Template, Value, Values
from mltradeoff_lint.resolve.program import Program

Key = tuple[str, int, Frame | None]
"""A question: what the expression of a module with this number can be, looked at in a frame."""

MAX_DEPTH = 2_000
"""Questions that may be open at a time; only generated programs have a longer chain."""

MAX_SETTLED = 400
"""Far ends of long chains that are asked on their own in one run."""

MAX_ROUNDS = 3
"""How often a question of a group is asked again; what is still added to it then is left out."""

ITSELF = Unknown("a recursive definition")
ATTRIBUTE_OF_ITSELF = Unknown("an attribute with a recursive definition")
TOO_DEEP = Unknown("a chain that is too deep")
_LEFT_OUT = frozenset({ITSELF, ATTRIBUTE_OF_ITSELF, TOO_DEEP})


class Questions:
    """Remembers the answers to questions about values, and knows which questions are open."""

    def __init__(self, program: Program, evaluate: Callable[[Key], Values]) -> None:
        """Take what works out the answer to a question that was not asked before."""
        self.answers: dict[Key, Values] = {}
        """Answers that stay as they are."""
        self._program = program
        self._cycles = program.cycles
        self._evaluate = evaluate
        # open questions, each with its position; see `cycles`
        self._open: dict[Key, int] = {}
        # what stands for a question where it meets itself, and those for which it was needed
        self._guesses: dict[Key, Values] = {}
        self._met: set[Key] = set()
        # the far ends of chains that were cut off and are still to be asked, and all that ever were
        self._ends: list[Key] = []
        self._settled: set[Key] = set()

    def answer(self, key: Key) -> Values:
        """The answer to a question that has no remembered one."""
        cycles = self._cycles
        kept = None if cycles.is_empty else cycles.held(key)
        if kept is not None:
            self._program.needs(key)
            return cast("Values", kept[0])
        # the position of a question that is open already is lower than that of the next one
        position = self._open.setdefault(key, cycles.depth)
        if position != cycles.depth:
            self._program.needs(key)
            cycles.met(position, key)
            self._met.add(key)
            return self._guesses.get(key, (ITSELF,))
        if len(self._open) > MAX_DEPTH:
            return self._cut(key)
        try:
            found, lowest = self._round(key)
            if lowest == position:
                found, lowest = self._stable(key, position, found)
        finally:
            del self._open[key]
        if self._ends and not self._open:
            self._settle()
            # a far end may have led here again
            return self.answers.get(key) or self.answer(key)
        if lowest < position:
            cycles.hold(key, found, lowest)
        else:
            self.answers[key] = found
        return found

    def _cut(self, key: Key) -> Values:
        """The answer to a question that is too far from the first one: what rests on it rests on the first."""
        del self._open[key]
        if key not in self._settled and len(self._settled) < MAX_SETTLED:
            self._settled.add(key)
            self._ends.append(key)
        self._cycles.met(next(iter(self._open.values())))
        return (TOO_DEEP,)

    def _settle(self) -> None:
        """Ask the far ends of the chains from the first question on their own."""
        ends, self._ends = self._ends, []
        for one in ends:
            if one not in self.answers:
                self.answer(one)

    def _round(self, key: Key) -> tuple[Values, int]:
        """What an open question is found to be, and the lowest open question that this rests on."""
        outer, lowest = self._cycles.enter(key), FREE
        try:
            found = self._evaluate(key)
        finally:
            lowest = self._cycles.leave(outer)
        return found, lowest

    # -- groups of questions that lead to one another

    def _stable(self, key: Key, position: int, found: Values) -> tuple[Values, int]:
        """The answer to the first question of a group, once what met itself has all that the others find of it."""
        group: dict[Key, Values] = {**self._cycles.release(position), key: found}
        news = [] if self._ends else self._news(group)
        ended, lowest = set(group), FREE
        if news:
            found, lowest = self._rework(key, position, group, news)
            if lowest < position:
                return found, lowest
            group = {**self._cycles.release(position), key: found}
            ended |= set(group)
            if not all(map(_is_whole, found)):
                # texts that grew on the way around are put together anew, beside the objects that are known by now
                self._remember(group)
                found, lowest = self._round(key)
                if lowest < position:
                    return found, lowest
                group = {**self._cycles.release(position), key: found}
                ended |= set(group)
        if not self._ends:
            self._remember(group)
        self._cycles.drop_users(ended)
        self._met -= ended
        for one in ended.intersection(self._guesses):
            del self._guesses[one]
        return found, FREE

    def _rework(self, key: Key, position: int, group: dict[Key, Values], news: Iterable[Key]) -> tuple[Values, int]:
        """Ask again what used an answer to which something was added, until nothing is added to any."""
        cycles, again = self._cycles, Counter[Key]()
        outer, lowest = cycles.enter(None), FREE
        try:
            for node, answer in group.items():
                if node != key:
                    cycles.keep(node, answer, position)
            pending = deque(self._using(news))
            while pending:
                one = pending.popleft()
                again[one] += 1
                if again[one] > MAX_ROUNDS or one in self.answers or (one in self._open and one != key):
                    continue
                cycles.forget(one)
                found = self._round(one)[0] if one == key else self.answer(one)
                if found != group.get(one):
                    group[one] = found
                    self._news({one: found})
                    pending.extend(self._using([one]))
        finally:
            lowest = cycles.leave(outer)
        return group[key], lowest

    def _using(self, nodes: Iterable[Hashable]) -> dict[Key, None]:
        """The questions about values that used some answers; what is in between is asked anew by who needs it."""
        pending, found, seen = list(nodes), dict[Key, None](), set(nodes)
        while pending:
            for one in self._cycles.users(pending.pop()):
                if _is_of_values(one):
                    found[one] = None
                elif one not in seen:
                    seen.add(one)
                    self._cycles.forget(one)
                    pending.append(one)
        return found

    def _remember(self, group: dict[Key, Values]) -> None:
        """Keep the answers of a group that do not show that something is left out."""
        for one, answer in group.items():
            if _is_of_values(one) and all(map(_is_whole, answer)):
                self.answers[one] = answer

    def _news(self, group: dict[Key, Values]) -> list[Key]:
        """Those that met themselves and of which more was found than stood for them; from now on, that does."""
        found = []
        for one in group:
            if one in self._met:
                before, now = self._guesses.get(one, ()), _handed_on(group[one])
                if any(value not in before and not _is_led_to(before, value) for value in now):
                    found.append(one)
                self._guesses[one] = now
        return found


def _is_of_values(node: tuple[object, ...]) -> bool:
    """Whether a question is one about a value; those that are asked of the program are pairs."""
    return len(node) == 3


def _handed_on(found: Values) -> Values:
    """What stands for a question where it meets itself, after a round that found this: what is no larger there."""
    objects = [value for value in found if not isinstance(value, (Literal, Template, Items, Mapping, Unknown))]
    first = [value for value in objects if not _is_led_to(found, value)]
    is_all = bool(first) and all(value in objects or value == ITSELF for value in found)
    return tuple(first) if is_all else (*first, ITSELF)


def _is_led_to(values: Values, value: Value) -> bool:
    """Whether a value is a thing of a library that is had from another one: `x = x.strip()` gives one in each round."""
    if not isinstance(value, Library):
        return value == ITSELF
    roots = (one.path for one in values if isinstance(one, Library) and len(one.path) < len(value.path))
    return any(value.path.startswith(root) and value.path[len(root)] in ".([" for root in roots)


def _is_whole(value: Value) -> bool:
    """Whether a value shows that nothing of it was left out where a question met itself."""
    if isinstance(value, Instance):
        return value.given is None
    return not isinstance(value, (Template, Items, Mapping)) and value not in _LEFT_OUT
