"""What the tests around a place leave of the values of a name: `if name.endswith(".csv")` leaves no `a.parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import Frame, FunctionRef, Literal, Value, Values, is_none, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.conditions import Condition, Conditions
from mltradeoff_lint.resolve.values.dead_code import dead_regions
from mltradeoff_lint.resolve.values.outcomes import outcome

NOTHING_LEFT = "no value that is known passes the tests around it"


class Narrowing:
    """Filters the values of names by the conditions of their module."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._conditions: dict[str, Conditions] = {}
        self._dead: dict[str, frozenset[int]] = {}

    def read(self, path: str, facts: PythonFacts, index: int, values: Values) -> Values:
        """What a name load with an index can be where it stands."""
        conditions = self._of(path, facts).at.get(index)
        if conditions is None:
            return values
        found = tuple(value for value in values if _passes(facts, conditions, value))
        if found or all(is_none(value) for value in values):
            # None alone is a placeholder: whoever fills it passes the test
            return found or values
        return unknown(NOTHING_LEFT)

    def passing(
        self, path: str, versions: tuple[int, ...], version: int, values: Values, frame: Frame | None
    ) -> Values:
        """What one of the versions that reach a place together can still be there.

        Nothing at all is an answer: every value that is known is replaced on the way, or the call that is looked at
        does not run the binding.
        """
        facts = self._resolver.facts(path)
        region = facts.definitions[version].region
        # code that is never run still reads what it binds itself
        is_dead = self._is_dead(path, region)
        if version not in self.live(path, versions) if is_dead else not self.is_reached(path, region, frame):
            return ()
        conditions = tuple(self._of(path, facts).on_the_way(versions, version))
        return tuple(value for value in values if _passes(facts, conditions, value)) if conditions else values

    def is_reached(self, path: str, region: int, frame: Frame | None) -> bool:
        """Whether a region may run in the call that is looked at: False when what that passes decides against it."""
        if self._is_dead(path, region):
            return False
        if frame is None:
            return True
        facts = self._resolver.facts(path)
        if frame.function != FunctionRef(path, facts.regions[region].scope):
            return True
        for one in self._of(path, facts).on_parameters(region):
            passed = self._resolver.values(path, one.subject, frame)
            if passed and all(_is_written(value) and not _passes(facts, (one,), value) for value in passed):
                return False
        return True

    def live(self, path: str, versions: Sequence[int]) -> Sequence[int]:
        """The versions of a name that some run binds; all of them where none does."""
        definitions = self._resolver.facts(path).definitions
        found = [one for one in versions if not self._is_dead(path, definitions[one].region)]
        return found or versions

    def _is_dead(self, path: str, region: int) -> bool:
        found = self._dead.get(path)
        if found is None:
            found = self._dead[path] = dead_regions(self._resolver.facts(path))
        return region in found

    def _of(self, path: str, facts: PythonFacts) -> Conditions:
        found = self._conditions.get(path)
        if found is None:
            found = self._conditions[path] = Conditions(facts)
        return found


def _passes(facts: PythonFacts, conditions: Iterable[Condition], value: Value) -> bool:
    """Whether a value can get past all conditions."""
    outcomes = ((outcome(facts, one.test, facts.exprs[one.subject], value), one.holds) for one in conditions)
    return all(found is None or found is holds for found, holds in outcomes)


def _is_written(value: Value) -> bool:
    """Whether a value stands in the code, so that no setting makes it another."""
    return isinstance(value, Literal) and value.provenance == "literal"
