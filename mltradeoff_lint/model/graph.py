"""The typed dependency graph: nodes with canonical identities, edges with evidence, and the view rules see.

An edge points from what depends to what it depends on (`endpoint -serves-> model -trained_on-> dataset`); the
blast radius of a node is everything that reaches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Property


class NodeId(NamedTuple):
    """The identity of a node: a kind of the vocabulary and a canonical key, never a line number."""

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an edge or a property is believed: a place, and words such as `argument X of fit`."""

    site: Site
    how: str
    certainty: Certainty = Certainty.RESOLVED


@dataclass(slots=True)
class Node:
    """A thing of the repository, with all the sites where it appears; the first site is where a fix is made."""

    id: NodeId
    label: str
    properties: dict[str, Property] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    """Why a property has its value, by property name."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A dependency with its evidence; parallel edges differ in kind or evidence."""

    source: NodeId
    target: NodeId
    kind: str
    evidence: Evidence
    properties: Mapping[str, Property] = field(default_factory=dict)
    steps: tuple[Evidence, ...] = ()
    """Places on the way from source to target, for the trace; the evidence itself comes last."""


class GraphView(Protocol):
    """What rules and reports may ask of the graph; they cannot change it."""

    def nodes(self, kind: str | None = None) -> Iterable[Node]:
        """All nodes, or those of one kind, in a stable order."""

    def node(self, identity: NodeId) -> Node:
        """The node with this identity; KeyError when there is none."""

    def out(self, identity: NodeId, kinds: Iterable[str] | None = None) -> Iterable[Edge]:
        """Edges that leave a node, in a stable order."""

    def into(self, identity: NodeId, kinds: Iterable[str] | None = None) -> Iterable[Edge]:
        """Edges that arrive at a node, in a stable order."""

    def evidence_kinds(self) -> frozenset[str]:
        """The kinds of repository evidence that exist, for `needs` (such as `ownership`)."""


class Graph:
    """A mutable graph for the builders; `query` and `report` see it as a `GraphView`."""

    def __init__(self) -> None:
        self._nodes: dict[NodeId, Node] = {}
        self._by_kind: dict[str, list[Node]] = {}
        self._out: dict[NodeId, list[Edge]] = {}
        self._into: dict[NodeId, list[Edge]] = {}
        self._seen: set[tuple[NodeId, NodeId, str, Site]] = set()
        self._evidence: set[str] = set()

    def add(self, kind: str, key: str, label: str, site: Site | None = None, /, **properties: Property) -> Node:
        """The node of this identity, made when new; a further site or property is added to it."""
        identity = NodeId(kind, key)
        node = self._nodes.get(identity)
        if node is None:
            node = self._nodes[identity] = Node(identity, label)
            self._by_kind.setdefault(kind, []).append(node)
        if site is not None and site not in node.sites:
            node.sites.append(site)
        for name, value in properties.items():
            node.properties.setdefault(name, value)
        return node

    def link(
        self,
        source: NodeId,
        target: NodeId,
        kind: str,
        evidence: Evidence,
        steps: tuple[Evidence, ...] = (),
        **properties: Property,
    ) -> None:
        """Add an edge once per kind and place; both ends must exist."""
        if source not in self._nodes or target not in self._nodes:
            raise KeyError(f"edge {kind} between unknown nodes {source} and {target}")
        mark = (source, target, kind, evidence.site)
        if mark in self._seen:
            return
        self._seen.add(mark)
        edge = Edge(source, target, kind, evidence, properties, steps)
        self._out.setdefault(source, []).append(edge)
        self._into.setdefault(target, []).append(edge)

    def provide(self, evidence_kind: str) -> None:
        """Record that a kind of repository evidence exists."""
        self._evidence.add(evidence_kind)

    def evidence_kinds(self) -> frozenset[str]:
        """The kinds of repository evidence that exist."""
        return frozenset(self._evidence)

    def nodes(self, kind: str | None = None) -> Iterator[Node]:
        """All nodes, or those of one kind, in the order they were added."""
        return iter(tuple(self._nodes.values()) if kind is None else tuple(self._by_kind.get(kind, ())))

    def node(self, identity: NodeId) -> Node:
        """The node with this identity; KeyError when there is none."""
        return self._nodes[identity]

    def __contains__(self, identity: NodeId) -> bool:
        return identity in self._nodes

    def out(self, identity: NodeId, kinds: Iterable[str] | None = None) -> tuple[Edge, ...]:
        """Edges that leave a node, of the given kinds."""
        return _of_kinds(self._out.get(identity, []), kinds)

    def into(self, identity: NodeId, kinds: Iterable[str] | None = None) -> tuple[Edge, ...]:
        """Edges that arrive at a node, of the given kinds."""
        return _of_kinds(self._into.get(identity, []), kinds)


def seen_along(edge: Edge, node: Node) -> Site | None:
    """Where an end of an edge stands as the edge sees it: a thing that many files name is not at the first of them.

    The places of the way count first, from this end on; else the site that is nearest to where the way ends here.
    """
    way = [*(step.site for step in edge.steps), edge.evidence.site]
    if node.id == edge.target:
        way.reverse()
    named = next((site for site in way if site in node.sites), None)
    return named or max(node.sites, key=lambda site: _nearness(site.path, way[0].path), default=None)


def _nearness(path: str, other: str) -> tuple[bool, int]:
    """How near two files are: the same one, else by the folders above both."""
    shared = 0
    for one, two in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if one != two:
            break
        shared += 1
    return path == other, shared


def _of_kinds(edges: list[Edge], kinds: Iterable[str] | None) -> tuple[Edge, ...]:
    if kinds is None:
        return tuple(edges)
    wanted = frozenset(kinds)
    return tuple(edge for edge in edges if edge.kind in wanted)
