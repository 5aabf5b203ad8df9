"""What a call passes that runs a function through a method that configures it: `train.with_options(...)(rows)`."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe, repository

STEP = "from zenml import pipeline, step\n@pipeline\ndef train(path):\n    probe(path)\n"


@pytest.mark.parametrize(
    "run",
    [
        "train.with_options(enable_cache=False)('a.csv')",
        "train.with_options(**options)(path='a.csv')",
    ],
)
def test_a_configured_function_gets_what_the_call_behind_passes(run: str) -> None:
    code = f"{STEP}def main(options):\n    {run}\n"
    assert repository(code).probe() == ["'a.csv'"]


def test_a_method_that_makes_something_else_passes_nothing_on() -> None:
    code = "def train(path):\n    probe(path)\ndef main(log):\n    train.describe(x=1)('a.csv')\n"
    assert repository(code).probe() != ["'a.csv'"]


def test_a_value_that_is_handed_to_a_step_as_an_artifact_is_that_value() -> None:
    step = "from zenml import ExternalArtifact, step\n@step\ndef train(frame, path):\n    probe(path)\n"
    assert probe(step + "train(1, path=ExternalArtifact(value='a.csv'))") == ["'a.csv'"]
