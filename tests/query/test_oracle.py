"""The evaluator against an oracle that enumerates every tuple, on small random graphs."""

from __future__ import annotations

import itertools
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Edge, Evidence, Graph, Node, NodeId
from mltradeoff_lint.model.rule import NodePattern, PathClause, Relation, Rule, UnlessClause
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.query.evaluate import Outcome, evaluate
from mltradeoff_lint.query.findings import findings
from mltradeoff_lint.query.plan import edge_as_path, links_of
from mltradeoff_lint.query.truth import Doubt, all_hold, pattern_holds, values_agree
from tests.query.sample import fingerprint, locate, rule, site

RULES = [
    """\
match: {a: {kind: Function}, b: {kind: Model, family: forest}}
path: {way: {from: a, to: b, along: [calls, {loads: {scope: request}}], hops: 3}}
""",
    """\
match: {a: {kind: Function}, b: {kind: Model}, c: {kind: Dataset, home: true}}
path:
  way: {from: a, to: b, along: [calls, loads], hops: 4, avoiding: [{kind: Function, is_async: true}]}
  more: {from: b, to: c, along: [trained_on, derives], hops: 2}
unless:
  - {a: {is_async: true}, c: {remote: true}}
  - {edge: {from: b, to: {kind: Dataset, remote: true}, type: trained_on}}
""",
    """\
match: {a: {kind: Function}, b: {kind: Function}}
edge: [{from: a, to: b, type: calls}]
relate: [{distinct: [a, b]}, {differ: [a.module, b.module]}]
unless: [{path: {from: b, to: a, along: [calls], hops: 2}}]
""",
    """\
match: {a: {kind: Function, is_async: {not: true}}}
path:
  way: {from: a, to: a, along: [calls], hops: 3}
  more: {from: a, to: {kind: Model, family: {in: [forest, linear]}}, along: [loads], optional: true}
""",
    """\
match: {b: {kind: Model}, c: {kind: Dataset}}
path: {way: {from: {kind: Function, is_async: true}, to: b, along: [calls, loads], hops: 2}}
edge: [{from: b, to: c, type: trained_on, name: more}]
relate: [{same: [b.identity, c.identity]}]
""",
]
TAIL = "report: {{at: {0}, message: '`{{{0}.label}}`', remedy: r, trace: {1}, related: [{0}]}}\n"
JOIN = """\
match: {a: {kind: Function}, b: {kind: Function, is_async: true}}
relate: [{same: [a.module, b.module]}]
"""
MAYBE: tuple[Property | None, ...] = (True, False, Unknown("why"), None)
SCOPES: tuple[tuple[tuple[str, Property], ...], ...] = (
    (("scope", "request"),),
    (("scope", "startup"),),
    (("scope", Unknown("why")),),
    (),
)
KINDS: dict[str, dict[str, tuple[Property | None, ...]]] = {
    "Function": {"is_async": MAYBE, "module": ("x", "y", Unknown("why"), None)},
    "Model": {
        "family": ("forest", "linear", Unknown("why"), None),
        "identity": ("x", "y", Unknown("why"), None),
    },
    "Dataset": {"home": MAYBE, "remote": MAYBE, "identity": ("x", Unknown("why"), None)},
}
EDGES = [("Function", "Function", "calls"), ("Function", "Model", "loads"), ("Model", "Dataset", "trained_on"),
         ("Dataset", "Dataset", "derives")]  # fmt: skip


def complete(body: str) -> Rule:
    """The rule with a report that fits the names it uses."""
    traces = [name for name in ("way", "more") if f"{name}:" in body or f"name: {name}" in body]
    return rule(body + TAIL.format("b" if "b: {kind" in body else "a", traces or ["a"]))


Properties = tuple[tuple[str, Property], ...]


class Parts(NamedTuple):
    """What a graph is made of, so that it can be made in any order."""

    nodes: tuple[tuple[str, str, Properties], ...]
    edges: tuple[tuple[NodeId, NodeId, str, Certainty, Properties], ...]

    def graph(self) -> Graph:
        graph = Graph()
        for kind, key, properties in self.nodes:
            graph.add(kind, key, key, site(sum(map(ord, kind + key))), **dict(properties))
        for source, target, kind, certainty, properties in self.edges:
            evidence = Evidence(site(sum(map(ord, f"{source}{target}{kind}"))), "", certainty)
            graph.link(source, target, kind, evidence, (), **dict(properties))
        return graph


@st.composite
def parts(draw: st.DrawFn) -> Parts:
    nodes = []
    for kind, properties in KINDS.items():
        for key in "pqr"[: draw(st.integers(1, 3))]:
            values = {name: draw(st.sampled_from(allowed)) for name, allowed in properties.items()}
            nodes.append((kind, key, tuple((name, value) for name, value in values.items() if value is not None)))
    ids = [NodeId(kind, key) for kind, key, _ in nodes]
    edges = []
    for source, target in itertools.product(ids, ids):
        for edge in EDGES:
            if (source.kind, target.kind) == edge[:2] and draw(st.integers(0, 2)) == 0:
                scope = draw(st.sampled_from(SCOPES)) if edge[2] == "loads" else ()
                edges.append((source, target, edge[2], draw(st.sampled_from(list(Certainty))), scope))
    return Parts(tuple(nodes), tuple(edges))


class Oracle:
    """Every binding that is a candidate, by trying all tuples and all walks."""

    def __init__(self, asked: Rule, graph: Graph) -> None:
        self.asked = asked
        self.graph = graph

    def candidates(self) -> dict[tuple[str, ...], tuple[str, dict[str, int]]]:
        """By node keys: `kept`, `unless` or `unknown`, and the lengths of the named paths."""
        found = {}
        for nodes in itertools.product(*(self.graph.nodes(each.kind) for each in self.asked.match.values())):
            bound = dict(zip(self.asked.match, nodes, strict=True))
            truths: list[object] = [pattern_holds(self.asked.match[name], node, "") for name, node in bound.items()]
            truths += [self.related(relation, bound) for relation in self.asked.relations]
            lengths = {}
            for link in links_of(self.asked):
                truth, length = self.walks(link.clause, bound)
                truths += [] if link.clause.optional else [truth]
                if truth is True and link.clause.name:
                    lengths[link.clause.name] = length
            if False not in truths:
                found[tuple(node.id.key for node in nodes)] = (self.state(truths, bound), lengths)
        return found

    def state(self, truths: list[object], bound: dict[str, Node]) -> str:
        silent = [self.silenced(clause, bound) for clause in self.asked.unless]
        if True in silent:
            return "unless"
        return "kept" if all(each is True for each in truths) and all(each is False for each in silent) else "unknown"

    def silenced(self, clause: UnlessClause, bound: dict[str, Node]) -> object:
        if clause.tests:
            answers = [all_hold((test,), bound[name].properties, "") for name, test in clause.tests]
            return False if False in answers else True if all(each is True for each in answers) else Doubt("", "")
        path = clause.path if clause.edge is None else edge_as_path(clause.edge)
        return False if path is None else self.walks(path, bound)[0]

    def related(self, relation: Relation, bound: dict[str, Node]) -> object:
        if relation.kind == "distinct":
            return bound[relation.left].id != bound[relation.right].id
        sides = [side.partition(".") for side in (relation.left, relation.right)]
        left, right = (bound[name].properties.get(prop) for name, _, prop in sides)
        agree = values_agree(left, right)
        if isinstance(agree, Unknown) or relation.kind == "same" or left is None or right is None:
            return agree
        return not agree

    def walks(self, clause: PathClause, bound: dict[str, Node]) -> tuple[object, int]:
        """Whether a walk joins the ends, and how long the shortest of the most certain ones is."""
        results: list[tuple[int, int]] = []
        for source, one in self.ends(clause.source, bound).items():
            for target, other in self.ends(clause.target, bound).items():
                for grade, length in self.best(clause, source, target):
                    results.append((grade if one is True and other is True else -1, -length))
        if not results:
            return False, 0
        grade, length = max(results)
        return (Doubt("", "") if grade < 0 else True), -length

    def ends(self, end: str | NodePattern, bound: dict[str, Node]) -> dict[NodeId, object]:
        if isinstance(end, str):
            return {bound[end].id: True}
        answers = {node.id: pattern_holds(end, node, "") for node in self.graph.nodes()}
        return {node: answer for node, answer in answers.items() if answer is not False}

    def best(self, clause: PathClause, source: NodeId, target: NodeId) -> list[tuple[int, int]]:
        """The strictest grade at which a walk exists, and its least length."""
        for grade in (2, 1, 0, -1):
            level = {source}
            for length in range(1, clause.hops + 1):
                inner = level if length == 1 else {node for node in level if self.passable(clause, node, grade)}
                level = {
                    edge.target for node in inner for edge in self.graph.out(node) if grade_of(clause, edge) >= grade
                }
                if target in level:
                    return [(grade, length)]
        return []

    def passable(self, clause: PathClause, node: NodeId, grade: int) -> bool:
        answers = [pattern_holds(pattern, self.graph.node(node), "") for pattern in clause.avoiding]
        return all(answer is False or (grade == -1 and answer is not True) for answer in answers)


def grade_of(clause: PathClause, edge: Edge) -> int:
    for step in clause.along:
        if step.kind == edge.kind:
            truth = all_hold(step.tests, edge.properties, "")
            if truth is not False:
                return -1 if isinstance(truth, Doubt) else min(int(edge.evidence.certainty), 2)
    return -2


def judged(asked: Rule, outcome: Outcome) -> dict[tuple[str, ...], tuple[str, dict[str, int]]]:
    found = {}
    for each in (*outcome.kept, *outcome.dropped):
        keys = tuple(each.bindings[name].key for name in asked.match if name in each.bindings)
        unknown = all(drop.is_unknown for drop in each.drops)
        state = "kept" if not each.drops else "unknown" if unknown else "unless"
        found[keys] = (state, {name: len(edges) for name, edges in each.traces.items()})
    return found


@given(st.sampled_from(RULES), parts())
@settings(max_examples=300, deadline=None)
def test_the_evaluator_agrees_with_trying_every_tuple(body: str, made: Parts) -> None:
    asked = complete(body)
    graph = made.graph()
    expected = Oracle(asked, graph).candidates()
    found = judged(asked, evaluate(asked, graph))
    assert {keys: state for keys, (state, _) in found.items()} == {keys: state for keys, (state, _) in expected.items()}
    for keys, (state, lengths) in found.items():
        if state == "kept":
            assert lengths == expected[keys][1]


@given(parts())
@settings(max_examples=50, deadline=None)
def test_a_join_keeps_what_trying_every_tuple_keeps(made: Parts) -> None:
    asked = complete(JOIN)
    graph = made.graph()
    expected = {keys for keys, (state, _) in Oracle(asked, graph).candidates().items() if state == "kept"}
    assert {keys for keys, (state, _) in judged(asked, evaluate(asked, graph)).items() if state == "kept"} == expected


@given(st.sampled_from([*RULES, JOIN]), parts(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_a_graph_is_built_changes_nothing(body: str, made: Parts, random: Random) -> None:
    asked = complete(body)
    results = []
    for shuffled in (False, True):
        nodes, edges = list(made.nodes), list(made.edges)
        if shuffled:
            random.shuffle(nodes)
            random.shuffle(edges)
        graph = Parts(tuple(nodes), tuple(edges)).graph()
        outcome = evaluate(asked, graph)
        traces = [sorted(each.traces.items()) for each in outcome.kept]
        said = findings(asked, outcome, graph, locate, fingerprint)
        results.append((judged(asked, outcome), dict(outcome.unknown), traces, said))
    assert results[0] == results[1]
