"""Where a thing stands that several files name: the place that belongs to the edge it is looked at along."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.graph import export
from mltradeoff_lint.model.graph import Evidence, Graph, seen_along
from mltradeoff_lint.model.source import Site, Span
from tests.graph.analysed import analysed, nodes

FIT = "from sklearn.linear_model import Ridge\nRidge().fit(rows[['x']], rows['y'])\n"


def at(path: str, line: int = 1) -> Site:
    return Site(path, Span(line, 0, line, 9))


@pytest.mark.parametrize(
    ("steps", "evidence", "place"),
    [
        ((), at("b/eda.py", 7), at("b/eda.py", 7)),
        ((at("b/eda.py", 7),), at("settings.py", 3), at("b/eda.py", 7)),
        ((), at("b/eda.py", 9), at("b/eda.py", 7)),
        ((), at("b/prepare.py"), at("b/eda.py", 7)),
        ((), at("a/deep/other/train.py"), at("a/deep/train.py", 4)),
        ((), at("elsewhere/train.py"), at("a/train.py", 2)),
    ],
    ids=["its evidence", "a step of the way", "the same file", "the same folder", "folders shared", "the first"],
)
def test_a_node_stands_where_its_edge_comes_to_it(steps: tuple[Site, ...], evidence: Site, place: Site) -> None:
    graph = Graph()
    training = graph.add("Training", "t", "Ridge", at("x/train.py", 20))
    data = graph.add("Dataset", "d", "rows.csv", at("a/train.py", 2))
    data.sites += [at("a/deep/train.py", 4), at("b/eda.py", 7)]
    graph.link(training.id, data.id, "trained_on", Evidence(evidence, ""), tuple(Evidence(one, "") for one in steps))
    (edge,) = graph.out(training.id)
    assert seen_along(edge, data) == place
    assert seen_along(edge, training) == at("x/train.py", 20)


def test_a_node_without_a_place_has_none_along_an_edge() -> None:
    graph = Graph()
    graph.add("Training", "t", "Ridge", at("train.py"))
    job = graph.add("Job", "j", "nightly")
    graph.link(job.id, next(iter(graph.nodes("Training"))).id, "performs", Evidence(at("train.py"), ""))
    assert seen_along(graph.out(job.id)[0], job) is None


def two_readers() -> dict[str, str]:
    read = "import pandas as pd\nrows = pd.read_csv('data/rows.csv')\n"
    return {"setup.py": "", "a_first.py": read + FIT, "b_second.py": "# again\n" + read + FIT}


def test_an_export_tells_the_places_of_both_ends_and_the_steps_of_every_edge() -> None:
    document = json.loads(export.to_json(analysed(two_readers()).graph))
    edges = [one for one in document["edges"] if one["kind"] == "trained_on"]
    assert [(one["source_site"], one["target_site"]) for one in edges] == [
        ({"path": "a_first.py", "line": 4}, {"path": "a_first.py", "line": 2}),
        ({"path": "b_second.py", "line": 5}, {"path": "b_second.py", "line": 3}),
    ]
    assert [[step["how"] for step in one["steps"]] for one in edges] == [["`Ridge` is fitted"]] * 2


def hows(files: dict[str, str]) -> dict[str, set[str]]:
    """What the edges from trainings to data say, by file."""
    graph = analysed(files).graph
    told: dict[str, set[str]] = {}
    for training in graph.nodes("Training"):
        for edge in graph.out(training.id, ("trained_on",)):
            for one in (*edge.steps, edge.evidence):
                told.setdefault(one.site.path, set()).add(one.how)
    return told


def test_a_read_is_told_by_the_location_that_stands_there() -> None:
    read = "import pandas as pd\nrows = pd.read_csv('{}')\n"
    files = {
        "pyproject.toml": "[project]\nname = 'shop'\n",
        "jobs/first.py": read.format("./data/rows.csv") + FIT,
        "jobs/second.py": read.format("data/../data/rows.csv") + FIT,
    }
    (dataset,) = nodes(analysed(files), "Dataset")
    assert dataset.label == "./data/rows.csv"
    told = hows(files)
    assert "reads `./data/rows.csv`" in told["jobs/first.py"]
    assert "reads `data/../data/rows.csv`" in told["jobs/second.py"]


@pytest.mark.parametrize(
    ("write", "told"),
    [
        ("pd.read_csv('s3://shop/raw.csv').to_csv('data/made.csv')", "`data/made.csv` is written"),
        (
            "from zipfile import ZipFile\nwith ZipFile('raw.zip') as packed:\n    packed.extractall('data')",
            "`data/../data/made.csv` is written",
        ),
    ],
    ids=["under another path", "with a folder"],
)
def test_a_write_is_told_by_the_path_that_it_writes(write: str, told: str) -> None:
    files = {
        "make.py": f"import pandas as pd\n{write}\n",
        "train.py": f"import pandas as pd\nrows = pd.read_csv('data/../data/made.csv')\n{FIT}",
    }
    graph = analysed(files).graph
    derived = [edge for node in graph.nodes("Dataset") for edge in graph.out(node.id, ("derives",))]
    assert [edge.steps[0].how for edge in derived] == [told]
