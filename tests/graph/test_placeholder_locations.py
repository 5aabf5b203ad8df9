"""Locations that ask to be replaced name no dataset, unless the repository holds just that path."""

from __future__ import annotations

import pytest

from mltradeoff_lint.graph.nodes.local_files import asks_to_be_replaced
from mltradeoff_lint.model.value import Unknown
from tests.graph.test_datasets import datasets, pin_of


@pytest.mark.parametrize(
    "text",
    [
        "path/to/rows.csv",
        "/path/to/rows.csv",
        "path/to/datasets/04_titanic/train.csv",
        "data/path_to_rows.csv",
        "s3://your-bucket/rows.csv",
        "s3://shop/your_prefix/rows.csv",
        "YOUR_DATA.csv",
        "<folder>/rows.csv",
        "s3://<your bucket>/rows.csv",
        "gs://shop-<env>/rows.csv",
        "abfss://<container>@<account>.dfs.core.windows.net/rows",
    ],
)
def test_a_location_that_a_user_replaces_is_a_placeholder(text: str) -> None:
    assert asks_to_be_replaced(text)


@pytest.mark.parametrize(
    "text",
    [
        "data/rows.csv",
        "pathto/rows.csv",
        "path/tools/rows.csv",
        "xpath/to/rows.csv",
        "yourself/rows.csv",
        "data/yours.csv",
        "s3://shop/{folder}/rows.csv",
        "s3://shop/part-*.csv",
    ],
)
def test_any_other_location_is_none(text: str) -> None:
    assert not asks_to_be_replaced(text)


def test_a_placeholder_is_unknown() -> None:
    assert pin_of('pd.read_csv("path/to/rows.csv")') == "unknown"
    (node,) = datasets(
        'import pandas as pd\nfrom sklearn.linear_model import Ridge\nrows = pd.read_csv("s3://your-bucket/a.csv")\n'
        'Ridge().fit(rows[["x"]], rows["y"])\n'
    ).values()
    assert node.properties["pin"] == Unknown("a placeholder that a user replaces")


def test_a_path_that_the_repository_holds_is_none() -> None:
    assert pin_of('pd.read_csv("path/to/rows.csv")', {"path/to/rows.csv": "x,y\n1,2\n"}) == "content-pinned"
