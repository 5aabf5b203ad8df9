"""The graph as a document for other tools: JSON, Graphviz DOT, GraphML and Mermaid.

Nodes and edges are sorted by identity, so that two exports of one commit are equal. `kinds` keeps the nodes of
some kinds and the edges between them; empty keeps all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeAlias

from mltradeoff_lint.model.graph import Edge, Evidence, GraphView, Node, NodeId, seen_along
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Property, Unknown

SCHEMA = "mltradeoff-graph/1"
"""Name and number of the JSON document's schema."""
MERMAID_NODES = 150
"""Nodes of a Mermaid drawing; renderers refuse or crawl above a few hundred, and nobody can read it."""
_LABEL = 80


class Place(NamedTuple):
    """A line of a file of the repository."""

    path: str
    line: int


Places: TypeAlias = Callable[[Site], Place]
"""Where a site of the graph stands: of a text inside a file, such as the code of a notebook, the line of that file."""


def as_read(site: Site) -> Place:
    """The line of a site as its reader counts: that of the file, where no text stands inside another."""
    return Place(site.path, site.span.line)


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_json(graph: GraphView, kinds: Collection[str] = (), places: Places = as_read) -> str:
    """Every node and edge with properties, sites and evidence; an unknown property is `{"unknown": reason}`.

    An edge tells where its two ends stand as it sees them, and the steps from one to the other.
    """
    nodes, edges = _selected(graph, kinds)
    document = {
        "schema": SCHEMA,
        "nodes": [_node(node, places) for node in nodes],
        "edges": [_edge(graph, edge, places) for edge in edges],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def to_dot(graph: GraphView, kinds: Collection[str] = (), places: Places = as_read) -> str:
    """The graph in Graphviz's DOT language."""
    nodes, edges = _selected(graph, kinds)
    lines = ["digraph mltradeoff {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f"  {_quoted(str(node.id))} [label={_quoted(_caption(node))}];" for node in nodes]
    lines += [
        f"  {_quoted(str(edge.source))} -> {_quoted(str(edge.target))} [label={_quoted(edge.kind)}];" for edge in edges
    ]
    return "\n".join([*lines, "}"]) + "\n"


def to_graphml(graph: GraphView, kinds: Collection[str] = (), places: Places = as_read) -> str:
    """The graph in GraphML, written by networkx; lists and unknowns become text, as GraphML has neither."""
    import networkx

    nodes, edges = _selected(graph, kinds)
    directed = networkx.MultiDiGraph()
    for node in nodes:
        attributes = {name: _flat(value) for name, value in sorted(node.properties.items())}
        directed.add_node(
            _xml(str(node.id)),
            node_kind=node.id.kind,
            label=_xml(node.label),
            **attributes,
        )
    for edge in edges:
        attributes = {name: _flat(value) for name, value in sorted(edge.properties.items())}
        attributes |= {
            "edge_kind": edge.kind,
            "how": _xml(edge.evidence.how),
            "place": _xml("{}:{}".format(*places(edge.evidence.site))),
        }
        directed.add_edge(_xml(str(edge.source)), _xml(str(edge.target)), **attributes)
    return "\n".join(networkx.generate_graphml(directed)) + "\n"


def to_mermaid(graph: GraphView, kinds: Collection[str] = (), places: Places = as_read) -> str:
    """A Mermaid flowchart of at most 150 nodes, the most connected ones; a comment says when some are left out."""
    nodes, edges = _selected(graph, kinds)
    lines = ["flowchart LR"]
    if len(nodes) > MERMAID_NODES:
        lines.append(f"%% {MERMAID_NODES} of {len(nodes)} nodes: the most connected ones. Narrow it with --kind.")
        nodes = _most_connected(nodes, edges)
    names = {node.id: f"n{number}" for number, node in enumerate(nodes)}
    lines += [f'  {names[node.id]}["{_mermaid(_caption(node))}"]' for node in nodes]
    lines += [
        f"  {names[edge.source]} -->|{edge.kind}| {names[edge.target]}"
        for edge in edges
        if edge.source in names and edge.target in names
    ]
    return "\n".join(lines) + "\n"


def _selected(graph: GraphView, kinds: Collection[str]) -> tuple[list[Node], list[Edge]]:
    nodes = sorted(
        (node for node in graph.nodes() if not kinds or node.id.kind in kinds),
        key=lambda node: node.id,
    )
    kept = {node.id for node in nodes}
    edges = [edge for node in nodes for edge in graph.out(node.id) if edge.target in kept]
    return nodes, sorted(edges, key=_edge_order)


def _edge_order(edge: Edge) -> tuple[NodeId, NodeId, str, Site, str]:
    return edge.source, edge.target, edge.kind, edge.evidence.site, edge.evidence.how


def _most_connected(nodes: list[Node], edges: list[Edge]) -> list[Node]:
    degree = dict.fromkeys((node.id for node in nodes), 0)
    for edge in edges:
        degree[edge.source] += 1
        degree[edge.target] += 1
    chosen = sorted(nodes, key=lambda node: (-degree[node.id], node.id))[:MERMAID_NODES]
    return sorted(chosen, key=lambda node: node.id)


def _node(node: Node, places: Places) -> dict[str, Any]:
    return {
        "id": str(node.id),
        "kind": node.id.kind,
        "label": node.label,
        "properties": {name: _property(value) for name, value in sorted(node.properties.items())},
        "sites": [places(site)._asdict() for site in sorted(node.sites)],
        "evidence": {name: _evidence(evidence, places) for name, evidence in sorted(node.evidence.items())},
    }


def _edge(graph: GraphView, edge: Edge, places: Places) -> dict[str, Any]:
    source, target = (seen_along(edge, graph.node(end)) for end in (edge.source, edge.target))
    return {
        "source": str(edge.source),
        "target": str(edge.target),
        "kind": edge.kind,
        "properties": {name: _property(value) for name, value in sorted(edge.properties.items())},
        "source_site": places(source)._asdict() if source is not None else None,
        "target_site": places(target)._asdict() if target is not None else None,
        "steps": [_evidence(step, places) for step in edge.steps],
        "evidence": _evidence(edge.evidence, places),
    }


def _property(value: Property) -> Any:
    if isinstance(value, Unknown):
        return {"unknown": value.reason}
    return list(value) if isinstance(value, tuple) else value


def _evidence(evidence: Evidence, places: Places) -> dict[str, Any]:
    return {
        "how": evidence.how,
        "certainty": evidence.certainty.name.lower(),
        "site": places(evidence.site)._asdict(),
    }


def _flat(value: Property) -> str | int | float | bool:
    if isinstance(value, Unknown):
        return _xml(f"unknown: {value.reason}")
    if isinstance(value, tuple):
        return _xml(", ".join(value))
    return _xml(value) if isinstance(value, str) else value


def _xml(text: str) -> str:
    """Text with the characters that XML 1.0 (section 2.2) cannot hold replaced."""
    return _NOT_XML.sub("\ufffd", text)


def _caption(node: Node) -> str:
    label = " ".join(node.label.split())
    return f"{node.id.kind}: {label if len(label) <= _LABEL else label[: _LABEL - 1] + '…'}"


def _quoted(text: str) -> str:
    """A DOT string: backslashes and quotes escaped, one line."""
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _mermaid(text: str) -> str:
    """Text inside a quoted Mermaid label: everything but plain characters as `#code;`, Mermaid's own entity form."""
    return "".join(c if c.isalnum() or c in " ._-/:,=@" else f"#{ord(c)};" for c in text)
