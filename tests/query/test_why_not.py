from __future__ import annotations

from mltradeoff_lint.model.graph import Graph, NodeId
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.query.evaluate import evaluate
from mltradeoff_lint.query.why_not import why_not
from tests.query.sample import PREDICTION, REQUEST, rule, served, site


def lines(graph: Graph, line: int, body: str = REQUEST) -> list[str]:
    loaded = rule(body)
    return list(why_not(loaded, evaluate(loaded, graph), graph, "app.py", line))


BINDING = "endpoint is `POST /score`, prediction is `model.predict`"


def test_a_kept_candidate_is_named() -> None:
    assert lines(served(), 8) == [f"slow-endpoint: kept (resolved): {BINDING}"]


def test_a_dropped_candidate_names_the_clause_and_its_reason() -> None:
    graph = served()
    graph.node(PREDICTION).properties["key_space"] = "open"
    assert lines(graph, 1) == [f"slow-endpoint: dropped by unless.1: the keys cannot be listed: {BINDING}"]


def test_an_unknown_answer_names_what_is_unknown_and_why() -> None:
    graph = served()
    graph.node(PREDICTION).properties["inputs"] = Unknown("a plugin")
    assert lines(graph, 8) == [f"slow-endpoint: dropped by match.prediction.inputs is unknown: a plugin: {BINDING}"]


def test_a_node_that_fails_a_test_is_told_which() -> None:
    graph = served()
    graph.node(PREDICTION).properties.update(inputs="request", refresh_seconds=60)
    assert lines(graph, 8) == [
        "slow-endpoint: `model.predict` is not `prediction`: inputs is `request` and must be `stored`",
        "slow-endpoint: `model.predict` is not `prediction`: refresh_seconds is `60` and must be at least `3600`",
    ]


def test_a_node_that_nothing_reaches_is_told_the_path() -> None:
    graph = served()
    graph.add("Prediction", "lone", "lone", site(40), inputs="stored", refresh_seconds=90000)
    assert lines(graph, 40) == ["slow-endpoint: `lone` could be `prediction`, but nothing satisfies `path.request`"]


def test_a_line_without_a_node_of_the_rule_has_nothing_to_say() -> None:
    assert lines(served(), 6) == []
    assert lines(served(), 999) == []


def test_several_missing_partners_are_said_so() -> None:
    graph = Graph()
    graph.add("Prediction", "lone", "lone", site(40), inputs="stored", refresh_seconds=90000)
    assert NodeId("Prediction", "lone") in graph
    assert lines(graph, 40) == [
        "slow-endpoint: `lone` could be `prediction`, but several clauses have nothing that satisfies them"
    ]
