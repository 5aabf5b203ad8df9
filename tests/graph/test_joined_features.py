"""What a training learns from whose rows a feature store joins: the frame of keys and the sources of the views."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

VIEWS = """
from datetime import timedelta
from feast import BigQuerySource, Entity, FeatureService, FeatureView, FileSource, PushSource, RequestSource
from feast.on_demand_feature_view import on_demand_feature_view

usage_table = BigQuerySource(table="shop.demo.usage")
usage = FeatureView(name="usage", entities=[], source=usage_table)
clicks = FeatureView(name="clicks", source=PushSource(name="p", batch_source=FileSource(path="s3://shop/clicks")))
live = FeatureView(name="live", source=PushSource(name="q"))
churn = FeatureService(name="churn", features=[usage, clicks[["count"]]])

@on_demand_feature_view(sources=[usage, RequestSource(name="r", schema=[])], schema=[])
def ratio(inputs): ...
"""
TRAIN = """
import pandas as pd
from feast import FeatureStore
from repo.views import churn
from sklearn.linear_model import Ridge

NAMES = ["usage:minutes"]
orders = pd.read_csv("s3://shop/orders.csv")
store = FeatureStore(repo_path="repo")
rows = store.get_historical_features({}).to_df()
Ridge().fit(rows[["minutes"]], rows["churned"])
"""


def learned(arguments: str, files: dict[str, str] | None = None) -> dict[str, str]:
    """The pin, or why there is none, of every dataset that is learned from, by label."""
    given = {"train.py": TRAIN.replace("{}", arguments), "repo/views.py": VIEWS, **(files or {})}
    pins = {node.label: node.properties["pin"] for node in nodes(analysed(given), "Dataset")}
    return {label: pin.reason if isinstance(pin, Unknown) else str(pin) for label, pin in pins.items()}


ORDERS = {"s3://shop/orders.csv": "mutable-implicit"}
USAGE = {"shop.demo.usage": "mutable-implicit"}
CLICKS = {"s3://shop/clicks": "mutable-implicit"}


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ('features=["usage:minutes", "usage:calls"]', USAGE),
        ("NAMES", USAGE),
        ("feature_refs=NAMES", USAGE),
        ('features=[f"usage:{orders}"]', USAGE),
        ('features=["clicks:count"]', CLICKS),
        ("features=churn", {**USAGE, **CLICKS}),
        ('features=store.get_feature_service("churn")', {**USAGE, **CLICKS}),
        ('features=["ratio:part"]', USAGE),
    ],
)
def test_a_training_learns_from_the_frame_and_from_the_sources_of_the_views(
    features: str, expected: dict[str, str]
) -> None:
    assert learned(f"orders, {features}") == {**ORDERS, **expected}


@pytest.mark.parametrize(
    "source",
    [
        'BigQuerySource(table_ref="shop.demo.calls")',
        'SnowflakeSource(database="x", table="shop.demo.calls")',
        'RedshiftSource(query="SELECT minutes FROM shop.demo.calls")',
        'SparkSource(table="shop.demo.calls")',
    ],
)
@pytest.mark.parametrize("keyword", ["source", "batch_source", "input"])
def test_older_spellings_mean_the_same(source: str, keyword: str) -> None:
    code = f'from feast import *\ncalls = FeatureView(name="calls", {keyword}={source})\n'
    found = learned('orders, ["calls:minutes"]', {"repo/calls.py": code})
    assert found == {**ORDERS, "shop.demo.calls": "mutable-implicit"}


def test_the_frame_may_be_a_query() -> None:
    found = learned('entity_df="SELECT customer, at FROM shop.demo.orders", features=NAMES')
    assert found == {"shop.demo.orders": "mutable-implicit", **USAGE}
    dated = learned("entity_df=\"SELECT customer FROM demo.orders WHERE day < '2024-05-01'\", features=NAMES")
    assert dated == {"demo.orders": "partition-pinned", **USAGE}


def test_a_frame_that_is_made_here_is_no_data() -> None:
    assert learned('pd.DataFrame({"customer": [1, 2]}), NAMES') == USAGE


def test_a_frame_that_features_were_joined_to_before_brings_its_own() -> None:
    found = learned('store.get_historical_features(orders, ["clicks:count"]).to_df(), NAMES')
    assert found == {**ORDERS, **USAGE, **CLICKS}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ('orders, ["rent:price"]', "the feature view `rent` is not declared here"),
        ('orders, ["live:count"]', "the source of the feature view `live` did not resolve"),
        ("orders, open_names()", "the features that are asked for did not resolve"),
        ('orders, store.get_feature_service("other")', "the feature service did not resolve"),
    ],
)
def test_a_view_that_is_not_known_is_left_open(arguments: str, reason: str) -> None:
    assert reason in learned(arguments).values()


def test_of_two_projects_the_one_counts_that_the_store_is_opened_on() -> None:
    other = VIEWS.replace("shop.demo", "rent.demo")
    assert learned("orders, NAMES", {"other/views.py": other}) == {**ORDERS, **USAGE}
    twice = learned("orders, NAMES", {"repo/more/views.py": other})
    assert "several feature views are called `usage`" in twice.values()


def test_what_a_store_looks_up_online_is_not_followed() -> None:
    code = TRAIN.replace("get_historical_features({})", "get_online_features(NAMES, entity_rows=orders)")
    assert nodes(analysed({"train.py": code, "repo/views.py": VIEWS}), "Dataset") == []


def test_rows_that_a_step_writes_are_made_of_the_same() -> None:
    make = TRAIN.replace("{}", "orders, NAMES").replace('Ridge().fit(rows[["minutes"]], rows["churned"])', "")
    make += 'rows.to_parquet("build/rows.parquet")\n'
    fit = "import pandas as pd\nfrom sklearn.linear_model import Ridge\n"
    fit += 'rows = pd.read_parquet("build/rows.parquet")\nRidge().fit(rows[["minutes"]], rows["churned"])\n'
    found = nodes(analysed({"make.py": make, "train.py": fit, "repo/views.py": VIEWS}), "Dataset")
    assert {one.label for one in found} == {"build/rows.parquet", *ORDERS, *USAGE}


def test_a_view_of_hopsworks_names_its_version() -> None:
    code = """
    import hopsworks
    from sklearn.linear_model import Ridge
    view = hopsworks.login().get_feature_store().get_feature_view("churn", version=2)
    X, held, y, other = view.train_test_split(test_size=0.2)
    Ridge().fit(X, y)
    """
    (node,) = nodes(analysed({"train.py": code.replace("\n    ", "\n")}), "Dataset")
    assert (node.label, node.properties["pin"]) == ("churn", "version-pinned")
