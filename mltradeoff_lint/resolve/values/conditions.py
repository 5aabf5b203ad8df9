"""Which tests are known to hold, or to have failed, where a name is read or where versions of it come together.

A test tells something of a name only while the same versions of it reach the test and the read. Which tests can be
decided from a value is told in `outcomes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from collections.abc import Mapping as Index
from typing import NamedTuple

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import methods_of
from mltradeoff_lint.resolve.values.loop_rows import group_of
from mltradeoff_lint.resolve.values.outcomes import asks_for_absence, place, subjects
from mltradeoff_lint.resolve.values.standing import is_inside, is_on_every_way, statements

_BRANCHES = frozenset({"then", "else", "after"})
_LOADS = frozenset({"name", "attr"})
_WORDS = frozenset({"==", "!=", "in", "not in"})
_HOLDING = frozenset({"ifexp", "comp"})
"""Kinds of expressions that hold tests of their own."""


class Condition(NamedTuple):
    """A test as an expression, whether it holds, and what it asks about: a load of it, and its place."""

    test: int
    holds: bool
    subject: int
    place: Expr
    is_given: bool
    """Whether the place is a parameter, or an attribute of one."""


class Around(NamedTuple):
    """What the tests around a load say: of what it reads, and of other parameters or fields of the same object."""

    own: tuple[Condition, ...] = ()
    others: tuple[Condition, ...] = ()
    of_row: tuple[Condition, ...] = ()
    """Of names that the same loop or unpacking binds."""


_NOTHING = Around()


class Conditions:
    """The conditions of one module; those around a load are worked out when it is asked for."""

    def __init__(self, facts: PythonFacts, standing: Callable[[], Index[int, Set[int]]]) -> None:
        """Take what tells, when it is asked for, in which regions the expressions of the module stand."""
        self._facts = facts
        self._standing = standing
        self._of_region: dict[int, tuple[Condition, ...]] = {NONE: ()}
        self._branches: dict[tuple[int, str], list[int]] = {}
        for number, one in enumerate(facts.regions):
            if one.kind in ("then", "else") and one.test != NONE:
                self._branches.setdefault((one.parent, one.kind), []).append(number)
        self._by_test: dict[tuple[int, bool], tuple[Condition, ...]] = {}
        self._of_parameters: dict[int, tuple[Condition, ...]] = {}
        self._of_fields: dict[int, tuple[tuple[str, Condition], ...]] = {}
        self._at: dict[int, Around] = {}
        self._held: dict[int, list[tuple[Condition, ...]]] | None = None

    def at(self, index: int) -> Around:
        """The conditions around a load of a name or attribute that say something of it, or of what stands beside it."""
        held = self._ways_to(index)
        if not held:
            return _NOTHING
        found = self._at.get(index)
        if found is None:
            found = self._at[index] = self._told_at(index, held)
        return found

    def _told_at(self, index: int, ways: Sequence[tuple[Condition, ...]]) -> Around:
        for held in ways:
            own = self._told(index, held)
            others = self._other(index, own, held)
            of_row = self._of_row(index, held)
            if own or others or of_row:
                return Around(own, others, of_row)
        return _NOTHING

    def around(self, region: int) -> tuple[Condition, ...]:
        """What holds in a region, from the tests of the branches it stands in, inside its function."""
        found = self._of_region.get(region)
        if found is None:
            chain = []
            while region not in self._of_region:
                chain.append(region)
                region = self._facts.regions[region].parent if self._facts.regions[region].kind != "scope" else NONE
            found = self._of_region[region]
            for one in reversed(chain):
                own = self._own(one)
                found = self._of_region[one] = (*found, *own) if own else found
        return found

    def _own(self, region: int) -> tuple[Condition, ...]:
        one = self._facts.regions[region]
        if one.test == NONE or one.kind not in _BRANCHES:
            return ()
        if one.kind != "after":
            return self._said(one.test, holds=one.kind == "then")
        return tuple(said for test in self._failed(one.parent, one.test) for said in self._said(test, holds=False))

    def _failed(self, parent: int, test: int) -> Iterator[int]:
        """The tests that failed where an `if` with its `elif` was passed: those of the branches that left the block.

        Nothing is told where only the `else`, or the branch of an `elif`, left it.
        """
        regions = self._facts.regions
        left = [one for one in self._branches.get((parent, "then"), ()) if regions[one].exits]
        if test != NONE and all(regions[one].test != test for one in left):
            return
        yield from (regions[one].test for one in left if test in (NONE, regions[one].test))
        for otherwise in self._branches.get((parent, "else"), ()):
            if test in (NONE, regions[otherwise].test):
                yield from self._failed(otherwise, NONE)

    def _said(self, test: int, *, holds: bool) -> tuple[Condition, ...]:
        found = self._by_test.get((test, holds))
        if found is None:
            facts = self._facts
            # what is missing may be filled behind the test by any call; a name is bound anew where that can be seen
            found = self._by_test[test, holds] = tuple(
                Condition(test, holds, load, place, _is_given(facts, place))
                for place, load in subjects(facts, test).items()
                if place[0] == "name" or not asks_for_absence(facts, test, place, holds=holds)
            )
        return found

    def on_the_way(self, versions: tuple[int, ...], version: int) -> Iterator[Condition]:
        """What holds for one of the versions that reach a place together, since an `if` did not bind the name anew.

        The `if` has to stand on every way to the place: in the body of the function, under no branch, loop or `try`.
        What left the block in which the version is bound, by a test of it, does not get to the place either.
        """
        facts = self._facts
        for number in self._branches.get((facts.definitions[version].region, "then"), ()):
            if facts.regions[number].exits:
                failed = self._said(facts.regions[number].test, holds=False)
                yield from (one for one in failed if one.place[0] == "name" and one.place[2] == (version,))
        for number in versions:
            other = facts.definitions[number]
            region = facts.regions[other.region]
            if number == version or region.kind not in ("then", "else") or not is_on_every_way(facts, region.parent):
                continue
            for one in self._said(region.test, holds=region.kind == "else"):
                name = one.place
                if name[0] == "name" and name[1] == other.name and version in name[2]:
                    yield one

    def at_load(self, load: int, versions: tuple[int, ...], version: int) -> Iterator[Condition]:
        """What holds for one of the versions that reach a load together, by the branches in which the load stands.

        The value that a test around the load was asked of passed it; and where the `if` that binds the name anew
        stands in such a branch too, what comes past it without the new value failed its test.
        """
        facts = self._facts
        ways = self._ways_to(load)
        for one in ways[0] if ways else ():
            if one.place[0] == "name" and one.place[2] == (version,) and all(one in way for way in ways):
                yield one
        for number in versions:
            other = facts.definitions[number]
            region = facts.regions[other.region]
            if number == version or region.kind not in ("then", "else") or is_on_every_way(facts, region.parent):
                continue
            standing = self._standing().get(load, ())
            if standing and all(is_inside(facts, one, region.parent) for one in standing):
                said = self._said(region.test, holds=region.kind == "else")
                yield from (one for one in said if one.place[:2] == ("name", other.name) and version in one.place[2])

    def _ways_to(self, load: int) -> Sequence[tuple[Condition, ...]]:
        """What holds around a load, once for each place at which it is written under tests."""
        if self._held is None:
            self._held = self._loads()
        return self._held.get(load, ())

    def on_parameters(self, region: int) -> tuple[Condition, ...]:
        """What holds in a region of parameters, as they were passed."""
        found = self._of_parameters.get(region)
        if found is None:
            around = self.around(region)
            found = self._of_parameters[region] = tuple([one for one in around if self._is_passed(one.place)])
        return found

    def on_passed(self, test: int, *, holds: bool) -> tuple[Condition, ...]:
        """What the outcome of a test says of parameters of one function, as they were passed."""
        found = [one for one in self._said(test, holds=holds) if self._is_passed(one.place)]
        scopes = [self._facts.definitions[one.place[2][0]].scope for one in found]
        return tuple([one for one, scope in zip(found, scopes, strict=True) if scope == scopes[0]])

    def _is_passed(self, where: Expr) -> bool:
        """Whether a place is a parameter as it was passed."""
        facts = self._facts
        versions = where[2] if where[0] == "name" else ()
        return bool(versions) and all(_is_plain_parameter(facts, facts.definitions[one]) for one in versions)

    def on_names(self, region: int, names: Sequence[tuple[int, ...]]) -> Iterator[Condition]:
        """What holds in a region of names with some versions, or of attributes of them."""
        for one in self.around(region):
            root = one.place
            while root[0] == "attr":
                root = root[1]
            if root[2] in names:
                yield one

    def on_fields(self, region: int) -> tuple[tuple[str, Condition], ...]:
        """What holds in a region of a method of the attributes of its object, each with its name."""
        found = self._of_fields.get(region)
        if found is None:
            found = self._of_fields[region] = tuple(
                (one.place[2], one)
                for one in self.around(region)
                if one.place[0] == "attr" and one.place[1][0] == "name" and self._compares(one.test)
                if methods_of(self._facts, one.place[1])
            )
        return found

    def _compares(self, test: int) -> bool:
        """Whether a test compares with something written: whether a field is filled says nothing of how it was made."""
        expr = self._facts.exprs[test]
        return expr[0] == "compare" and all(operator in _WORDS for operator in expr[1])

    def _loads(self) -> dict[int, list[tuple[Condition, ...]]]:
        """What holds around each load that stands under tests; several where one expression is written more often."""
        exprs = self._facts.exprs
        found: dict[int, list[tuple[Condition, ...]]] = {}
        walked: dict[int, tuple[Condition, ...]] = {}
        for root, region in statements(self._facts):
            around = self._of_region.get(region)
            if around is None:
                around = self.around(region)
            if around or exprs[root][0] in _HOLDING:
                self._walk(root, around, found, walked)
        for index, expr in enumerate(exprs):
            if expr[0] == "ifexp" or (expr[0] == "comp" and expr[5]):
                self._walk(index, (), found, walked)
        return found

    def _walk(
        self,
        root: int,
        around: tuple[Condition, ...],
        found: dict[int, list[tuple[Condition, ...]]],
        walked: dict[int, tuple[Condition, ...]],
    ) -> None:
        """Note what holds around the loads in an expression; `walked` has what each part was last looked at under."""
        pending = [(root, around)]
        while pending:
            index, held = pending.pop()
            if index == NONE or walked.get(index) is held:
                continue
            walked[index] = held
            expr = self._facts.exprs[index]
            if held and expr[0] in _LOADS:
                found.setdefault(index, []).append(held)
            if expr[0] != "name" and expr[0] != "const":
                pending.extend(self._parts(expr, held))

    def _other(self, index: int, said: tuple[Condition, ...], held: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """The conditions of other parameters, or fields of the same object, around a load of one."""
        facts = self._facts
        others = [one for one in held if one not in said and (one.is_given or one.place[0] == "attr")]
        here = place(facts, index) if others else None
        if here is None or (here[0] == "name" and (not _is_given(facts, here) or methods_of(facts, here))):
            return ()
        if not _is_given(facts, here):
            others = [one for one in others if one.place[0] == "attr" and one.place[1] == here[1]]
        else:
            others = [one for one in others if one.is_given]
        return tuple([one for one in others if self._is_around(one, index)])

    def _of_row(self, index: int, held: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """The conditions of names that are bound together with the one that a load reads."""
        facts = self._facts
        expr = facts.exprs[index]
        if expr[0] != "name" or len(expr[2]) != 1:
            return ()
        group = group_of(facts, expr[2])
        if group.kind == "name":
            return ()
        names = [one for one in held if one.place[0] == "name" and len(one.place[2]) == 1 and one.place[2] != expr[2]]
        return tuple([one for one in names if group_of(facts, one.place[2]) == group])

    def _is_around(self, condition: Condition, index: int) -> bool:
        """Whether a condition holds at every place of a load: one that is written several times is one expression."""
        return all(condition in self.around(region) for region in self._standing().get(index, (NONE,)))

    def _told(self, index: int, held: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Those of some conditions that ask about what a load reads, also where a name is a copy of it."""
        facts = self._facts
        expr = facts.exprs[index]
        here = place(facts, index)
        found = tuple(one for one in held if one.place == here)
        if expr[0] == "attr" or len(expr[2]) != 1:
            return found
        binding = facts.definitions[expr[2][0]]
        if binding.kind != "assign" or binding.path or facts.exprs[binding.value][0] not in ("name", "attr"):
            return found
        copied = place(facts, binding.value)
        return (*found, *(one for one in held if one.place == copied and self._is_around(one, index)))

    def _parts(self, expr: Expr, held: tuple[Condition, ...]) -> list[tuple[int, tuple[Condition, ...]]]:
        """The parts of an expression, with what holds in each."""
        if expr[0] == "ifexp":
            then = (*held, *self._said(expr[1], holds=True))
            return [(expr[1], held), (expr[2], then), (expr[3], (*held, *self._said(expr[1], holds=False)))]
        if expr[0] == "comp":
            inner = (*held, *(one for test in expr[5] for one in self._said(test, holds=True)))
            return [*((one, inner) for one in expr[2:4]), *((one, held) for one in expr[4])]
        return [(one, held) for one in parts(self._facts, expr)]


def _is_given(facts: PythonFacts, where: Expr) -> bool:
    """Whether a place is a parameter, or an attribute of one."""
    while where[0] == "attr":
        where = where[1]
    return any(_is_plain_parameter(facts, facts.definitions[number]) for number in where[2])


def _is_plain_parameter(facts: PythonFacts, definition: Definition) -> bool:
    if definition.kind != "param":
        return False
    return facts.scopes[definition.scope].parameters[definition.value].kind not in ("*", "**")
