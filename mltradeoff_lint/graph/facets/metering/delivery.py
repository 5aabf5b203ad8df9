"""How the answer of a model call comes: whole or as a stream, awaited or not; and which row of the table fits."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.catalog.tables import Tables, UsageRow
from mltradeoff_lint.graph.facets.metering.response_names import each_name
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.resolve.domain import Literal
from mltradeoff_lint.resolve.sites import Use


class Delivery(NamedTuple):
    """Whether the answer is a stream (None where both may be), and whether the methods of what comes are awaited."""

    is_streamed: bool | None
    is_awaited: bool


class Deliveries:
    """Reads how answers come, and what of them tells their usage."""

    def __init__(self, work: Workspace, tables: Tables) -> None:
        self._work = work
        self._tables = tables

    def of(self, use: Use) -> Delivery:
        """How the answer of a call comes."""
        return Delivery(self._is_streamed(use), self._is_awaited(use))

    def usage(self, use: Use, operation: str = "") -> UsageRow:
        """The row for a call; where a stream is a matter of a switch, the loop over the answer says that it is one."""
        asked = operation or use.meaning.literal("operation", "chat")
        streamed = self._is_streamed(use)
        if streamed is None:
            facts = self._work.resolver.facts(use.ref.path)
            streamed = bool(each_name(facts, use.ref.call))
        return self._tables.usage(use.value.path, asked, streamed, self._is_awaited(use))

    def _is_streamed(self, use: Use) -> bool | None:
        if use.meaning.literal("stream") == "always":
            return True
        values = self._work.sites.setting(use, "stream")
        known = {value.value for value in values if isinstance(value, Literal)}
        if len(known) != len(values):
            return None
        return True if known == {True} else None if True in known else False

    def _is_awaited(self, use: Use) -> bool:
        """Whether the client is one of coroutines: by the class that makes it, else by the function that calls it."""
        made = use.value.made
        if not made:
            return self._work.resolver.scope(self._work.reach.holder(use.ref)).is_async
        calls = [(one.call, self._work.resolver.facts(one.call.path)) for one in made]
        return any("Async" in last_name(facts.exprs[facts.calls[ref.call].function]) for ref, facts in calls)
