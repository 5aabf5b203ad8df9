from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Graph, GraphView, NodeId
from mltradeoff_lint.model.value import Property, Scalar, Unknown
from mltradeoff_lint.query import checks
from mltradeoff_lint.query import evaluate as evaluation
from mltradeoff_lint.query.evaluate import evaluate
from tests.query.sample import ENDPOINT, PREDICTION, REPORT, REQUEST, drops, link, names, rule, served, site

PAIR = "match: {a: {kind: ModelCall}, b: {kind: ModelCall}}\n"


def calls(**units: Property | None) -> Graph:
    """Model calls by key, each with a `unit` unless it is None."""
    graph = Graph()
    for key, unit in units.items():
        node = graph.add("ModelCall", key, key, site(1))
        if unit is not None:
            node.properties["unit"] = unit
    return graph


def test_a_binding_that_satisfies_every_clause_is_kept_with_its_path() -> None:
    outcome = evaluate(rule(), served())
    (found,) = outcome.kept
    assert names(found) == {"endpoint": "app:/score", "prediction": "app.predict"}
    assert [edge.kind for edge in found.traces["request"]] == ["handles", "calls", "performs"]
    assert found.certainty is Certainty.RESOLVED
    assert (outcome.dropped, outcome.unknown) == ((), {})


def test_a_test_that_fails_leaves_no_candidate() -> None:
    graph = served()
    graph.node(PREDICTION).properties["refresh_seconds"] = 60
    outcome = evaluate(rule(), graph)
    assert (outcome.kept, outcome.dropped) == ((), ())


def test_a_missing_property_is_no_unknown_one() -> None:
    graph = served()
    del graph.node(PREDICTION).properties["refresh_seconds"]
    assert evaluate(rule(), graph).dropped == ()


def test_an_unknown_property_drops_the_candidate_and_is_counted_under_its_reason() -> None:
    graph = served()
    graph.node(PREDICTION).properties["inputs"] = Unknown("the frame comes from a plugin")
    outcome = evaluate(rule(), graph)
    assert outcome.kept == ()
    assert drops(outcome.dropped[0]) == ["match.prediction.inputs is unknown: the frame comes from a plugin"]
    assert outcome.unknown == {"the frame comes from a plugin": 1}


def test_what_is_open_in_an_example_is_counted_apart() -> None:
    graph = served()
    graph.node(PREDICTION).properties.update(inputs=Unknown("the frame comes from a plugin"), role="tutorial")
    outcome = evaluate(rule(REQUEST + "  role: prediction.role\n"), graph)
    assert (outcome.unknown, outcome.unknown_in_examples) == ({}, {"the frame comes from a plugin": 1})


def test_an_unknown_answer_may_be_reported_with_the_lowest_certainty() -> None:
    graph = served()
    graph.node(PREDICTION).properties["inputs"] = Unknown("the frame comes from a plugin")
    outcome = evaluate(rule(REQUEST + "on_unknown: low\n"), graph)
    assert [found.certainty for found in outcome.kept] == [Certainty.GUESSED]
    assert outcome.unknown == {}


def test_a_true_unless_clause_drops_the_candidate_and_says_why() -> None:
    graph = served()
    graph.node(PREDICTION).properties["key_space"] = "open"
    outcome = evaluate(rule(), graph)
    assert [drops(found) for found in outcome.dropped] == [["unless.1: the keys cannot be listed"]]
    assert outcome.unknown == {}


def test_an_unless_clause_in_doubt_drops_the_candidate_as_unknown() -> None:
    graph = served()
    graph.node(PREDICTION).properties["key_space"] = Unknown("keys come from a request")
    outcome = evaluate(rule(), graph)
    assert drops(outcome.dropped[0]) == ["unless.1 is unknown: keys come from a request"]
    assert outcome.unknown == {"keys come from a request": 1}


def test_a_definite_clause_outweighs_what_is_in_doubt() -> None:
    graph = served()
    graph.node(PREDICTION).properties.update(inputs=Unknown("a plugin"), key_space="open")
    outcome = evaluate(rule(REQUEST + "on_unknown: low\n"), graph)
    assert drops(outcome.dropped[0]) == ["unless.1: the keys cannot be listed"]
    assert outcome.unknown == {}


def test_all_tests_of_an_unless_clause_must_hold() -> None:
    body = REQUEST.replace("{prediction: {key_space: open}", "{prediction: {key_space: open}, endpoint: {method: GET}")
    graph = served()
    graph.node(PREDICTION).properties["key_space"] = "open"
    assert len(evaluate(rule(body), graph).kept) == 1
    graph.node(ENDPOINT).properties["method"] = "GET"
    assert len(evaluate(rule(body), graph).kept) == 0


UNLESS_EDGE = """\
match: {call: {kind: ModelCall}}
unless:
  - {edge: {from: call, to: {kind: Instrument, facets: {includes_all: [cost]}}, type: metered_by}, because: metered}
  - {path: {from: {kind: Endpoint, interface: ui}, to: call, along: [handles, calls], hops: 2}, because: a toy}
report: {at: call, message: m, remedy: r}
"""


def metered(facets: Property) -> Graph:
    graph = calls(a="x")
    instrument = graph.add("Instrument", "i", "tracer", facets=facets)
    link(graph, NodeId("ModelCall", "a"), instrument.id, "metered_by")
    return graph


@pytest.mark.parametrize(
    ("facets", "expected"),
    [
        (("tokens", "cost"), [["unless.1: metered"]]),
        (("tokens",), []),
        (Unknown("a callback nobody can see"), [["unless.1 is unknown: a callback nobody can see"]]),
    ],
)
def test_an_edge_in_unless_needs_an_end_that_passes_its_tests(facets: Property, expected: list[list[str]]) -> None:
    outcome = evaluate(rule(UNLESS_EDGE), metered(facets))
    assert [drops(found) for found in outcome.dropped] == expected
    assert len(outcome.kept) == (0 if expected else 1)


def test_a_certain_end_silences_although_another_is_in_doubt() -> None:
    graph = metered(Unknown("a callback"))
    other = graph.add("Instrument", "sure", "usage log", facets=("cost",))
    link(graph, NodeId("ModelCall", "a"), other.id, "metered_by")
    assert drops(evaluate(rule(UNLESS_EDGE), graph).dropped[0]) == ["unless.1: metered"]


def test_a_path_in_unless_may_start_at_a_pattern() -> None:
    graph = calls(a="x")
    endpoint = graph.add("Endpoint", "/", "/", interface="ui")
    handler = graph.add("Function", "f", "f")
    link(graph, endpoint.id, handler.id, "handles")
    link(graph, handler.id, NodeId("ModelCall", "a"), "calls")
    assert drops(evaluate(rule(UNLESS_EDGE), graph).dropped[0]) == ["unless.2: a toy"]
    endpoint.properties["interface"] = "api"
    assert len(evaluate(rule(UNLESS_EDGE), graph).kept) == 1


def test_every_definite_clause_is_named() -> None:
    graph = metered(("cost",))
    endpoint = graph.add("Endpoint", "/", "/", interface="ui")
    link(graph, endpoint.id, NodeId("ModelCall", "a"), "handles")
    assert drops(evaluate(rule(UNLESS_EDGE), graph).dropped[0]) == ["unless.1: metered", "unless.2: a toy"]


def test_same_joins_by_value_and_ignores_what_has_none() -> None:
    body = PAIR + "relate: [{same: [a.unit, b.unit]}, {distinct: [a, b]}]\n" + REPORT
    outcome = evaluate(rule(body), calls(p="u", q="u", r="v", s=None))
    assert [names(found) for found in outcome.kept] == [{"a": "p", "b": "q"}, {"a": "q", "b": "p"}]
    assert outcome.dropped == ()


def test_a_join_counts_each_unknown_value_once_and_pairs_it_with_nothing() -> None:
    body = PAIR + "relate: [{same: [a.unit, b.unit]}, {distinct: [a, b]}]\n" + REPORT
    outcome = evaluate(rule(body), calls(p="u", q="u", r=Unknown("built at run time"), s="w"))
    assert len(outcome.kept) == 2
    assert outcome.unknown == {"built at run time": 2}


@pytest.mark.parametrize(
    ("left", "right", "kept", "dropped"),
    [("x", "y", 1, 0), ("x", "x", 0, 0), ("x", None, 0, 0), ("x", Unknown("why"), 0, 1)],
)
def test_differ_compares_known_values(left: Property, right: Property | None, kept: int, dropped: int) -> None:
    graph = calls(p=left, q=right)
    link(graph, NodeId("ModelCall", "p"), NodeId("ModelCall", "q"), "same_as")
    body = PAIR + "edge: [{from: a, to: b, type: same_as}]\nrelate: [{differ: [a.unit, b.unit]}]\n" + REPORT
    outcome = evaluate(rule(body), graph)
    assert (len(outcome.kept), len(outcome.dropped)) == (kept, dropped)


def test_without_the_evidence_it_needs_a_rule_claims_nothing_and_notes_it_once() -> None:
    body = REQUEST + "needs: [{evidence: ownership, note: nobody names owners}]\n"
    graph = served()
    outcome = evaluate(rule(body), graph)
    assert [need.note for need in outcome.notes] == ["nobody names owners"]
    assert drops(outcome.dropped[0]) == ["needs.ownership: nobody names owners"]
    graph.provide("ownership")
    outcome = evaluate(rule(body), graph)
    assert (len(outcome.kept), outcome.notes) == (1, ())


def test_a_rule_that_would_say_nothing_notes_no_missing_evidence() -> None:
    body = REQUEST + "needs: [{evidence: ownership, note: nobody names owners}]\n"
    assert evaluate(rule(body), Graph()).notes == ()


def test_the_evidence_of_a_tested_property_limits_the_certainty() -> None:
    graph = served()
    graph.node(PREDICTION).evidence["key_space"] = Evidence(site(9), "a guess", Certainty.LIKELY)
    graph.node(PREDICTION).evidence["scope"] = Evidence(site(9), "not asked", Certainty.GUESSED)
    assert evaluate(rule(), graph).kept[0].certainty is Certainty.LIKELY


def test_unknown_answers_are_counted_by_cause_and_not_where_the_cause_is_claimed() -> None:
    graph = served()
    other = graph.add("Endpoint", "b", "GET /b", site(3), route="/b", interface=Unknown("set by a flag"))
    link(graph, other.id, NodeId("Function", "app.score"), "handles")
    outcome = evaluate(rule(), graph)
    assert (len(outcome.kept), len(outcome.dropped), outcome.unknown) == (1, 1, {})
    body = REQUEST.replace("  related", "  cause: [prediction, endpoint]\n  related")
    assert evaluate(rule(body), graph).unknown == {"set by a flag": 1}


def test_what_exceeds_the_limit_is_counted_and_not_left_out_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "CANDIDATE_LIMIT", 2)
    outcome = evaluate(rule("match: {a: {kind: ModelCall}}\n" + REPORT), calls(p="u", q="u", r="v"))
    assert [names(found) for found in outcome.kept] == [{"a": "p"}, {"a": "q"}]
    assert outcome.unknown == {"more than 2 candidates": 1}


def checked(view: GraphView, options: Mapping[str, Scalar]) -> Iterator[Mapping[str, NodeId]]:
    for node in view.nodes("ModelCall"):
        if len(node.label) >= int(options["length"]):
            yield {"call": node.id}


def test_a_named_check_binds_and_the_clauses_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "names", lambda: ("long-names",))
    monkeypatch.setattr(checks, "find", lambda name: checked)
    body = "check: long-names\noptions: {length: 2}\n" + UNLESS_EDGE.replace(
        "ModelCall}", "ModelCall, provider: openai}"
    )
    graph = metered(("cost",))
    for key in ("bb", "cc", "dd"):
        graph.add("ModelCall", key, key, provider="other" if key == "dd" else "openai")
    link(graph, NodeId("ModelCall", "cc"), NodeId("Instrument", "i"), "metered_by")
    outcome = evaluate(rule(body), graph)
    assert [names(found) for found in outcome.kept] == [{"call": "bb"}]
    assert [names(found) for found in outcome.dropped] == [{"call": "cc"}]


def test_a_check_that_binds_other_variables_is_our_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "names", lambda: ("long-names",))
    monkeypatch.setattr(checks, "find", lambda name: checked)
    body = "check: long-names\noptions: {length: 0}\nmatch: {a: {kind: ModelCall}}\n" + REPORT
    with pytest.raises(ValueError, match="check `long-names` binds other variables"):
        evaluate(rule(body), calls(p="u"))


def test_only_checks_of_the_package_can_be_found() -> None:
    with pytest.raises(KeyError):
        checks.find("..os")
    assert "checks" not in checks.names()
