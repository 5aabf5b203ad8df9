"""Which binding of a name a place reads, by tests of other names: `if kind == "csv": folder = "raw"`.

A text of `folder` and `kind` has `raw` with `csv` alone, and no other folder with it. So each value of a name that is
tested is looked at with the bindings that it leads to. Where nothing is known of what is tested, the branches still
tell which bindings of two names never meet.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from mltradeoff_lint.resolve.domain import Value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.loop_rows import MAX_ROWS, Row
from mltradeoff_lint.resolve.values.outcomes import subjects
from mltradeoff_lint.resolve.values.standing import branches_around, is_on_every_way

_BRANCHES = ("then", "else")

Around = Callable[[str, int], tuple[Condition, ...]]
"""What holds in a region of a module."""

Passes = Callable[[str, Condition, Value], bool]
"""Whether a value can get past a condition of a module."""


class ChosenBindings:
    """Tells which names choose among the versions of one, and what a row of values chooses."""

    def __init__(self, resolver: Resolver, around: Around, passes: Passes) -> None:
        self._resolver = resolver
        self._around = around
        self._passes = passes
        self._deciders: dict[tuple[str, tuple[int, ...]], tuple[tuple[int, ...], ...]] = {}
        self._taken: dict[tuple[str, int], Mapping[Hashable, bool]] = {}

    def deciders(self, path: str, versions: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
        """The other names that tests ask about around the bindings of a name, each by its versions there."""
        if len(versions) < 2:
            return ()
        found = self._deciders.get((path, versions))
        if found is None:
            definitions = self._resolver.facts(path).definitions
            around = (one for number in versions for one in self._around(path, definitions[number].region))
            places = (one.place for one in around if one.place[0] == "name")
            name = definitions[versions[0]].name
            found = tuple(dict.fromkeys(place[2] for place in places if place[2] and place[1] != name))
            self._deciders[path, versions] = found
        return found

    def is_read(self, path: str, versions: tuple[int, ...], version: int, row: Row) -> bool:
        """Whether a place that several versions of a name reach can read one of them when a row holds other names.

        It does not where the row closes the branch of the binding, nor where it leads into a branch that binds the name
        anew and stands on every way to the place.
        """
        for one in (*self._around(path, self._region(path, version)), *self._passed_by(path, versions, version)):
            held = row.get(one.place[2]) if one.place[0] == "name" else None
            if held and not any(self._passes(path, one, value) for value in held):
                return False
        return True

    def combinations(self, path: str, names: Sequence[tuple[int, ...]]) -> list[Mapping[tuple[int, ...], int]]:
        """Which bindings of some names meet, each by the versions of its name; empty where every one meets every other.

        Names of which all bindings meet those of the others are left out.
        """
        told = [one for one in names if len(one) > 1 and any(self._branches(path, version) for version in one)]
        sides = [pair for pair in itertools.combinations(told, 2) if self._are_apart(path, *pair)]
        kept = [one for one in told if any(one in pair for pair in sides)]
        if not kept or math.prod(map(len, kept)) > MAX_ROWS:
            return []
        found = (dict(zip(kept, versions, strict=True)) for versions in itertools.product(*kept))
        return [one for one in found if not any(self._never_meet(path, a, b, one[a], one[b]) for a, b in sides)]

    def _are_apart(self, path: str, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
        return any(self._never_meet(path, one, other, *pair) for pair in itertools.product(one, other))

    def _never_meet(self, path: str, versions: tuple[int, ...], others: tuple[int, ...], one: int, other: int) -> bool:
        """Whether two bindings stand in branches of which a run takes one, or one where the other is replaced.

        What reaches a place itself is of one round of the loops around it.
        """
        own, beside = self._branches(path, one), self._branches(path, other)
        is_other_way = any(beside.get(key, taken) is not taken for key, taken in own.items())
        return (
            is_other_way or self._is_replaced(path, versions, one, other) or self._is_replaced(path, others, other, one)
        )

    def _is_replaced(self, path: str, versions: tuple[int, ...], version: int, beside: int) -> bool:
        """Whether the branch in which something stands binds a name anew that was bound before its `if`."""
        facts, number = self._resolver.facts(path), self._region(path, beside)
        region = facts.regions[number]
        if region.kind not in _BRANCHES or not is_on_every_way(facts, region.parent):
            return False
        return any(one > version and self._region(path, one) == number for one in versions) and (
            self._region(path, version) != number
        )

    def _branches(self, path: str, version: int) -> Mapping[Hashable, bool]:
        """The tests around a binding, each with its outcome there, by their `if` and by what they ask."""
        found = self._taken.get((path, version))
        if found is None:
            facts = self._resolver.facts(path)
            one = facts.definitions[version]
            found = self._taken[path, version] = {} if one.kind == "phi" else dict(branches_around(facts, one.region))
        return found

    def _passed_by(self, path: str, versions: tuple[int, ...], version: int) -> Iterator[Condition]:
        """What holds where the later versions have not replaced one."""
        facts = self._resolver.facts(path)
        for number in versions:
            region = facts.regions[self._region(path, number)]
            if number > version and region.kind in _BRANCHES and is_on_every_way(facts, region.parent):
                for place, load in subjects(facts, region.test).items():
                    yield Condition(region.test, region.kind == "else", load, place, False)

    def _region(self, path: str, version: int) -> int:
        return self._resolver.facts(path).definitions[version].region
