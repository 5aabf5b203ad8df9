"""Clients that a library makes by itself: the calls that go through its module, and the addresses code sets there."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.surely_before import Place, SurelyBefore
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, Library, Values
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.processes import Processes
from mltradeoff_lint.resolve.running.uncalled import Uncalled
from mltradeoff_lint.resolve.sites import Assigned, Use


class SetAddress(NamedTuple):
    """An address that code sets on the module of a library."""

    values: Values
    site: Site
    is_sure: bool
    """Whether it surely holds where the call is run; else the address may as well be the library's own."""


class _Reaching(NamedTuple):
    """An address set in a module that may run with a call, and where it is set from, as far as that is sure."""

    values: Values
    site: Site
    places: tuple[Place, ...]


def goes_through_module(work: Workspace, use: Use) -> bool:
    """Whether the library's own module is the client: `openai.chat.completions.create(...)`."""
    facts = work.resolver.facts(use.ref.path)
    index = facts.calls[use.ref.call].function
    while True:
        values = work.resolver.values(use.ref.path, index)
        if any(isinstance(value, Library) and "()" not in value.path for value in values):
            return True
        if facts.exprs[index][0] != "attr":
            return False
        index = facts.exprs[index][1]


def addresses_set(work: Workspace, use: Use) -> tuple[SetAddress, ...]:
    """The addresses set for the default client that a call goes through, in any module that may run in its process."""
    fitting = tuple(one for one in work.sites.assigned if one.meaning.kind == "address" and _is_for(one, use))
    if not fitting or not goes_through_module(work, use):
        return ()
    key = (use.ref.path, fitting[0].meaning.path)
    found = work.resolver.program.ask("set-addresses", key, lambda: _reaching(work, use.ref.path, fitting))
    return work.resolver.program.ask("sure-addresses", (use.ref, key), lambda: _judged(work, found, use.ref))


def _is_for(one: Assigned, use: Use) -> bool:
    starts = tuple(name.strip() for name in one.meaning.literal("of").split(","))
    return one.meaning.library == use.meaning.library and use.value.path.startswith(starts)


def _judged(work: Workspace, found: tuple[_Reaching, ...], ref: CallRef) -> tuple[SetAddress, ...]:
    order = SurelyBefore(work)
    return tuple(SetAddress(one.values, one.site, order.holds_at(ref, one.places)) for one in found)


def _reaching(work: Workspace, path: str, assigned: tuple[Assigned, ...]) -> tuple[_Reaching, ...]:
    processes, uncalled, found = Processes(work.resolver), Uncalled(work.resolver, work.roles), list[_Reaching]()
    for one in assigned:
        write = next((each for each in work.resolver.facts(one.path).writes if each.span == one.site.span), None)
        if write is None or is_test(one.path) or uncalled.is_uncalled(work.reach.function_of(one.path, write.scope)):
            continue
        shared = processes.sets(one.path, write.region, path)
        if shared != "no":
            values = work.resolver.values(one.path, one.value) if one.value != NONE else (Unknown("an address"),)
            places = SurelyBefore(work).places(one.path, write) if shared == "yes" else ()
            found.append(_Reaching(values, one.site, places))
    return tuple(found)
