"""The way from a training to its data leaves a shared function by the call through which it came in."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Edge
from tests.graph.analysed import analysed

SHARED = """
import pandas as pd
class Scaler:
    def fit(self, frame):
        self.mean = frame.mean()
        return self
    def transform(self, frame):
        return frame - self.mean
def load(location):
    return pd.read_csv(location)
"""
TRAINING = """
from sklearn.linear_model import Ridge
from shared import Scaler, load
def main():
    rows = load(LOCATION)
    scaler = Scaler()
    scaler = scaler.fit(rows)
    rows = scaler.transform(rows)
    Ridge().fit(rows[["x"]], rows["y"])
main()
"""


def trained(files: dict[str, str]) -> list[Edge]:
    """The links from trainings to their datasets, in order."""
    graph = analysed(files).graph
    return [edge for node in graph.nodes("Training") for edge in graph.out(node.id, ["trained_on"])]


def locations(files: dict[str, str]) -> list[tuple[str, str]]:
    """The module of each training with the dataset it learns from."""
    return sorted((one.source.key.partition(":")[0], one.target.key) for one in trained(files))


def training(location: str, source: str = TRAINING) -> str:
    """A script that fits a model to what lies at a location."""
    return source.replace("LOCATION", location)


def test_what_an_object_is_fitted_to_is_what_the_calls_on_it_pass() -> None:
    files = {
        "shared.py": SHARED,
        "train.py": training("'s3://shop/a.csv'"),
        "tune.py": training("'s3://shop/b.csv'"),
    }
    assert locations(files) == [("train", "s3://shop/a.csv"), ("tune", "s3://shop/b.csv")]


def test_an_object_of_which_no_construction_is_known_learned_from_every_call() -> None:
    made = TRAINING.replace("    scaler = Scaler()\n", "").replace("def main():", "def main(scaler: Scaler):")
    files = {
        "shared.py": SHARED,
        "train.py": training("'s3://shop/a.csv'", made).replace("main()\n", ""),
        "tune.py": training("'s3://shop/b.csv'"),
    }
    assert set(locations(files)) >= {("train", "s3://shop/a.csv"), ("train", "s3://shop/b.csv")}


def test_what_a_method_of_the_object_hands_on_is_of_that_object() -> None:
    shared = SHARED.replace("        self.mean = frame.mean()\n", "        self.learn(frame)\n").replace(
        "    def transform", "    def learn(self, rows):\n        self.mean = rows.mean()\n    def transform"
    )
    files = {"shared.py": shared, "train.py": training("'s3://shop/a.csv'"), "tune.py": training("'s3://shop/b.csv'")}
    assert locations(files) == [("train", "s3://shop/a.csv"), ("tune", "s3://shop/b.csv")]


@pytest.mark.parametrize(("module", "line"), [("train.py", 5), ("tune.py", 5)])
def test_a_location_that_two_calls_pass_is_written_in_the_one_the_training_came_by(module: str, line: int) -> None:
    files = {
        "shared.py": SHARED,
        "train.py": training("'s3://shop/rows.csv'"),
        "tune.py": training("'s3://shop/rows.csv'"),
    }
    (edge,) = (one for one in trained(files) if one.source.key.startswith(module.removesuffix(".py")))
    assert {one.site.path for one in (*edge.steps, edge.evidence)} == {"shared.py", module}
    assert (edge.evidence.site.path, edge.evidence.site.span.line) == (module, line)
