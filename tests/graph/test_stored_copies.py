"""A folder that a step of a workflow stores: what is trained on the copy is made of what was written there."""

from __future__ import annotations

from tests.graph.analysed import analysed, nodes

STEPS = """
from pathlib import Path
from typing import Annotated
import pandas as pd
from sklearn.linear_model import Ridge
from zenml import pipeline, step

@step
def prepare() -> Annotated[Path, "rows"]:
    folder = Path("build")
    pd.read_csv("s3://shop/raw.csv").to_csv(folder / "train.csv")
    return folder

@step
def train(folder: Path):
    rows = pd.read_csv(folder / "{name}")
    Ridge().fit(rows[["x"]], rows["y"])

@pipeline
def whole():
    train(prepare())
"""


def test_what_is_read_in_a_copy_derives_from_what_was_written_where_it_was_stored() -> None:
    analysis = analysed({"flow.py": STEPS.replace("{name}", "train.csv")})
    found = {node.label: node for node in nodes(analysis, "Dataset")}
    copy = found["{artifact:rows}/train.csv"]

    assert copy.properties["pin"] == "generated"
    assert [edge.target for edge in analysis.graph.out(copy.id, ["derives"])] == [found["s3://shop/raw.csv"].id]


def test_what_nobody_wrote_into_a_stored_folder_derives_from_nothing() -> None:
    analysis = analysed({"flow.py": STEPS.replace("{name}", "other.csv")})
    (copy,) = nodes(analysis, "Dataset")

    assert copy.label == "{artifact:rows}/other.csv"
    assert not analysis.graph.out(copy.id, ["derives"])


FETCH = """
import os
import wandb
import pandas as pd
from sklearn.linear_model import Ridge
folder = wandb.use_artifact("rows:latest").download()
rows = pd.read_csv(os.path.join(folder, "train.csv"))
Ridge().fit(rows[["x"]], rows["y"])
"""


def test_a_file_of_a_fetched_artifact_is_the_artifact() -> None:
    assert [node.label for node in nodes(analysed({"train.py": FETCH}), "Dataset")] == ["rows:latest"]


LOCAL = """
import click
import pandas as pd
from sklearn.linear_model import Ridge
{before}
rows = pd.read_csv(f"{{folder}}/train.csv")
Ridge().fit(rows[["x"]], rows["y"])
"""


def test_variables_of_one_name_in_two_files_are_not_one_dataset() -> None:
    code = LOCAL.format(before="from elsewhere import find\nfolder = find()[0]")
    found = nodes(analysed({"first.py": code, "second.py": code}), "Dataset")

    assert [node.label for node in found] == ["{folder}/train.csv"] * 2


def test_what_one_setting_fills_is_one_dataset_in_every_file() -> None:
    code = LOCAL.format(before='import os\nfolder = os.environ["ROWS"]')

    assert len(nodes(analysed({"first.py": code, "second.py": code}), "Dataset")) == 1
