"""Places of a notebook: what `check` prints is what `graph --why` takes, and what it prints itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

CELLS = (
    "# Churn\nimport pandas as pd\nfrom sklearn.linear_model import Ridge\n",
    "PATH = 's3://acme/churn/latest.csv'\nrows = pd.read_csv(PATH)\n",
    "def fit(data):\n    return Ridge().fit(data[['x']], data['y'])\n\nmodel = fit(rows)\n",
)


def notebook(*, is_split: bool = True) -> str:
    """A notebook as Jupyter writes it; with `is_split` false each cell is one string, as nbconvert may leave it."""
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "id": str(number), "metadata": {}, "outputs": [], "execution_count": None,
         "source": text.splitlines(keepends=True) if is_split else text}
        for number, text in enumerate(CELLS)
    ]  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def line_of(text: str, words: str) -> int:
    """The line of a file, from 1, on which words stand."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


@pytest.fixture
def root(folder: Path) -> Path:
    """A folder for a notebook inside the working directory."""
    (folder / "repo" / "notes").mkdir(parents=True)
    return folder / "repo"


def test_a_place_that_check_prints_of_a_notebook_can_be_asked_about(cli: Cli, root: Path) -> None:
    text = notebook()
    (root / "notes" / "churn.ipynb").write_text(text)
    printed = cli("check", "repo", "--isolated", "--output-format", "json").out
    places = {(one["path"], one["line"]) for one in _locations(json.loads(printed))}
    read = line_of(text, "PATH = 's3")
    assert ("notes/churn.ipynb", read) in places
    for path, line in places:
        assert cli("graph", "repo", "--why", f"{path}:{line}").out.startswith(("call `", "`", "function `"))
    said = cli("graph", "repo", "--why", f"notes/churn.ipynb:{read}").out
    assert said.startswith("`PATH` is assigned\n")
    assert f"(notes/churn.ipynb:{read}) is 's3://acme/churn/latest.csv'" in said


def test_every_place_that_an_explanation_prints_is_a_line_of_the_file(cli: Cli, root: Path) -> None:
    text = notebook()
    (root / "notes" / "churn.ipynb").write_text(text)
    said = cli("graph", "repo", "--why", f"notes/churn.ipynb:{line_of(text, 'def fit')}").out
    assert f"calls `fit` (notes/churn.ipynb:{line_of(text, 'model = fit')})" in said
    said += cli("graph", "repo", "--why", f"notes/churn.ipynb:{line_of(text, 'Ridge().fit')}").out
    assert f"a call passes `rows` (notes/churn.ipynb:{line_of(text, 'model = fit')})" in said
    assert f"`data` is a parameter of `fit` (notes/churn.ipynb:{line_of(text, 'def fit')})" in said
    places = {int(line) for line in re.findall(r"churn\.ipynb:(\d+)", said)}
    assert places <= {
        line_of(text, line[:20]) for cell in CELLS for line in cell.replace("'", "'").splitlines() if line
    }


def test_a_line_that_holds_a_whole_cell_tells_all_of_it(cli: Cli, root: Path) -> None:
    text = notebook(is_split=False)
    (root / "notes" / "churn.ipynb").write_text(text)
    line = line_of(text, "PATH = 's3")
    said = cli("graph", "repo", "--why", f"notes/churn.ipynb:{line}").out
    assert "`PATH` is assigned\n" in said
    assert "call `pd.read_csv(...)`\n" in said


def test_a_line_of_a_notebook_that_is_no_code_says_so(cli: Cli, root: Path) -> None:
    (root / "notes" / "churn.ipynb").write_text(notebook())
    for line in (1, 2, 4):
        said = cli("graph", "repo", "--why", f"notes/churn.ipynb:{line}").out
        assert said == f"no call, assignment or handler starts at notes/churn.ipynb:{line}\n"


def test_why_not_takes_the_same_places(cli: Cli, root: Path) -> None:
    text = notebook()
    (root / "notes" / "churn.ipynb").write_text(text)
    read = line_of(text, "PATH = 's3")
    said = cli("check", "repo", "--isolated", "--why-not", f"notes/churn.ipynb:{read}").out
    assert "unversioned-data-dependency: kept" in said
    code_line = "".join(CELLS).split("PATH = ")[0].count("\n") + 1
    other = cli("check", "repo", "--isolated", "--why-not", f"notes/churn.ipynb:{code_line}").out
    assert "unversioned-data-dependency" not in other


def _locations(report: object) -> list[dict[str, object]]:
    """All places in a report, however deep."""
    if isinstance(report, list):
        return [found for one in report for found in _locations(one)]
    if not isinstance(report, dict):
        return []
    here = [report] if {"path", "line"} <= report.keys() else []
    return [*here, *(found for one in report.values() for found in _locations(one))]
