"""Which file of the repository a local path means, and what is fetched into a folder without Python."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.model.value import Property, Unknown
from tests.graph.analysed import analysed, nodes
from tests.graph.test_datasets import FIT


@pytest.mark.parametrize(
    ("held", "further", "label"),
    [
        ("jobs/nightly/data/rows.csv", {}, "jobs/nightly/data/rows.csv"),
        ("jobs/data/rows.csv", {}, "jobs/data/rows.csv"),
        ("assets/data/rows.csv", {"assets/run.py": "import jobs.nightly.train\n"}, "assets/data/rows.csv"),
        ("assets/data/rows.csv", {}, "data/rows.csv"),
    ],
)
def test_a_committed_file_is_the_one_that_is_seen_from_a_folder_the_code_may_run_in(
    held: str, further: dict[str, str], label: str
) -> None:
    code = f'import pandas as pd\nrows = pd.read_csv("data/rows.csv")\n{FIT}'
    analysis = analysed({"jobs/nightly/train.py": code, held: "x,y\n", **further})
    (node,) = nodes(analysis, "Dataset")
    assert (node.label, node.properties["tracked"]) == (label, label == held)


def test_code_that_goes_to_another_folder_may_read_any_committed_file_of_that_path() -> None:
    code = f'import os\nimport pandas as pd\nos.chdir("assets")\nrows = pd.read_csv("data/rows.csv")\n{FIT}'
    (node,) = nodes(analysed({"jobs/train.py": code, "assets/data/rows.csv": "x,y\n"}), "Dataset")
    assert node.properties["tracked"]


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/content/shop/rows.csv", "unknown"),
        ("/home/ada/shop/rows.csv", "mutable-implicit"),
        ("/content/shop/others.csv", "mutable-implicit"),
    ],
)
def test_a_path_on_a_machine_may_lead_into_a_clone_of_the_repository(path: str, state: str) -> None:
    code = f'import pandas as pd\nrows = pd.read_csv("{path}")\n{FIT}'
    (node,) = nodes(analysed({"train.py": code, "rows.csv": "x,y\n"}), "Dataset")
    pin = node.properties["pin"]
    assert ("unknown" if isinstance(pin, Unknown) else pin) == state


def test_a_folder_that_another_projects_command_runs_in_is_none_of_this_file() -> None:
    code = f'import pandas as pd\nrows = pd.read_csv("data/rows.csv")\n{FIT}'
    recipe = "FROM python:3.12\nWORKDIR /app/houses\nCOPY . /app\nCMD python serve.py\n"
    files = {"flats/train.py": code, "houses/data/rows.csv": "x,y\n", "houses/Dockerfile": recipe}
    (node,) = nodes(analysed(files), "Dataset")
    assert not node.properties["tracked"]


# -- versions and competitions


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("v5.3/train.parquet", "version-pinned"),
        ("data/rows_v2.csv", "version-pinned"),
        ("data/1.4.0/rows.csv", "version-pinned"),
        ("data/share_0.8.csv", "mutable-implicit"),
        ("data/velocity/rows.csv", "mutable-implicit"),
        ("../v1/rows.csv", "version-pinned"),
        ("experiments/v1-scratch/tmp/rows.csv", "mutable-implicit"),
        ("data/model-v2/rows.csv", "mutable-implicit"),
    ],
)
def test_a_version_in_a_local_path_is_a_named_version(path: str, state: str) -> None:
    code = f'import pandas as pd\nrows = pd.read_csv("{path}")\n{FIT}'
    (node,) = nodes(analysed({"train.py": code}), "Dataset")
    assert node.properties["pin"] == state


def test_what_is_downloaded_to_a_path_with_a_version_is_the_download() -> None:
    code = f"""
import urllib.request
import pandas as pd
urllib.request.urlretrieve("https://example.org/rows.csv", "data/v1.0/rows.csv")
rows = pd.read_csv("data/v1.0/rows.csv")
{FIT}"""
    found = {node.label: node.properties["pin"] for node in nodes(analysed({"train.py": code}), "Dataset")}
    assert found == {"data/v1.0/rows.csv": "generated", "https://example.org/rows.csv": "mutable-implicit"}


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("../input/houses/train.csv", "../input/houses/"),
        ("../../input/houses/parts/train.csv", "../../input/houses/"),
        ("/kaggle/input/houses/train.csv", "/kaggle/input/houses/"),
        ("../input/train.csv", "../input/"),
        ("../input/*/train.csv", "../input/"),
    ],
)
def test_the_input_of_a_competition_is_told_by_its_folder(path: str, label: str) -> None:
    code = f'import pandas as pd\nrows = pd.read_csv("{path}")\n{FIT}'
    (node,) = nodes(analysed({"train.py": code}), "Dataset")
    assert (node.label, node.properties["convention"]) == (label, True)


# -- what a shell fetches

ADDRESS = "https://example.org/flats.csv"


def notebook(*lines: str, read: str = "flats.csv") -> str:
    """A notebook with a cell of shell lines, and one that learns from a file."""
    code = f'import pandas as pd\nrows = pd.read_csv("{read}")\n{FIT}'
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        for text in ("\n".join(lines), code)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def learned(files: dict[str, str]) -> dict[str, Property]:
    """The pins of the datasets of a repository, by label."""
    return {node.label: node.properties["pin"] for node in nodes(analysed(files), "Dataset")}


@pytest.mark.parametrize(
    "line",
    [
        f"!wget {ADDRESS}",
        f"!wget -q --no-check-certificate {ADDRESS}",
        f"!wget -qO flats.csv {ADDRESS}?raw=1",
        f"!curl -sSLo flats.csv {ADDRESS}",
        f"!curl -L -O {ADDRESS}",
        f"!curl {ADDRESS} --output flats.csv",
        f"!gdown {ADDRESS} -O flats.csv",
        f"!mkdir -p out && wget -O ./flats.csv {ADDRESS}",
    ],
)
def test_a_line_of_a_cell_that_downloads_a_file_is_where_it_comes_from(line: str) -> None:
    found = learned({"explore/explore.ipynb": notebook(line)})
    assert {label.partition("?")[0] for label in found} == {"flats.csv", ADDRESS}
    assert found["flats.csv"] == "generated"


@pytest.mark.parametrize(
    "line",
    [
        f"!wget -O other.csv {ADDRESS}",
        f"!wget -O - {ADDRESS}",
        f"!curl {ADDRESS}",
        f"!wget -P {{folder()}} {ADDRESS}",
        "!pip install wget",
    ],
)
def test_a_line_that_brings_something_else_or_nobody_knows_what_says_nothing(line: str) -> None:
    assert learned({"explore/explore.ipynb": notebook(line)}) == {"flats.csv": "mutable-implicit"}


def test_a_variable_of_the_notebook_is_filled_in_a_line() -> None:
    lines = ('URL = "https://example.org/flats.zip"', "!wget -P raw {URL}", "!unzip -o -q raw/flats.zip -d raw")
    found = learned({"explore.ipynb": notebook(*lines, read="raw/flats.csv")})
    assert set(found) == {"raw/flats.csv", "raw/flats.zip", "https://example.org/flats.zip"}


@pytest.mark.parametrize("line", ["!tar -xzf more.tgz -C raw", "!tar xzf more.tgz --directory=raw"])
def test_of_two_archives_that_lines_unpack_into_one_folder_the_name_tells(line: str) -> None:
    lines = ("!unzip flats.zip -d raw", line)
    assert set(learned({"a.ipynb": notebook(*lines, read="raw/flats.csv")})) == {"raw/flats.csv", "flats.zip"}
    (pin,) = learned({"a.ipynb": notebook(*lines, read="raw/labels.csv")}).values()
    assert isinstance(pin, Unknown)


@pytest.mark.parametrize(
    ("files", "label"),
    [
        ({"get.sh": f"wget -P data {ADDRESS}\n"}, ADDRESS),
        ({"Makefile": f"data/flats.csv:\n\tcurl -o data/flats.csv {ADDRESS}\n"}, ADDRESS),
        ({"get.py": f'import os\nos.system("wget -P data {ADDRESS}")\n'}, ADDRESS),
        ({"get.py": f'import subprocess\nsubprocess.run(["wget", "-P", "data", "{ADDRESS}"])\n'}, ADDRESS),
        ({"get.sh": "kaggle datasets download -d shop/flats -p data --unzip\n"}, "shop/flats"),
        ({"get.sh": "aws s3 cp s3://shop/flats.csv data/ --no-progress\n"}, "s3://shop/flats.csv"),
        ({"get.sh": "aws s3 cp s3://shop/a.csv data/flats.csv\n"}, "s3://shop/a.csv"),
        ({"get.sh": "aws s3 sync s3://shop/raw data --profile shop\n"}, "s3://shop/raw"),
        ({"get.sh": "gsutil -m cp -r gs://shop/raw data\n"}, "gs://shop/raw"),
        ({"get.sh": "gcloud storage cp gs://shop/flats.csv data\n"}, "gs://shop/flats.csv"),
    ],
)
def test_scripts_recipes_and_started_commands_are_read_as_the_lines_of_cells(files: dict[str, str], label: str) -> None:
    code = f'import pandas as pd\nrows = pd.read_csv("data/flats.csv")\n{FIT}'
    assert set(learned({"train.py": code, "requirements.txt": "pandas\n", **files})) == {"data/flats.csv", label}


def test_the_download_of_a_competition_is_frozen_by_convention() -> None:
    lines = ("!kaggle competitions download -c houses", "!unzip houses.zip")
    (found,) = analysed({"a.ipynb": notebook(*lines, read="train.csv")}).run.findings
    assert "the competition input `houses`, which is frozen by convention only" in found.claim


@pytest.mark.parametrize(
    ("check", "state"),
    [
        ('echo "a3f1  data/flats.csv" | sha256sum -c -', "content-pinned"),
        ('echo "$SUM *data/flats.csv" | md5sum --check', "content-pinned"),
        ("cd data && shasum -a 256 -c flats.csv.sha256", "content-pinned"),
        ("sha256sum -c flats.md5", "content-pinned"),
        ('echo "a3f1  weights.bin" | sha256sum -c -', "mutable-implicit"),
        ("sha256sum -c weights.sha256", "mutable-implicit"),
    ],
)
def test_a_digest_that_a_script_checks_fixes_the_download_it_is_of(check: str, state: str) -> None:
    script = f"wget -P data {ADDRESS}\n{check}\n"
    found = learned({"train.py": READ, "requirements.txt": "pandas\n", "get.sh": script})
    assert found == {"data/flats.csv": "generated", ADDRESS: state}


@pytest.mark.parametrize(
    "check",
    [
        "sha256sum -c SHA256SUMS",
        "md5sum -c checksums.txt",
        "sha256sum -c data.sha256",
        'sha256sum -c "$LIST"',
        'echo "a3f1  $FILE" | sha256sum -c -',
        "cat lines.txt | sha256sum -c",
        'echo "checking the digests"\nsha256sum -c <<< "$SUM data/flats.csv"',
    ],
)
def test_a_check_that_does_not_tell_its_files_may_be_of_the_download(check: str) -> None:
    script = f"wget -P data {ADDRESS}\n{check}\n"
    found = learned({"train.py": READ, "requirements.txt": "pandas\n", "get.sh": script})
    assert isinstance(found[ADDRESS], Unknown)


@pytest.mark.parametrize(("name", "state"), [("data/flats.csv", "content-pinned"), ("tools.sh", "mutable-implicit")])
def test_a_step_of_a_workflow_checks_the_digest_of_the_file_it_names(name: str, state: str) -> None:
    steps = f'wget -P data {ADDRESS} && echo "a3f1  {name}" | sha256sum -c -'
    path = ".github/workflows/fit.yml"
    found = learned({"train.py": READ, "requirements.txt": "pandas\n", path: workflow(f"run: {steps}")})
    assert found[ADDRESS] == state


READ = f'import pandas as pd\nrows = pd.read_csv("data/flats.csv")\n{FIT}'


def workflow(step: str) -> str:
    """A workflow of GitHub with one step."""
    return f"on: push\njobs:\n  fit:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", f"FROM python:3.12\nWORKDIR /app\nRUN wget -P data {ADDRESS}\nCOPY . .\n"),
        ("Dockerfile", f"FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN curl -o /app/data/flats.csv {ADDRESS}\n"),
        ("Dockerfile", f"FROM python:3.12\nWORKDIR /app/data\nRUN wget {ADDRESS}\nWORKDIR /app\nCOPY . .\n"),
        (
            "Dockerfile",
            f"FROM python:3.12\nWORKDIR /app\nRUN apt-get update && \\\n    cd data && wget {ADDRESS}\nCOPY . .\n",
        ),
        (".github/workflows/fit.yml", workflow(f"run: wget -P data {ADDRESS}")),
        (".github/workflows/fit.yml", workflow(f"run: cd data && curl -O {ADDRESS}")),
        (".github/workflows/fit.yml", workflow(f"{{working-directory: data, run: wget {ADDRESS}}}")),
    ],
)
def test_what_an_image_or_a_workflow_fetches_is_seen_from_the_folder_it_runs_in(path: str, text: str) -> None:
    assert set(learned({"train.py": READ, "requirements.txt": "pandas\n", path: text})) == {"data/flats.csv", ADDRESS}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", f"FROM python:3.12\nWORKDIR /app\nRUN cd /tmp && wget -P data {ADDRESS}\nCOPY . .\n"),
        ("Dockerfile", f"FROM python:3.12\nWORKDIR /app\nRUN wget -P $WHERE {ADDRESS}\nCOPY . .\n"),
        (".github/workflows/fit.yml", workflow(f"run: wget {ADDRESS}")),
        (".github/workflows/fit.yml", workflow(f"run: aws s3 cp data/flats.csv s3://shop/flats.csv --sse # {ADDRESS}")),
        ("get.sh", "aws --endpoint-url http://localhost:9000 s3 cp s3://shop/flats.csv data/\n"),
    ],
)
def test_what_a_configuration_fetches_elsewhere_is_another_file(path: str, text: str) -> None:
    found = learned({"train.py": READ, "requirements.txt": "pandas\n", path: text})
    assert found == {"data/flats.csv": "mutable-implicit"}


def test_a_file_that_the_build_of_an_image_fetches_lies_where_the_code_reads_it() -> None:
    recipe = f"FROM python:3.12\nRUN --mount=type=cache,target=/c wget -q {ADDRESS} -O /data/flats.csv\n"
    code = READ.replace('"data/', '"/data/')
    assert set(learned({"train.py": code, "Dockerfile": recipe})) == {"/data/flats.csv", ADDRESS}


# -- archives that are committed beside the code


@pytest.mark.parametrize(
    "line",
    [
        "!unrar x flats.rar raw/",
        "!unrar x -y flats.rar raw/",
        "!7z x -oraw flats.rar",
        "!7za x flats.rar -oraw -y",
        "!patool extract --outdir raw flats.rar",
        'import patoolib\npatoolib.extract_archive("flats.rar", outdir="raw")',
        'import rarfile\nrarfile.RarFile("flats.rar").extractall("raw")',
    ],
)
def test_what_is_unpacked_from_a_committed_archive_is_fixed_with_it(line: str) -> None:
    found = learned({"explore/a.ipynb": notebook(line, read="raw/flats.csv"), "explore/flats.rar": "Rar!"})
    assert found == {"raw/flats.csv": "generated", "explore/flats.rar": "content-pinned"}


def test_a_packed_file_is_put_in_the_place_of_its_archive() -> None:
    found = learned({"explore/a.ipynb": notebook("!gunzip -f flats.csv.gz"), "explore/flats.csv.gz": "1f8b"})
    assert found == {"flats.csv": "generated", "explore/flats.csv.gz": "content-pinned"}


@pytest.mark.parametrize("line", ["!unrar l flats.rar", "!7z l flats.rar", "!patool list flats.rar", "print(1)"])
@pytest.mark.parametrize(
    ("held", "state"),
    [
        (("explore/all.rar",), "unknown"),
        (("explore/raw/all.zip",), "unknown"),
        (("explore/raw.tar.gz", "explore/labels.csv"), "unknown"),
        (("explore/all.rar", "explore/labels.csv"), "mutable-implicit"),
        (("all.rar",), "mutable-implicit"),
        (("explore/docs/all.rar",), "mutable-implicit"),
        (("explore/all.gz",), "mutable-implicit"),
    ],
)
def test_an_archive_beside_the_code_may_hold_what_is_not_committed(
    line: str, held: tuple[str, ...], state: str
) -> None:
    files = {"explore/a.ipynb": notebook(line, read="raw/flats.csv"), "explore/README.md": "Flats."}
    (pin,) = learned({**files, **dict.fromkeys(held, "Rar!")}).values()
    assert ("unknown" if isinstance(pin, Unknown) else pin) == state


def test_what_is_read_under_another_name_of_its_folder_is_what_was_fetched_into_it() -> None:
    lines = (f"!wget -P /mnt/flats {ADDRESS}", "!ln -sf /mnt/flats raw")
    assert learned({"a.ipynb": notebook(*lines, read="raw/flats.csv")})[ADDRESS] == "mutable-implicit"
