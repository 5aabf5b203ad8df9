"""Clients that a library makes by itself: the calls that go through its module, and the addresses code sets there."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.processes import Processes, is_main
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, Write
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Library, Values
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.region_tests import tests_around
from mltradeoff_lint.resolve.running.uncalled import Uncalled
from mltradeoff_lint.resolve.sites import Assigned, Use


class SetAddress(NamedTuple):
    """An address that code sets on the module of a library."""

    values: Values
    site: Site
    is_sure: bool
    """Whether it surely holds where the call is run; else the address may as well be the library's own."""


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
    return work.resolver.program.ask("set-addresses", key, lambda: _reaching(work, use.ref.path, fitting))


def _is_for(one: Assigned, use: Use) -> bool:
    starts = tuple(name.strip() for name in one.meaning.literal("of").split(","))
    return one.meaning.library == use.meaning.library and use.value.path.startswith(starts)


def _reaching(work: Workspace, path: str, assigned: tuple[Assigned, ...]) -> tuple[SetAddress, ...]:
    processes, uncalled, found = Processes(work), Uncalled(work.resolver, work.roles), list[SetAddress]()
    for one in assigned:
        write = next((each for each in work.resolver.facts(one.path).writes if each.span == one.site.span), None)
        if write is None or is_test(one.path) or uncalled.is_uncalled(work.reach.function_of(one.path, write.scope)):
            continue
        shared = processes.sets(one.path, write.region, path)
        if shared != "no":
            values = work.resolver.values(one.path, one.value) if one.value != NONE else (Unknown("an address"),)
            is_sure = shared == "yes" and _surely_runs(work, one.path, write)
            found.append(SetAddress(values, one.site, is_sure))
    return tuple(found)


def _surely_runs(work: Workspace, path: str, write: Write) -> bool:
    """Whether a write stands under no test but that of `__main__`, in a module's own code or a function that is run."""
    facts, holder = work.resolver.facts(path), work.reach.function_of(path, write.scope)
    tests = sum(1 for _ in tests_around(facts, write.region)) - is_main(facts, write.region)
    is_run = not holder.scope or bool(work.reach.incoming(holder)) or holder in work.entries.by_function
    return not tests and is_run
