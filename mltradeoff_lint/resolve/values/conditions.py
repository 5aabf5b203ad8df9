"""Which tests are known to hold, or to have failed, where a name is read or where versions of it come together.

A test tells something of a name only while the same versions of it reach the test and the read. Which tests can be
decided from a value is told in `outcomes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.resolve.values.outcomes import subjects

_BRANCHES = frozenset({"then", "else", "after"})


class Condition(NamedTuple):
    """A test as an expression, whether it holds, and the load of a name that it asks about."""

    test: int
    holds: bool
    subject: int


class Conditions:
    """The conditions of one module, worked out once."""

    def __init__(self, facts: PythonFacts) -> None:
        self._facts = facts
        self._of_region: dict[int, tuple[Condition, ...]] = {NONE: ()}
        self._branches: dict[tuple[int, str], list[int]] = {}
        for number, one in enumerate(facts.regions):
            if one.kind in ("then", "else") and one.test != NONE:
                self._branches.setdefault((one.parent, one.kind), []).append(number)
        self.at: dict[int, tuple[Condition, ...]] = {}
        """The conditions around each name load that say something of it, by the index of the load."""
        for root, region in self._roots():
            self._walk(root, self.around(region))

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
                found = self._of_region[one] = (*found, *self._own(one))
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
        return tuple(Condition(test, holds, subject) for subject in subjects(self._facts, test))

    def on_the_way(self, versions: tuple[int, ...], version: int) -> Iterator[Condition]:
        """What holds for one of the versions that reach a place together, since an `if` did not bind the name anew.

        The `if` has to stand on every way to the place: in the body of the function, under no branch, loop or `try`.
        """
        facts = self._facts
        for number in versions:
            other = facts.definitions[number]
            region = facts.regions[other.region]
            if number == version or region.kind not in ("then", "else") or not self._is_on_every_way(region.parent):
                continue
            for one in self._said(region.test, holds=region.kind == "else"):
                name = facts.exprs[one.subject]
                if name[1] == other.name and version in name[2]:
                    yield one

    def _is_on_every_way(self, region: int) -> bool:
        regions = self._facts.regions
        while regions[region].kind in ("after", "with"):
            region = regions[region].parent
        return regions[region].kind == "scope"

    def on_parameters(self, region: int) -> Iterator[Condition]:
        """What holds in a region of parameters, as they were passed."""
        facts = self._facts
        for one in self.around(region):
            versions = [facts.definitions[number] for number in facts.exprs[one.subject][2]]
            if versions and all(_is_plain_parameter(facts, version) for version in versions):
                yield one

    def _roots(self) -> Iterator[tuple[int, int]]:
        """The expressions that stand in a guarded region, and those that hold conditions of their own."""
        facts = self._facts
        for definition in facts.definitions:
            if definition.kind in ("assign", "augment", "item", "attribute", "loop") and definition.value != NONE:
                yield definition.value, definition.region
        for scope in facts.scopes:
            yield from ((one.value, one.region) for one in (*scope.returns, *scope.yields) if one.value != NONE)
        for write in facts.writes:
            if write.value != NONE:
                yield write.value, write.region
        for call in reversed(facts.calls):
            for one in (call.function, *call.arguments, *(expr for _, expr in call.keywords)):
                yield one, call.region
        for index, expr in enumerate(facts.exprs):
            if expr[0] == "ifexp" or (expr[0] == "comp" and expr[5]):
                yield index, NONE

    def _walk(self, root: int, around: tuple[Condition, ...]) -> None:
        facts = self._facts
        if not around and facts.exprs[root][0] not in ("ifexp", "comp"):
            return
        pending = [(root, around)]
        while pending:
            index, held = pending.pop()
            if index == NONE:
                continue
            expr = facts.exprs[index]
            if expr[0] == "name":
                said = tuple(one for one in held if facts.exprs[one.subject] == expr)
                if said and index not in self.at:
                    self.at[index] = said
            else:
                pending.extend(self._parts(expr, held))

    def _parts(self, expr: Expr, held: tuple[Condition, ...]) -> Iterator[tuple[int, tuple[Condition, ...]]]:
        """The parts of an expression, with what holds in each."""
        kind = expr[0]
        if kind == "ifexp":
            yield expr[1], held
            yield expr[2], (*held, *self._said(expr[1], holds=True))
            yield expr[3], (*held, *self._said(expr[1], holds=False))
        elif kind == "comp":
            inner = (*held, *(one for test in expr[5] for one in self._said(test, holds=True)))
            yield from ((one, inner) for one in expr[2:4])
            yield from ((one, held) for one in expr[4])
        else:
            yield from ((one, held) for one in parts(self._facts, expr))


def _is_plain_parameter(facts: PythonFacts, definition: Definition) -> bool:
    if definition.kind != "param":
        return False
    return facts.scopes[definition.scope].parameters[definition.value].kind not in ("*", "**")
