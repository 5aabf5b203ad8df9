"""Where the code names the version of what it reads beside the location, or as a part of a quoted name."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

FIT = "Ridge().fit(rows[['x']], rows['y'])\n"
HEAD = "import pandas as pd\nfrom sklearn.linear_model import Ridge\n"


def source_of(code: str) -> Node:
    """The dataset at the end of the way of a training."""
    return nodes(analysed({"train.py": f"{HEAD}{code}\n{FIT}"}), "Dataset")[-1]


def pin_of(code: str) -> str:
    """The pin of that dataset."""
    pin = source_of(code).properties["pin"]
    return "unknown" if isinstance(pin, Unknown) else str(pin)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ("", "mutable-implicit"),
        (', ExtraArgs={"VersionId": "3HL4kqtJvjVBH40Nrjfkd"}', "content-pinned"),
        (', {"VersionId": "3HL4kqtJvjVBH40Nrjfkd"}', "content-pinned"),
        (', ExtraArgs={"RequestPayer": "requester"}', "mutable-implicit"),
        (', ExtraArgs={"VersionId": None}', "mutable-implicit"),
        (', ExtraArgs={"VersionId": input()}', "unknown"),
        (", ExtraArgs=read_settings()", "unknown"),
    ],
)
def test_an_object_version_stands_among_further_arguments(given: str, state: str) -> None:
    code = (
        f'import boto3\nboto3.client("s3").download_file("shop", "a.csv", "a.csv"{given})\nrows = pd.read_csv("a.csv")'
    )
    assert pin_of(code) == state


@pytest.mark.parametrize(
    ("given", "state"),
    [("", "mutable-implicit"), (", generation=1700000000000000", "content-pinned"), (", generation=g()", "unknown")],
)
def test_a_generation_is_named_where_the_blob_is_made(given: str, state: str) -> None:
    code = f"""
from google.cloud import storage
storage.Client().bucket("shop").blob("a.csv"{given}).download_to_filename("a.csv")
rows = pd.read_csv("a.csv")"""
    assert pin_of(code) == state


def test_a_generation_is_that_of_the_call_which_hands_it_on() -> None:
    code = f"""{HEAD}
import io
from google.cloud import storage


def load(name, generation=None):
    blob = storage.Client().bucket("shop").blob(name, generation=generation)
    return pd.read_csv(io.BytesIO(blob.download_as_bytes()))


rows = pd.concat([load("a.csv", 1700000000000000), load("b.csv")])
{FIT}"""
    found = {one.label: one.properties["pin"] for one in nodes(analysed({"train.py": code}), "Dataset")}
    assert found == {"gs://shop/a.csv": "content-pinned", "gs://shop/b.csv": "mutable-implicit"}


def test_a_file_that_is_read_at_a_tag_and_at_a_branch_is_two_things_to_learn_from() -> None:
    read = 'pd.read_csv(io.StringIO(dvc.api.read("a.csv", repo="https://git.example/data", rev="{}")))'
    both = f"rows = pd.concat([{read.format('v1.2')}, {read.format('main')}])"
    for code in (both, both.replace("v1.2", "?").replace("main", "v1.2").replace("?", "main")):
        found = nodes(analysed({"train.py": f"import dvc.api\nimport io\n{HEAD}{code}\n{FIT}"}), "Dataset")
        assert {str(one.properties["pin"]) for one in found} == {"version-pinned", "mutable-explicit"}


@pytest.mark.parametrize(
    ("table", "state"),
    [
        ("`acme.ml.rows_20240501`", "partition-pinned"),
        ("`mart`.`sales_20240630`", "partition-pinned"),
        ("[dbo].[sales_20240630]", "partition-pinned"),
        ("`acme.ml.rows`", "mutable-implicit"),
        ("`acme.ml.rows_2024`x", "partition-pinned"),
    ],
)
def test_a_date_in_a_quoted_name_is_a_date(table: str, state: str) -> None:
    assert pin_of(f'rows = pd.read_sql("SELECT * FROM {table}", connection)') == state


def test_the_marks_around_the_name_of_a_table_are_no_part_of_it() -> None:
    code = 'rows = pd.read_sql_table("`mart`.`sales`", connection)'
    assert source_of(code).label == "mart.sales"


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ('repo="https://git.example/data", rev="v1.2"', "version-pinned"),
        ('repo="https://git.example/data"', "mutable-implicit"),
        ('repo="https://git.example/data", rev="main"', "mutable-explicit"),
        ('repo="git@git.example:data.git", rev="8fd1f0d4b3f1"', "content-pinned"),
        ('repo="../data"', "unknown"),
        ("repo=where()", "unknown"),
        ("**where()", "unknown"),
        ('repo=".", rev="v1.2"', "version-pinned"),
        ("", "mutable-implicit"),
    ],
)
def test_a_file_of_another_repository_is_pinned_by_its_revision(given: str, state: str) -> None:
    code = f'import dvc.api\nwith dvc.api.open("a.csv", {given}) as handle:\n    rows = pd.read_csv(handle)'
    assert pin_of(code) == state


def test_a_file_of_another_repository_is_named_with_its_repository() -> None:
    code = 'import dvc.api\nrows = pd.read_csv(dvc.api.get_url("data/a.csv", "https://git.example/data"))'
    assert source_of(code).label == "https://git.example/data/data/a.csv"


@pytest.mark.parametrize(
    ("passed", "state"),
    [("versionAsOf=42", "version-pinned"), ("header=True", "mutable-implicit"), ("**settings()", "unknown")],
)
def test_the_options_of_a_spark_reader_come_from_the_caller(passed: str, state: str) -> None:
    code = f"""
from pyspark.sql import SparkSession
def read(spark, path, **options):
    return spark.read.format("delta").options(**options).load(path)
rows = read(SparkSession.builder.getOrCreate(), "s3://lake/rows", {passed}).toPandas()"""
    assert pin_of(code) == state


@pytest.mark.parametrize(
    ("call", "state"),
    [
        (
            'cached_download("https://drive.google.com/uc?id=1A2b3C", "a.csv", hash="md5:9f1c2b3a4d5e")',
            "content-pinned",
        ),
        ('cached_download("https://drive.google.com/uc?id=1A2b3C", "a.csv")', "mutable-implicit"),
        ('download(id="1A2b3C", output="a.csv")', "mutable-implicit"),
        ('download(id=which(), output="a.csv")', "unknown"),
    ],
)
def test_an_id_of_a_drive_is_an_address_and_a_hash_pins_it(call: str, state: str) -> None:
    assert pin_of(f'import gdown\ngdown.{call}\nrows = pd.read_csv("a.csv")') == state


def test_an_id_of_a_drive_is_shown_as_the_address_it_is_a_part_of() -> None:
    code = 'import gdown\ngdown.download(id="1A2b3C", output="a.csv")\nrows = pd.read_csv("a.csv")'
    assert source_of(code).label == "https://drive.google.com/uc?id=1A2b3C"


SPARK = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"
ICEBERG = "from pyiceberg.catalog import load_catalog\n"


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (SPARK + 'rows = spark.read.option("versionAsOf", 3).table("mart.rows").toPandas()', "version-pinned"),
        (SPARK + 'rows = spark.read.table("mart.rows").toPandas()', "mutable-implicit"),
        (
            ICEBERG + 'rows = load_catalog().load_table("mart.rows").scan(snapshot_id=305172).to_pandas()',
            "version-pinned",
        ),
        (ICEBERG + 'rows = load_catalog().load_table("mart.rows").scan(snapshot_id=n()).to_pandas()', "unknown"),
    ],
)
def test_a_table_is_read_as_of_the_version_that_is_named(code: str, state: str) -> None:
    assert pin_of(code) == state


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (', repo_type="dataset"', "mutable-implicit"),
        (', repo_type="dataset", revision="8fd1f0d4b3f14f3a9b7a3e1c2d5e6f708192a3b4"', "content-pinned"),
        (', repo_type="model"', "unknown"),
        ("", "unknown"),
    ],
)
def test_a_file_of_a_dataset_of_the_hub_is_that_dataset(given: str, state: str) -> None:
    code = (
        f'from huggingface_hub import hf_hub_download\nrows = pd.read_csv(hf_hub_download("shop/rows", "a.csv"{given}))'
    )
    assert pin_of(code) == state
