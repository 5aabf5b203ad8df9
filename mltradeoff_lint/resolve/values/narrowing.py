"""What the tests around a place leave of the values of a name: `if name.endswith(".csv")` leaves no `a.parquet`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.calls.passed_lines import is_by_line
from mltradeoff_lint.resolve.calls.together import Together
from mltradeoff_lint.resolve.domain import (
    Class,
    Frame,
    Function,
    FunctionRef,
    Instance,
    Library,
    Literal,
    Module,
    Value,
    Values,
    is_none,
    is_text,
    is_written,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.certain_attributes import has_attribute
from mltradeoff_lint.resolve.objects.outside import is_set_outside
from mltradeoff_lint.resolve.values import row_mates, set_instead
from mltradeoff_lint.resolve.values.admitted import in_place_of_open
from mltradeoff_lint.resolve.values.beside import Beside
from mltradeoff_lint.resolve.values.brought import source_of
from mltradeoff_lint.resolve.values.chosen_bindings import ChosenBindings
from mltradeoff_lint.resolve.values.class_tests import asks_for_kind, is_of_class
from mltradeoff_lint.resolve.values.conditions import Condition, Conditions
from mltradeoff_lint.resolve.values.dead_code import dead_regions
from mltradeoff_lint.resolve.values.guards import Guards
from mltradeoff_lint.resolve.values.loop_seeds import LoopSeeds
from mltradeoff_lint.resolve.values.made_under import MadeUnder
from mltradeoff_lint.resolve.values.outcomes import NO_CONSTANT, Told, outcome

NOTHING_LEFT = "no value that is known passes the tests around it"

_UNDECIDED = frozenset({Library, Function, Class, Module, Instance})
"""Kinds of values of which no test can be decided; only who passes one as an argument can be turned away."""


class Narrowing:
    """Filters the values of names by the conditions of their module."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.together = Together(resolver)
        self._beside = Beside(resolver, self.together)
        self.guards = Guards(resolver, self._on_parameters, self._passes_one)
        self.chosen = ChosenBindings(resolver, self._around, self._passes_one)
        self.loop_seeds = LoopSeeds(resolver, self._around, self._passes_one, self.together.standing)
        self._made_under = MadeUnder(resolver, self._around, self.together.standing)
        self._conditions: dict[str, Conditions] = {}

    def read(
        self,
        path: str,
        facts: PythonFacts,
        index: int,
        values: Values,
        frame: Frame | None = None,
        *,
        is_row: bool = False,
    ) -> Values:
        """What a load of a name or attribute with an index can be where it stands.

        In a row it holds one value of several, so that nothing stands in the place of one that fails.
        """
        if len(values) == 1 and values[0].__class__ in _UNDECIDED and not _is_of_parameter(facts, facts.exprs[index]):
            return values
        if len(values) > 1 and facts.exprs[index][0] == "attr":
            values = self._made_under.left(path, index, values)
        conditions, others, of_row = self._of(path, facts).at(index)
        if not conditions and not others and not of_row:
            return values
        asking = _asking(facts, conditions, others)
        if asking:
            values = self.guards.read(path, index, values, frame, asking)

        def passes(test: Condition, value: Value) -> bool:
            return self._passes(path, facts, (test,), value)

        if others:
            values = self.together.lines.left(path, index, values, frame, others, passes)
        if others and sum(map(is_text, values)) > 1:
            values = self._beside.left(path, index, values, frame, others, passes)
        if of_row:
            values = row_mates.left(self._resolver, path, index, values, frame, of_row, passes)
        is_row = is_row or (frame is not None and bool(frame.row))
        found = self._left(path, facts, values, conditions)
        if not found and not is_row and any(map(set_instead.is_default, values)):
            found = set_instead.variable(self._resolver, path, index, frame)
        is_attribute = facts.exprs[index][0] == "attr"
        if found or all(map(is_none, values)) or (is_attribute and not all(isinstance(one, Literal) for one in values)):
            # None alone is a placeholder: whoever fills it passes the test, and so may who writes to an object
            return found or values
        return unknown(NOTHING_LEFT)

    def _left(self, path: str, facts: PythonFacts, values: Values, conditions: Sequence[Condition]) -> Values:
        """What of the values of a load passes the conditions on it, or stands in their place."""

        def passes(value: Value) -> bool:
            return self._passes(path, facts, conditions, value)

        found = tuple(value for value in values if passes(value))
        if len(found) < len(values):
            failed = [one for one in values if one not in found]
            told = [one for one in failed if not found or set_instead.has_default(facts, conditions, one)]
            found = union(found, *(set_instead.with_items_set(facts, conditions, one, passes) for one in told))
        return in_place_of_open(facts, conditions, found, passes, lambda one: bool(source_of(self._resolver, one)))

    def passing(
        self, path: str, versions: tuple[int, ...], version: int, values: Values, frame: Frame | None, load: int = NONE
    ) -> Values:
        """What one of the versions that reach a place together can still be there; at a load where one is named.

        Nothing at all is an answer: every value that is known is replaced on the way, or the call that is looked at
        does not run the binding.
        """
        facts = self._resolver.facts(path)
        region = facts.definitions[version].region
        # code that is never run still reads what it binds itself
        is_dead = self._is_dead(path, region)
        if version not in self.live(path, versions) if is_dead else not self.is_reached(path, region, frame):
            return ()
        around = self._of(path, facts)
        conditions = tuple(around.on_the_way(versions, version))
        if load != NONE:
            conditions += tuple(around.at_load(load, versions, version))
            own, others, _ = around.at(load)
            asking = _asking(facts, own, others)
            values = self.guards.joined(path, version, values, frame, asking) if asking else values
        if not conditions:
            return values
        return tuple(value for value in values if self._passes(path, facts, conditions, value))

    def is_reached(self, path: str, region: int, frame: Frame | None) -> bool:
        """Whether a region may run in the call that is looked at: False when what that passes decides against it."""
        if self._is_dead(path, region):
            return False
        if frame is None:
            return True
        facts = self._resolver.facts(path)
        if frame.function.path != path or frame.function.scope != facts.regions[region].scope:
            return True
        if isinstance(frame.receiver, Instance) and not self.is_open_to(path, region, frame.receiver):
            return False
        conditions = self._of(path, facts)
        bound = [versions for versions, _ in frame.row]
        for one in conditions.on_names(region, bound) if bound else conditions.on_parameters(region):
            if self._turns_away(path, one, frame):
                return False
        return not is_by_line(frame) or all(self._may_hold(path, one, frame) for one in conditions.around(region))

    def is_taken(self, path: str, test: int, holds: bool, frame: Frame | None) -> bool:
        """Whether a conditional expression may give a side: False when what the calls pass decides against it."""
        facts = self._resolver.facts(path)
        conditions = self._of(path, facts).on_passed(test, holds=holds)
        if not conditions or (frame is not None and frame.row):
            return True
        function = FunctionRef(path, facts.definitions[conditions[0].place[2][0]].scope)
        if frame is None or frame.function != function:
            return not self.guards.is_closed(function, conditions, frame)
        return not any(self._turns_away(path, one, frame) for one in conditions)

    def _turns_away(self, path: str, condition: Condition, frame: Frame) -> bool:
        """Whether what the call that is looked at passes is all written down, and fails a test."""
        passed = self._resolver.values(path, condition.subject, frame)
        return bool(passed) and all(is_written(one) and not self._passes_one(path, condition, one) for one in passed)

    def _may_hold(self, path: str, condition: Condition, frame: Frame) -> bool:
        """Whether the command line that is looked at may pass a test: False when an option of it decides against it."""
        if not self.together.lines.is_told(path, condition.subject, frame):
            return True
        passed = self._resolver.values(path, condition.subject, frame)
        return any(not isinstance(one, Literal) or self._passes_one(path, condition, one) for one in passed)

    def is_open_to(self, path: str, region: int, receiver: Instance, name: str = "") -> bool:
        """Whether a method of an object may run a region, by the tests of attributes around it but for the named one.

        Only what the object was constructed with decides, and only where no code outside the class sets it.
        """
        facts = self._resolver.facts(path)
        for field, one in self._of(path, facts).on_fields(region) if receiver.made is not None else ():
            if field == name or is_set_outside(self._resolver, receiver.ref, field):
                continue
            held = self._resolver.member(receiver, field)
            is_told = bool(held) and all(is_written(value) and isinstance(value.value, str) for value in held)
            if is_told and not any(self._passes(path, facts, (one,), value) for value in held):
                return False
        return True

    def live(self, path: str, versions: Sequence[int]) -> Sequence[int]:
        """The versions of a name that some run binds; all of them where none does."""
        definitions = self._resolver.facts(path).definitions
        found = [one for one in versions if not self._is_dead(path, definitions[one].region)]
        return found or versions

    def _is_dead(self, path: str, region: int) -> bool:
        return region in dead_regions(self._resolver, path)

    def _of(self, path: str, facts: PythonFacts) -> Conditions:
        found = self._conditions.get(path)
        if found is None:
            found = self._conditions[path] = Conditions(facts, lambda: self.together.standing(path))
        return found

    def _around(self, path: str, region: int) -> tuple[Condition, ...]:
        return self._of(path, self._resolver.facts(path)).around(region)

    def _on_parameters(self, path: str, region: int) -> tuple[Condition, ...]:
        return self._of(path, self._resolver.facts(path)).on_parameters(region)

    def _passes_one(self, path: str, condition: Condition, value: Value) -> bool:
        return self._passes(path, self._resolver.facts(path), (condition,), value)

    def _passes(self, path: str, facts: PythonFacts, conditions: Iterable[Condition], value: Value) -> bool:
        """Whether a value can get past all conditions."""

        def known(index: int) -> object:
            found = self._resolver.values(path, index)
            if isinstance(value, Instance) and len(found) == 1:
                if isinstance(found[0], Class):
                    return Told(is_of_class(self._resolver, value, found[0].ref))
                if facts.exprs[index][0] == "const":
                    return Told(has_attribute(self._resolver, value, str(facts.exprs[index][1])))
            if len(found) == 1 and isinstance(found[0], (Class, Function, Library)):
                return found[0]
            return found[0].value if len(found) == 1 and is_written(found[0]) else NO_CONSTANT

        for one in conditions:
            found = outcome(facts, one.test, one.place, value, known)
            if found is not None and found is not one.holds:
                return False
        return True


def _asking(facts: PythonFacts, conditions: Sequence[Condition], others: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions around a load of a parameter that tell which calls come to it."""
    return (*others, *(one for one in conditions if one.is_given and asks_for_kind(facts, one.test)))


def _is_of_parameter(facts: PythonFacts, expr: Expr) -> bool:
    return expr[0] == "name" and any(facts.definitions[one].kind == "param" for one in expr[2])
