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


ASKING = (
    "# Ask\nfrom openai import OpenAI\nclient = OpenAI()\n",
    "def told(words):\n    reply = client.chat.completions.create(model='gpt-4o', messages=words)\n"
    "    print(reply.usage.total_tokens)\n",
)
SERVING = (
    "from fastapi import FastAPI\nfrom openai import OpenAI\n\napp = FastAPI()\nclient = OpenAI()\n\n\n"
    "@app.post('/ask')\ndef ask(words: list):\n"
    "    return client.chat.completions.create(model='gpt-4o', messages=words)\n"
)


def notebook(*, is_split: bool = True, cells_of: tuple[str, ...] = CELLS) -> str:
    """A notebook as Jupyter writes it; with `is_split` false each cell is one string, as nbconvert may leave it."""
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "id": str(number), "metadata": {}, "outputs": [], "execution_count": None,
         "source": text.splitlines(keepends=True) if is_split else text}
        for number, text in enumerate(cells_of)
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


def test_the_exported_graph_has_the_lines_of_the_file(cli: Cli, root: Path) -> None:
    text = notebook()
    (root / "notes" / "churn.ipynb").write_text(text)
    document = json.loads(cli("graph", "repo").out)
    sites = {node["kind"]: node["sites"] for node in document["nodes"]}
    assert sites["Dataset"][0] == {"path": "notes/churn.ipynb", "line": line_of(text, "PATH = 's3")}
    assert sites["Training"] == [{"path": "notes/churn.ipynb", "line": line_of(text, "Ridge().fit")}]
    code_lines = {line_of(text, line[:20]) for cell in CELLS for line in cell.splitlines() if line}
    assert {one["line"] for one in _locations(document)} <= code_lines
    drawn = cli("graph", "repo", "--format", "graphml").out
    assert {int(line) for line in re.findall(r"churn\.ipynb:(\d+)", drawn)} <= code_lines


def test_a_remedy_names_the_line_of_the_file(cli: Cli, root: Path) -> None:
    text = notebook(cells_of=ASKING)
    (root / "notes" / "ask.ipynb").write_text(text)
    (root / "app.py").write_text(SERVING)
    said = cli("check", "repo", "--isolated").out
    assert f"as ask.ipynb:{line_of(text, 'reply.usage')} does" in said


def test_a_cell_that_is_no_python_is_told_at_its_place(cli: Cli, root: Path) -> None:
    text = notebook().replace("def fit(data):", "def fit(data) = broken")
    (root / "notes" / "churn.ipynb").write_text(text)
    said = cli("check", "repo", "--isolated").out
    line = line_of(text, "def fit")
    assert f"warning: notes/churn.ipynb:{line} (cell 3) cell 3 is not valid Python\n" in said


def _locations(report: object) -> list[dict[str, object]]:
    """All places in a report, however deep."""
    if isinstance(report, list):
        return [found for one in report for found in _locations(one)]
    if not isinstance(report, dict):
        return []
    here = [report] if {"path", "line"} <= report.keys() else []
    return [*here, *(found for one in report.values() for found in _locations(one))]
