"""Data that pipelines hand to their steps by name, and catalogue entries as datasets."""

from __future__ import annotations

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.model.graph import Graph
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import MemoryTree

NODES = """
from sklearn.linear_model import LinearRegression

def prepare(raw):
    return raw.dropna()

def split(table, options):
    return table[["x"]], table["y"]

def train(features, target):
    return LinearRegression().fit(features, target)
"""
PIPELINE = """
from kedro.pipeline import node, pipeline
from shop.nodes import prepare, split, train

def create_pipeline(**kwargs):
    return pipeline([
        node(prepare, inputs="orders", outputs="table"),
        node(split, inputs=["table", "params:split"], outputs=["features", "target"]),
        node(func=train, inputs={0}, outputs="model"),
    ])
"""
CATALOGUE = "orders:\n  type: pandas.CSVDataset\n  filepath: data/01_raw/orders.csv\n"


def datasets(files: dict[str, str], inputs: str = '["features", "target"]') -> set[str]:
    """The identities of the datasets that something is trained on."""
    given = {"src/shop/__init__.py": "", "src/shop/nodes.py": NODES, "src/shop/pipeline.py": PIPELINE.format("IN")}
    given["src/shop/pipeline.py"] = given["src/shop/pipeline.py"].replace("IN", inputs)
    graph: Graph = analyse(MemoryTree(given | files), Settings()).graph
    return {node.id.key for node in graph.nodes("Dataset")}


def test_training_data_is_followed_through_the_nodes_of_a_pipeline_to_the_catalogue() -> None:
    assert datasets({"conf/base/catalog.yml": CATALOGUE}) == {"data/01_raw/orders.csv"}


def test_data_whose_name_begins_like_that_of_the_parameters_is_data() -> None:
    files = {
        "conf/base/catalog.yml": CATALOGUE.replace("orders:", "parameters_seen:"),
        "src/shop/pipeline.py": PIPELINE.format('["features", "target"]').replace('"orders"', '"parameters_seen"'),
    }

    assert datasets(files) == {"data/01_raw/orders.csv"}


def test_outputs_that_are_named_by_keys_are_what_the_function_returns_under_them() -> None:
    files = {
        "conf/base/catalog.yml": CATALOGUE + CATALOGUE.replace("orders", "stock"),
        "src/shop/nodes.py": NODES.replace("(raw):", "(raw, stock):").replace(
            "return raw.dropna()", "return {'stocked': stock, 'cleaned': raw}"
        ),
        "src/shop/pipeline.py": PIPELINE.format('["features", "target"]').replace(
            'inputs="orders", outputs="table"',
            'inputs=["orders", "stock"], outputs={"cleaned": "table", "stocked": "rest"}',
        ),
    }

    assert datasets(files) == {"data/01_raw/orders.csv"}


def test_inputs_may_be_named_by_the_parameters_of_the_node() -> None:
    inputs = '{"features": "features", "target": "target"}'

    assert datasets({"conf/base/catalog.yml": CATALOGUE}, inputs) == {"data/01_raw/orders.csv"}


def test_an_address_in_the_catalogue_is_the_dataset_and_a_name_in_none_is_not_told() -> None:
    remote = CATALOGUE.replace("data/01_raw/", "s3://shop/")

    assert datasets({"conf/base/catalog.yml": remote}) == {"s3://shop/orders.csv"}
    assert all(key.startswith("?") for key in datasets({}))


def test_nodes_that_pass_data_in_a_circle_end() -> None:
    circle = PIPELINE.replace('inputs="orders"', 'inputs="model"').replace("{0}", '["features", "target"]')

    assert datasets({"src/shop/pipeline.py": circle}) == set()
