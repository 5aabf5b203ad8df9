"""What is not joined: equal names of files, variables and steps that have nothing to do with one another."""

from __future__ import annotations

from tests.graph.analysed import analysed, nodes
from tests.resolve.test_configured_values import values

TRAIN = """
import pickle
from sklearn.linear_model import Ridge
with open("output/train.pkl", "rb") as f:
    X, y = pickle.load(f)
Ridge().fit(X, y)
"""


def test_equal_paths_of_two_folders_are_two_files_where_nothing_runs_in_the_root() -> None:
    files = {"2022/homework/train.py": TRAIN, "2024/homework/train.py": TRAIN, "README.md": ""}

    found = sorted(str(node.id.key) for node in nodes(analysed(files), "Dataset"))

    assert found == ["2022/homework/output/train.pkl", "2024/homework/output/train.pkl"]


def test_equal_paths_are_one_file_where_scripts_are_run_from_the_root() -> None:
    files = {"first/train.py": TRAIN, "second/train.py": TRAIN, "requirements.txt": "scikit-learn\n"}

    assert [str(node.id.key) for node in nodes(analysed(files), "Dataset")] == ["output/train.pkl"]


MANIFEST = "services:\n  api:\n    image: ${IMAGE}\n    environment:\n      RUN_ID: Test123\n"
READ = "import os\nx = os.environ['RUN_ID']\n"


def test_a_manifest_of_another_project_sets_nothing_for_a_module() -> None:
    files = {
        "web/requirements.txt": "",
        "web/app.py": READ,
        "practices/requirements.txt": "",
        "practices/deploy/docker-compose.yaml": MANIFEST,
    }

    assert values(files, path="web/app.py") == ("Template",)


def test_a_manifest_of_the_same_project_sets_a_variable_whose_place_nobody_tells() -> None:
    files = {"web/requirements.txt": "", "web/app.py": READ, "web/deploy/docker-compose.yaml": MANIFEST}

    assert values(files, path="web/app.py") == ("'Test123' (configured)",)


def test_a_name_that_two_committed_files_of_other_folders_bear_is_neither_of_them() -> None:
    files = {
        "src/report/train.py": TRAIN.replace("output/train.pkl", "train.pkl"),
        "examples/first/train.pkl": "",
        "examples/second/train.pkl": "",
        "setup.cfg": "",
    }

    assert [str(node.id.key) for node in nodes(analysed(files), "Dataset")] == ["src/report/train.pkl"]
