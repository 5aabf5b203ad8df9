"""Arguments of one call that come from one row: `load(row.kind, row.path)` in a loop over rows.

The function that is called may come from the row too: `for path, load in LOADERS.items(): load(path)` gives each loader
the paths of its own rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Index

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import versions_of
from mltradeoff_lint.resolve.domain import CallRef, Class, Frame, Function, FunctionRef, Value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.values.loop_rows import Group, Row, group_of, rows_of_group

MAX_PARTS = 60
"""Expressions and bindings of names that are looked through for the names that an argument is made of."""

MAX_PASSED = 24
"""Rows that one call is told apart by."""

_OF_ROW = ("loop", "assign")
"""Kinds of bindings by which a name can hold what a row gives."""


class PassedRows:
    """Looks at a call once for each row that its arguments are taken from."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._construction = Construction(resolver)
        self._taken: dict[str, frozenset[int]] = {}
        self._named: dict[tuple[str, int], Index[tuple[int, ...], int]] = {}

    def taken(self, path: str) -> frozenset[int]:
        """The calls of a module whose function may come from a row."""
        found = self._taken.get(path)
        if found is None:
            facts = self._resolver.facts(path)
            calls = (number for number, one in enumerate(facts.calls) if _is_of_row(facts, one.function))
            found = self._taken[path] = frozenset(calls)
        return found

    def at(self, site: CallRef, function: FunctionRef, arguments: Sequence[int]) -> tuple[Frame, ...]:
        """The frames in which a call passes one row each to a function; empty when no two arguments share a row."""
        if len(arguments) < 2:
            return ()
        facts, called = self._resolver.facts(site.path), self._resolver.call(site).function
        made_of = [self._names_in(site.path, one) for one in arguments]
        groups = Counter(group for names in made_of for group in {group_of(facts, one) for one in names})
        made_of += [self._names_in(site.path, called)] if site.call in self.taken(site.path) else []
        for group, count in groups.most_common():
            loads = {key: load for names in made_of for key, load in names.items() if group_of(facts, key) == group}
            rows = self._rows(site.path, group, loads, None) if count > 1 else []
            if 1 < len(rows) <= MAX_PASSED:
                return self._entered(site, function, rows, None)
        return ()

    def of_function(
        self, site: CallRef, function: FunctionRef, arguments: Sequence[int], outer: Frame | None
    ) -> tuple[Frame, ...]:
        """The frames of the rows in which a call runs a function; empty where all rows do, or none can be told.

        Only rows that some of the arguments are taken from as well are told apart.
        """
        facts, called = self._resolver.facts(site.path), self._resolver.call(site).function
        if len(self._resolver.values(site.path, called, outer)) < 2:
            return ()
        own = self._names_in(site.path, called)
        given = {key: load for one in arguments for key, load in self._names_in(site.path, one).items()}
        for group in sorted({group_of(facts, one) for one in own} & {group_of(facts, one) for one in given}):
            loads = {key: load for key, load in {**own, **given}.items() if group_of(facts, key) == group}
            rows = self._rows(site.path, group, loads, outer)
            frames = self._entered(site, function, rows, outer) if 1 < len(rows) <= MAX_PASSED else ()
            if 0 < len(frames) < len(rows):
                return frames
        return ()

    def _names_in(self, path: str, root: int) -> Index[tuple[int, ...], int]:
        found = self._named.get((path, root))
        if found is None:
            found = self._named[path, root] = dict(names_in(self._resolver.facts(path), root))
        return found

    def _entered(
        self, site: CallRef, function: FunctionRef, rows: Sequence[Row], outer: Frame | None
    ) -> tuple[Frame, ...]:
        """The frames of the rows in which a call runs a function; all of them where no row is known to."""
        call, around = self._resolver.call(site), FunctionRef(site.path, self._resolver.call(site).scope)
        frames = tuple(Frame(around, site, outer, None, tuple(row.items())) for row in rows)
        if site.call not in self.taken(site.path):
            return frames
        running = tuple(
            one
            for one in frames
            if any(self._runs(value, function) for value in self._resolver.values(site.path, call.function, one))
            and self._resolver.is_reached(site.path, call.region, one)
        )
        return running or frames

    def _runs(self, value: Value, function: FunctionRef) -> bool:
        """Whether calling a value runs a function."""
        if isinstance(value, Class):
            return self._construction.constructor(value.ref) == function
        return isinstance(value, Function) and value.ref == function

    def _rows(self, path: str, group: Group, loads: Index[tuple[int, ...], int], outer: Frame | None) -> Sequence[Row]:
        if group.kind != "name":
            rows = rows_of_group(self._resolver, path, group, sorted(one for (one,) in loads), outer)
            if rows is not None or len(loads) > 1:
                return rows or []
        # what one name can be is told apart also where the elements of its loop are not
        return rows_of_values(self._resolver, path, loads, outer)


def rows_of_values(resolver: Resolver, path: str, loads: Index[tuple[int, ...], int], frame: Frame | None) -> list[Row]:
    """One row for each value that a name can be, where nothing tells which others it comes with."""
    return [{name: (value,)} for name, load in loads.items() for value in resolver.values(path, load, frame)]


def _is_of_row(facts: PythonFacts, index: int) -> bool:
    """Whether what is called can be taken from a row: a name that is bound in its function, or an item."""
    expr = facts.exprs[index]
    if expr[0] == "name":
        return bool(expr[2]) and all(facts.definitions[one].kind in _OF_ROW for one in expr[2])
    return bool(expr[0] == "item")


def names_in(facts: PythonFacts, root: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """The versions of the names that an expression is made of, also through names bound between, each with a load."""
    pending, seen, bound = [root], 0, set[tuple[int, ...]]()
    while pending and seen < MAX_PARTS:
        index = pending.pop()
        expr = facts.exprs[index]
        seen += 1
        versions = versions_of(facts, expr) if expr[0] == "name" else ()
        if versions and versions not in bound:
            bound.add(versions)
            yield versions, index
            bindings = [facts.definitions[number] for number in versions]
            pending += [one.value for one in bindings if one.kind == "assign" and one.value != NONE]
        elif expr[0] != "name":
            pending += [one for one in parts(facts, expr) if one != NONE]
