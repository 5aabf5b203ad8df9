"""What must not be brought together: objects of other classes, parts of unknown depth, data of other elements."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes
from tests.resolve.test_configured_values import values
from tests.resolve.words import probed

FACTORIES = """
from typing import Protocol
class Factory:
    def __init__(self):
        self.made = {}
    def register(self, key, cls):
        self.made[key] = cls
    def create(self, key):
        return self.made[key]()
class Cache:
    kind = "any cache"
class Memory(Cache):
    kind = "memory"
class Table:
    kind = "any table"
class Csv(Table):
    kind = "csv"
class Kind(Protocol):
    kind: str
caches, tables = Factory(), Factory()
caches.register("m", Memory)
tables.register("c", Csv)
"""


def test_an_object_of_another_class_than_the_annotation_names_is_not_what_a_function_gives() -> None:
    source = f"{FACTORIES}def table(key) -> Table:\n    return tables.create(key)\nx = table('c').kind\n"

    assert values({"app.py": source}) == ("'csv' (literal)",)


def test_a_parameter_takes_no_object_of_another_class_than_its_annotation_names() -> None:
    source = (
        f"{FACTORIES}kept = []\ndef use(one: Table):\n    global x\n    x = one.kind\nuse(tables.create('c'))\n"
        "use(Memory())\n"
    )

    assert values({"app.py": source}) == ("'csv' (literal)",)


@pytest.mark.parametrize("annotation", ["Kind", "object", "Unseen"])
def test_an_annotation_that_names_no_class_of_objects_rules_nothing_out(annotation: str) -> None:
    source = (
        f"from elsewhere import Unseen\n{FACTORIES}def table(key) -> {annotation}:\n    return Memory()\n"
        "x = table('c').kind\n"
    )

    assert values({"app.py": source}) == ("'memory' (literal)",)


def test_a_class_whose_base_did_not_resolve_may_be_the_annotated_one() -> None:
    source = (
        f"{FACTORIES}def base():\n    ...\nclass Odd(base()):\n    kind = 'odd'\n"
        "def table() -> Table:\n    return Odd()\nx = table().kind\n"
    )

    assert values({"app.py": source}) == ("'odd' (literal)",)


TREE = "TREE = {'a': {'path': 'one.csv', 'b': {'path': 'two.csv'}}, 'path': 'three.csv'}\n"


@pytest.mark.parametrize("step", ["node[key]", "node.get(key)", "getattr(node, key)"])
def test_a_tree_that_is_walked_down_in_a_loop_ends_where_nobody_knows(step: str) -> None:
    source = (
        f"{TREE}def find(keys):\n    node = TREE\n    for key in keys:\n        node = {step}\n"
        "    return 'data/' + node\nx = find(['a', 'path'])\n"
    )

    assert not {one for one in values({"app.py": source}) if "csv" in str(one)}


def test_a_part_that_is_taken_once_is_known() -> None:
    source = f"{TREE}node = TREE\nfor key in ['a']:\n    x = node[key]['path']\n"

    assert values({"app.py": source}) == ("'one.csv' (literal)",)


FLOW = """
import pandas as pd
import xgboost as xgb
from prefect import flow, task

@task
def split(first, second):
    return first.values, second.values

@flow
def main():
    train, valid = split(pd.read_csv("train.csv"), pd.read_csv("valid.csv")).result()
    xgb.train(params={}, dtrain=xgb.DMatrix(train), evals=[])
"""


def test_an_element_of_the_result_of_a_task_is_made_of_its_own_data_alone() -> None:
    found = analysed({"flow.py": FLOW, "train.csv": "a\n1\n", "valid.csv": "a\n1\n"})

    (training,) = nodes(found, "Training")
    edges = [edge for edge in found.graph.out(training.id) if edge.kind == "trained_on"]
    assert [found.graph.node(edge.target).label for edge in edges] == ["train.csv"]


def test_the_whole_tree_is_not_what_a_walk_down_ends_at() -> None:
    source = (
        f"{TREE}def find(keys, last):\n    node = TREE\n    for key in keys:\n        node = node[key]\n"
        "    return [one for one in node.get(last)]\nx = find(['a'], input())[0]\n"
    )

    assert set(values({"app.py": source})) == {"Unknown"}


def test_rows_that_are_taken_of_a_frame_in_a_loop_stay_a_frame() -> None:
    source = (
        "import pandas as pd\nframe = pd.read_csv('a.csv')\nfor mask in masks():\n    frame = frame[mask]\nx = frame\n"
    )

    assert "Library" in values({"app.py": source})


def test_some_object_of_a_base_class_is_of_the_class_that_a_function_says_it_gives() -> None:
    code = """
class Part:
    def run(self):
        return "part"
class Pipe(Part):
    def run(self):
        return "pipe"
class Filter(Part):
    def run(self):
        return "filter"
class Manager:
    def __init__(self, part: Part):
        self.part = part
    def active(self) -> Pipe:
        return self.part

def main(manager: Manager):
    probe(manager.active().run())
"""
    assert probed({"app.py": code}) == ["'pipe'"]
