"""Clients that a library takes from its settings: the models set for calls that are given none of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.own_contexts import OwnContexts
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import Instance, Library, Made, Value
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.processes import Processes
from mltradeoff_lint.resolve.running.uncalled import Uncalled
from mltradeoff_lint.resolve.selectors import has_splat
from mltradeoff_lint.resolve.sites import Use

KIND = "default-client"


class Configured(NamedTuple):
    """The constructions of the clients that settings may give a call."""

    made: tuple[Made, ...]
    is_sure: bool
    """Whether there is one, and all that is set resolves."""


def configured_clients(work: Workspace, use: Use) -> Configured | None:
    """What the settings around a call or of its process give it; None where its library takes no client from them."""
    if use.meaning.literal("client_from") != "settings":
        return None
    library = use.meaning.library
    fitting = tuple(one for one in work.sites.of_kind(KIND) if one.meaning.library == library and _sets(work, one))
    region = work.resolver.call(use.ref).region
    opened = tuple(dict.fromkeys(OwnContexts(work).opened(use.ref.path, region)))
    around = tuple(one for one in fitting if one.ref in opened)
    if around:
        return _configured(work, min(around, key=lambda one: opened.index(one.ref)))
    return work.resolver.program.ask(
        "configured-clients", (use.ref.path, library), lambda: _of_process(work, use.ref.path, fitting)
    )


def with_configured(work: Workspace, use: Use) -> Use:
    """A call with the clients that its settings surely give it among those it is made with."""
    found = configured_clients(work, use)
    if found is None or not found.is_sure:
        return use
    made = tuple(dict.fromkeys((*use.value.made, *found.made)))
    return use._replace(value=Library(use.value.path, made))


def _of_process(work: Workspace, path: str, fitting: tuple[Use, ...]) -> Configured:
    processes, uncalled = Processes(work.resolver), Uncalled(work.resolver, work.roles)
    found = list[Configured]()
    for one in fitting:
        if is_test(one.ref.path) or uncalled.is_uncalled(work.reach.holder(one.ref)):
            continue
        if processes.sets(one.ref.path, work.resolver.call(one.ref).region, path) != "no":
            found.append(_configured(work, one))
    made = tuple(dict.fromkeys(each for one in found for each in one.made))
    return Configured(made, bool(found) and all(one.is_sure for one in found))


def _sets(work: Workspace, use: Use) -> bool:
    """Whether a call of the settings may say anything of the client."""
    given = work.sites.select(use.ref, use.meaning.selectors("client"))
    return bool(given) or has_splat(work.resolver.facts(use.ref.path), use.ref)


def _configured(work: Workspace, use: Use) -> Configured:
    values = work.sites.setting(use, "client")
    known = tuple(tuple(_constructions(one)) for one in values)
    return Configured(tuple(made for each in known for made in each), bool(known) and all(known))


def _constructions(value: Value) -> Iterator[Made]:
    if isinstance(value, Library):
        yield from value.made
    elif isinstance(value, Instance) and value.made is not None:
        yield value.made
