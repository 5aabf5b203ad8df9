"""A function that a model server finds by its name is passed what the functions beside it return."""

from __future__ import annotations

from tests.resolve.sample import probe

LOADS = "import joblib\ndef model_fn(folder):\n    return joblib.load(folder), 'gz'\n"


def test_what_is_predicted_with_is_what_the_loading_function_returns() -> None:
    source = f"{LOADS}def predict_fn(data, model):\n    probe(model[1])\n"

    assert probe(source) == ["'gz'"]


def test_what_is_predicted_for_is_what_the_reading_function_returns() -> None:
    source = f"{LOADS}def input_fn(body, kind):\n    return 'rows'\ndef predict_fn(data, model):\n    probe(data)\n"

    assert probe(source) == ["'rows'"]


def test_a_method_of_that_name_is_not_what_the_server_calls() -> None:
    source = f"{LOADS}class Scorer:\n    def predict_fn(self, model):\n        probe(model)\n"

    assert probe(source) == ["?"]
