"""Who runs the function that starts on a line, and which steps of its workflow come before it, as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.entries import Entry
from mltradeoff_lint.resolve.running.handlers import definition_line
from mltradeoff_lint.resolve.running.reach import Reach
from mltradeoff_lint.resolve.running.step_order import StepOrder
from mltradeoff_lint.resolve.shown_places import shown

MAX_WAYS = 20
"""Ways into one function that are told; the rest is counted."""


def lines_of_runs(
    resolver: Resolver,
    reach: Reach,
    order: StepOrder,
    entries: Mapping[FunctionRef, Sequence[Entry]],
    path: str,
    line: int,
) -> Iterator[str]:
    """One line for each way a function that starts on a line is run, then one for each step before it.

    A function that nothing calls may be an entry, which whoever serves or schedules it runs.
    """
    facts = resolver.facts(path)
    for number, scope in enumerate(facts.scopes):
        first, last = definition_line(facts, scope)
        if scope.kind != "function" or scope.name == "<lambda>" or not first <= line <= last:
            continue
        function = FunctionRef(path, number)
        ways = reach.incoming(function)
        yield f"function `{scope.qualname}`" + ("" if ways else f": {_without_callers(entries.get(function, ()))}")
        for way in ways[:MAX_WAYS]:
            doubt = "" if way.certainty >= Certainty.RESOLVED else " (likely)"
            yield f"  {_name(resolver, way.caller)} {way.words(scope.qualname)}{doubt} ({shown(resolver, way.site)})"
        if len(ways) > MAX_WAYS:
            yield f"  and {len(ways) - MAX_WAYS} more"
        for one in order.before(function):
            yield f"  {_name(resolver, one.function)} is the step before it ({shown(resolver, one.site)})"


def _without_callers(entries: Sequence[Entry]) -> str:
    if not entries:
        return "nothing in the repository is known to run it"
    words = dict.fromkeys(f"{one.framework} ({one.kind})" if one.framework else one.kind for one in entries)
    return f"run from outside: {', '.join(words)}"


def _name(resolver: Resolver, function: FunctionRef) -> str:
    return f"`{resolver.scope(function).qualname or function.path}`"
