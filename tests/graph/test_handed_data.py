"""Data that a pool, a thread or an event loop passes to a function it runs, and that the function gives back."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

LEARN = """
import pandas as pd
from sklearn.linear_model import Ridge
def load(path):
    return pd.read_csv(path)
def learn(name, rows):
    return Ridge().fit(rows[["x"]], rows["y"])
rows = pd.read_csv("s3://shop/rows.csv")
names = pd.read_csv("s3://shop/names.csv")
"""
POOL = "from concurrent.futures import ProcessPoolExecutor\n"
FIT = "\nRidge().fit(table[['x']], table['y'])\n"


def trained_from(code: str) -> list[str]:
    """The datasets that something in a script is trained from."""
    return sorted(node.label for node in nodes(analysed({"train.py": f"{LEARN}{code}"}), "Dataset"))


@pytest.mark.parametrize(
    "code",
    [
        f"{POOL}with ProcessPoolExecutor() as pool:\n    futures = [pool.submit(learn, n, rows) for n in 'ab']",
        f"{POOL}with ProcessPoolExecutor() as pool:\n    for n in 'ab': pool.submit(learn, n, rows=rows)",
        f"{POOL}with ProcessPoolExecutor() as pool:\n    pool.submit(learn, *('a', rows))",
        f"{POOL}with ProcessPoolExecutor() as pool:\n    list(pool.map(learn, [names], [rows]))",
        f"{POOL}from functools import partial\nProcessPoolExecutor().submit(partial(learn, rows=rows), 'a')",
        "from multiprocessing import Pool\nPool().starmap(learn, [(names, rows)])",
        "from multiprocessing import Pool\nPool().starmap(learn, [(n, rows) for n in names])",
        "from multiprocessing import Pool\nwork = [(names, rows)]\nPool().starmap(learn, work)",
        "from multiprocessing import Pool\nPool().apply_async(learn, (names, rows))",
        "from multiprocessing import Process\nProcess(target=learn, kwargs={'name': names, 'rows': rows}).start()",
        "from threading import Thread\nThread(target=learn, args=(names, rows)).start()",
        "import asyncio\nasync def main(): await asyncio.to_thread(learn, names, rows)",
        "import asyncio\nasync def main(): await asyncio.get_running_loop().run_in_executor(None, learn, names, rows)",
        "from joblib import Parallel, delayed\nParallel(n_jobs=2)(delayed(learn)(n, rows) for n in names)",
    ],
)
def test_what_is_passed_beside_a_function_reaches_its_parameter_alone(code: str) -> None:
    assert trained_from(code) == ["s3://shop/rows.csv"]


@pytest.mark.parametrize(
    ("marked", "run"),
    [
        ("import ray\n@ray.remote", "ray.get([step.remote(n, rows) for n in 'ab'])"),
        ("from prefect import task\n@task", "step.submit(names, rows)"),
        ("from celery import Celery\napp = Celery('shop')\n@app.task", "step.delay(names, rows=rows)"),
        ("from celery import Celery\napp = Celery('shop')\n@app.task", "step.apply_async((names, rows))"),
    ],
)
def test_a_method_of_a_decorated_function_passes_what_it_is_given(marked: str, run: str) -> None:
    assert trained_from(f"{marked}\ndef step(name, rows): Ridge().fit(rows)\n{run}\n") == ["s3://shop/rows.csv"]


def test_a_bound_method_is_passed_what_stands_beside_it() -> None:
    code = f"{POOL}class Own:\n    def learn(self, rows): Ridge().fit(rows)\n"
    assert trained_from(f"{code}ProcessPoolExecutor().submit(Own().learn, rows)") == ["s3://shop/rows.csv"]


def test_what_a_function_of_the_repository_of_the_same_name_does_is_not_assumed() -> None:
    assert trained_from("def submit(function, *rest): ...\nsubmit(learn, 'a', rows)") == []
    assert trained_from("import other\nother.pool().submit(learn, 'a', rows)") == []


@pytest.mark.parametrize(
    "given",
    [
        "ProcessPoolExecutor().submit(load, '{0}').result()",
        "pd.concat(ProcessPoolExecutor().map(load, ['{0}']))",
        "pd.concat([one.result() for one in [ProcessPoolExecutor().submit(load, p) for p in ['{0}']]])",
    ],
)
def test_what_a_function_gives_is_what_this_call_passes_to_it(given: str) -> None:
    code = f"{POOL}other = {given.format('s3://shop/b.csv')}\ntable = {given.format('s3://shop/a.csv')}{FIT}"
    assert trained_from(code) == ["s3://shop/a.csv"]
