"""Files that the repository writes itself: what they are made of, and which read is which write."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes
from tests.graph.test_datasets import FIT, datasets


def test_a_written_file_is_generated_and_derives_from_what_it_is_made_of() -> None:
    prepare = 'import pandas as pd\npd.read_csv("s3://shop/raw.csv").dropna().to_csv("build/rows.csv")\n'
    code = f'import pandas as pd\nrows = pd.read_csv("build/rows.csv")\n{FIT}'
    analysis = analysed({"train.py": code, "prepare.py": prepare})
    found = {node.label: node for node in nodes(analysis, "Dataset")}
    assert found["build/rows.csv"].properties["pin"] == "generated"
    edges = analysis.graph.out(found["build/rows.csv"].id, ["derives"])
    assert [edge.target for edge in edges] == [found["s3://shop/raw.csv"].id]


def test_a_helper_that_writes_keeps_what_it_writes_apart() -> None:
    prepare = """
import pandas as pd
def store(frame, path):
    frame.to_csv(path)
store(pd.read_csv("s3://shop/orders.csv"), "build/rows.csv")
store(pd.read_csv("s3://shop/clicks.csv"), "build/clicks.csv")
"""
    code = f'import pandas as pd\nrows = pd.read_csv("build/rows.csv")\n{FIT}'
    found = {node.label for node in nodes(analysed({"train.py": code, "prepare.py": prepare}), "Dataset")}
    assert found == {"build/rows.csv", "s3://shop/orders.csv"}


def test_a_file_in_a_folder_that_is_written_under_open_names_is_unknown() -> None:
    prepare = (
        "import pandas as pd\n"
        'for n in range(int(input())):\n    pd.DataFrame({"x": [n]}).to_csv(f"build/part_{n}.csv")\n'
    )
    code = f'import pandas as pd\nrows = pd.read_csv("build/part_1.csv")\n{FIT}'
    (node,) = nodes(analysed({"train.py": code, "prepare.py": prepare}), "Dataset")
    assert isinstance(node.properties["pin"], Unknown)


def test_a_download_into_a_shared_folder_is_told_by_the_file_that_reads_it() -> None:
    fetch = """
import tarfile, urllib.request
import pandas as pd
from sklearn.linear_model import Ridge
urllib.request.urlretrieve("https://example.org/{name}.tgz", "datasets/{name}.tgz")
with tarfile.open("datasets/{name}.tgz") as archive:
    archive.extractall("datasets")
rows = pd.read_csv("datasets/{name}/{name}.csv")
Ridge().fit(rows[["x"]], rows["y"])
"""
    files = {f"{name}.py": fetch.replace("{name}", name) for name in ("housing", "titanic")}
    found = analysed(files).run.findings
    assert sorted((one.location.path, one.claim.partition("`, ")[0][-11:]) for one in found) == [
        ("housing.py", "housing.tgz"),
        ("titanic.py", "titanic.tgz"),
    ]


def test_a_file_copied_in_a_loop_is_made_of_the_one_with_its_name() -> None:
    code = f"""
import urllib.request
import pandas as pd
for name in ("a.csv", "b.csv"):
    urllib.request.urlretrieve("https://example.org/" + name, "raw/" + name)
rows = pd.read_csv("raw/a.csv")
{FIT}"""
    assert set(datasets(code)) == {"raw/a.csv", "https://example.org/a.csv"}


@pytest.mark.parametrize(
    "archive",
    [
        'zipfile.ZipFile("raw/flats.zip", "r")',
        'zipfile.ZipFile(file="raw/flats.zip", mode="r")',
        'tarfile.open("raw/flats.zip", "r:gz")',
    ],
)
def test_the_mode_of_an_archive_is_no_part_of_its_path(archive: str) -> None:
    code = f"""
import tarfile, zipfile
import urllib.request
import pandas as pd
urllib.request.urlretrieve("https://example.org/flats.zip", "raw/flats.zip")
with {archive} as held:
    held.extractall("build")
rows = pd.read_csv("build/flats.csv")
{FIT}"""
    assert set(datasets(code)) == {"build/flats.csv", "raw/flats.zip", "https://example.org/flats.zip"}


def test_what_a_module_downloads_comes_before_a_committed_file_elsewhere() -> None:
    code = f"""
import urllib.request
import pandas as pd
urllib.request.urlretrieve("https://example.org/rows.csv", "rows.csv")
rows = pd.read_csv("rows.csv")
{FIT}"""
    files = {"flats/new/train.py": code, "flats/rows.csv": "x,y\n", "flats/new/other.csv": "x,y\n"}
    found = {node.label: node.properties["pin"] for node in nodes(analysed(files), "Dataset")}
    assert found == {"flats/rows.csv": "generated", "https://example.org/rows.csv": "mutable-implicit"}


UNPACKED = """
import os, urllib.request, zipfile
import pandas as pd
for name in ("train.csv.zip", "more.zip"):
    urllib.request.urlretrieve("https://example.org/" + name, name)
with zipfile.ZipFile("train.csv.zip") as archive:
    archive.extractall("build")
with zipfile.ZipFile("more.zip") as archive:
    archive.extractall("build")
"""


def test_of_two_archives_in_one_folder_the_one_with_the_name_of_the_file_holds_it() -> None:
    found = datasets(f'{UNPACKED}rows = pd.read_csv("build/train.csv")\n{FIT}')
    assert set(found) == {"build/train.csv", "train.csv.zip", "https://example.org/train.csv.zip"}


def test_a_file_that_any_of_two_archives_may_hold_is_unknown() -> None:
    found = datasets(f'{UNPACKED}rows = pd.read_csv("build/labels.csv")\n{FIT}')
    assert {label: type(node.properties["pin"]) for label, node in found.items()} == {"build/labels.csv": Unknown}


def test_a_folder_that_two_archives_are_unpacked_into_holds_both() -> None:
    code = UNPACKED.replace('"build"', '"build/raw"')
    found = datasets(f'{code}rows = pd.read_parquet("build/raw")\n{FIT}')
    assert {"https://example.org/train.csv.zip", "https://example.org/more.zip"} <= set(found)


@pytest.mark.parametrize("folder", ["", '"."', "os.getcwd()", '"./"'])
def test_what_is_unpacked_where_the_code_runs_holds_the_folders_there(folder: str) -> None:
    code = f"""
import os, zipfile
import pandas as pd
with zipfile.ZipFile("flats.zip") as archive:
    archive.extractall({folder})
rows = pd.read_csv("parts/flats.csv")
{FIT}"""
    files = {"train.py": code, "README.md": "x"}
    found = {node.label: node.properties["pin"] for node in nodes(analysed(files), "Dataset")}
    assert found == {"parts/flats.csv": "generated", "flats.zip": "mutable-implicit"}


@pytest.mark.parametrize(
    ("copy", "read"),
    [
        ('shutil.copyfile(os.path.join("raw/all", name), os.path.join("build/train/a", name))', "build/train"),
        ('shutil.copyfile(os.path.join("raw/all", name), os.path.join("build/train/a", name))', "build/train/a"),
        ('shutil.copy(f"raw/all/{name}", "build/train")', "build/train"),
    ],
)
def test_a_folder_that_copies_fill_is_made_of_the_folder_they_come_from(copy: str, read: str) -> None:
    code = f"""
import os, shutil
import pandas as pd
for name in os.listdir("raw/all"):
    {copy}
rows = pd.read_parquet("{read}")
{FIT}"""
    found = {label: node.properties["pin"] for label, node in datasets(code).items()}
    assert found == {read: "generated", "raw/all": "mutable-implicit"}


def test_a_folder_that_is_written_under_open_names_is_unknown() -> None:
    prepare = 'import pandas as pd\nfor n in range(int(input())):\n    frame.to_csv(f"build/parts/{n}.csv")\n'
    code = f'import pandas as pd\nrows = pd.read_parquet("build/parts")\n{FIT}'
    (node,) = nodes(analysed({"train.py": code, "prepare.py": prepare}), "Dataset")
    assert isinstance(node.properties["pin"], Unknown)


def test_the_client_of_kaggle_leaves_its_download_where_the_code_runs() -> None:
    code = f"""
import zipfile
from kaggle.api.kaggle_api_extended import KaggleApi
import pandas as pd
KaggleApi().competition_download_files("houses")
with zipfile.ZipFile("houses.zip") as archive:
    archive.extractall()
rows = pd.read_csv("train.csv")
{FIT}"""
    found = {label: node.properties["pin"] for label, node in datasets(code).items()}
    assert found == {"train.csv": "generated", "houses.zip": "generated", "houses": "mutable-implicit"}


@pytest.mark.parametrize(("read", "line"), [("areas.csv", 7), ("rows.csv", 8), ("others.csv", 7)])
def test_of_files_that_are_downloaded_one_by_one_the_one_that_is_read_is_the_place(read: str, line: int) -> None:
    code = f"""
import zipfile
from kaggle.api.kaggle_api_extended import KaggleApi
import pandas as pd
api = KaggleApi()
api.authenticate()
api.competition_download_file("houses", "areas.csv")
api.competition_download_file("houses", "rows.csv")
rows = pd.read_csv("{read}")
{FIT}"""
    assert datasets(code)["houses"].sites[0].span.line == line


def test_a_single_file_that_is_put_where_the_code_runs_brings_no_folders() -> None:
    code = f"""
import wget
import pandas as pd
wget.download("https://example.org/flats.csv", ".")
rows = pd.read_csv("parts/houses.csv")
{FIT}"""
    assert set(datasets(code)) == {"parts/houses.csv"}


def test_a_download_without_a_name_takes_that_of_its_address() -> None:
    code = f"""
import wget
import pandas as pd
wget.download("https://example.org/flats.csv?raw=1")
rows = pd.read_csv("flats.csv")
{FIT}"""
    assert set(datasets(code)) == {"flats.csv", "https://example.org/flats.csv?raw=1"}
