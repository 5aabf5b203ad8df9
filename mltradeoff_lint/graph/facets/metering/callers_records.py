"""Records that callers of a wrapper keep: each counts for the ways through its caller, and for no other way.

An evaluation that estimates what its own calls use tells nothing of what a handler uses that calls the same wrapper.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.folders import is_aside

MAX_HOPS = 6
"""How far up from a function that records the callers are looked for that it records for."""


@dataclass(slots=True)
class CallersRecords:
    """What callers record of one call, and the functions through which a way to the call is recorded."""

    found: list[Recorded] = field(default_factory=list)
    covered: set[FunctionRef] = field(default_factory=set)
    is_operated: bool = False
    """Whether code records that is not there to try things out only."""

    def note(self, recorded: Recorded, covered: frozenset[FunctionRef], recorder: FunctionRef) -> None:
        """Add what a function records, with the callers of the call that it records for."""
        self.found.append(recorded)
        self.covered |= covered
        self.is_operated = self.is_operated or not is_aside(recorder.path)


def recorded_ways(work: Workspace, holder: FunctionRef, recorder: FunctionRef) -> frozenset[FunctionRef] | None:
    """The callers of a function that a recorder records for, next to it; None where it records whoever calls.

    So it does where it is run by the function itself, and where nobody knows what runs it: only of code that is there
    to try things out it is known that nothing served runs it.
    """
    above = work.reach.ancestors(holder)
    found, level, seen = set[FunctionRef](), [recorder], {recorder}
    for _ in range(MAX_HOPS):
        following: list[FunctionRef] = []
        for function in level:
            if function in above:
                found.add(function)
                continue
            callers = [way.caller for way in work.reach.incoming(function)]
            if not callers and not is_aside(recorder.path):
                return None
            following += [one for one in callers if one not in seen]
            seen.update(callers)
        level = following
    return None if holder in found or (level and not is_aside(recorder.path)) else frozenset(found)
