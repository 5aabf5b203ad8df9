from __future__ import annotations

import pytest

from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Graph, NodeId
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.query.evaluate import Candidate, Outcome, evaluate
from tests.query.sample import drops, link, rule, site

REPORT = "report: {at: a, message: m, remedy: r, trace: [way]}\n"


def asked(clause: str, end: str = "{kind: Dataset}") -> str:
    return f"match: {{a: {{kind: Model}}, b: {end}}}\npath: {{way: {{from: a, to: b, {clause}}}}}\n" + REPORT


def chain(*keys: str, kind: str = "derives") -> Graph:
    """Model `m`, then datasets, each an edge from the one before."""
    graph = Graph()
    here = graph.add("Model", "m", "m", site(1)).id
    for key in keys:
        following = graph.add("Dataset", key, key, site(2), home=key == "end").id
        link(graph, here, following, kind)
        here = following
    return graph


def dataset(key: str) -> NodeId:
    return NodeId("Dataset", key)


def ends(outcome: Outcome) -> list[tuple[str, int]]:
    return [(found.bindings["b"].key, len(found.traces["way"])) for found in outcome.kept]


def way(candidate: Candidate) -> list[str]:
    return [edge.target.key for edge in candidate.traces["way"]]


END = "{kind: Dataset, home: true}"


def test_every_end_within_the_hops_is_found() -> None:
    graph = chain("a", "b", "c", "d")
    assert ends(evaluate(rule(asked("along: [derives], hops: 3")), graph)) == [("a", 1), ("b", 2), ("c", 3)]


def test_only_edges_of_the_named_kinds_are_followed() -> None:
    assert ends(evaluate(rule(asked("along: [reads]")), chain("a"))) == []


def test_edges_are_followed_from_what_depends_to_what_it_depends_on() -> None:
    graph = chain()
    link(graph, graph.add("Dataset", "end", "end").id, NodeId("Model", "m"), "derives")
    assert ends(evaluate(rule(asked("along: [derives]")), graph)) == []


def test_the_shortest_path_is_kept_and_the_first_by_name_among_equals() -> None:
    graph = chain("z", "end")
    for key in ("y", "b", "c"):
        graph.add("Dataset", key, key)
    link(graph, NodeId("Model", "m"), dataset("y"), "derives")
    link(graph, dataset("y"), dataset("end"), "derives")
    link(graph, NodeId("Model", "m"), dataset("b"), "derives")
    link(graph, dataset("b"), dataset("c"), "derives")
    link(graph, dataset("c"), dataset("end"), "derives")
    (found,) = evaluate(rule(asked("along: [derives]", END)), graph).kept
    assert way(found) == ["y", "end"]


def test_a_sure_detour_is_preferred_to_a_guessed_short_cut() -> None:
    graph = chain("x", "end")
    link(graph, NodeId("Model", "m"), dataset("end"), "derives", Certainty.GUESSED)
    (found,) = evaluate(rule(asked("along: [derives]", END)), graph).kept
    assert (way(found), found.certainty) == (["x", "end"], Certainty.RESOLVED)
    (short,) = evaluate(rule(asked("along: [derives], hops: 1", END)), graph).kept
    assert (way(short), short.certainty) == (["end"], Certainty.GUESSED)


def test_an_avoided_node_blocks_the_way_but_not_as_an_end() -> None:
    clause = "along: [derives], avoiding: [{kind: Dataset, scheme: cache}]"
    graph = chain("x", "end")
    assert ends(evaluate(rule(asked(clause, END)), graph)) == [("end", 2)]
    graph.node(dataset("x")).properties["scheme"] = "cache"
    assert ends(evaluate(rule(asked(clause, END)), graph)) == []
    assert ends(evaluate(rule(asked(clause)), graph)) == [("x", 1)]


def test_a_far_end_may_be_a_node_that_paths_must_not_pass() -> None:
    graph = chain("x", "end", "after")
    graph.node(dataset("end")).properties["scheme"] = "cache"
    clause = "along: [derives], avoiding: [{kind: Dataset, scheme: cache}]"
    assert ends(evaluate(rule(asked(clause)), graph)) == [("end", 2), ("x", 1)]
    assert ends(evaluate(rule(asked(clause, END)), graph)) == [("end", 2)]


@pytest.mark.parametrize("kinds", [("derives", "reads"), ("reads", "derives")])
def test_of_parallel_edges_the_surer_is_taken_and_then_the_first_by_name(kinds: tuple[str, str]) -> None:
    graph = chain("x")
    graph.add("Dataset", "y", "y")
    for kind in kinds:
        link(graph, dataset("x"), dataset("y"), kind, Certainty.EXACT)
    found = evaluate(rule(asked("along: [derives, reads]")), graph).kept
    assert [edge.kind for edge in found[1].traces["way"]] == ["derives", "derives"]
    graph.add("Dataset", "z", "z")
    for kind in kinds:
        link(graph, dataset("y"), dataset("z"), kind, Certainty.EXACT if kind == "reads" else Certainty.RESOLVED)
    body = (
        "match: {a: {kind: Dataset}}\npath: {way: {from: a, to: {kind: Dataset}, along: [derives, reads]}}\n" + REPORT
    )
    (found_z,) = (each for each in evaluate(rule(body), graph).kept if each.bindings["a"] == dataset("y"))
    assert [edge.kind for edge in found_z.traces["way"]] == ["reads"]


def test_a_longer_way_round_an_avoided_node_is_found() -> None:
    graph = chain("x", "end")
    graph.node(dataset("x")).properties["scheme"] = "cache"
    for source, target in (("m", "y"), ("y", "w"), ("w", "end")):
        graph.add("Dataset", target, target)
        link(graph, NodeId("Model", "m") if source == "m" else dataset(source), dataset(target), "derives")
    body = asked("along: [derives], avoiding: [{kind: Dataset, scheme: cache}]", END)
    assert [way(found) for found in evaluate(rule(body), graph).kept] == [["y", "w", "end"]]


def test_a_node_that_may_have_to_be_avoided_leaves_the_path_in_doubt() -> None:
    graph = chain("x", "end")
    graph.node(dataset("x")).properties["scheme"] = Unknown("built at run time")
    outcome = evaluate(rule(asked("along: [derives], avoiding: [{kind: Dataset, scheme: cache}]", END)), graph)
    assert outcome.kept == ()
    assert drops(outcome.dropped[0]) == ["path.way.avoiding.scheme is unknown: built at run time"]


def loaded(scope: str | Unknown) -> Graph:
    graph = Graph()
    graph.add("Function", "f", "f", site(1))
    graph.add("Model", "m", "m", site(2))
    link(graph, NodeId("Function", "f"), NodeId("Model", "m"), "loads", scope=scope)
    return graph


def test_a_step_may_test_the_properties_of_its_edge() -> None:
    body = (
        "match: {a: {kind: Function}, b: {kind: Model}}\n"
        "path: {way: {from: a, to: b, along: [{loads: {scope: request}}]}}\n" + REPORT
    )
    assert len(evaluate(rule(body), loaded("request")).kept) == 1
    assert evaluate(rule(body), loaded("startup")).dropped == ()
    outcome = evaluate(rule(body), loaded(Unknown("a factory decides")))
    assert drops(outcome.dropped[0]) == ["path.way.loads.scope is unknown: a factory decides"]


def test_a_sure_edge_beside_one_in_doubt_is_taken() -> None:
    graph = loaded(Unknown("a factory decides"))
    graph.add("Function", "g", "g")
    link(graph, NodeId("Function", "f"), NodeId("Function", "g"), "calls")
    link(graph, NodeId("Function", "g"), NodeId("Model", "m"), "loads", scope="request")
    body = (
        "match: {a: {kind: Function}, b: {kind: Model}}\n"
        "path: {way: {from: a, to: b, along: [calls, {loads: {scope: request}}]}}\n" + REPORT
    )
    outcome = evaluate(rule(body), graph)
    assert [len(found.traces["way"]) for found in outcome.kept] == [2, 1]


def test_cycles_end_and_a_path_may_return_to_its_start() -> None:
    graph = chain("a", "b", "c")
    link(graph, dataset("c"), dataset("a"), "derives")
    body = (
        "match: {a: {kind: Dataset}}\npath: {way: {from: a, to: a, along: [derives]}}\n"
        "report: {at: a, message: m, remedy: r, trace: [way]}\n"
    )
    found = evaluate(rule(body), graph).kept
    assert [way(each) for each in found] == [["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"]]
    assert evaluate(rule(body), chain("a", "b", "c")).kept == ()


def test_a_node_may_be_its_own_neighbour() -> None:
    graph = chain("a")
    link(graph, dataset("a"), dataset("a"), "derives")
    body = "match: {a: {kind: Dataset}}\nedge: [{from: a, to: a, type: derives, name: way}]\n" + REPORT
    assert [way(each) for each in evaluate(rule(body), graph).kept] == [["a"]]


def test_an_optional_path_only_adds_its_trace() -> None:
    body = (
        "match: {a: {kind: Model}}\n"
        "path: {way: {from: a, to: {kind: Dataset, home: true}, along: [derives], optional: true}}\n" + REPORT
    )
    (absent,) = evaluate(rule(body), chain("a")).kept
    assert absent.traces == {}
    graph = chain("a")
    link(graph, dataset("a"), graph.add("Dataset", "end", "end", home=True).id, "derives", Certainty.GUESSED)
    (present,) = evaluate(rule(body), graph).kept
    assert (way(present), present.certainty) == (["a", "end"], Certainty.EXACT)


def test_a_path_to_a_pattern_must_exist() -> None:
    body = (
        "match: {a: {kind: Model}}\npath: {way: {from: a, to: {kind: Dataset, home: true}, along: [derives]}}\n"
        + REPORT
    )
    assert evaluate(rule(body), chain("a")).kept == ()
    (found,) = evaluate(rule(body), chain("a", "end")).kept
    assert way(found) == ["a", "end"]


def test_the_search_may_start_at_either_end() -> None:
    """One end and many models: the plan starts at the end and walks against the edges."""
    graph = chain("x", "end")
    for key in ("n", "o", "p"):
        graph.add("Model", key, key)
        link(graph, NodeId("Model", key), dataset("x"), "derives")
    found = evaluate(rule(asked("along: [derives]", END)), graph).kept
    assert [(each.bindings["a"].key, way(each)) for each in found] == [(key, ["x", "end"]) for key in "mnop"]


def test_two_paths_meet_in_one_variable() -> None:
    body = (
        "match: {a: {kind: Model}, b: {kind: Dataset}, c: {kind: Job}}\n"
        "path:\n  way: {from: a, to: b, along: [derives]}\n  work: {from: c, to: b, along: [writes]}\n" + REPORT
    )
    graph = chain("x", "y")
    link(graph, graph.add("Job", "j", "j").id, dataset("y"), "writes")
    found = evaluate(rule(body), graph).kept
    assert [[each.bindings[name].key for name in "abc"] for each in found] == [["m", "y", "j"]]
