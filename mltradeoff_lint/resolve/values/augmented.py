"""What `x += value` makes of a name: step by step where steps follow one another, and without an end in a loop.

`query = "a"; query += "b"` is known. In a loop a text keeps its beginning, a list is open, and a number is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import Frame, Items, Values, union, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.operators import add, all_numbers
from mltradeoff_lint.resolve.values.runnables import pipe
from mltradeoff_lint.resolve.values.strings import concatenate, join_path
from mltradeoff_lint.resolve.values.sums import is_bound_to_text, is_known_text, is_written_as_text

MAX_STEPS = 64
"""Steps by which one value is built that are followed."""

_JOINING = frozenset({"phi", "item", "attribute", "method"})

Held = Callable[[str, int, "Frame | None"], Values]
Replaced = Callable[[str, int, "Frame | None"], Collection[int]]


class Augmented:
    """Evaluates augmented assignments."""

    def __init__(self, resolver: Resolver, held: Held, replaced: Replaced) -> None:
        """Take what tells what a version of a name holds, and which versions a step does not start from."""
        self._resolver = resolver
        self._held = held
        self._replaced = replaced

    def of(self, path: str, index: int, frame: Frame | None) -> Values:
        """What the version that an augmented assignment makes can be."""
        facts = self._resolver.facts(path)
        steps = sorted(one for one in _above(facts, index) | {index} if facts.definitions[one].kind == "augment")
        if len(steps) > MAX_STEPS:
            return unknown("a value that is built in many steps")
        made: dict[int, Values] = {}
        for one in steps:
            # versions are numbered in source order, so what a step starts from is made already
            if one in _above(facts, one):
                made[one] = self._repeated(path, one, frame)
                continue
            leaves = set(_leaves(facts, one)).difference(self._replaced(path, one, frame))
            before = [made[leaf] if leaf in made else self._held(path, leaf, frame) for leaf in sorted(leaves)]
            made[one] = self._step(path, one, _changed_between(facts, one, union(*before)), frame)
        return made[index]

    def _step(self, path: str, index: int, before: Values, frame: Frame | None) -> Values:
        definition = self._resolver.facts(path).definitions[index]
        value = self._resolver.values(path, definition.value, frame)
        if definition.path == ("Add",):
            return add(before, value, "more", definition.name, is_text=self._is_text(path, index, before, frame))
        if definition.path == ("Div",) and not all_numbers(before) and not all_numbers(value):
            return join_path([(before, definition.name), (value, "name")])
        return pipe(self._resolver, before, value) if definition.path == ("BitOr",) else unknown("a computed value")

    def _repeated(self, path: str, index: int, frame: Frame | None) -> Values:
        """A step that a loop takes any number of times, perhaps with other steps between."""
        facts = self._resolver.facts(path)
        above = sorted(_above(facts, index))
        steps = [facts.definitions[one] for one in above if facts.definitions[one].kind == "augment"]
        if any(one.path != ("Add",) for one in steps):
            return unknown("a value that a loop computes")
        bases = [one for one in above if facts.definitions[one].kind not in (*_JOINING, "augment")]
        before = union(*(self._held(path, one, frame) for one in bases))
        if all_numbers(before):
            return unknown("a number that a loop changes")
        if any(isinstance(value, Items) for value in before):
            added = union(*(self._resolver.values(path, one.value, frame) for one in steps))
            fewest = min(one.fewest if isinstance(one, Items) else 0 for one in before)
            return tuple(
                Items(one.items, True, fewest) if isinstance(one, Items) else one
                for one in add(before, added, "more", facts.definitions[index].name)
            )
        if not any(
            self._is_text(path, one, before, frame) for one in above if facts.definitions[one].kind == "augment"
        ):
            return unknown("a value that a loop changes")
        name = facts.definitions[index].name
        return concatenate([(before or unknown("nothing before"), name), (unknown("what a loop adds"), "more")])

    def _is_text(self, path: str, index: int, before: Values, frame: Frame | None) -> bool:
        """Whether a step adds to a text, or adds one."""
        facts = self._resolver.facts(path)
        value = facts.definitions[index].value
        if is_known_text(before) or is_written_as_text(facts, value):
            return True
        is_bound = any(is_bound_to_text(facts, one) for one in _leaves(facts, index))
        return is_bound or is_known_text(self._resolver.values(path, value, frame))


def _leaves(facts: PythonFacts, index: int) -> list[int]:
    """The nearest bindings and steps before a version, joins and changes in place looked through, in source order."""
    return sorted(one for one in _reached(facts, index, _JOINING) if facts.definitions[one].kind not in _JOINING)


def _changed_between(facts: PythonFacts, index: int, values: Values) -> Values:
    """What stood before a step: a list that was changed in place since it was bound holds more than it began with."""
    kinds = {facts.definitions[one].kind for one in _reached(facts, index, _JOINING)}
    if not kinds & (_JOINING - {"phi"}):
        return values
    return tuple(Items(one.items, True, one.fewest) if isinstance(one, Items) else one for one in values)


def _above(facts: PythonFacts, index: int) -> set[int]:
    """All versions that lead to a version; itself among them where a loop leads back."""
    return _reached(facts, index, _JOINING | {"augment"})


def _reached(facts: PythonFacts, index: int, through: frozenset[str]) -> set[int]:
    pending = [*facts.definitions[index].previous]
    seen = set(pending)
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind in through:
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
    return seen
