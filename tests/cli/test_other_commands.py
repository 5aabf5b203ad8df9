from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from mltradeoff_lint import __version__
from mltradeoff_lint.graph import export
from mltradeoff_lint.model.graph import Evidence, Graph
from mltradeoff_lint.model.rule import GROUPS
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.model.value import Unknown
from tests.cli.conftest import Cli, small_graph


def test_the_version_is_printed(cli: Cli) -> None:
    assert cli("--version").out == f"mltradeoff-lint, version {__version__}\n"


def test_help_lists_every_command_with_a_whole_sentence(cli: Cli) -> None:
    said = cli()
    assert (said.status, said.err) == (0, "")
    for name in ("check", "explain", "graph", "rules"):
        assert any(line.strip().startswith(name) and line.endswith(".") for line in said.out.split("\n"))
    assert "..." not in said.out.split("Commands:")[1]


def test_rules_are_listed_with_their_trade_off(cli: Cli) -> None:
    lines = cli("rules").out.split("\n")
    assert lines[0].split() == ["name", "group", "severity", "persona", "summary"]
    row = next(line for line in lines if line.startswith("unused-suppression"))
    assert row.split()[1:4] == ["complexity-vs-maintainability", "low", "regular"]


def test_rules_as_json_name_only_known_trade_offs(cli: Cli) -> None:
    rows = json.loads(cli("rules", "--output-format", "json").out)
    assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
    assert {row["group"] for row in rows} <= set(GROUPS)


def test_explain_prints_the_page_of_a_rule(cli: Cli) -> None:
    assert cli("explain", "unused-suppression").out.startswith("# unused-suppression\n\nA suppression comment covers")


def test_a_rule_of_the_repository_is_listed_and_a_wrong_one_is_an_error_with_its_place(cli: Cli, folder: Path) -> None:
    rule = folder / ".mltradeoff" / "rules" / "own-rule" / "rule.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text("name: own-rule\n")
    said = cli("rules")
    assert said.status == 2
    assert said.err.startswith("error: .mltradeoff/rules/own-rule/rule.yaml:1:")


@pytest.mark.usefixtures("canned")
def test_the_graph_is_exported_in_json_by_default(cli: Cli) -> None:
    document = json.loads(cli("graph").out)
    assert [node["id"] for node in document["nodes"]] == ["Dataset:s3://acme/<x>.csv", "Training:churn.train"]
    assert document["edges"][0]["evidence"] == {
        "how": "argument X of fit",
        "certainty": "exact",
        "site": {"path": "churn/train.py", "line": 4},
    }


@pytest.mark.usefixtures("canned")
def test_a_kind_keeps_its_nodes_and_the_edges_between_them(cli: Cli) -> None:
    document = json.loads(cli("graph", "--kind", "dataset").out)
    assert [node["kind"] for node in document["nodes"]] == ["Dataset"]
    assert document["edges"] == []


@pytest.mark.usefixtures("canned")
def test_the_graph_can_be_written_to_a_file(cli: Cli, folder: Path) -> None:
    assert cli("graph", "--format", "dot", "--output", "graph.dot").out == ""
    assert (folder / "graph.dot").read_text().startswith("digraph mltradeoff {\n")


def test_graphml_is_valid_xml_whatever_the_labels_hold() -> None:
    document = ElementTree.fromstring(export.to_graphml(small_graph()))
    names = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(document.findall(f"{names}graph/{names}node")) == 2
    assert len(document.findall(f"{names}graph/{names}edge")) == 1


def test_dot_and_mermaid_labels_cannot_end_their_quotes() -> None:
    assert '[label="Dataset: say \\"hi\\"\x07"]' in export.to_dot(small_graph())
    assert 'n0["Dataset: say #34;hi#34;#7;"]' in export.to_mermaid(small_graph())


def test_an_unknown_property_keeps_its_reason() -> None:
    graph = Graph()
    graph.add("Dataset", "a", "a", pin=Unknown("path is computed"), member_names=("x", "y"))
    node = json.loads(export.to_json(graph))["nodes"][0]
    assert node["properties"] == {"member_names": ["x", "y"], "pin": {"unknown": "path is computed"}}
    assert "unknown: path is computed" in export.to_graphml(graph)


def test_mermaid_draws_at_most_150_nodes_and_says_so() -> None:
    graph = Graph()
    site = Site("a.py", Span(1, 0, 1, 1))
    hub = graph.add("Dataset", "hub", "hub")
    for number in range(200):
        node = graph.add("Training", f"t{number:03}", "fit")
        if number >= 100:
            graph.link(node.id, hub.id, "trained_on", Evidence(site, "fit"))
    drawn = export.to_mermaid(graph)
    assert drawn.split("\n")[1].startswith("%% 150 of 201 nodes")
    assert drawn.count('["') == 150
    assert drawn.count("-->") == 100


def test_exports_do_not_depend_on_the_order_of_building() -> None:
    forward, backward = Graph(), Graph()
    for graph, keys in ((forward, "abc"), (backward, "cba")):
        for key in keys:
            graph.add("Dataset", key, key)
    for write in (export.to_json, export.to_dot, export.to_graphml, export.to_mermaid):
        assert write(forward) == write(backward)
