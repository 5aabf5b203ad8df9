"""The expressions of one module turned around: what each value stands in, is bound to, and is returned by.

Equal expressions of a scope are one entry of the table, so an entry may stand in several places at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts, Write
from mltradeoff_lint.resolve.interface import Resolver

_VALUED = frozenset({"assign", "augment", "loop", "enter", "item", "attribute", "match"})
"""Kinds of definition whose value is an expression."""

_DECIDING = frozenset({"then", "else", "after", "while"})
"""Kinds of region whose test decides whether they run."""


class ValueLinks:
    """Where each value of a module goes next."""

    def __init__(self, facts: PythonFacts) -> None:
        self._facts = facts
        self.parents: dict[int, list[int]] = {}
        self.bound: dict[int, list[int]] = {}
        self.writes: dict[int, list[Write]] = {}
        self.returned: dict[int, list[int]] = {}
        """Expression -> the scopes that return it."""
        self.discarded = frozenset((*facts.discarded, *facts.deleted))
        """Expressions that stand alone, or name what is deleted."""
        self.tested = frozenset(one.test for one in facts.regions)
        """Expressions that decide what runs, or are gone through by a loop."""
        self.conditions = self.tested - {one.test for one in facts.regions if one.kind not in _DECIDING}
        self.bases = frozenset(one.base for one in facts.writes)
        """Expressions that something is written into."""
        self.callees = {call.function: number for number, call in enumerate(facts.calls)}
        self.functions = frozenset(self.callees)
        self.calls: dict[int, int] = {}
        """Number of a call -> its expression."""
        self._loads: dict[int, list[int]] = {}
        self._outward: dict[str, list[int]] = {}
        self._later: dict[int, list[int]] = {}
        self._expressions()
        self._statements()

    def _expressions(self) -> None:
        for index, expr in enumerate(self._facts.exprs):
            for part in parts(self._facts, expr):
                self.parents.setdefault(part, []).append(index)
            if expr[0] == "call":
                self.calls[expr[1]] = index
            elif expr[0] == "name":
                for definition in expr[2]:
                    self._loads.setdefault(definition, []).append(index)
                if not expr[2]:
                    self._outward.setdefault(expr[1], []).append(expr[3])

    def _statements(self) -> None:
        for index, one in enumerate(self._facts.definitions):
            if one.kind in _VALUED and one.value != NONE:
                self.bound.setdefault(one.value, []).append(index)
            for previous in one.previous:
                self._later.setdefault(previous, []).append(index)
        for write in self._facts.writes:
            self.writes.setdefault(write.value, []).append(write)
        for number, scope in enumerate(self._facts.scopes):
            for left in scope.returns:
                self.returned.setdefault(left.value, []).append(number)

    def is_read_inside(self, one: Definition) -> bool:
        """Whether a function inside the scope of a name reads the name."""
        return any(self._is_below(scope, one.scope) for scope in self._outward.get(one.name, ()))

    def _is_below(self, scope: int, outer: int) -> bool:
        while scope > 0 and scope != outer:
            scope = self._facts.scopes[scope].parent
        return scope == outer

    def reads(
        self, definition: int, through: Sequence[str] = ("phi",), ends: Callable[[Definition], bool] | None = None
    ) -> Sequence[int] | None:
        """The reads of a version of a name and of those that are made of it; None when others are than `through`.

        What is meant is in no version that `ends` it.
        """
        found: list[int] = []
        pending, seen = [definition], {definition}
        while pending:
            one = pending.pop()
            found += self._loads.get(one, ())
            for later in self._later.get(one, ()):
                if self._facts.definitions[later].kind not in through:
                    return None
                if later not in seen and not (ends is not None and ends(self._facts.definitions[later])):
                    seen.add(later)
                    pending.append(later)
        return found


def links_of(resolver: Resolver, path: str) -> ValueLinks:
    """The links of a module, made once for all who ask."""
    return resolver.program.ask("value-links", path, lambda: ValueLinks(resolver.facts(path)))
