"""Functions, endpoints and jobs: the way from outside down to the code that matters."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, NodeId
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.running.entries import Entry

MAX_ENTRIES = 12
"""Entries drawn above one function: enough to explain, few enough to read."""

_STARTED = {
    "queue": "by a task queue",
    "scheduled": "on a schedule",
    "service": "as a service",
    "cli": "from the command line",
    "stage": "as a stage of a pipeline",
    "ci": "by the CI",
}
"""How each kind of entry that goes by the name of its function begins."""


def add_function(work: Workspace, function: FunctionRef) -> NodeId:
    """The node of a function or of a module's own code."""
    scope = work.resolver.scope(function)
    node = work.graph.add(
        "Function",
        work.function_key(function),
        work.function_name(function),
        work.function_site(function),
        module=work.module_name(function.path),
        is_async=scope.is_async,
    )
    return node.id


def add_entries(work: Workspace, function: FunctionRef) -> tuple[Entry, ...]:
    """Draw the call paths from every entry down to a function; returns the entries, the most demanding first."""
    entries = [entry for entry in work.roles.entries_above(function) if not is_test(entry.site.path)]
    add_function(work, function)
    for entry in entries[:MAX_ENTRIES]:
        draw_path(work, entry, function)
    return tuple(entries)


def draw_path(work: Workspace, entry: Entry, function: FunctionRef) -> NodeId:
    """Draw one entry and its shortest call path to a function; returns the entry's node."""
    top = add_entry(work, entry)
    for caller, way in work.reach.path_down(entry.function, function):
        name = work.function_name(way.caller)
        words = f"`{work.function_name(caller)}` {way.words(name)}"
        evidence = Evidence(way.site, words, way.certainty)
        work.graph.link(add_function(work, caller), add_function(work, way.caller), "calls", evidence)
    return top


def add_entry(work: Workspace, entry: Entry) -> NodeId:
    """The Endpoint or Job node of an entry, linked to the function it runs."""
    label = entry_label(work, entry)
    if entry.kind == "endpoint":
        key = f"{work.module_name(entry.function.path)}:{label}"
        node = work.graph.add(
            "Endpoint", key, label, entry.site, framework=entry.framework, route=entry.label, method=entry.method,
            interface=entry.interface or "api",
        )  # fmt: skip
    else:
        node = work.graph.add(
            "Job", f"{entry.kind}:{entry.function.path}:{label}", label, entry.site, kind=entry.kind,
            platform=entry.framework,
        )  # fmt: skip
        if entry.seconds is not None:
            node.properties.setdefault("interval_seconds", entry.seconds)
    target = add_function(work, entry.function)
    work.graph.link(node.id, target, "handles", Evidence(entry.site, entry_words(work, entry), Certainty.RESOLVED))
    return node.id


def entry_words(work: Workspace, entry: Entry) -> str:
    """What starts a function, as a step of a way: a route, a job, or that it is itself a handler or a script."""
    name, label = work.function_name(entry.function), entry_label(work, entry)
    if entry.kind == "endpoint":
        is_itself = label.removesuffix("()") == name and entry.framework
        return f"`{name}` is a handler of {entry.framework}" if is_itself else f"`{label}` is handled by `{name}`"
    if label == entry.function.path and not entry.function.scope:
        return f"`{name}` is started as a script"
    return (
        f"`{name}` is started {_STARTED.get(entry.kind, 'on its own')}" if label == name else f"`{label}` runs `{name}`"
    )


def entry_label(work: Workspace, entry: Entry) -> str:
    """The method and route of an endpoint, or a job; what goes by the name of its function is told apart as that is."""
    name, label = work.resolver.scope(entry.function).qualname, entry.label
    if name and (label == name or label.startswith((f"{name}(", f"{name} ("))):
        label = work.function_name(entry.function) + label[len(name) :]
    return f"{entry.method} {label}".strip()
