"""Which binding of a name a place reads, by tests of other names: `if kind == "csv": folder = "raw"`.

A text of `folder` and `kind` has `raw` with `csv` alone, and no other folder with it. So each value of a name that is
tested is looked at with the bindings that it leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mltradeoff_lint.resolve.domain import Value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.loop_rows import Row
from mltradeoff_lint.resolve.values.outcomes import subjects
from mltradeoff_lint.resolve.values.standing import is_on_every_way

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
