"""At which call an object is fitted whose constructor is given the data."""

from __future__ import annotations

import json

import pytest

from tests.graph.analysed import analysed, nodes

HEAD = "from datasets import load_dataset\nfrom transformers import Trainer\nrows = load_dataset('shop/reviews')\n"
MADE = "trainer = Trainer(model=m, train_dataset=rows)\n"


def fitted(code: str, path: str = "train.py") -> list[int]:
    """The lines on which something is fitted."""
    return [node.sites[0].span.line for node in nodes(analysed({path: code}), "Training")]


def inside(*lines: str) -> str:
    return f"{HEAD}def main(f):\n" + "".join(f"    {line}\n" for line in (MADE.strip(), *lines))


def test_a_trainer_is_fitted_where_it_trains() -> None:
    assert fitted(inside("trainer.add_callback(f)", "trainer.train()", "trainer.evaluate()")) == [7]


@pytest.mark.parametrize("asked", ["trainer.predict(f)", "trainer.evaluate()", "print(trainer.predict(f).metrics)"])
def test_a_trainer_that_is_only_asked_is_fitted_nowhere(asked: str) -> None:
    assert fitted(inside(asked)) == []


@pytest.mark.parametrize(
    "use",
    [
        "return trainer",
        "f(trainer)",
        "f.trainer = trainer",
        "other = trainer",
        "trainer.hyperparameter_search()",
        "run = trainer.train",
        "[one.predict(f) for one in [trainer]]",
        "pass",
    ],
)
def test_a_trainer_that_may_be_fitted_elsewhere_is_so_where_it_is_made(use: str) -> None:
    assert fitted(inside(use)) == [5]


def test_a_function_inside_may_fit_the_trainer() -> None:
    assert fitted(inside("def run():", "    trainer.train()", "trainer.predict(f)", "run()")) == [7]


def test_a_trainer_is_followed_around_the_loops_that_bind_it() -> None:
    made = f"        for b in a:\n            {MADE}            trainer.predict(f)\n"
    loops = f"    trainer = f\n    for a in f:\n        trainer.train()\n{made}"
    assert fitted(f"{HEAD}def main(f):\n{loops}") == [7]


def test_what_a_module_exports_may_be_fitted_by_whoever_imports_it() -> None:
    assert fitted(f"{HEAD}{MADE}trainer.predict(rows)\n") == [4]


def test_a_name_that_the_cells_of_a_notebook_bind_anew_is_fitted_in_the_cell_that_trains() -> None:
    cells = [HEAD, f"{MADE}trainer.predict(rows)\n", MADE, "trainer.train()\n", f"{MADE}trainer.predict(rows)\n"]
    shown = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.strip()} for cell in cells]
    text = json.dumps({"cells": shown, "metadata": {}, "nbformat": 4}, indent=1)
    assert fitted(text, "n.ipynb") == [7]


@pytest.mark.parametrize(
    ("use", "words"), [("trainer.train()", "`Trainer` is fitted"), ("f(trainer)", "`Trainer` is handed its data")]
)
def test_a_trainer_of_which_no_fit_is_seen_is_only_handed_its_data(use: str, words: str) -> None:
    graph = analysed({"train.py": inside(use)}).graph
    (training,) = graph.nodes("Training")
    assert [edge.steps[0].how for edge in graph.out(training.id, ["trained_on"])] == [words]


@pytest.mark.parametrize(("use", "line"), [("trainer.fit()", 7), ("Tuner(trainer).fit()", 6)])
def test_a_trainer_of_ray_is_fitted_where_it_runs(use: str, line: int) -> None:
    head = "import ray\nfrom ray.train.torch import TorchTrainer\nfrom ray.tune import Tuner\ndef main(loop):\n"
    made = (
        "    rows = ray.data.read_csv('s3://shop/r.csv')\n    trainer = TorchTrainer(loop, datasets={'train': rows})\n"
    )
    assert fitted(f"{head}{made}    {use}\n") == [line]
