"""`graph --why` of a line, a file or a folder: what handlers reach, who runs a function, which step came before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli

API = """from fastapi import FastAPI
from model import load
app = FastAPI()
@app.post("/score")
def score(x):
    return load().predict([[x]])
@app.get("/")
def live():
    return "ok"
"""
MODEL = "import joblib\ndef load():\n    return joblib.load('m.pkl')\n"
DAG = """from airflow.operators.python import PythonOperator
def fetch(): ...
def fit(): ...
first = PythonOperator(task_id="fetch", python_callable=fetch)
first >> PythonOperator(task_id="fit", python_callable=fit)
"""
REACHED = """POST /score (fastapi) is handled by `score` (svc/api.py:5)
  predicts: `joblib.load().predict` (svc/api.py:6)
  loads an artefact, on each request: `joblib.load` of `m.pkl` (svc/model.py:3)
    `score` calls `load` (svc/api.py:6)
"""
TOTAL = "1 of 2 handlers reach a model call, a prediction, an artefact or a client\n"


@pytest.fixture
def service(folder: Path) -> Path:
    """A small service and a DAG inside the working directory."""
    root = folder / "repo"
    (root / "svc").mkdir(parents=True)
    (root / "svc" / "api.py").write_text(API)
    (root / "svc" / "model.py").write_text(MODEL)
    (root / "dag.py").write_text(DAG)
    return root


def test_a_handler_is_told_from_its_decorator_and_its_def(cli: Cli, service: Path) -> None:
    for line in (4, 5):
        assert cli("graph", "repo", "--why", f"svc/api.py:{line}").out.startswith(REACHED)


def test_a_folder_tells_the_handlers_that_reach_something_and_a_file_all_of_them(cli: Cli, service: Path) -> None:
    for place in (".", "svc", "svc/", "repo/svc"):
        assert cli("graph", "repo", "--why", place).out == TOTAL + REACHED
    assert cli("graph", "repo", "--why", "svc/api.py").out == (
        TOTAL + REACHED + "GET / (fastapi) is handled by `live` (svc/api.py:8)\n"
        "  reaches no model call, no prediction, and loads and builds nothing\n"
    )


def test_a_step_is_told_with_what_wires_it_and_the_step_before(cli: Cli, service: Path) -> None:
    said = cli("graph", "repo", "--why", "dag.py:3").out
    assert said.startswith(
        "function `fit`\n"
        "  `dag.py` makes `fit` a step of a workflow (dag.py:5)\n"
        "  `fetch` is the step before it (dag.py:5)\n"
    )


def test_a_place_that_is_none_is_a_usage_error(cli: Cli, service: Path) -> None:
    said = cli("graph", "repo", "--why", "svc/ap.py")
    assert (said.status, said.out) == (2, "")
    assert "--why wants FILE:LINE, FILE or a folder, not svc/ap.py; did you mean api.py?" in said.err


def test_a_line_where_nothing_starts_says_so(cli: Cli, service: Path) -> None:
    assert (
        cli("graph", "repo", "--why", "svc/api.py:9").out == "no call, assignment or handler starts at svc/api.py:9\n"
    )
