"""What a location says of its own version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.nodes.queries import query_place, table_place
from mltradeoff_lint.model.vocabulary import PIN_STATES

SHA = "3f2a9c1d5e7b8a0c4d6e2f1a9b8c7d6e5f4a3b2c"

REMOTE = [
    (f"https://raw.githubusercontent.com/shop/data/{SHA}/a.csv", "content-pinned"),
    ("https://raw.githubusercontent.com/shop/data/3f2a9c1/a.csv", "content-pinned"),
    ("https://raw.githubusercontent.com/shop/data/v1.4.0/a.csv", "version-pinned"),
    ("https://raw.githubusercontent.com/shop/data/refs/heads/main/a.csv", "mutable-explicit"),
    ("https://raw.githubusercontent.com/shop/data/main/2024-05-01/a.csv", "mutable-explicit"),
    ("https://raw.githubusercontent.com/shop/data/{ref}/a.csv", "unknown"),
    ("https://github.com/shop/data/raw/master/a.csv", "mutable-explicit"),
    ("https://github.com/shop/data/blob/release-2.1/a.csv?raw=true", "version-pinned"),
    ("https://github.com/shop/data/archive/refs/heads/main.zip", "mutable-explicit"),
    ("https://github.com/shop/data/archive/refs/tags/v1.2.zip", "version-pinned"),
    ("https://github.com/shop/data/releases/latest/download/a.csv", "mutable-explicit"),
    ("https://github.com/shop/data/releases/download/v2/a.csv", "version-pinned"),
    ("https://github.com/shop/data/releases/download/nightly/a.csv", "mutable-explicit"),
    (f"https://gist.githubusercontent.com/ada/9/raw/{SHA}/a.csv", "content-pinned"),
    ("https://gist.githubusercontent.com/ada/9/raw/a.csv", "mutable-implicit"),
    ("https://cdn.jsdelivr.net/gh/shop/data@1.2/a.csv", "version-pinned"),
    ("https://gitlab.example.org/shop/data/-/raw/main/a.csv", "mutable-explicit"),
    ("https://huggingface.co/datasets/shop/reviews/resolve/main/a.csv", "mutable-explicit"),
    (f"https://huggingface.co/datasets/shop/reviews/resolve/{SHA}/a.csv", "content-pinned"),
    ("https://zenodo.org/records/12345/files/a.csv", "version-pinned"),
    ("https://archive.ics.uci.edu/ml/machine-learning-databases/iris/iris.data", "mutable-implicit"),
    ("https://archive.ics.uci.edu/static/public/2/adult_v2.data", "version-pinned"),
    ("https://osf.io/4znzp/download?version=2", "version-pinned"),
    ("https://osf.io/4znzp/download", "mutable-implicit"),
    ("https://ftp.ncbi.nlm.nih.gov/geo/series/GSE1nnn/GSE1/matrix/GSE1_series_matrix.txt.gz", "mutable-implicit"),
    ("https://figshare.com/ndownloader/files/5976042", "version-pinned"),
    ("https://tasks.example.org/v1/task/index.latest/artifacts/a.zst", "mutable-explicit"),
    ("https://example.org/api/v1/prices", "mutable-implicit"),
    ("https://example.org/prices_v3.csv", "version-pinned"),
    ("https://example.org/green_2021-01.parquet", "partition-pinned"),
    ("https://example.org/green_{year:04d}-{month:02d}.parquet", "partition-pinned"),
    ("https://example.org/survey_2016.csv", "partition-pinned"),
    ("https://drive.google.com/uc?export=download&id=1AbC", "mutable-implicit"),
    ("s3://shop/orders.csv", "mutable-implicit"),
    ("s3://shop/v3/orders.csv", "version-pinned"),
    ("s3://shop/orders-9f1c2b3a.csv", "content-pinned"),
    ("s3://shop/orders.csv?versionId=3HL4", "content-pinned"),
    ("s3a://shop/dt=2024-05-01/orders.parquet", "partition-pinned"),
    ("s3://shop/latest/orders.csv", "mutable-explicit"),
    ("s3://shop/{dataset_version}/orders.csv", "run-bound"),
    ("gs://shop/orders.csv#1700000000000000", "content-pinned"),
    ("gs://10.0.0.1/orders.csv", "mutable-implicit"),
    ("hf://datasets/shop/reviews/a.csv", "mutable-implicit"),
    ("hf://datasets/shop/reviews@main/a.csv", "mutable-explicit"),
    (f"hf://datasets/shop/reviews@{SHA}/a.csv", "content-pinned"),
    ("lakefs://data/main/orders.parquet", "mutable-explicit"),
    (f"lakefs://data/{SHA}/orders.parquet", "content-pinned"),
    ("runs:/6f1e2d3c/model", "content-pinned"),
    ("models:/churn/3", "version-pinned"),
    ("models:/churn/latest", "mutable-explicit"),
    ("models:/churn/Production", "mutable-by-design"),
    ("models:/churn@champion", "mutable-by-design"),
    ("azureml:orders:4", "version-pinned"),
    ("azureml:orders@latest", "mutable-explicit"),
]


@pytest.mark.parametrize(("address", "state"), REMOTE)
def test_an_address_has_the_pin_that_it_names(address: str, state: str) -> None:
    assert pins.remote_pin(address).state == state


@pytest.mark.parametrize(
    ("revision", "state"),
    [
        (SHA, "content-pinned"),
        ("3f2a9c1d", "content-pinned"),
        ("sha256:9f1c2b3a4d5e6f70", "content-pinned"),
        ("9f1c2b3a4d5e6f708192a3b4c5d6e7f8", "content-pinned"),
        ("v1.4", "version-pinned"),
        ("12", "version-pinned"),
        ("2024-05-01", "pinned-expiring"),
        ("main", "mutable-explicit"),
        ("fp16", "mutable-explicit"),
        ("latest", "mutable-explicit"),
        ("decade", "mutable-explicit"),
    ],
)
def test_a_revision_is_a_commit_a_version_or_a_branch(revision: str, state: str) -> None:
    assert pins.revision_pin(revision).state == state


@pytest.mark.parametrize(
    ("name", "state"),
    [("customers:v3", "version-pinned"), ("customers:latest", "mutable-explicit"), ("customers", "mutable-implicit")],
)
def test_a_name_in_a_registry_ends_in_its_version_or_alias(name: str, state: str) -> None:
    assert pins.registry_pin(name).state == state


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("SELECT * FROM shop.orders", "mutable-implicit"),
        ("SELECT * FROM shop.orders FOR SYSTEM_TIME AS OF '2024-05-01'", "pinned-expiring"),
        (
            "SELECT * FROM shop.orders FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR)",
            "mutable-implicit",
        ),
        ("SELECT * FROM shop.orders WHERE day < '2024-05-01'", "partition-pinned"),
        ("SELECT * FROM shop.orders WHERE day < '{end_date}'", "partition-pinned"),
        ("SELECT * FROM shop.orders JOIN `shop.days_20240131` USING (day)", "mutable-implicit"),
        ("SELECT * FROM shop.orders_20240131 JOIN `shop.days_20240131` USING (day)", "partition-pinned"),
        ("SELECT * FROM shop.orders JOIN shop.days_2024 USING (day) WHERE day < '2024-05-01'", "partition-pinned"),
        ("SELECT * FROM shop.orders WHERE state = '{state}'", "unknown"),
        ("SELECT * FROM shop.{table}", "unknown"),
        ("SELECT * FROM made_before", "unknown"),
        ("orders_v3", "version-pinned"),
        ("orders$20240501", "partition-pinned"),
    ],
)
def test_a_query_is_pinned_by_a_fixed_point_in_time_or_a_date(query: str, state: str) -> None:
    assert query_place(query, "literal", frozenset({"made_before"})).pin.state == state


def test_the_tables_of_a_query_are_its_identity_whatever_else_it_says() -> None:
    one = query_place("SELECT a FROM shop.orders JOIN shop.customers USING (id)", "literal", frozenset())
    other = query_place("SELECT b FROM shop.customers, shop.orders", "literal", frozenset())
    assert one.identity == other.identity == "table:shop.customers, shop.orders"
    assert table_place("shop.orders", "literal").identity == "table:shop.orders"


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
    st.sampled_from(["", "https://", "s3://", "hf://", "models:/"]),
)
def test_any_text_has_one_of_the_states_and_words_for_it(text: str, scheme: str) -> None:
    for pin in (pins.remote_pin(scheme + text), pins.revision_pin(text), pins.registry_pin(text)):
        assert pin.state in PIN_STATES
        assert pin.how
        assert pin.fix or not pin.state.startswith("mutable-implicit")


@given(st.text(alphabet="0123456789abcdef", min_size=40, max_size=40))
def test_a_full_commit_is_never_taken_for_a_branch(commit: str) -> None:
    assert pins.revision_pin(commit).state == "content-pinned"
    assert pins.remote_pin(f"https://raw.githubusercontent.com/shop/data/{commit}/a.csv").state == "content-pinned"
