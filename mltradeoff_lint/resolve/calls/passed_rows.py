"""Arguments of one call that come from one row: `load(row.kind, row.path)` in a loop over rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Index

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import versions_of
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.loop_rows import Row, rows_of

MAX_PARTS = 60
"""Expressions and bindings of names that are looked through for the names that an argument is made of."""

MAX_PASSED = 24
"""Rows that one call is told apart by."""

_Group = tuple[int, tuple[int, ...]]
"""Names that change together: the iterable of a loop, or the versions of one name."""


class PassedRows:
    """Looks at a call once for each row that its arguments are taken from."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def at(self, site: CallRef, arguments: Sequence[int]) -> tuple[Frame, ...]:
        """The frames in which a call passes one row each; empty when no two of its arguments come from one row."""
        facts, call = self._resolver.facts(site.path), self._resolver.call(site)
        if len(arguments) < 2:
            return ()
        made_of = [dict(_names(facts, one)) for one in arguments]
        groups = Counter(group for names in made_of for group in {_group(facts, one) for one in names})
        function = FunctionRef(site.path, call.scope)
        for group, count in groups.most_common():
            loads = {key: load for names in made_of for key, load in names.items() if _group(facts, key) == group}
            rows = self._rows(site.path, facts, group, loads) if count > 1 else []
            if 1 < len(rows) <= MAX_PASSED:
                return tuple(Frame(function, site, None, None, tuple(row.items())) for row in rows)
        return ()

    def _rows(self, path: str, facts: PythonFacts, group: _Group, loads: Index[tuple[int, ...], int]) -> Sequence[Row]:
        iterable, _ = group
        if iterable != NONE:
            targets = sorted(one for (one,) in loads)
            rows = rows_of(self._resolver, facts, self._resolver.values(path, iterable), targets)
            if rows is not None or len(loads) > 1:
                return rows or []
        # what one name can be is told apart also where the elements of its loop are not
        return [{name: (value,)} for name, load in loads.items() for value in self._resolver.values(path, load)]


def _group(facts: PythonFacts, versions: tuple[int, ...]) -> _Group:
    one = facts.definitions[versions[0]]
    return (one.value, ()) if one.kind == "loop" and len(versions) == 1 else (NONE, versions)


def _names(facts: PythonFacts, root: int) -> Iterator[tuple[tuple[int, ...], int]]:
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
