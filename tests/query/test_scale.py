from __future__ import annotations

import time
from collections.abc import Iterable

from mltradeoff_lint.model.graph import Edge, Graph, NodeId
from mltradeoff_lint.query.evaluate import evaluate
from tests.query.sample import REQUEST, link, rule, site


def service(endpoints: int, functions: int) -> Counted:
    """Endpoints over a dense call graph in which few functions predict, and all of it calls everything near."""
    graph = Counted()
    for at in range(functions):
        graph.add("Function", f"f{at:05}", f"f{at}", site(at + 1))
    for at in range(functions):
        for step in (1, 2, 3, 5, 8, 13):
            link(graph, NodeId("Function", f"f{at:05}"), NodeId("Function", f"f{(at + step) % functions:05}"), "calls")
    for at in range(endpoints):
        node = graph.add("Endpoint", f"e{at:05}", f"/e{at}", site(at + 1), route=f"/e{at}", interface="api")
        link(graph, node.id, NodeId("Function", f"f{at * functions // endpoints:05}"), "handles")
    for at in range(0, functions, 500):
        node = graph.add("Prediction", f"p{at:05}", f"p{at}", site(at + 1), inputs="stored", refresh_seconds=90000)
        link(graph, NodeId("Function", f"f{at:05}"), node.id, "performs")
    return graph


class Counted(Graph):
    """A graph that counts the edges it hands out."""

    handed_out = 0

    def out(self, identity: NodeId, kinds: Iterable[str] | None = None) -> tuple[Edge, ...]:
        found = super().out(identity, kinds)
        self.handed_out += len(found)
        return found

    def into(self, identity: NodeId, kinds: Iterable[str] | None = None) -> tuple[Edge, ...]:
        found = super().into(identity, kinds)
        self.handed_out += len(found)
        return found


def test_each_edge_is_asked_for_once_in_each_direction() -> None:
    graph = service(500, 4_500)
    edges = sum(len(graph.out(node.id)) for node in graph.nodes())
    graph.handed_out = 0
    assert len(evaluate(rule(REQUEST), graph).kept) == 45
    assert graph.handed_out <= 2 * edges


def test_twenty_thousand_nodes_take_seconds_and_not_minutes() -> None:
    graph = service(2_000, 18_000)
    started = time.process_time()
    assert len(evaluate(rule(REQUEST), graph).kept) == 180
    assert time.process_time() - started < 15


def test_the_tests_of_a_variable_do_not_multiply_with_another() -> None:
    """Two large populations joined by value: the pairs are never enumerated."""
    graph = Graph()
    for at in range(10_000):
        graph.add("ModelCall", f"c{at:05}", "c", unit=f"u{at}")
        graph.add("Dataset", f"d{at:05}", "d", identity=f"u{at}")
    body = (
        "match: {a: {kind: ModelCall}, b: {kind: Dataset}}\nrelate: [{same: [a.unit, b.identity]}]\n"
        "report: {at: a, message: m, remedy: r}\n"
    )
    started = time.process_time()
    assert len(evaluate(rule(body), graph).kept) == 10_000
    assert time.process_time() - started < 20
