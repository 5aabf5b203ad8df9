"""Calls of language, embedding and media models, each with the wrapper that holds it and what records it."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.ladder import Metering
from mltradeoff_lint.graph.facets.model_addresses import ModelAddresses
from mltradeoff_lint.graph.nodes.functions import add_entries, add_function
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.resolve.domain import FunctionRef, Literal, Made, Template, Values
from mltradeoff_lint.resolve.entries import Entry
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use

CHAIN = "langchain.Chain()"


def add_model_calls(work: Workspace, metering: Metering, addresses: ModelAddresses) -> None:
    """Add a ModelCall node for every catalogued model call, with the paths of the entries that trigger it."""
    ordinals: dict[str, int] = {}
    for use in model_calls(work, addresses):
        holder = work.reach.holder(use.ref)
        base = f"{work.module_name(use.ref.path)}:{work.resolver.scope(holder).qualname}:{use.value.path.rpartition('.')[2]}"
        ordinals[base] = ordinals.get(base, 0) + 1
        key = base if ordinals[base] == 1 else f"{base}#{ordinals[base]}"
        node = work.graph.add("ModelCall", key, _label(work, use), work.site(use.ref))
        node.properties.update(_properties(work, use, holder, addresses))
        _meter(work, use, metering, node)
        _trigger(work, use, holder, node)


def model_calls(work: Workspace, addresses: ModelAddresses) -> Iterator[Use]:
    """The catalogued model calls that really reach a model."""
    for use in work.sites.of_kind("model-call"):
        if use.meaning.literal("provider") == "http" and addresses.of(work, use) is None:
            continue
        if use.value.path.startswith(CHAIN) and not _holds_model(work, use.value.made):
            continue
        yield use


def _holds_model(work: Workspace, made: tuple[Made, ...]) -> bool:
    """Whether one of the things a chain is made of is a model."""
    return any(use.meaning.kind == "client" for one in made for use in work.sites.at(one.call))


def _label(work: Workspace, use: Use) -> str:
    facts = work.resolver.facts(use.ref.path)
    names: list[str] = []
    expr = facts.exprs[facts.calls[use.ref.call].function]
    while expr[0] == "attr" and len(names) < 3:
        names.append(expr[2])
        expr = facts.exprs[expr[1]]
    if expr[0] == "name":
        names.append(expr[1])
    return ".".join(reversed(names))


def _properties(work: Workspace, use: Use, holder: FunctionRef, addresses: ModelAddresses) -> dict[str, Property]:
    unit, unit_label = unit_of(work, use, holder)
    address = addresses.of(work, use)
    hosting = address.hosting if address is not None else use.meaning.literal("hosting", "api")
    if any(client.meaning.literal("hosting") == "self-hosted" for client in _clients(work, use)):
        hosting = "self-hosted"
    properties: dict[str, Property] = {
        "provider": address.provider if address is not None else provider_of(work, use),
        "operation": use.meaning.literal("operation", "chat"),
        "hosting": hosting,
        "unit": unit,
        "unit_label": unit_label,
        "callers": len({way.caller for way in work.reach.incoming(holder)}),
        "role": _role(work, holder),
    }
    model = _model(work, use)
    if model is not None:
        properties["model"] = model
    if use.meaning.literal("stream") == "always" or any(
        value == Literal(True) for value in work.sites.setting(use, "stream")
    ):
        properties["streamed"] = True
    return properties


def provider_of(work: Workspace, use: Use) -> str:
    """Who is paid: the call's own row, or the rows of the constructors of its client."""
    provider = use.meaning.literal("provider")
    if provider in ("langchain", "llama_index", ""):
        found = {client.meaning.literal("provider") for client in _clients(work, use)} - {"", "langchain"}
        if len(found) == 1:
            return found.pop()
    return provider or use.meaning.library


def _clients(work: Workspace, use: Use) -> Iterator[Use]:
    for made in use.value.made:
        for client in work.sites.at(made.call):
            if client.meaning.kind == "client":
                yield client


def _model(work: Workspace, use: Use) -> str | Unknown | None:
    values: Values = work.sites.setting(use, "model")
    for client in _clients(work, use):
        values = values or work.sites.setting(client, "model")
    texts = [v.value for v in values if isinstance(v, Literal) and isinstance(v.value, str)]
    if len(texts) == 1:
        return texts[0]
    if texts or any(isinstance(value, Template) for value in values):
        return Unknown("several model ids are possible")
    return Unknown("the model id does not resolve") if values else None


def unit_of(work: Workspace, use: Use, holder: FunctionRef) -> tuple[str, str]:
    """The one cause of a call: the class whose client it uses, the shared client, or the function that wraps it."""
    facts = work.resolver.facts(use.ref.path)
    module = work.module_name(use.ref.path)
    root = facts.exprs[facts.calls[use.ref.call].function]
    attributes: list[str] = []
    while root[0] in ("attr", "call", "item", "await"):
        if root[0] == "attr":
            attributes.append(root[2])
        root = facts.exprs[facts.calls[root[1]].function] if root[0] == "call" else facts.exprs[root[1]]
    outer = holder
    while (parent := work.reach.function_of(outer.path, work.resolver.scope(outer).parent)).scope > 0:
        if parent == outer:
            break
        outer = parent
    owner = work.resolver.scope(outer).owner
    if owner != NONE and root[0] == "name" and root[1] in ("self", "cls"):
        name = facts.classes[owner].qualname
        return f"{module}:{name}", name
    if outer.scope == 0:
        return f"{module}:<module>", module.rpartition('/')[2]
    if root[0] == "name" and not root[2] and root[1] in facts.scopes[0].finals and len(attributes) > 1:
        definition = facts.definitions[facts.scopes[0].finals[root[1]][0]]
        if definition.kind == "assign":
            return f"{module}:{root[1]}", root[1]
    name = work.resolver.scope(outer).qualname
    return f"{module}:{name}", name


def _role(work: Workspace, holder: FunctionRef) -> str:
    return work.roles.of(holder)


def _meter(work: Workspace, use: Use, metering: Metering, node: Node) -> None:
    """Record the verdict of the ladder on the node, with the branch it holds for when several clients reach it."""
    default = use.meaning.literal("default_tracing")
    if "tokens" in default or "cost" in default:
        node.properties.update(metering="satisfied", metered=tuple(default.split(",")), metering_how="the library traces by default")
        return
    provider = str(node.properties["provider"])
    verdict = metering.verdict(use, provider)
    node.properties["metering_how"] = verdict.how
    node.properties["metering"] = Unknown(verdict.how) if verdict.state == "unknown" else verdict.state
    node.properties["metered"] = verdict.facets
    if verdict.site is not None:
        node.evidence["metering"] = Evidence(verdict.site, verdict.how)
    if verdict.state == "satisfied" and verdict.site is not None:
        product = work.graph.add("Instrument", f"{verdict.site.path}:{verdict.how}", verdict.how, verdict.site, facets=verdict.facets)
        work.graph.link(node.id, product.id, "metered_by", Evidence(verdict.site, verdict.how))
    if verdict.branches:
        node.properties["branches"] = verdict.branches


def _trigger(work: Workspace, use: Use, holder: FunctionRef, node: Node) -> None:
    entries = add_entries(work, holder)
    function = add_function(work, holder)
    words = f"`{work.function_name(holder)}` calls the model"
    work.graph.link(function, node.id, "calls", Evidence(work.site(use.ref), words, _certainty(use)))
    node.properties["reach"] = _reach(entries)
    node.properties["path"] = use.ref.path
    for way in work.reach.incoming(holder):
        if not is_test(way.caller.path):
            work.graph.link(
                add_function(work, way.caller), function, "calls",
                Evidence(way.site, f"`{work.function_name(way.caller)}` calls `{work.function_name(holder)}`", way.certainty),
            )  # fmt: skip


def _certainty(use: Use) -> Certainty:
    return Certainty.EXACT if use.value.made else Certainty.RESOLVED


def _reach(entries: tuple[Entry, ...]) -> str:
    for entry in entries:
        if entry.kind == "endpoint" and entry.interface in ("api", "stream"):
            return "request"
        if entry.kind == "scheduled":
            return "schedule"
    return "other"

