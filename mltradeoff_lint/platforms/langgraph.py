"""langgraph.json: the graphs a LangGraph server hosts."""

from __future__ import annotations

from mltradeoff_lint.model.declarations import Command, Declaration, Instrumentation
from mltradeoff_lint.model.environment import bindings
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site

PLATFORM = "langgraph"


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file is a langgraph.json."""
    return isinstance(facts.content, Documents) and path.rsplit("/", 1)[-1] == "langgraph.json"


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """A service `langgraph FILE:OBJECT` a graph, paths seen from the root.

    The hosted platform switches LangSmith tracing on by itself, so that its state is unknown, not off.
    """
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    folder = folder_of(facts.path)
    for root in facts.content.roots:
        environment = bindings(root.get("env"), facts.path, PLATFORM)
        found += environment
        graphs = root.get("graphs")
        for name, _, graph in graphs.entries if graphs is not None else ():
            target = graph.text() or graph.text("path") or ""
            file, colon, attribute = target.rpartition(":")
            path = from_folder(folder, file) if colon else None
            if path is None:
                continue
            words = ("langgraph", f"{path}:{attribute}")
            found.append(Command(words, Site(facts.path, graph.span), PLATFORM, name, "service", "", environment))
        if graphs is not None and graphs.entries:
            how = "langgraph.json: the hosted platform traces by itself"
            facets = ("tokens", "cost", "latency")
            found.append(
                Instrumentation("LangSmith", "unknown", facets, "langchain", how, Site(facts.path, graphs.span))
            )
    return tuple(found)
