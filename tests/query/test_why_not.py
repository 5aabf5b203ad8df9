from __future__ import annotations

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Graph, NodeId
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.query.evaluate import evaluate
from mltradeoff_lint.query.why_not import line_of, near, why_not
from tests.query.sample import PREDICTION, REQUEST, link, rule, served, site


def lines(graph: Graph, line: int, body: str = REQUEST) -> list[str]:
    loaded = rule(body)
    return list(why_not(loaded, evaluate(loaded, graph), graph, "app.py", line))


BINDING = "endpoint is `POST /score`, prediction is `model.predict`"


def test_a_kept_candidate_is_named() -> None:
    assert lines(served(), 8) == [f"slow-endpoint: kept (resolved): {BINDING}"]


def test_kept_candidates_are_one_line_with_the_surest_certainty() -> None:
    graph = served()
    other = graph.add("Endpoint", "app:/other", "GET /other", site(60), interface="api")
    link(graph, other.id, NodeId("Function", "app.inner"), "handles", Certainty.GUESSED)
    assert lines(graph, 8) == [
        "slow-endpoint: kept (resolved): endpoint is one of `GET /other` and `POST /score`, "
        "prediction is `model.predict`"
    ]


def test_a_kept_candidate_in_an_example_says_when_it_is_shown() -> None:
    graph = served()
    graph.node(PREDICTION).properties["role"] = "tutorial"
    (told,) = lines(graph, 8, REQUEST + "  role: prediction.role\n")
    assert "kept (resolved), and only shown with examples as code of role `tutorial`: " in told


def test_a_dropped_candidate_names_the_clause_and_its_reason() -> None:
    graph = served()
    graph.node(PREDICTION).properties["key_space"] = "open"
    assert lines(graph, 1) == [f"slow-endpoint: left out: the keys cannot be listed [unless.1]: {BINDING}"]


def test_an_unknown_answer_names_what_is_unknown_and_why() -> None:
    graph = served()
    graph.node(PREDICTION).properties["inputs"] = Unknown("a plugin")
    assert lines(graph, 8) == [
        "slow-endpoint: left open: the inputs of `model.predict` did not resolve (a plugin) "
        f"[match.prediction.inputs]: {BINDING}"
    ]


def test_a_node_that_fails_a_test_is_told_which() -> None:
    graph = served()
    graph.node(PREDICTION).properties.update(inputs="request", refresh_seconds=60)
    assert lines(graph, 8) == [
        "slow-endpoint: does not look at `model.predict`: it has the inputs `request`, and the rule asks for `stored`",
        "slow-endpoint: does not look at `model.predict`: "
        "it has the refresh seconds `60`, and the rule asks for at least `3600`",
    ]


def test_a_node_that_nothing_reaches_is_told_the_path() -> None:
    graph = served()
    graph.add("Prediction", "lone", "lone", site(40), inputs="stored", refresh_seconds=90000)
    assert lines(graph, 40) == ["slow-endpoint: `lone` could be the prediction, but nothing satisfies `path.request`"]


def test_a_line_without_a_node_of_the_rule_has_nothing_to_say() -> None:
    assert lines(served(), 6) == []
    assert lines(served(), 999) == []


def test_several_missing_partners_are_said_so() -> None:
    graph = Graph()
    graph.add("Prediction", "lone", "lone", site(40), inputs="stored", refresh_seconds=90000)
    assert NodeId("Prediction", "lone") in graph
    assert lines(graph, 40) == [
        "slow-endpoint: `lone` could be the prediction, but several clauses have nothing that satisfies them"
    ]


def test_a_property_that_drops_a_node_is_told_with_its_evidence() -> None:
    graph = served()
    node = graph.node(PREDICTION)
    node.properties["inputs"] = "request"
    node.evidence["inputs"] = Evidence(site(5, "keys.py"), "the body is read")
    (told,) = lines(graph, 8)
    assert told.endswith("it has the inputs `request` (the body is read, keys.py:5), and the rule asks for `stored`")
    node.properties.update(inputs="stored", key_space="open")
    node.evidence["key_space"] = Evidence(site(7), "any text is a key")
    (told,) = lines(graph, 8)
    assert "left out: the keys cannot be listed (any text is a key, app.py:7) [unless.1]" in told


def test_words_without_a_place_are_told_as_well() -> None:
    graph = served()
    graph.node(PREDICTION).properties.update(inputs="request", inputs_how="the body is read")
    assert "it has the inputs `request` (the body is read), and" in lines(graph, 8)[0]


def test_candidates_that_are_dropped_alike_are_one_line() -> None:
    graph = served()
    graph.node(PREDICTION).properties["key_space"] = "open"
    inner = NodeId("Function", "app.inner")
    for number in range(6):
        other = graph.add("Endpoint", f"app:/{number}", f"GET /{number}", site(60 + number), interface="api")
        link(graph, other.id, inner, "handles")
    (told,) = lines(graph, 8)
    assert told.endswith(
        "endpoint is one of `GET /0`, `GET /1`, `GET /2`, `GET /3` and 3 more, prediction is `model.predict`"
    )
    assert lines(graph, 60) == [
        "slow-endpoint: left out: the keys cannot be listed [unless.1]: "
        "endpoint is `GET /0`, prediction is `model.predict`"
    ]


def test_what_a_rule_looks_at_near_a_line_is_named_nearest_first() -> None:
    graph, slow = served(), rule()
    graph.add("Prediction", "late", "late.predict", site(40))
    around = Span(1, 0, 50, 0)
    assert near([slow], graph, "app.py", around, 30, line_of) == (
        "near it, slow-endpoint looks at `late.predict` (app.py:40)",
        "near it, slow-endpoint looks at `model.predict` (app.py:8)",
    )
    assert near([slow], graph, "app.py", Span(20, 0, 30, 0), 25, line_of) == ()
