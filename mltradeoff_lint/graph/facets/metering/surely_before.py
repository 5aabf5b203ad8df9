"""Whether what a statement sets surely holds where a call is run: it is run before it, whichever way leads there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Write
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.running.entries import main_guard
from mltradeoff_lint.resolve.running.processes import Processes
from mltradeoff_lint.resolve.values.standing import is_inside

MAX_PLACES = 40
"""Places that run a statement; those beyond are not looked at, which leaves it open."""


class Place(NamedTuple):
    """Where a statement is run from, itself being the first place."""

    holder: FunctionRef
    region: int
    span: Span


class SurelyBefore:
    """Compares the places that surely run one statement with the ways on which calls are run."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._processes = Processes(work.resolver)

    def places(self, path: str, write: Write) -> tuple[Place, ...]:
        """Where a write is surely run from: itself, and what calls the function that it stands in."""
        holder = self._work.reach.function_of(path, write.scope)
        found = [Place(holder, write.region, write.span)] if holder.scope == write.scope else []
        for place in found:
            if len(found) < MAX_PLACES and place.holder.scope and self._is_plain(place):
                found += [one for one in self._running(place) if one not in found]
        return tuple(found)

    def holds_at(self, ref: CallRef, places: Sequence[Place]) -> bool:
        """Whether the statement is run before a call on every way that leads there."""
        if not places:
            return False
        pending, seen = [ref], {ref}
        for one in pending:
            holder = self._work.reach.holder(one)
            if any(self._is_behind(place, holder, one) for place in places):
                continue
            ways = self._work.reach.incoming(holder)
            if (holder in self._work.entries.by_function or not ways) and not self._is_loaded(holder, one, places):
                return False
            for way in ways:
                if way.ref is None:
                    return False
                if way.ref not in seen:
                    seen.add(way.ref)
                    pending.append(way.ref)
        return True

    def _is_behind(self, place: Place, holder: FunctionRef, ref: CallRef) -> bool:
        """Whether a call stands behind a place in the same function, under whatever that stands under."""
        call, facts = self._work.resolver.call(ref), self._work.resolver.facts(ref.path)
        is_after = place.holder == holder and place.span.line < call.span.line
        return is_after and is_inside(facts, call.region, place.region)

    def _is_loaded(self, holder: FunctionRef, ref: CallRef, places: Sequence[Place]) -> bool:
        """Whether a module that runs the statement is loaded before the holder of a call, which nothing else runs."""
        line = 0 if holder.scope else self._work.resolver.call(ref).span.line
        return any(
            self._processes.surely_loads(place.holder.path, holder.path, line, is_start=self._is_start(place))
            for place in places
            if not place.holder.scope and (self._is_start(place) or self._is_plain(place))
        )

    def _running(self, place: Place) -> Iterator[Place]:
        """The statements that only call the function of a place, if all its ways lead past that."""
        scope = self._work.resolver.scope(place.holder)
        is_left = any(one.span.line <= place.span.line for one in scope.returns)
        if is_left or scope.is_async or scope.yields or scope.decorators:
            return
        for way in self._work.reach.incoming(place.holder):
            if way.ref is not None and way.how == "calls" and way.certainty is Certainty.RESOLVED:
                call = self._work.resolver.call(way.ref)
                if call.scope == way.caller.scope and call.span == call.statement:
                    yield Place(way.caller, call.region, call.span)

    def _is_plain(self, place: Place) -> bool:
        """Whether a place stands under no test, loop or handler of its function."""
        return self._work.resolver.facts(place.holder.path).regions[place.region].kind == "scope"

    def _is_start(self, place: Place) -> bool:
        return not place.holder.scope and place.region == main_guard(self._work.resolver.facts(place.holder.path))
