"""What a parameter or field is in a branch that another one decides: `if kind == "csv": read(path)`.

The branch is run by the calls whose `kind` passes the test, so `path` is what those calls pass. The fields of an object
are told apart in the same way by how the object is made, and the arguments of one call by the row they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.passed_lines import is_by_line, is_of_option, seen_in
from mltradeoff_lint.resolve.calls.together import Together
from mltradeoff_lint.resolve.domain import (
    Frame,
    Function,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    is_written,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.outside import is_set_outside
from mltradeoff_lint.resolve.values.conditions import Condition
from mltradeoff_lint.resolve.values.outcomes import place

Passes = Callable[[Condition, Value], bool]


class Beside:
    """Looks at a load by the calls and objects that lead to it."""

    def __init__(self, resolver: Resolver, together: Together) -> None:
        self._resolver = resolver
        self._together = together

    def left(
        self, path: str, index: int, values: Values, frame: Frame | None, tests: Sequence[Condition], passes: Passes
    ) -> Values:
        """What a load can be when it stands under tests of something else; all values when nothing is told."""
        of_objects = self._of_objects(path, index, frame, tests, passes)
        if of_objects:
            return of_objects
        telling = [one for one in tests if self._may_fail(path, one, frame, passes, _is_told)]
        if not telling or any(isinstance(value, (Items, Mapping)) for value in values):
            return values
        ways = self._together.frames(path, [index, *(one.subject for one in telling)], frame)
        if not any(map(is_by_line, ways)) and not any(
            self._may_fail(path, one, frame, passes, is_written) for one in telling
        ):
            # what is passed decides only where the line that passes it is looked at
            return values
        looks = ((way, self._resolver.values(path, index, way)) for way in ways)
        found = union(*(seen_in(held, values) if is_by_line(way) else held for way, held in looks))
        if all(isinstance(value, (Literal, Template, Unknown)) for value in (*found, *values)):
            return found or values
        # an object is the same however it is looked at
        keys = {_key(value) for value in found}
        return tuple(value for value in values if _key(value) in keys) or values

    def _of_objects(
        self, path: str, index: int, frame: Frame | None, tests: Sequence[Condition], passes: Passes
    ) -> Values:
        """What an attribute is of those objects whose other attributes, which the tests ask about, pass.

        Nothing where that turns no object away, or each.
        """
        facts = self._resolver.facts(path)
        expr = facts.exprs[index]
        base = place(facts, expr[1]) if expr[0] == "attr" else None
        telling = [one for one in tests if base is not None and one.place[0] == "attr" and one.place[1] == base]
        objects = self._resolver.values(path, expr[1], frame) if telling else ()
        kept = [one for one in objects if not any(self._fails(one, test, passes) for test in telling)]
        if not kept or len(kept) == len(objects):
            return ()
        return union(*(self._resolver.member(one, expr[2]) for one in kept))

    def _fails(self, value: Value, test: Condition, passes: Passes) -> bool:
        """Whether an object was made with something other than a test asks, and nothing outside its class sets it."""
        field = test.place[2]
        if not isinstance(value, Instance) or value.made is None:
            return False
        if is_set_outside(self._resolver, value.ref, field):
            return False
        held = self._resolver.member(value, field)
        return bool(held) and all(is_written(one) and not passes(test, one) for one in held)

    def _may_fail(
        self, path: str, test: Condition, frame: Frame | None, passes: Passes, is_told: Callable[[Value], bool]
    ) -> bool:
        """Whether something told that is known of what a test asks about cannot pass it."""
        values = self._resolver.values(path, test.subject, frame)
        return len(values) > 1 and any(not passes(test, value) for value in filter(is_told, values))


def _is_told(value: Value) -> bool:
    """Whether a value is written in the code, or may be what a command line or a configuration passes."""
    return is_written(value) or (isinstance(value, Literal) and is_of_option(value))


def _key(value: Value | None) -> Hashable:
    """What identifies an object, whatever calls it was looked at through."""
    if isinstance(value, Library):
        return value.path, tuple(made.call for made in value.made)
    if isinstance(value, Instance):
        return value.ref, None if value.made is None else value.made.call
    if isinstance(value, Function):
        return value.ref, _key(value.receiver)
    return Unknown if isinstance(value, Unknown) else value
