from __future__ import annotations

import pytest

from mltradeoff_lint.model.finding import Certainty, Confidence, Finding, Severity
from mltradeoff_lint.model.graph import Evidence, Graph, NodeId
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.query.evaluate import evaluate
from mltradeoff_lint.query.findings import findings, stepped_down
from tests.query.sample import ENDPOINT, PREDICTION, REQUEST, fingerprint, link, locate, rule, served, site


def found(body: str, graph: Graph, include_examples: bool = False) -> tuple[Finding, ...]:
    loaded = rule(body)
    outcome = evaluate(loaded, graph)
    return findings(loaded, outcome, graph, locate, fingerprint, include_examples=include_examples)


def test_a_finding_says_the_claim_the_remedy_and_the_way() -> None:
    (finding,) = found(REQUEST, served())
    assert finding.claim == "`/score` computes `model.predict` on every request"
    assert finding.remedy == "store it every 1 day"
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.HIGH)
    assert (finding.location.path, finding.location.line) == ("app.py", 8)
    assert [step.text for step in finding.trace] == ["`POST /score` runs `score`", "a call", "a call"]
    assert [(step.location.line, step.text) for step in finding.related] == [(1, "`POST /score`")]
    assert finding.fingerprint == "slow-endpoint//Prediction:app.predict"
    assert finding.facts == (
        ("endpoint.interface", "api"),
        ("prediction.inputs", "stored"),
        ("prediction.refresh_seconds", "86400"),
        ("endpoint.route", "/score"),
    )


def test_a_step_without_words_of_its_own_is_told_by_its_ends() -> None:
    graph = served()
    other = graph.add("Endpoint", "z", "/z", site(30), route="/z", interface="api")
    graph.link(other.id, PREDICTION, "performs", Evidence(site(30), ""))
    body = REQUEST.replace("  related", "  cause: [endpoint]\n  related")
    assert [step.text for step in found(body, graph)[1].trace] == ["`/z` performs `model.predict`"]


def test_the_places_inside_an_edge_are_steps_of_their_own_and_limit_the_confidence() -> None:
    graph = served()
    other = graph.add("Endpoint", "z", "/z", site(30), route="/z", interface="api")
    steps = (Evidence(site(31), "`rows` is passed on", Certainty.LIKELY),)
    graph.link(other.id, PREDICTION, "performs", Evidence(site(32), "`rows` is predicted"), steps)
    body = REQUEST.replace("  related", "  cause: [endpoint]\n  related")
    finding = found(body, graph)[1]
    assert [(step.location.line, step.text) for step in finding.trace] == [
        (31, "`rows` is passed on"),
        (32, "`rows` is predicted"),
    ]
    assert finding.confidence is Confidence.MEDIUM


def test_a_path_among_the_related_places_is_shown_where_it_starts_for_each_binding() -> None:
    graph = served()
    second_endpoint(graph, "app:/zz")
    body = REQUEST.replace("related: [endpoint]", "related: [request]")
    (finding,) = found(body, graph)
    starts = [edge.evidence.site.span.line for name in (ENDPOINT, "app:/zz") for edge in graph.out(_endpoint(name))]
    assert sorted(step.location.line for step in finding.related) == sorted(starts)


def _endpoint(name: NodeId | str) -> NodeId:
    return name if isinstance(name, NodeId) else NodeId("Endpoint", name)


def test_the_evidence_of_what_a_case_tests_limits_the_confidence() -> None:
    graph = served()
    graph.node(PREDICTION).properties["scope"] = "request"
    graph.node(PREDICTION).evidence["scope"] = Evidence(site(8), "handed on", Certainty.LIKELY)
    body = REQUEST + "  cases:\n    - {variant: v, when: {prediction: {scope: request}}}\n"
    assert found(body, graph)[0].confidence is Confidence.MEDIUM
    assert found(body.replace("scope: request}}", "scope: batch}}"), graph)[0].confidence is Confidence.HIGH


def second_endpoint(graph: Graph, key: str, certainty: Certainty = Certainty.RESOLVED) -> None:
    endpoint = graph.add("Endpoint", key, key, site(30), route=key, interface="api")
    link(graph, endpoint.id, PREDICTION, "performs", certainty)


def test_bindings_with_one_cause_become_one_finding() -> None:
    graph = served()
    second_endpoint(graph, "app:/zz")
    graph.node(PREDICTION).sites.append(site(90))
    (finding,) = found(REQUEST, graph)
    assert "`app:/zz`" in finding.claim
    assert [step.location.line for step in finding.related] == [30, 90]


def test_a_place_that_leads_to_another_related_place_is_told_by_it() -> None:
    graph = served()
    graph.node(PREDICTION).sites += [site(90), site(91), site(95)]
    other = graph.add("Endpoint", "z", "/z", site(30), route="/z", interface="batch")
    graph.link(other.id, PREDICTION, "performs", Evidence(site(90), "is written"), (Evidence(site(91), "is read"),))
    graph.link(other.id, PREDICTION, "performs", Evidence(site(8), "is written"), (Evidence(site(95), "is read"),))
    (finding,) = found(REQUEST, graph)
    assert finding.location.line == 8
    assert [step.location.line for step in finding.related] == [1, 90, 95]


def test_the_most_certain_binding_represents_its_cause_before_the_shortest() -> None:
    graph = served()
    second_endpoint(graph, "app:/zz", Certainty.GUESSED)
    (finding,) = found(REQUEST, graph)
    assert "`/score`" in finding.claim
    assert finding.confidence is Confidence.HIGH


def test_a_way_through_modules_represents_a_cause_before_a_shorter_one_through_a_notebook() -> None:
    graph = served()
    endpoint = graph.add("Endpoint", "a:/first", "a:/first", site(30), route="a:/first", interface="api")
    graph.link(endpoint.id, PREDICTION, "performs", Evidence(site(3, "work.ipynb"), "a call", Certainty.RESOLVED), ())
    (finding,) = found(REQUEST, graph)
    assert "`/score`" in finding.claim


def test_bindings_with_different_causes_are_different_findings() -> None:
    graph = served()
    second_endpoint(graph, "app:/zz")
    body = REQUEST.replace("  related", "  cause: [endpoint, prediction]\n  related")
    assert [finding.fingerprint for finding in found(body, graph)] == [
        "slow-endpoint//Endpoint:app:/score | Prediction:app.predict",
        "slow-endpoint//Endpoint:app:/zz | Prediction:app.predict",
    ]


BY_UNIT = """\
match: {call: {kind: ModelCall}}
report: {at: call, message: "`{call.label}`", remedy: meter it, cause: [call.unit]}
"""


def test_one_wrapper_is_one_cause_and_unknown_wrappers_are_not_one() -> None:
    graph = Graph()
    units: dict[str, Property] = {"a": "w", "b": "w", "c": Unknown("why"), "d": Unknown("why")}
    for line, (key, unit) in enumerate(units.items(), 1):
        graph.add("ModelCall", key, key, site(line), unit=unit)
    result = found(BY_UNIT, graph)
    assert [finding.claim for finding in result] == ["`a`", "`c`", "`d`"]
    assert result[0].fingerprint == "slow-endpoint//ModelCall.unit=w"
    assert [(step.location.line, step.text) for step in result[0].related] == [(2, "`b`: the same cause")]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("serving", Severity.HIGH),
        ("scheduled", Severity.HIGH),
        ("train-entry", Severity.MEDIUM),
        (Unknown("why"), Severity.MEDIUM),
        ("script", Severity.NOTE),
        ("experiment", Severity.NOTE),
    ],
)
def test_severity_steps_down_by_role(role: Property, expected: Severity) -> None:
    graph = served()
    graph.node(PREDICTION).properties["role"] = role
    (finding,) = found(REQUEST + "  role: prediction.role\n", graph)
    assert (finding.severity, finding.suppressed) == (expected, None)


def test_severity_never_falls_below_a_note() -> None:
    assert stepped_down(Severity.NOTE, "train-entry") is Severity.NOTE
    assert stepped_down(Severity.LOW, "") is Severity.LOW


@pytest.mark.parametrize("role", ["test", "tutorial"])
def test_a_finding_in_an_example_is_marked_unless_examples_are_included(role: str) -> None:
    graph = served()
    graph.node(PREDICTION).properties["role"] = role
    (finding,) = found(REQUEST + "  role: prediction.role\n", graph)
    assert finding.suppressed is not None
    assert (finding.suppressed.kind, finding.suppressed.reason) == ("examples", f"stands in code of role `{role}`")
    (shown,) = found(REQUEST + "  role: prediction.role\n", graph, include_examples=True)
    assert (shown.suppressed, shown.severity) == (None, Severity.NOTE)


def test_a_served_binding_represents_a_cause_before_one_in_a_test() -> None:
    graph = Graph()
    for line, (key, role) in enumerate([("a", "test"), ("b", "serving")], 1):
        graph.add("ModelCall", key, key, site(line), unit="w", role=role)
    (finding,) = found(BY_UNIT.replace("cause", "role: call.role, cause"), graph)
    assert (finding.claim, finding.suppressed) == ("`b`", None)


def test_a_surer_binding_in_a_test_does_not_hide_the_cause() -> None:
    graph = Graph()
    for line, (key, role) in enumerate([("a", "test"), ("b", "experiment")], 1):
        graph.add("ModelCall", key, key, site(line), unit="w", role=role, provider="openai")
    graph.node(NodeId("ModelCall", "b")).evidence["provider"] = Evidence(site(2), "a guess", Certainty.GUESSED)
    body = BY_UNIT.replace("ModelCall}", "ModelCall, provider: openai}").replace("cause", "role: call.role, cause")
    (finding,) = found(body, graph)
    assert (finding.claim, finding.confidence, finding.suppressed) == ("`b`", Confidence.LOW, None)


CASES = """\
  role: prediction.role
  cases:
    - {variant: open, when: {prediction: {scope: startup}}, severity: note}
    - variant: batch
      when: {prediction: {scope: batch}, endpoint: {method: GET}}
      severity: medium
      message: "batched `{endpoint.label}`"
      remedy: wait
      step_down: false
"""


def test_the_first_case_whose_tests_hold_gives_variant_severity_and_words() -> None:
    graph = served()
    graph.node(PREDICTION).properties.update(scope="batch", role="train-entry")
    (plain,) = found(REQUEST + CASES, graph)
    assert (plain.variant, plain.severity, plain.remedy) == ("", Severity.MEDIUM, "store it every 1 day")
    graph.node(ENDPOINT).properties["method"] = "GET"
    (batch,) = found(REQUEST + CASES, graph)
    assert (batch.variant, batch.severity) == ("batch", Severity.MEDIUM)
    assert (batch.claim, batch.remedy) == ("batched `POST /score`", "wait")
    assert batch.fingerprint == "slow-endpoint/batch/Prediction:app.predict"


def test_a_case_in_doubt_is_not_taken() -> None:
    graph = served()
    graph.node(PREDICTION).properties["scope"] = Unknown("why")
    assert found(REQUEST + CASES, graph)[0].variant == ""


@pytest.mark.parametrize(
    ("certainty", "expected"),
    [(Certainty.EXACT, Confidence.HIGH), (Certainty.LIKELY, Confidence.MEDIUM), (Certainty.GUESSED, Confidence.LOW)],
)
def test_confidence_is_that_of_the_weakest_step(certainty: Certainty, expected: Confidence) -> None:
    graph = Graph()
    graph.add("Prediction", "app.predict", "p", site(1), inputs="stored", refresh_seconds=9000)
    second_endpoint(graph, "/a", certainty)
    assert found(REQUEST, graph)[0].confidence is expected


def test_confidence_never_exceeds_that_of_the_rule() -> None:
    loaded = rule()
    lowered = loaded.__class__(**{**{k: getattr(loaded, k) for k in loaded.__slots__}, "confidence": Confidence.LOW})
    graph = served()
    (finding,) = findings(lowered, evaluate(lowered, graph), graph, locate, fingerprint)
    assert finding.confidence is Confidence.LOW


def test_the_owner_is_a_property_or_the_end_of_an_owned_by_edge() -> None:
    graph = served()
    body = REQUEST + "  owner: prediction\n"
    assert found(body, graph)[0].owner == ""
    graph.node(PREDICTION).properties.update(owner=Unknown("only its code has one"), code_owner="@code")
    assert found(body, graph)[0].owner == "@code"
    for team in ("@zeta", "@alpha"):
        graph.add("Owner", team, team)
        link(graph, PREDICTION, NodeId("Owner", team), "owned_by")
    assert found(body, graph)[0].owner == "@alpha and @zeta"
    graph.node(PREDICTION).properties["owner"] = "@ml"
    assert found(body, graph)[0].owner == "@ml"


def test_a_finding_stands_where_its_own_way_comes_to_a_node_of_several_places() -> None:
    graph = served()
    graph.node(PREDICTION).sites.insert(0, site(40, "other.py"))
    graph.node(ENDPOINT).sites.insert(0, site(50, "other.py"))
    (finding,) = found(REQUEST, graph)
    assert (finding.location.path, finding.location.line) == ("app.py", 8)
    shown = [(one.location.path, one.location.line, one.text) for one in finding.related]
    assert shown == [("app.py", 1, "`POST /score`"), ("other.py", 40, "`model.predict` again")]


def test_a_node_without_a_site_borrows_a_place() -> None:
    graph = served()
    graph.node(PREDICTION).sites.clear()
    assert found(REQUEST, graph)[0].location.path == "app.py"
    bare = Graph()
    bare.add("ModelCall", "a", "a")
    assert found(BY_UNIT, bare)[0].location.path == "."
