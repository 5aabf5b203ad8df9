"""The path of what a call fetches goes by the name of the artifact that is fetched."""

from __future__ import annotations

import pytest

from tests.resolve.sample import repository


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import wandb\nfolder = wandb.use_artifact('rows:v3').download()", "rows:v3"),
        ("import wandb\nfolder = wandb.init().use_artifact('rows:v3', type='dataset').download()", "rows:v3"),
        (
            "import wandb\nrows = wandb.Api().artifact('shop/churn/rows:v3')\nfolder = rows.download()",
            "shop/churn/rows:v3",
        ),
        ("from huggingface_hub import snapshot_download\nfolder = snapshot_download('shop/rows')", "shop/rows"),
        (
            "from huggingface_hub import hf_hub_download as get\nfolder = get(repo_id='shop/rows', filename='a')",
            "shop/rows",
        ),
        ("import kagglehub\nfolder = kagglehub.dataset_download('shop/rows')", "shop/rows"),
    ],
)
@pytest.mark.parametrize("text", ["f'{folder}/a.csv'", "os.path.join(folder, 'a.csv')", "Path(folder) / 'a.csv'"])
def test_a_path_in_a_fetched_folder_begins_with_the_artifact(source: str, name: str, text: str) -> None:
    imports = "import os\nfrom pathlib import Path\n"

    assert repository(f"{imports}{source}\nprobe({text})").probe() == [f"f'{{artifact:{name}}}/a.csv'"]


def test_an_artifact_that_an_option_names_keeps_the_name_of_the_option() -> None:
    code = """
import argparse
import wandb
parser = argparse.ArgumentParser()
parser.add_argument("--rows")
args = parser.parse_args()
folder = wandb.use_artifact(args.rows).download()
probe(f"{folder}/a.csv")
"""
    assert repository(code).probe() == ["f'{artifact:option:rows}/a.csv'"]


@pytest.mark.parametrize("name", ["rows", "choose(rows)", "f'{rows}:v3'", "'models://rows'"])
def test_an_artifact_whose_name_nobody_tells_goes_by_the_name_of_the_variable(name: str) -> None:
    load = f"folder = wandb.use_artifact({name}).download()"
    code = f"import wandb\ndef load(rows, choose):\n    {load}\n    probe(f'{{folder}}/a')\n"

    assert repository(code).probe() == ["f'{folder}/a'"]
