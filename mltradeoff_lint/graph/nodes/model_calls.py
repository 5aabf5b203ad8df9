"""Calls of language, embedding and media models, each with the wrapper that holds it and what records it."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator

from mltradeoff_lint.catalog.tables import Called
from mltradeoff_lint.graph.facets.metering.configured_clients import with_configured
from mltradeoff_lint.graph.facets.metering.imported_names import imported_as
from mltradeoff_lint.graph.facets.metering.ladder import Metering, Verdict
from mltradeoff_lint.graph.facets.metering.model_addresses import ModelAddresses
from mltradeoff_lint.graph.facets.metering.remedies import Remedies
from mltradeoff_lint.graph.nodes.client_places import Unit
from mltradeoff_lint.graph.nodes.evaluations import measures
from mltradeoff_lint.graph.nodes.functions import add_entries, add_entry, add_function, entry_label
from mltradeoff_lint.graph.nodes.model_hosting import FRAMEWORKS, hosting_of
from mltradeoff_lint.graph.nodes.model_units import Units
from mltradeoff_lint.graph.nodes.passed_models import passed_models
from mltradeoff_lint.graph.nodes.triggers import Trigger, steps_of, trigger_of, unrecorded_trigger
from mltradeoff_lint.graph.nodes.workflow_models import workflow_calls
from mltradeoff_lint.graph.nodes.wrapped_clients import innermost
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Literal, Made, Template, Values
from mltradeoff_lint.resolve.shown_places import shown
from mltradeoff_lint.resolve.sites import Use

CHAIN = "langchain.Chain()"


def add_model_calls(work: Workspace, metering: Metering, addresses: ModelAddresses, remedies: Remedies) -> None:
    """Add a ModelCall node for every catalogued model call, with the paths of the entries that trigger it."""
    ordinals: dict[str, int] = {}
    uses = tuple(model_calls(work, addresses))
    units = Units(work, uses)
    for use in uses:
        holder = work.reach.holder(use.ref)
        provider = provider_of(work, use, addresses)
        verdict, trigger = _verdict(work, use, metering, provider)
        member = use.value.path.rpartition(".")[2]
        base = f"{work.module_name(use.ref.path)}:{work.cause_name(holder)}:{member}"
        ordinals[base] = ordinals.get(base, 0) + 1
        key = base if ordinals[base] == 1 else f"{base}#{ordinals[base]}"
        node = work.graph.add("ModelCall", key, _label(work, use), work.site(use.ref))
        node.properties.update(_properties(work, use, units.of(use, holder), addresses, trigger, provider))
        _meter(work, verdict, node)
        if node.properties["metering"] == "absent":
            if verdict.is_partial and trigger is not None:
                node.properties["unmetered_way"] = entry_label(work, trigger.entry)
            remedy = remedies.of(use, provider, str(node.properties["operation"]), _called(work, use, addresses))
            places = remedy.places or tuple(_place(work, reader) for reader in remedy.readers)
            node.properties.update(
                metering_fix=remedy.lines,
                metering_fix_how=remedy.how,
                metering_fix_where=remedy.where,
                metering_fix_in=places or (_place(work, holder),),
            )
            if "usage_lost" in node.properties:
                node.properties["usage_ask"] = remedies.asked(use)
        _draw(work, use, holder, trigger, node)


def model_calls(work: Workspace, addresses: ModelAddresses) -> Iterator[Use]:
    """The catalogued model calls that really reach a model, each site once."""
    seen: set[CallRef] = set()
    for use in (*work.sites.of_kind("model-call"), *workflow_calls(work)):
        if use.meaning.literal("provider") == "http" and addresses.of(work, use) is None:
            continue
        if use.value.path.startswith(CHAIN) and not _holds_model(work, use.value.made):
            continue
        if use.ref not in seen:
            seen.add(use.ref)
            yield with_configured(work, use)


def _holds_model(work: Workspace, made: tuple[Made, ...]) -> bool:
    """Whether one of the things a chain is made of is a model."""
    return any(use.meaning.kind == "client" for one in made for use in work.sites.at(one.call))


def _label(work: Workspace, use: Use) -> str:
    facts = work.resolver.facts(use.ref.path)
    names: list[str] = []
    expr = facts.exprs[facts.calls[use.ref.call].function]
    if expr[0] == "call":
        # `make_async(client.ask)(text)` calls what it is given, `chain_of(model)(text)` what it makes
        ref = CallRef(use.ref.path, expr[1])
        is_given = any(one.meaning.kind == "stands-for" for one in work.sites.at(ref))
        given = facts.calls[ref.call].arguments[:1] if is_given else ()
        expr = facts.exprs[given[0] if given else facts.calls[ref.call].function]
    while expr[0] == "attr" and len(names) < 3:
        names.append(expr[2])
        expr = facts.exprs[expr[1]]
    if expr[0] == "name":
        names.append(expr[1])
    return ".".join(reversed(names))


def _properties(
    work: Workspace, use: Use, unit: Unit, addresses: ModelAddresses, trigger: Trigger | None, provider: str
) -> dict[str, Property]:
    holder = work.reach.holder(use.ref)
    address = addresses.of(work, use)
    properties: dict[str, Property] = {
        "provider": _paid(work, use, addresses) or provider,
        "operation": address.operation if address is not None else use.meaning.literal("operation", "chat"),
        "hosting": address.hosting if address is not None else hosting_of(work, use, addresses),
        "unit": unit.key,
        "unit_label": unit.label,
        "place": _place(work, holder),
        "callers": len({way.caller for way in work.reach.incoming(holder)}),
        "role": _role(work, holder, trigger),
        "reach": trigger.reach if trigger is not None else "other",
        "path": use.ref.path,
    }
    model = _model(work, use)
    if model is not None:
        properties["model"] = model
    passed = () if isinstance(model, str) else passed_models(work, use)
    if passed:
        properties["models"] = tuple(f"{one.model} ({shown(work.resolver, one.site)})" for one in passed)
    streams = work.sites.setting(use, "stream")
    if use.meaning.literal("stream") == "always" or Literal(True) in streams:
        properties["streamed"] = True
    return properties


def _place(work: Workspace, function: FunctionRef) -> str:
    """What a message calls a function, or the file of code that stands in none."""
    return work.cause_name(function) if function.scope else posixpath.basename(function.path)


def provider_of(work: Workspace, use: Use, addresses: ModelAddresses) -> str:
    """Who is paid: the call's address or own row, or the rows of the constructors of its client."""
    address = addresses.of(work, use)
    if address is not None:
        return address.provider
    provider = use.meaning.literal("provider")
    if provider in FRAMEWORKS:
        found = {client.meaning.literal("provider") for client in _clients(work, use)} - {"", "langchain"}
        if len(found) == 1:
            return found.pop()
    return provider or use.meaning.library


def _paid(work: Workspace, use: Use, addresses: ModelAddresses) -> str:
    """The provider whose addresses the clients of a call are made with, other than that of the SDK; empty without."""
    found = {addresses.provider_of_client(work, made) for made in innermost(work, use.value.made)}
    found = found or {addresses.provider_of_default(work, use)}
    return found.pop() if len(found) == 1 else ""


def _called(work: Workspace, use: Use, addresses: ModelAddresses) -> Called:
    """What the table of usage may ask of a call beside its access path."""
    address = addresses.of(work, use)
    made = tuple(_clients(work, use))
    return Called(
        clients=tuple(dict.fromkeys(one.value.path for one in made)),
        modules=tuple(dict.fromkeys(imported_as(work.resolver.facts(one.ref.path), one.ref.call) for one in made)),
        is_streaming=bool(made) and all(Literal(True) in work.sites.setting(one, "stream") for one in made),
        address=address.suffix if address is not None else "",
        provider=address.provider if address is not None else "",
    )


def _clients(work: Workspace, use: Use) -> Iterator[Use]:
    for made in innermost(work, use.value.made):
        for client in work.sites.at(made.call):
            if client.meaning.kind == "client":
                yield client


def _model(work: Workspace, use: Use) -> str | Unknown | None:
    values: Values = work.sites.setting(use, "model")
    for client in _clients(work, use):
        values = values or work.sites.setting(client, "model")
    texts = [v.value for v in values if isinstance(v, Literal) and isinstance(v.value, str)]
    is_open = any(isinstance(value, Template) for value in values)
    if len(texts) == 1 and not is_open:
        return texts[0]
    if texts or is_open:
        return Unknown("several model ids are possible")
    return Unknown("the model id does not resolve") if values else None


def _role(work: Workspace, holder: FunctionRef, trigger: Trigger | None) -> str:
    """What the code is for; evaluations, notebooks that at most a check runs, and what these call, are experiments."""
    role = work.roles.of(holder)
    is_declared = any(fnmatch.fnmatch(holder.path, one.path) for one in work.declared.roles)
    is_operated = trigger is not None and trigger.reach != "other"
    if is_declared or is_operated or role in ("test", "tutorial"):
        return role
    if measures(work, holder.path) or holder.path.endswith(".ipynb"):
        return "experiment"
    above = [one.path for one in work.reach.ancestors(holder) if one.path != holder.path]
    is_explored = role == "script" and above and all(path.endswith(".ipynb") for path in above)
    return "experiment" if is_explored else role


def _verdict(work: Workspace, use: Use, metering: Metering, provider: str) -> tuple[Verdict, Trigger | None]:
    """The verdict on a call with what sets it off: a way around the callers that record it, where one is operated."""
    verdict, trigger = metering.verdict(use, provider), None
    if verdict.through is not None:
        trigger = unrecorded_trigger(work, use.ref, verdict.through)
        if trigger is not None:
            verdict = metering.verdict(use, provider, is_around_callers=True)
    return verdict, trigger or trigger_of(work, use.ref)


def _meter(work: Workspace, verdict: Verdict, node: Node) -> None:
    """Record the verdict of the ladder on the node, with the branches it holds for when several clients reach it."""
    node.properties["metering_how"] = verdict.how
    node.properties["metering"] = Unknown(verdict.how) if verdict.state == "unknown" else verdict.state
    node.properties["metered"] = verdict.facets
    if verdict.branches:
        node.properties["branches"] = verdict.branches
    if verdict.runs:
        node.properties["unmetered_runs"] = verdict.runs
    if verdict.is_usage_lost:
        node.properties["usage_lost"] = True
    if verdict.site is None:
        return
    evidence = Evidence(verdict.site, verdict.how)
    node.evidence["metering"] = evidence
    if verdict.state == "satisfied":
        key = f"{verdict.site.path}:{verdict.how}"
        instrument = work.graph.add("Instrument", key, verdict.how, verdict.site, facets=verdict.facets)
        work.graph.link(node.id, instrument.id, "metered_by", evidence)


def _draw(work: Workspace, use: Use, holder: FunctionRef, trigger: Trigger | None, node: Node) -> None:
    """Draw who calls the wrapper, the entries above it, and the one that counts most."""
    add_entries(work, holder)
    function = add_function(work, holder)
    words = f"`{work.function_name(holder)}` calls the model"
    own = Evidence(work.site(use.ref), words, Certainty.EXACT if use.value.made else Certainty.RESOLVED)
    work.graph.link(function, node.id, "calls", own)
    for way in work.reach.incoming(holder):
        words = f"`{work.function_name(way.caller)}` {way.words(work.function_name(holder))}"
        caller = add_function(work, way.caller)
        work.graph.link(caller, function, "calls", Evidence(way.site, words, way.certainty))
    if trigger is not None:
        last = node.evidence["reach"] = Evidence(own.site, own.how, min(own.certainty, trigger.certainty))
        work.graph.link(add_entry(work, trigger.entry), node.id, "triggers", last, steps_of(work, trigger))
