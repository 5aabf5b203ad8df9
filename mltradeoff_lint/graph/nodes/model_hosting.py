"""Who runs the model behind a call: an API that is paid for, one's own machines, or whoever a setting names."""

from __future__ import annotations

from mltradeoff_lint.graph.facets.metering.configured_clients import configured_clients
from mltradeoff_lint.graph.facets.metering.model_addresses import MAY_BE_OWN, ModelAddresses
from mltradeoff_lint.graph.nodes.chosen_clients import ChosenClients
from mltradeoff_lint.graph.nodes.wrapped_clients import innermost
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Instance, Library, Made
from mltradeoff_lint.resolve.sites import Use

SELF_HOSTED = "self-hosted"
FRAMEWORKS = frozenset({"langchain", "llama_index", "browser-use", ""})
"""Providers of calls that are paid to whoever the client inside belongs to."""

UNSEEN = Unknown("the class is one of the repository, and which model it calls did not resolve")
UNCONFIGURED = Unknown("which model the library is configured with did not resolve")
SWITCHED = Unknown("the client is made under a switch that is off by default, and nothing here sets it")
CHOSEN = Unknown("whether the model runs on one's own machines is chosen by a name that nothing here sets")


def hosting_of(work: Workspace, use: Use, addresses: ModelAddresses) -> str | Unknown:
    """An API as soon as one client goes to one that is run, else what all clients agree on."""
    if _is_of_own_class(work, use):
        return UNSEEN
    configured = configured_clients(work, use)
    if configured is not None:
        behind = {addresses.of_client(work, one) for one in configured.made} if configured.is_sure else {None}
        answer = behind.pop() if len(behind) == 1 else MAY_BE_OWN
        return UNCONFIGURED if answer is None else answer
    default = addresses.of_default(work, use) if not use.value.made else None
    if default is not None:
        return default
    made = innermost(work, use.value.made)
    answers = {one: addresses.of_client(work, one) for one in made}
    own = use.meaning.literal("hosting", "api")
    said = set(answers.values()) - {None}
    if not said or "api" in said:
        paid = tuple(one for one, answer in answers.items() if answer == "api")
        if paid and _may_be_own(work, use, addresses):
            return _chosen(work, paid) or own
        return SWITCHED if own == "api" and _is_switched(work, tuple(answers), use) else own
    return next((one for one in said if isinstance(one, Unknown)), SELF_HOSTED)


def _is_of_own_class(work: Workspace, use: Use) -> bool:
    """Whether a method of a framework runs what a class of the repository does, with a model or without one."""
    if use.meaning.literal("provider") not in FRAMEWORKS:
        return False
    facts = work.resolver.facts(use.ref.path)
    function = facts.exprs[facts.calls[use.ref.call].function]
    receivers = work.resolver.values(use.ref.path, function[1]) if function[0] == "attr" else ()
    return bool(receivers) and all(isinstance(one, Instance) and not _is_client(work, one) for one in receivers)


def _is_client(work: Workspace, value: Instance) -> bool:
    """Whether an object is itself a client of a library, by the class that its own derives from."""
    rows = (work.resolver.program.meanings("calls", base) for base in work.resolver.library_bases(value.ref))
    clients = (one for found in rows for one in found if one.kind == "client")
    return any(one.literal("provider") not in FRAMEWORKS for one in clients)


def _may_be_own(work: Workspace, use: Use, addresses: ModelAddresses) -> bool:
    """Whether the receiver can also be a client of a model on one's own machines."""
    own = work.resolver.values(use.ref.path, work.resolver.call(use.ref).function)
    values = work.sites.run_on(use) or own
    made: list[Made] = [one for value in values if isinstance(value, Library) for one in value.made]
    return any(addresses.of_client(work, one) == SELF_HOSTED for one in innermost(work, made))


def _is_switched(work: Workspace, made: tuple[Made, ...], use: Use) -> bool:
    """Whether every client of a call is made under a switch that nothing sets."""
    chosen = ChosenClients(work)
    return bool(made) and all(chosen.is_switched(one, use.ref) for one in made)


def _chosen(work: Workspace, paid: tuple[Made, ...]) -> str | Unknown | None:
    """What the branches of the paid clients come to; None when one of them is surely run."""
    chosen = ChosenClients(work)
    runs = {chosen.is_run(one) for one in paid}
    return None if True in runs else CHOSEN if None in runs else SELF_HOSTED
