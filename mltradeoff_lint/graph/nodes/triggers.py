"""What sets a function off: the entries above it, each with the surest and then shortest way down."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from mltradeoff_lint.graph.nodes.functions import entry_words
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.folders import is_evaluation, is_test, is_tutorial
from mltradeoff_lint.resolve.running.dispatched import Needed
from mltradeoff_lint.resolve.running.entries import Entry
from mltradeoff_lint.resolve.running.open_ways import Hops, OpenWays
from mltradeoff_lint.resolve.running.reach import MAX_HOPS, is_among

_REACHES = ("request", "schedule", "queue", "other")
_STEPS = ("stage", "task")


class Trigger(NamedTuple):
    """One entry with the hops from its function down to the function that was asked about."""

    reach: str
    entry: Entry
    hops: Hops

    @property
    def certainty(self) -> Certainty:
        """The least of the way."""
        return min((way.certainty for _, way in self.hops), default=Certainty.RESOLVED)


def trigger_of(work: Workspace, call: CallRef, around: Collection[FunctionRef] = ()) -> Trigger | None:
    """The most demanding way to run a call: a request before a schedule before a queue, the surest of each.

    What the arguments along a way close is none, and neither is one through a function that it is to lead around.
    """
    ways = OpenWays(work.reach)
    found = [
        Trigger(_reach_of(work, entry), entry, hops)
        for one, hops in _ways_down(work, work.reach.holder(call), around).items()
        for entry in work.entries.by_function.get(one.function, ())
        if not is_test(entry.site.path)
    ]
    for trigger in sorted(found, key=_order):
        hops = ways.down(trigger.entry.function, trigger.hops, call)
        if hops is not None and not any(function in around for function, _ in hops):
            return trigger._replace(hops=hops)
    return None


def unrecorded_trigger(work: Workspace, call: CallRef, through: Collection[FunctionRef]) -> Trigger | None:
    """A way of something that is operated to a call around the callers that record it; None without one for sure.

    What such a caller runs itself, as the work that a handler queues, gives what it used back to it.
    """
    found = trigger_of(work, call, through)
    if found is None or found.reach == "other" or found.certainty < Certainty.RESOLVED:
        return None
    return None if any(one in through for one in work.reach.ancestors(found.entry.function)) else found


def _order(one: Trigger) -> tuple[object, ...]:
    """Demanding before not, modules before notebooks, sure before likely, then the kind, short ways, and names."""
    is_aside = is_tutorial(one.entry.site.path) or is_evaluation(one.entry.site.path)
    is_tried = one.entry.site.path.endswith(".ipynb")
    is_other = one.reach == "other"
    likely = one.certainty < Certainty.RESOLVED
    # what runs a workflow says more than a step of it
    kind = (_REACHES.index(one.reach), one.entry.kind in _STEPS, len(one.hops))
    return is_other, is_aside, is_tried, likely, *kind, one.entry.site, one.entry.label


def _ways_down(work: Workspace, function: FunctionRef, around: Collection[FunctionRef]) -> dict[Needed, Hops]:
    """Every function that can lead to this one, with its way: resolved hops first, likely ones where need be.

    No way goes through the functions it is to lead around.
    """
    found: dict[Needed, Hops] = {Needed(function): ()}
    for least in (Certainty.RESOLVED, Certainty.GUESSED):
        level: Iterable[Needed] = tuple(found)
        for _ in range(MAX_HOPS):
            following: list[Needed] = []
            for one in level:
                for way, above in work.reach.towards(one):
                    is_new = way.caller not in around and not is_among(above, found)
                    if way.certainty >= least and is_new and len(found[one]) < MAX_HOPS:
                        found[above] = ((way.caller, way._replace(caller=one.function)), *found[one])
                        following.append(above)
            level = following
    return found


def _reach_of(work: Workspace, entry: Entry) -> str:
    if is_tutorial(entry.site.path) or is_evaluation(entry.site.path):
        return "other"
    if entry.kind == "endpoint":
        return "request" if entry.interface in ("api", "stream") else "other"
    if entry.kind == "scheduled":
        return "other" if _is_check(work, entry) else "schedule"
    return "queue" if entry.kind == "queue" else "other"


def _is_check(work: Workspace, entry: Entry) -> bool:
    """Whether a schedule only repeats a check: its workflow runs on pull requests as well."""
    facts = work.repository.facts.get(entry.site.path)
    if facts is None or not isinstance(facts.content, Documents):
        return False
    for root in facts.content.roots:
        # YAML 1.1 reads the key `on` as true
        events = root.get("on") or root.get("true") or root.get("True")
        names = [name for name, _, _ in events.entries] if events is not None else []
        if "pull_request" in names or "pull_request_target" in names:
            return True
    return False


def steps_of(work: Workspace, trigger: Trigger) -> tuple[Evidence, ...]:
    """The way from the entry to the function, as the steps of a trace."""
    steps = [Evidence(trigger.entry.site, entry_words(work, trigger.entry))]
    for caller, way in trigger.hops:
        words = way.words(work.function_name(way.caller))
        steps.append(Evidence(way.site, f"`{work.function_name(caller)}` {words}", way.certainty))
    return tuple(steps)
