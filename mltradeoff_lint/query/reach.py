"""Paths of one clause: from a node to every end within the hops, the most certain and then shortest path of each.

One search runs breadth-first passes of falling strictness: first over edges that are exact or resolved, then
likely, then guessed ones, then those whose tests are in doubt; a pass runs only when the one before it left an
edge aside. A backward sweep from all ends is made once per clause, so that a search never enters a node from
which no end is left to reach. Ties are broken by certainty and then by names, never by the order of insertion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Edge, GraphView, NodeId
from mltradeoff_lint.model.rule import PathClause
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.query.truth import Doubt, all_hold, pattern_holds

_DOUBTED = -1
"""The strictness of the last pass: edges in doubt are taken as well."""


class Reached(NamedTuple):
    """An end of a path, its edges in the direction of the graph, and how sure it is that the path exists."""

    end: NodeId
    edges: tuple[Edge, ...]
    certainty: Certainty
    doubt: Doubt | None

    @property
    def order(self) -> tuple[bool, int, int, list[tuple[NodeId, NodeId, str]]]:
        """Sorts the best of several paths first: without doubt, exact or resolved, shortest, first by name."""
        names = [(edge.source, edge.target, edge.kind) for edge in self.edges]
        return self.doubt is not None, -min(self.certainty, Certainty.RESOLVED), len(self.edges), names


class _Step(NamedTuple):
    """An edge as one search sees it: the strictness it passes, the least certainty on it, the node it leads to."""

    grade: int
    certainty: Certainty
    edge: Edge
    node: NodeId
    doubt: Doubt | None


class _Mark(NamedTuple):
    """How a pass came to a node."""

    step: _Step
    origin: NodeId
    certainty: int
    rank: int


class PathSearch:
    """The searches of one path clause in one direction; `ends` are the nodes that count as its far end."""

    def __init__(self, view: GraphView, clause: PathClause, label: str, ends: Mapping[NodeId, Doubt | None], *,
                 backward: bool) -> None:  # fmt: skip
        self._view = view
        self._clause = clause
        self._label = label
        self._ends = ends
        self._backward = backward
        self._along = {step.kind: step.tests for step in clause.along}
        self._steps: dict[tuple[NodeId, bool], tuple[_Step, ...]] = {}
        self._blocked: dict[NodeId, bool | Doubt] = {}
        self._memo: dict[NodeId, dict[NodeId, Reached]] = {}
        self._distance = self._distances()

    def reach(self, start: NodeId) -> Mapping[NodeId, Reached]:
        """Every end that at least one path of the clause joins to `start`, with the best path of each."""
        known = self._memo.get(start)
        if known is None:
            known = self._memo[start] = self._search(start)
        return known

    def best(self, start: NodeId) -> Reached | None:
        """The best path to any end; the doubt of an end counts as one of its path."""
        found = [
            reached if reached.doubt or not self._ends[end] else reached._replace(doubt=self._ends[end])
            for end, reached in self.reach(start).items()
        ]
        return min(found, key=lambda reached: reached.order, default=None)

    def _search(self, start: NodeId) -> dict[NodeId, Reached]:
        found: dict[NodeId, Reached] = {}
        for grade in (Certainty.RESOLVED, Certainty.LIKELY, Certainty.GUESSED, _DOUBTED):
            marks, left_aside = self._pass(start, grade)
            for end in marks:
                if end in self._ends and end not in found:
                    found[end] = self._reached(start, end, marks)
            if not left_aside:
                break
        return found

    def _pass(self, start: NodeId, grade: int) -> tuple[dict[NodeId, _Mark], bool]:
        """Every useful node of one pass with the way to it, and whether an edge or node was left aside."""
        marks: dict[NodeId, _Mark] = {}
        frontier = [start]
        left_aside = False
        for depth in range(1, self._clause.hops + 1):
            level: dict[NodeId, _Mark] = {}
            for rank, node in enumerate(frontier):
                obstacle = self._obstacle(node) if depth > 1 else False
                if obstacle is True or (obstacle and grade != _DOUBTED):
                    left_aside |= obstacle is not True
                    continue
                certainty = marks[node].certainty if node in marks else int(Certainty.EXACT)
                for step in self._neighbours(node, self._backward):
                    if step.node in marks or self._is_too_far(step.node, depth):
                        continue
                    if step.grade < grade:
                        left_aside = True
                        continue
                    mark = _Mark(step, node, min(certainty, step.certainty), rank)
                    if step.node not in level or _order(mark) < _order(level[step.node]):
                        level[step.node] = mark
            marks.update(level)
            frontier = _ranked(level)
            if not frontier:
                break
        return marks, left_aside

    def _is_too_far(self, node: NodeId, depth: int) -> bool:
        """Whether no end is left to reach from a node that is entered at this depth."""
        hops = self._clause.hops
        return self._distance.get(node, hops) + depth > hops

    def _reached(self, start: NodeId, end: NodeId, marks: Mapping[NodeId, _Mark]) -> Reached:
        """The path to an end, walked back from it to the start."""
        edges: list[Edge] = []
        doubts: list[Doubt] = []
        node = end
        while True:
            mark = marks[node]
            edges.append(mark.step.edge)
            if mark.step.doubt is not None:
                doubts.append(mark.step.doubt)
            if mark.origin == start:
                break
            node = mark.origin
            obstacle = self._obstacle(node)
            if isinstance(obstacle, Doubt):
                doubts.append(obstacle)
        ordered = edges if self._backward else edges[::-1]
        return Reached(end, tuple(ordered), Certainty(marks[end].certainty), doubts[-1] if doubts else None)

    def _obstacle(self, node: NodeId) -> bool | Doubt:
        """Whether a path of the clause must avoid going through this node."""
        if not self._clause.avoiding:
            return False
        known = self._blocked.get(node)
        if known is None:
            label = f"{self._label}.avoiding"
            answers = [pattern_holds(each, self._view.node(node), label) for each in self._clause.avoiding]
            doubts = [answer for answer in answers if isinstance(answer, Doubt)]
            known = self._blocked[node] = True if True in answers else doubts[0] if doubts else False
        return known

    def _neighbours(self, node: NodeId, backward: bool) -> tuple[_Step, ...]:
        key = (node, backward)
        known = self._steps.get(key)
        if known is not None:
            return known
        edges = self._view.into(node, self._along) if backward else self._view.out(node, self._along)
        steps = []
        for edge in edges:
            tests = self._along[edge.kind]
            truth = all_hold(tests, edge.properties, f"{self._label}.{edge.kind}") if tests else True
            if truth is not False:
                doubt = truth if isinstance(truth, Doubt) else None
                certainty = min(each.certainty for each in (*edge.steps, edge.evidence))
                grade = _DOUBTED if doubt else int(certainty)
                steps.append(_Step(grade, certainty, edge, edge.source if backward else edge.target, doubt))
        self._steps[key] = tuple(steps)
        return self._steps[key]

    def _distances(self) -> dict[NodeId, int]:
        """Fewest edges from a node to any end, over every edge that is not ruled out."""
        distance = dict.fromkeys(self._ends, 0)
        frontier = list(distance)
        for depth in range(1, self._clause.hops):
            following: list[NodeId] = []
            for node in frontier:
                if depth > 1 and self._obstacle(node) is True:
                    continue
                for step in self._neighbours(node, not self._backward):
                    if step.node not in distance:
                        distance[step.node] = depth
                        following.append(step.node)
            frontier = following
            if not frontier:
                break
        return distance


def _ranked(level: Mapping[NodeId, _Mark]) -> list[NodeId]:
    """The nodes of a level, best way first."""
    return sorted(level, key=lambda node: (-level[node].certainty, level[node].rank, node))


def _order(mark: _Mark) -> tuple[int, int, str, Site]:
    """Prefers certainty, then the earlier origin, then kind and place of the edge."""
    edge = mark.step.edge
    return -mark.certainty, mark.rank, edge.kind, edge.evidence.site
