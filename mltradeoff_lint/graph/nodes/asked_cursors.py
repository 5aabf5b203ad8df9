"""The queries whose rows a cursor gives: `cursor.execute(QUERY)` asks, and `cursor.fetchall()` brings (PEP 249)."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef
from mltradeoff_lint.resolve.sites import Use

BRINGS = "asked-rows"
"""The kind of a call that brings what an earlier one on the same object asked for."""


class AskedCursors:
    """Answers what a cursor was asked before it gave its rows."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._asking: dict[tuple[CallRef, int], list[Use]] | None = None

    def asked(self, fetch: Use) -> tuple[Use, ...]:
        """The queries whose rows a call brings: the last that surely ran, and those behind it that may have run."""
        if fetch.meaning.kind != BRINGS or not fetch.value.made:
            return ()
        facts = self._work.resolver.facts(fetch.ref.path)
        call = facts.calls[fetch.ref.call]
        own = self._by_cursor().get((fetch.value.made[-1].call, call.scope), ())
        before = [one for one in own if one.ref.path == fetch.ref.path and self._start(one) < self._start(fetch)]
        around = frozenset(_regions(facts, call.region))
        found: list[Use] = []
        for one in sorted(before, key=self._start, reverse=True):
            found.append(one)
            if facts.calls[one.ref.call].region in around:
                break
        return tuple(found)

    def _start(self, use: Use) -> tuple[int, int]:
        # the end of a chain such as `cursor.execute(...).fetchall()` is what comes later
        span = self._work.resolver.call(use.ref).span
        return span.end_line, span.end_column

    def _by_cursor(self) -> dict[tuple[CallRef, int], list[Use]]:
        """The queries by the call that made their cursor and the function that they stand in."""
        if self._asking is None:
            self._asking = {}
            for cursor, use in self._queries():
                scope = self._work.resolver.call(use.ref).scope
                self._asking.setdefault((cursor, scope), []).append(use)
        return self._asking

    def _queries(self) -> Iterator[tuple[CallRef, Use]]:
        for use in self._work.sites.of_kind("dataset-read"):
            if use.meaning.literal("scheme") == "sql" and use.value.made:
                yield use.value.made[-1].call, use


def _regions(facts: PythonFacts, region: int) -> Iterator[int]:
    """A region and those around it in its function."""
    while region >= 0:
        yield region
        one = facts.regions[region]
        if one.kind == "scope":
            return
        region = one.parent
