"""Who owns what: CODEOWNERS as GitHub and GitLab read it, and the other places that name an owner."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.graph.facets.ownership.codeowners import Codeowners
from mltradeoff_lint.graph.facets.ownership.patterns import compile_pattern
from mltradeoff_lint.graph.facets.ownership.placeholders import is_placeholder
from mltradeoff_lint.model.declared import Declarations
from mltradeoff_lint.model.facts import OwnerLine
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

GITHUB = [
    ("*", "a.py", True),
    ("*", "deep/down/a.py", True),
    ("**", "deep/a.py", True),
    ("*.js", "a.js", True),
    ("*.js", "src/a.js", True),
    ("*.js", "src/a.jsx", False),
    ("*.js", "src/a.js/inside", True),
    ("/build/logs/", "build/logs/today.log", True),
    ("/build/logs/", "build/logs/old/today.log", True),
    ("/build/logs/", "sub/build/logs/today.log", False),
    ("/build/logs/", "build/logs", False),
    ("docs/*", "docs/getting-started.md", True),
    ("docs/*", "docs/build-app/troubleshooting.md", False),
    ("docs/*", "sub/docs/a.md", False),
    ("docs/**", "docs/build-app/troubleshooting.md", True),
    ("apps/", "apps/a.py", True),
    ("apps/", "src/apps/deep/a.py", True),
    ("apps/", "apps", False),
    ("/docs/", "docs/a.md", True),
    ("/docs/", "src/docs/a.md", False),
    ("/docs", "docs/a/b.md", True),
    ("/docs", "docs", True),
    ("/docs", "docs2/a.md", False),
    ("src/models", "src/models/a.py", True),
    ("src/models", "lib/src/models/a.py", False),
    ("**/logs", "logs/a", True),
    ("**/logs", "deeply/nested/logs/a/b", True),
    ("**/logs", "logsheet/a", False),
    ("/src/**/train.py", "src/train.py", True),
    ("/src/**/train.py", "src/a/b/train.py", True),
    ("/src/**/train.py", "src/a/b/train.pyc", False),
    ("/src/*/train.py", "src/a/train.py", True),
    ("/src/*/train.py", "src/a/b/train.py", False),
    ("/src/*/train.py", "src/train.py", False),
    ("a/**/b/**/c.py", "a/x/b/y/z/c.py", True),
    ("a/**/b/**/c.py", "a/x/c.py", False),
    ("model_?.py", "src/model_1.py", True),
    ("model_?.py", "src/model_12.py", False),
    ("/*", "README.md", True),
    ("/*", "src/a.py", False),
    ("Makefile", "makefile", False),
    ("Makefile", "sub/Makefile", True),
    ("!docs/", "docs/a.md", False),
    ("/a[bc].py", "ab.py", False),
    ("/a[bc].py", "a[bc].py", True),
    ("***/a.py", "x/a.py", False),
    ("/", "a.py", False),
    ("/my file.py", "my file.py", True),
    ("train*.py", "src/train_trees.py", True),
    ("*train*trees*", "retrain_all_trees.py", True),
    ("*train*trees*", "trees_train.py", False),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), GITHUB)
def test_a_pattern_matches_what_it_matches_on_github(pattern: str, path: str, expected: bool) -> None:
    assert compile_pattern(pattern).matches(path) is expected


GITLAB = [
    ("docs/", "docs/a/b.md", True),
    ("docs/", "src/docs/a.md", True),
    ("/docs/", "src/docs/a.md", False),
    ("/docs", "docs/a.md", False),
    ("models/*.py", "src/models/a.py", True),
    ("/models/*", "models/a/b.py", False),
    ("README.md", "sub/README.md", True),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), GITLAB)
def test_a_pattern_matches_what_it_matches_on_gitlab(pattern: str, path: str, expected: bool) -> None:
    assert compile_pattern(pattern, is_gitlab=True).matches(path) is expected


def test_a_hostile_pattern_takes_no_longer_than_a_harmless_one() -> None:
    pattern = compile_pattern("/" + "*a" * 200 + "/**/" * 50 + "b")
    start = time.perf_counter()
    assert not pattern.matches("a" * 3000 + "/a" * 500)
    assert time.perf_counter() - start < 1


def test_a_large_file_is_evaluated_well_within_a_second() -> None:
    files = [f"part{n % 40}/module{n % 200}/file{n}.py" for n in range(5_000)]
    lines = [f"/part{n % 40}/module{n}/" for n in range(200)] + [f"*_{n}.py" for n in range(50)] + ["**/x*y/"] * 50
    rules = [line(number, pattern, "@a") for number, pattern in enumerate(lines, 1)]
    start = time.perf_counter()
    Codeowners("CODEOWNERS", rules, is_gitlab=False).uses(files)
    assert time.perf_counter() - start < 1


def line(number: int, pattern: str, *owners: str, section: str = "") -> OwnerLine:
    return OwnerLine(pattern, owners, section, Span(number, 0, number, len(pattern)))


segments = st.sampled_from(["a", "b", "ab", "a.py", "b.py"])
paths = st.lists(segments, min_size=1, max_size=4).map("/".join)
wild = st.sampled_from(["a", "b", "*", "**", "*.py", "a*", "?", "a.py"])
patterns = st.builds(
    lambda lead, parts, tail: lead + "/".join(parts) + tail,
    st.sampled_from(["", "/"]), st.lists(wild, min_size=1, max_size=3), st.sampled_from(["", "/"]),
)  # fmt: skip


@given(st.lists(patterns, max_size=6), st.sets(paths, max_size=12))
def test_the_last_matching_line_decides(texts: list[str], files: set[str]) -> None:
    codeowners = Codeowners("CODEOWNERS", [line(n, text, f"@{n}") for n, text in enumerate(texts)], is_gitlab=False)
    wins = [0] * len(texts)
    for path in files:
        matching = [number for number, text in enumerate(texts) if compile_pattern(text).matches(path)]
        assert [rule.position for rule in codeowners.deciding(path)] == matching[-1:]
        for number in matching[-1:]:
            wins[number] += 1
    uses = codeowners.uses(files)
    assert [use.wins for use in uses] == wins
    for use, text in zip(uses, texts, strict=True):
        matches = sum(compile_pattern(text).matches(path) for path in files)
        assert use.matches == matches
        assert use.state == ("live" if use.wins else "shadowed" if matches else "stale")


@given(patterns)
def test_the_examples_of_a_pattern_match_it(text: str) -> None:
    pattern = compile_pattern(text)
    for is_folder in (False, True):
        for path in pattern.examples(is_folder):
            assert pattern.matches(path)


PROJECT = '[project]\nauthors = [{name = "Jo"}]'
OWNED: list[tuple[str, Mapping[str, str], tuple[str, str]]] = [
    ("a line for the file", {"CODEOWNERS": "/src/blend.py @a"}, ("@a", "path-specific")),
    ("a line for the folder", {"CODEOWNERS": "/src/ @a"}, ("@a", "directory")),
    ("the default", {"CODEOWNERS": "* @a"}, ("@a", "catch-all")),
    ("the last of two lines", {"CODEOWNERS": "/src/ @a\n* @b"}, ("@b", "catch-all")),
    ("a line that takes ownership away", {"CODEOWNERS": "* @a\n/src/"}, ("", "none")),
    (".github before the root", {"CODEOWNERS": "* @a", ".github/CODEOWNERS": "/src/ @b"}, ("@b", "directory")),
    ("the root before docs", {"docs/CODEOWNERS": "* @a", "CODEOWNERS": "/src/ @b"}, ("@b", "directory")),
    ("a placeholder", {"CODEOWNERS": "* @org/team"}, ("", "none")),
    ("an owners file above", {"src/OWNERS": ""}, ("see src/OWNERS", "directory")),
    ("an owners file of the root", {"MAINTAINERS": ""}, ("see MAINTAINERS", "catch-all")),
    ("CODEOWNERS before an owners file", {"src/OWNERS": "", "CODEOWNERS": "/src/ @a"}, ("@a", "directory")),
    ("the folder before a default", {"src/OWNERS": "", "CODEOWNERS": "* @a"}, ("see src/OWNERS", "directory")),
    ("a default before the author", {"CODEOWNERS": "* @a", "pyproject.toml": PROJECT}, ("@a", "catch-all")),
    ("authors of the package", {"pyproject.toml": PROJECT}, ("Jo", "package-author")),
    ("the sections of GitLab", {"CODEOWNERS": "[A]\n* @a\n[B]\n/src/ @b"}, ("@a, @b", "directory")),
    ("an exclusion of GitLab", {".gitlab/CODEOWNERS": "[A]\n* @a\n!/src/\n/src/ @b"}, ("", "none")),
    (
        "a catalog file in the folder",
        {"src/catalog-info.yaml": "apiVersion: backstage.io/v1\nmetadata: {name: s}\nspec: {owner: team-s}"},
        ("team-s", "directory"),
    ),
]  # fmt: skip

BLEND = """import joblib
import numpy as np

{decoration}
def main():
    score = 0.5 * joblib.load("a.pkl").predict([[1]]) + 0.5 * joblib.load("b.pkl").predict([[1]])
    np.save("score.npy", score)
main()
"""


@pytest.mark.parametrize(("files", "expected"), [one[1:] for one in OWNED], ids=[one[0] for one in OWNED])
def test_an_owner_is_found_where_it_is_named(files: Mapping[str, str], expected: tuple[str, str]) -> None:
    (ensemble,) = nodes(analysed({"src/blend.py": BLEND.format(decoration=""), **files}), "Ensemble")
    assert (ensemble.properties.get("owner", ""), ensemble.properties["owner_strength"]) == expected


WRITTEN = [
    ("# owner: @a/ranking", "", ("@a/ranking", "node")),
    ("", "# owner: @a/ranking\n", ("@a/ranking", "node")),
    ("# owner: TODO", "", ("", "none")),
    ("", "# Author: Jo Lind\n", ("Jo Lind", "directory")),
    ("", '"""Blends.\n\n@author: Jo Lind <jo@shop.test>\n"""\n', ("Jo Lind <jo@shop.test>", "directory")),
    ("", '__author__ = "Jo Lind"\n', ("Jo Lind", "directory")),
    ("", '"""Blends.\n\nMaintainer: Jo Lind <jo@shop.test>\n"""\n', ("Jo Lind <jo@shop.test>", "directory")),
    ("", "# Contact: @shop/ranking\n", ("@shop/ranking", "directory")),
    ("", "# Maintained by Jo Lind\n", ("Jo Lind", "directory")),
    ("", '"""Blends.\n\nOwner: Jo Lind\n"""\n', ("Jo Lind", "directory")),
    ("", "# Contact: see the wiki\n", ("", "none")),
    ("", '"""Blends.\n\nOwner: the account that is scored\n"""\n', ("", "none")),
    ("", "# the owner: of a bank account that is scored here is not the one who owns this\n", ("", "none")),
]


@pytest.mark.parametrize(("above", "head", "expected"), WRITTEN)
def test_an_owner_is_read_from_comments(above: str, head: str, expected: tuple[str, str]) -> None:
    (ensemble,) = nodes(analysed({"blend.py": head + BLEND.format(decoration=above)}), "Ensemble")
    assert (ensemble.properties.get("owner", ""), ensemble.properties["owner_strength"]) == expected


def test_an_owner_comment_holds_for_its_definition_only() -> None:
    code = "# owner: @a\ndef load():\n    pass\n" + BLEND.format(decoration="")
    (ensemble,) = nodes(analysed({"blend.py": code}), "Ensemble")
    assert ensemble.properties["owner_strength"] == "none"


def test_settings_come_first() -> None:
    files = {"src/blend.py": BLEND.format(decoration="# owner: @b"), "CODEOWNERS": "/src/ @c"}
    analysis = analysed(files, declare=Declarations(owners={"/src/": "@a"}))
    (ensemble,) = nodes(analysis, "Ensemble")
    assert ensemble.properties["owner"] == "@a"


@pytest.mark.parametrize("files", [{}, {"CODEOWNERS": "* @org/team"}, {"pyproject.toml": PROJECT}])
def test_a_repository_without_owners_provides_no_evidence_of_ownership(files: Mapping[str, str]) -> None:
    assert "ownership" not in analysed({"a.py": "", **files}).graph.evidence_kinds()


@pytest.mark.parametrize("files", [{"CODEOWNERS": "/b/ @a"}, {"x/OWNERS": ""}, {"b.py": "# owner: @a\n"}])
def test_owners_anywhere_are_evidence_of_ownership(files: Mapping[str, str]) -> None:
    assert "ownership" in analysed({"a.py": "", **files}).graph.evidence_kinds()


def test_a_node_points_to_the_rule_that_decides_its_owner() -> None:
    analysis = analysed({"src/blend.py": BLEND.format(decoration=""), "CODEOWNERS": "/docs/ @b\n/src/ @a"})
    (ensemble,) = nodes(analysis, "Ensemble")
    (edge,) = analysis.graph.out(ensemble.id, ("decided_by",))
    assert analysis.graph.node(edge.target).properties["pattern"] == "/src/"


def test_a_dead_rule_knows_the_rule_that_takes_most_of_its_files() -> None:
    owners = "/src/ @a\n/src/a.py @b\n/src/*.py @c"
    analysis = analysed({"CODEOWNERS": owners, "src/a.py": "", "src/b.py": ""})
    states = {node.properties["pattern"]: node.properties for node in nodes(analysis, "OwnerRule")}
    assert states["/src/a.py"]["winner"] == "/src/*.py"
    assert states["/src/a.py"]["fallback"] is False
    assert (states["/src/"]["state"], states["/src/"]["fallback"]) == ("shadowed", True)
    assert states["/src/*.py"]["state"] == "live"


def test_a_rule_for_a_folder_that_is_never_listed_is_unknown_and_not_stale() -> None:
    analysis = analysed({"CODEOWNERS": "/node_modules/ours/ @a", "a.py": ""})
    assert analysis.run.findings == ()
    assert analysis.run.coverage.unknown["shadowed-owner-rule"] == {"a rule for a folder that is never listed": 1}


# -- whose data it is

TRAIN = """import pandas as pd
from sklearn.linear_model import Ridge
rows = pd.read_csv("{location}")
Ridge().fit(rows[["x"]], rows["y"])
"""
ROWS = {"data/rows.csv": "x,y\n", "data/more.csv": "x,y\n"}


def owner_of_data(location: str, files: Mapping[str, str]) -> tuple[object, object, list[str]]:
    """The owner of the only dataset, who is named for the code that reads it, and the rules its edges lead to."""
    analysis = analysed({"src/train.py": TRAIN.format(location=location), **files})
    (dataset,) = nodes(analysis, "Dataset")
    edges = analysis.graph.out(dataset.id, ("owned_by", "decided_by"))
    owner = dataset.properties.get("owner", "")
    return (
        "unknown" if isinstance(owner, Unknown) else owner,
        dataset.properties.get("code_owner", ""),
        [edge.target.kind for edge in edges],
    )


@pytest.mark.parametrize(
    ("location", "owners", "expected"),
    [
        ("data/rows.csv", "* @all\n/data/ @data\n/src/ @code", ("@data", "", ["Owner", "OwnerRule"])),
        ("data/*.csv", "* @all\n/data/ @data\n/src/ @code", ("@data", "", ["Owner", "OwnerRule"])),
        ("data/*.csv", "/data/ @data\n/data/more.csv @more\n/src/ @code", ("unknown", "@code", [])),
        ("data/made.csv", "* @all\n/data/ @data", ("unknown", "@all", [])),
        ("s3://shop/rows.csv", "* @all", ("unknown", "@all", [])),
        ("data/rows.csv", "/src/ @code", ("", "", [])),
        ("data/rows.csv", "/data/ @data", ("@data", "", ["Owner", "OwnerRule"])),
        ("s3://shop/rows.csv", "/docs/ @docs", ("", "", [])),
    ],
)
def test_a_path_rule_owns_data_only_as_a_tracked_file(
    location: str, owners: str, expected: tuple[object, object, list[str]]
) -> None:
    assert owner_of_data(location, {"CODEOWNERS": owners, **ROWS}) == expected


def test_the_author_of_a_package_is_no_owner_of_the_data_that_its_code_reads() -> None:
    assert owner_of_data("s3://shop/rows.csv", {"pyproject.toml": PROJECT}) == ("unknown", "Jo", [])


def test_the_author_of_a_package_is_told_as_the_author_of_code() -> None:
    analysis = analysed({"src/blend.py": BLEND.format(decoration=""), "pyproject.toml": PROJECT})
    (ensemble,) = nodes(analysis, "Ensemble")
    (edge,) = analysis.graph.out(ensemble.id, ("owned_by",))
    assert edge.evidence.how == "pyproject.toml names an author of the code in its folder"


def test_a_setting_or_a_comment_that_names_the_data_owns_it_wherever_it_lies() -> None:
    files = {"src/train.py": TRAIN.format(location="s3://shop/rows.csv"), "CODEOWNERS": "* @all"}
    analysis = analysed(files, declare=Declarations(owners={"s3://shop/rows.csv": "@data"}))
    assert nodes(analysis, "Dataset")[0].properties["owner"] == "@data"
    files["src/train.py"] = files["src/train.py"].replace("rows = ", "# owner: @rows\nrows = ")
    assert nodes(analysed(files), "Dataset")[0].properties["owner"] == "@rows"


def test_a_finding_about_data_without_an_owner_names_the_owner_of_its_code() -> None:
    files = {"src/train.py": TRAIN.format(location="s3://shop/rows.csv"), "CODEOWNERS": "* @all\n/src/ @code"}
    (finding,) = analysed(files).run.findings
    assert finding.owner == "@code"


@pytest.mark.parametrize(
    "owner", ["airflow", "TODO", "@org/team", "you@example.com", "@your-org/your-team", "<name>", ""]
)
def test_a_placeholder_names_nobody(owner: str) -> None:
    assert is_placeholder(owner)


@pytest.mark.parametrize("owner", ["growth", "@shop/team", "growth@shop.test", "team-growth", "Jo Lind", "@jo"])
def test_a_real_owner_is_no_placeholder(owner: str) -> None:
    assert not is_placeholder(owner)
