"""A small rule, a small graph, and the words the tests of the rule language share."""

from __future__ import annotations

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Graph, NodeId
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.model.source import Location, Site, Span
from mltradeoff_lint.model.value import Property
from mltradeoff_lint.query.evaluate import Candidate
from mltradeoff_lint.query.load import read_rule

HEAD = """\
name: slow-endpoint
group: batch-vs-realtime
severity: high
confidence: high
persona: regular
since: 0.1.0
summary: An endpoint computes what could be stored.
"""

REQUEST = """\
options: {staleness_seconds: 3600}
match:
  endpoint: {kind: Endpoint, interface: api}
  prediction: {kind: Prediction, inputs: stored, refresh_seconds: {at_least: "${staleness_seconds}"}}
path:
  request: {from: endpoint, to: prediction, along: [handles, calls, performs], hops: 6}
unless:
  - {prediction: {key_space: open}, because: the keys cannot be listed}
report:
  at: prediction
  message: "`{endpoint.route}` computes `{prediction.label}` on every request"
  remedy: store it every {prediction.refresh_seconds|duration}
  trace: [request]
  related: [endpoint]
"""

REPORT = """\
report: {at: a, message: "`{a.label}`", remedy: mend it}
"""


def rule(body: str = REQUEST) -> Rule:
    """A rule with the common head and this body."""
    return read_rule("rule.yaml", (HEAD + body).encode(), "slow-endpoint")


def site(line: int, path: str = "app.py") -> Site:
    """The first ten columns of a line."""
    return Site(path, Span(line, 0, line, 10))


def locate(place: Site) -> Location:
    """A location without a look at the file."""
    span = place.span
    return Location(place.path, span.line, span.column + 1, span.end_line, span.end_column + 1)


def fingerprint(name: str, variant: str, cause: str) -> str:
    """A digest that a test can read."""
    return f"{name}/{variant}/{cause}"


def link(graph: Graph, source: NodeId, target: NodeId, kind: str, certainty: Certainty = Certainty.RESOLVED,
         **properties: Property) -> None:  # fmt: skip
    """An edge at a place that its ends decide, so that the order of insertion does not."""
    line = 1 + sum(map(ord, source.key + target.key)) % 50
    graph.link(source, target, kind, Evidence(site(line), "a call", certainty), (), **properties)


def served() -> Graph:
    """An endpoint whose handler calls a function that predicts from stored inputs."""
    graph = Graph()
    endpoint = graph.add("Endpoint", "app:/score", "POST /score", site(1), route="/score", interface="api")
    handler = graph.add("Function", "app.score", "score", site(2))
    inner = graph.add("Function", "app.inner", "inner", site(6))
    prediction = graph.add(
        "Prediction", "app.predict", "model.predict", site(8), inputs="stored", key_space="enumerable",
        refresh_seconds=86400, role="serving",
    )  # fmt: skip
    graph.link(endpoint.id, handler.id, "handles", Evidence(site(2), "`POST /score` runs `score`"))
    link(graph, handler.id, inner.id, "calls")
    link(graph, inner.id, prediction.id, "performs")
    return graph


PREDICTION = NodeId("Prediction", "app.predict")
ENDPOINT = NodeId("Endpoint", "app:/score")


def names(candidate: Candidate) -> dict[str, str]:
    """A binding by node keys."""
    return {name: identity.key for name, identity in candidate.bindings.items()}


def drops(candidate: Candidate) -> list[str]:
    """The clauses that drop a candidate, in words."""
    return [str(drop) for drop in candidate.drops]
