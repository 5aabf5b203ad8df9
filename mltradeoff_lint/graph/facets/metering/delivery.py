"""How the answer of a model call comes: whole or as a stream, awaited or not; and which row of the table fits."""

from __future__ import annotations

from mltradeoff_lint.catalog.tables import Called, Tables, UsageRow
from mltradeoff_lint.graph.facets.metering.arguments import has_open_splat
from mltradeoff_lint.graph.facets.metering.http_streams import asks_for_stream, is_read_by_pieces
from mltradeoff_lint.graph.facets.metering.response_names import each_name
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.resolve.domain import Library, Literal, Value
from mltradeoff_lint.resolve.sites import Use


def is_streamed(work: Workspace, use: Use) -> bool | None:
    """Whether an answer is a stream, by the row of the call and its switch; None where both may be.

    A call without the switch gives the whole answer, unless it passes `**something` that may hold one.
    """
    if use.meaning.literal("stream") == "always":
        return True
    switched = {_is_on(value) for value in work.sites.setting(use, "stream")}
    if not switched:
        return None if use.meaning.selectors("stream") and has_open_splat(work, use.ref) else False
    return switched.pop() if len(switched) == 1 else None


def _is_on(value: Value) -> bool | None:
    if isinstance(value, Literal):
        return bool(value.value)
    # `openai.NOT_GIVEN` and the like leave the default
    return False if isinstance(value, Library) and value.path.rpartition(".")[2].isupper() else None


class Deliveries:
    """Reads how answers come, and what of them tells their usage."""

    def __init__(self, work: Workspace, tables: Tables) -> None:
        self._work = work
        self._tables = tables

    def usage(self, use: Use, operation: str = "", called: Called | None = None) -> UsageRow:
        """The row for a call; where a stream is a matter of a switch, the loop over the answer says that it is one."""
        asked = operation or use.meaning.literal("operation", "chat")
        streamed = self._is_streamed(use) or (called is not None and called.is_streaming)
        return self._tables.usage(use.value.path, asked, streamed, self._is_awaited(use), called)

    def of_stream(self, use: Use, operation: str, called: Called) -> UsageRow | None:
        """The row for the stream that a call gives instead where its switch is on, if nobody can tell; else None."""
        is_open = bool(self._work.sites.setting(use, "stream")) and is_streamed(self._work, use) is None
        if not is_open or use.meaning.literal("provider") == "http" or self._is_streamed(use) or called.is_streaming:
            return None
        row = self._tables.usage(use.value.path, operation, True, self._is_awaited(use), called)
        return row if row.is_of_stream else None

    def _is_streamed(self, use: Use) -> bool:
        """Whether an answer comes as a stream: the switch says so, or else what goes through it."""
        switched = is_streamed(self._work, use)
        if use.meaning.literal("provider") == "http":
            asked = asks_for_stream(self._work, use)
            return switched is True or is_read_by_pieces(self._work, use.ref) if asked is None else asked
        return bool(each_name(self._work.resolver, use.ref)) if switched is None else switched

    def _is_awaited(self, use: Use) -> bool:
        """Whether the client is one of coroutines: by the class that makes it, else by the function that calls it."""
        made = use.value.made
        if not made:
            return self._work.resolver.scope(self._work.reach.holder(use.ref)).is_async
        calls = [(one.call, self._work.resolver.facts(one.call.path)) for one in made]
        return any("Async" in last_name(facts.exprs[facts.calls[ref.call].function]) for ref, facts in calls)
