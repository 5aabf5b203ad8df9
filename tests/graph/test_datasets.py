"""Which datasets a model is trained from, and what becomes of them in the graph."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.tree.memory import MemoryTree
from tests.graph.analysed import analysed, nodes

FIT = """
from sklearn.linear_model import Ridge
Ridge().fit(rows[["x"]], rows["y"])
"""
SCORED = "from sklearn.model_selection import cross_val_score\n"
COMMITTED = {"data/rows.csv": "x,y\n1,2\n"}


def datasets(code: str, **files: str) -> dict[str, Node]:
    """The datasets of a repository with this `train.py`, by label."""
    named = {path.replace("__", "/"): text for path, text in files.items()}
    return {node.label: node for node in nodes(analysed({"train.py": code, **named}), "Dataset")}


def pin_of(read: str, files: dict[str, str] | None = None) -> str:
    """The pin of the only dataset behind a read that is fitted."""
    analysis = analysed({"train.py": f"import pandas as pd\nrows = {read}\n{FIT}", **(files or {})})
    (node,) = nodes(analysis, "Dataset")
    pin = node.properties["pin"]
    return "unknown" if isinstance(pin, Unknown) else str(pin)


# -- what the repository holds


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("data/rows.csv", "content-pinned"),
        ("./data/rows.csv", "content-pinned"),
        ("../somewhere/data/rows.csv", "mutable-implicit"),
        ("data/*.csv", "content-pinned"),
        ("data/other.csv", "mutable-implicit"),
        ("data/rows_20240501.csv", "partition-pinned"),
        ("data/rows-9f1c2b3a.csv", "content-pinned"),
        ("/opt/ml/input/data/train/rows.csv", "unknown"),
    ],
)
def test_a_local_path_is_pinned_by_git_by_its_name_or_not_at_all(path: str, state: str) -> None:
    assert pin_of(f'pd.read_csv("{path}")', COMMITTED) == state


def test_a_file_that_git_lfs_keeps_is_committed() -> None:
    files = {".gitattributes": "*.csv filter=lfs\n", "rows.csv": "version https://git-lfs.github.com/spec/v1\n"}
    assert pin_of('pd.read_csv("rows.csv")', files) == "content-pinned"


@pytest.mark.parametrize(
    ("declaration", "text"),
    [
        ("data/rows.csv.dvc", "outs:\n- md5: 2d1f8c55b07a4e9683ce0f1b7a6d4e20\n  path: rows.csv\n"),
        ("data.dvc", "outs:\n- md5: 2d1f8c55b07a4e9683ce0f1b7a6d4e20.dir\n  path: data\n"),
        ("dvc.yaml", "stages:\n  make:\n    cmd: make rows\n    outs:\n    - data\n"),
        (
            "dvc.lock",
            "stages:\n  make:\n    cmd: make\n    outs:\n    - path: data/rows.csv\n      md5: 2d1f8c55b07a4e96\n",
        ),
    ],
)
def test_an_out_of_dvc_pins_what_is_in_it(declaration: str, text: str) -> None:
    assert pin_of('pd.read_csv("data/rows.csv")', {declaration: text}) == "content-pinned"


def test_a_versioned_entry_of_a_kedro_catalogue_is_bound_to_the_run() -> None:
    catalogue = "rows:\n  type: pandas.CSVDataset\n  filepath: data/rows.csv\n  versioned: true\n"
    assert pin_of('pd.read_csv("data/rows.csv")', {"conf/base/catalog.yml": catalogue}) == "run-bound"


# -- where a location comes from


@pytest.mark.parametrize(
    "read",
    [
        'pd.read_csv(open("data/rows.csv"))',
        '__import__("pandas") and pd.DataFrame(list(csv.reader(open("data/rows.csv"))))',
        'pd.concat([pd.read_csv(name) for name in glob.glob("data/*.csv")])',
        'pd.read_csv(Path("data") / "rows.csv")',
        'pd.read_csv(os.path.join("data", "rows.csv"))',
        'pd.concat([pd.read_csv(p) for p in tqdm(sorted(Path("data").glob("*.csv")))])',
    ],
)
def test_the_path_is_found_behind_handles_lists_and_path_objects(read: str) -> None:
    imports = "import csv, glob, os\nfrom pathlib import Path\nfrom tqdm import tqdm\nimport pandas as pd\n"
    code = f"{imports}rows = {read}\n{FIT}"
    found = {node.properties["pin"] for node in nodes(analysed({"train.py": code, **COMMITTED}), "Dataset")}
    assert found == {"content-pinned"}


def test_a_stream_of_a_download_is_the_download() -> None:
    code = f"""
import io, boto3, requests
import pandas as pd
body = requests.get("https://example.org/a.csv").content
handle = boto3.client("s3").get_object(Bucket="shop", Key="b.csv")["Body"]
rows = pd.concat([pd.read_csv(io.BytesIO(body)), pd.read_csv(handle)])
{FIT}"""
    assert set(datasets(code)) == {"https://example.org/a.csv", "s3://shop/b.csv"}


def test_each_call_of_a_helper_reads_its_own_file() -> None:
    code = """
import pandas as pd
from sklearn.linear_model import Ridge, Lasso
def load(path):
    return pd.read_csv(path)
first, second = load("first.csv"), load("second.csv")
Ridge().fit(first[["x"]], first["y"])
Lasso().fit(second[["x"]], second["y"])
"""
    graph = analysed({"train.py": code}).graph
    learned = {(graph.node(edge.source).label, graph.node(edge.target).label)
               for training in graph.nodes("Training") for edge in graph.out(training.id, ["trained_on"])}  # fmt: skip
    assert learned == {("Ridge", "first.csv"), ("Lasso", "second.csv")}


def test_a_location_that_did_not_resolve_is_unknown_with_its_reason() -> None:
    (node,) = datasets(f"import pandas as pd\nimport cfg\nrows = pd.read_csv(cfg.path)\n{FIT}").values()
    assert isinstance(node.properties["pin"], Unknown)


@pytest.mark.parametrize(
    "read",
    [
        'pd.read_csv(f"s3://shop/{unknown}/rows.csv")',
        "pd.read_csv(os.environ['ROWS'])",
        'pd.read_csv(f"https://raw.githubusercontent.com/shop/data/{ref}/a.csv")',
    ],
)
def test_an_open_part_that_may_hold_the_version_makes_the_pin_unknown(read: str) -> None:
    assert pin_of(read.replace("os.environ", "__import__('os').environ")) == "unknown"


def test_a_copy_that_is_taken_when_it_is_there_is_unknown() -> None:
    code = f"""
import os
import pandas as pd
if os.path.exists("copy.csv"):
    rows = pd.read_csv("copy.csv")
else:
    rows = pd.read_csv("https://zenodo.org/records/1/files/rows.csv")
{FIT}"""
    assert isinstance(datasets(code)["copy.csv"].properties["pin"], Unknown)


# -- names and versions


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ('load_dataset("shop/reviews", revision="fp16")', "mutable-explicit"),
        ('load_dataset("shop/reviews", revision="3f2a9c1d5e7b")', "content-pinned"),
        ('load_dataset("shop/reviews", revision=None)', "mutable-implicit"),
        ('load_dataset("shop/reviews", **options)', "unknown"),
        ('load_dataset("json", data_files={"train": "data/rows.csv", "test": "s3://shop/test.csv"})', "content-pinned"),
        ('load_dataset("csv", data_files="s3://shop/rows.csv")', "mutable-implicit"),
        ('load_dataset("./data")', "content-pinned"),
    ],
)
def test_a_dataset_of_the_hub_is_told_from_a_builder_and_a_folder(code: str, state: str) -> None:
    text = f"from datasets import load_dataset\nfrom transformers import Trainer\nTrainer(train_dataset={code})\n"
    (node,) = nodes(analysed({"train.py": text, **COMMITTED}), "Dataset")
    pin = node.properties["pin"]
    assert ("unknown" if isinstance(pin, Unknown) else pin) == state


def test_version_one_is_a_version() -> None:
    code = f"""
from azureml.core import Dataset
rows = Dataset.get_by_name(workspace, "rows", version=1).to_pandas_dataframe()
{FIT}"""
    (node,) = datasets(code).values()
    assert node.properties["pin"] == "version-pinned"


def test_a_version_that_an_earlier_step_wrote_is_bound_to_the_run() -> None:
    code = f"""
import json
from azureml.core import Dataset
with open("run.json") as handle:
    metadata = json.load(handle)
rows = Dataset.get_by_name(workspace, "rows", version=metadata["version"]).to_pandas_dataframe()
{FIT}"""
    (node,) = datasets(code).values()
    assert node.properties["pin"] == "run-bound"


def test_a_query_of_an_embedded_database_reads_its_file() -> None:
    code = f'import sqlite3\nimport pandas as pd\nrows = pd.read_sql("SELECT * FROM t", sqlite3.connect("a.db"))\n{FIT}'
    assert set(datasets(code)) == {"a.db"}


def test_the_option_of_a_spark_reader_names_the_version() -> None:
    code = f"""
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
rows = spark.read.format("delta").option("versionAsOf", 12).load("s3://shop/rows").toPandas()
{FIT}"""
    (node,) = datasets(code).values()
    assert node.properties["pin"] == "version-pinned"


@pytest.mark.parametrize(
    ("hash_argument", "state"), [('"md5:9f1c2b3a4d5e6f70"', "content-pinned"), ("None", "mutable-implicit")]
)
def test_a_known_hash_pins_a_download_and_none_does_not(hash_argument: str, state: str) -> None:
    code = f"""
import pandas as pd, pooch
rows = pd.read_csv(pooch.retrieve("https://example.org/a.csv", known_hash={hash_argument}))
{FIT}"""
    (node,) = datasets(code).values()
    assert node.properties["pin"] == state


# -- what counts as learning


@pytest.mark.parametrize(
    "code",
    [
        'from sklearn.preprocessing import StandardScaler\nStandardScaler().fit(pd.read_csv("s3://shop/a.csv"))',
        'model.predict(pd.read_csv("s3://shop/a.csv"))',
        'import yaml\nfrom sklearn.linear_model import Ridge\nRidge().fit(yaml.safe_load(open("params.yaml")), [1])',
        'handle = open("out.csv", "w")\nhandle.write("x")',
    ],
)
def test_scaling_predicting_settings_and_writing_are_no_learning(code: str) -> None:
    assert datasets(f"import pandas as pd\n{code}\n") == {}


def test_of_several_splits_the_one_to_train_on_is_learned() -> None:
    code = """
import ray
from ray.train.torch import TorchTrainer
a, b = ray.data.read_csv("s3://shop/a.csv"), ray.data.read_csv("s3://shop/b.csv")
TorchTrainer(loop, datasets={"train": a, "valid": b}).fit()
"""
    assert set(datasets(code)) == {"s3://shop/a.csv"}


def test_a_loaded_object_is_data_unless_it_is_used_as_a_model() -> None:
    code = """
import pickle
from sklearn.linear_model import Ridge
encoder = pickle.load(open("encoder.pkl", "rb"))
rows = pickle.load(open("rows.pkl", "rb"))
Ridge().fit(encoder.transform(rows), [1])
"""
    assert {label for label in datasets(code) if label.endswith(".pkl")} == {"rows.pkl"}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("from xgboost import XGBClassifier\nXGBClassifier().fit(rows)", "XGBClassifier"),
        ("import lightgbm as lgb\nlgb.train({}, lgb.Dataset(rows))", "lightgbm.train"),
        ("from ray.train.torch import TorchTrainer\nTorchTrainer(f, datasets={'train': rows})", "TorchTrainer"),
        ("from sklearn.pipeline import make_pipeline\nmake_pipeline(a, b).fit(rows)", "Pipeline"),
        ("from transformers import Trainer\nTrainer(train_dataset=rows)", "Trainer"),
        (f"{SCORED}from sklearn.svm import SVC\ncross_val_score(SVC(), rows, rows)", "SVC"),
        (f"{SCORED}from sklearn.svm import SVC, SVR\nfor m in (SVC(), SVR()): cross_val_score(m, rows)", "SVC or SVR"),
        (f"{SCORED}class Own: ...\ncross_val_score(Own(), rows, rows)", "Own"),
        (f"{SCORED}import other\ncross_val_score(other.made(), rows)", "sklearn.cross_val_score"),
        (f"{SCORED}def f(model): cross_val_score(model, rows, rows)", "sklearn.cross_val_score"),
    ],
)
def test_an_estimator_is_called_what_a_reader_calls_it(code: str, name: str) -> None:
    analysis = analysed({"train.py": f'import pandas as pd\nrows = pd.read_csv("s3://shop/a.csv")\n{code}\n'})
    assert [node.properties["estimator"] for node in nodes(analysis, "Training")] == [name]


# -- places and trace


def test_the_first_place_of_a_dataset_is_the_line_that_names_it() -> None:
    files = {
        "settings.py": 'A = 1\nROWS = "s3://shop/rows.csv"\n',
        "train.py": f"import pandas as pd\nfrom settings import ROWS\nrows = pd.read_csv(ROWS)\n{FIT}",
    }
    (node,) = nodes(analysed(files), "Dataset")
    assert [(site.path, site.span.line) for site in node.sites] == [("settings.py", 2), ("train.py", 3)]


def test_the_trace_goes_from_the_fit_back_to_the_read_in_words() -> None:
    code = """
import pandas as pd
from sklearn.linear_model import Ridge
def load():
    return pd.read_csv("s3://shop/rows.csv")
def train(frame):
    Ridge().fit(frame[["x"]], frame["y"])
if __name__ == "__main__":
    train(load())
"""
    (finding,) = analysed({"train.py": code}).run.findings
    assert [(step.location.line, step.text) for step in finding.trace] == [
        (7, "`Ridge` is fitted"),
        (9, "passed to `train` as `frame`"),
        (5, "`load` returns it"),
        (5, "reads `s3://shop/rows.csv`"),
    ]


@pytest.mark.parametrize(
    "path", ["cohorts/2022/train.py", "tests/test_train.py", "{{cookiecutter.name}}/train.py", "examples/train.py"]
)
def test_teaching_copies_templates_and_tests_are_marked_and_not_shown(path: str) -> None:
    code = f'import pandas as pd\nrows = pd.read_csv("s3://shop/rows.csv")\n{FIT}'
    (finding,) = analysed({path: code}).run.findings
    assert finding.suppressed is not None
    assert finding.suppressed.kind == "examples"


def test_a_cell_that_writes_a_module_is_that_module() -> None:
    module = "%%writefile loading.py\nimport pandas as pd\ndef load():\n    return pd.read_csv('s3://shop/rows.csv')\n"
    train = f"from loading import load\nrows = load()\n{FIT}"
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": text} for text in (module, train)]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (node,) = nodes(analysed({"train.ipynb": notebook}), "Dataset")
    assert node.label == "s3://shop/rows.csv"


def test_what_a_user_uploads_is_unknown() -> None:
    upload = f"import pandas as pd\nimport streamlit as st\nrows = pd.read_csv(st.file_uploader('rows'))\n{FIT}"
    (node,) = datasets(upload).values()
    assert isinstance(node.properties["pin"], Unknown)


def test_the_weights_and_settings_of_a_network_are_no_data_of_its_loss() -> None:
    code = """
import json
import torch
import pandas as pd
settings = json.loads(open("network.json").read())
network = torch.nn.Linear(settings["inputs"], 1)
weights = torch.load("start.pt")
rows = torch.tensor(pd.read_csv("s3://shop/rows.csv").values)
loss = torch.nn.functional.mse_loss(torch.mul(weights, rows), rows)
loss.backward()
"""
    assert set(datasets(code)) == {"s3://shop/rows.csv"}


# -- where the data comes in

LIBRARY = {
    "topics/model.py": """
from sklearn.decomposition import TruncatedSVD
def fitted(rows):
    return TruncatedSVD(2).fit(rows)
if __name__ == "__main__":
    fitted([[1.0, 2.0, 3.0]])
""",
    "READ": """
import pandas as pd
from topics.model import fitted
fitted(pd.read_csv("https://example.org/rows.csv"))
""",
}


@pytest.mark.parametrize(
    ("reader", "role", "shown"), [("examples/rows.py", "tutorial", 0), ("jobs/rows.py", "train-entry", 1)]
)
def test_what_an_example_reads_is_no_training_in_use(reader: str, role: str, shown: int) -> None:
    analysis = analysed({"topics/model.py": LIBRARY["topics/model.py"], reader: LIBRARY["READ"]})
    (dataset,) = nodes(analysis, "Dataset")
    assert dataset.properties["role"] == role
    assert sum(not one.suppressed for one in analysis.run.findings) == shown


def test_what_the_repository_writes_is_followed_where_no_git_tells_what_is_tracked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(MemoryTree, "knows_tracking", property(lambda self: False))
    copy = 'import pandas as pd\npd.read_csv("s3://city/rows.csv").to_csv("build/rows.csv")\n'
    found = datasets(f'import pandas as pd\nrows = pd.read_csv("build/rows.csv")\n{FIT}', **{"prepare.py": copy})
    assert set(found) == {"build/rows.csv", "s3://city/rows.csv"}
