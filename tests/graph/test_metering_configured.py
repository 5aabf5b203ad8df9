"""Calls of modules that take their model from the settings of their library go wherever the model of these goes."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import RULE, calls, run, verdict

LOCAL = "dspy.LM('ollama_chat/llama3', api_base='http://localhost:11434')"
PAID = "dspy.LM('openai/gpt-5-mini')"
OPEN = Unknown("the model may run on one's own machines")
UNCONFIGURED = Unknown("which model the library is configured with did not resolve")

PROGRAM = """\
import logging
import dspy
from fastapi import FastAPI

app = FastAPI()
CONFIGURE


class Answer(dspy.Module):
    def __init__(self):
        super().__init__()
        self.predict = dspy.ChainOfThought("question -> answer")

    def forward(self, question):
        return self.predict(question=question)


program = Answer()


@app.post("/ask")
def ask(question: str):
    found = program(question=question)
    LOG
    return found.answer
"""


def program(configure: str, log: str = "pass") -> dict[str, str]:
    """A service that configures its library and asks through a program of it."""
    return {"app.py": PROGRAM.replace("CONFIGURE", configure).replace("LOG", log)}


def hosting(files: dict[str, str]) -> object:
    """Who runs the model of the only call."""
    (call,) = calls(files)
    return call.properties["hosting"]


@pytest.mark.parametrize(
    "configure",
    [
        "dspy.configure(lm=LM)",
        "dspy.settings.configure(lm=LM)",
        "lm = LM\ndspy.configure(lm=lm, track_usage=True)",
        "dspy.configure(lm=LM)\ndspy.configure(track_usage=True)",
    ],
)
def test_the_model_that_is_configured_decides(configure: str) -> None:
    assert hosting(program(configure.replace("LM", LOCAL))) == "self-hosted"
    (paid,) = calls(program(configure.replace("LM", PAID)))
    assert (paid.properties["hosting"], paid.properties["model"]) == ("api", "openai/gpt-5-mini")
    assert verdict(program(configure.replace("LM", PAID))).state == "absent"


@pytest.mark.parametrize("configure", ["", "from models import lm\ndspy.configure(lm=lm)", "dspy.configure(**lm)"])
def test_a_model_that_is_not_seen_leaves_it_open(configure: str) -> None:
    assert hosting(program(configure)) == UNCONFIGURED
    assert not [one for one in run(program(configure)).run.shown if one.rule == RULE]


def test_several_models_leave_it_open() -> None:
    assert hosting(program(f"dspy.configure(lm={PAID})\ndspy.configure(lm={LOCAL})")) == OPEN


def test_the_settings_of_another_program_decide_nothing() -> None:
    other = {"other.py": f"import dspy\n\ndspy.configure(lm={LOCAL})\n"}
    assert hosting({**program(f"dspy.configure(lm={PAID})"), **other}) == "api"


def test_a_context_around_a_call_decides_for_it() -> None:
    files = program(f"dspy.configure(lm={PAID})")
    inside = f"with dspy.context(lm={LOCAL}):\n            return self.predict"
    assert hosting({"app.py": files["app.py"].replace("return self.predict", inside)}) == "self-hosted"


def test_a_model_that_a_program_is_given_may_be_that_of_the_call() -> None:
    assert hosting(program(f"dspy.configure(lm={PAID})", f"program.set_lm({LOCAL})")) == OPEN


@pytest.mark.parametrize(
    "read",
    [
        'lm.history[-1]["usage"]',
        'lm.history[-1]["usage"]["total_tokens"]',
        'lm.history[-1]["cost"]',
        'sum(one["cost"] for one in lm.history[-1:] if one["cost"])',
    ],
)
def test_the_history_of_the_model_that_is_configured_records(read: str) -> None:
    log = f"logging.info('used %s', {read})"
    assert verdict(program(f"lm = {PAID}\ndspy.configure(lm=lm)", log)).state == "satisfied"
    assert verdict(program(f"lm = {PAID}\ndspy.configure(lm={PAID})", log)).state == "absent"


@pytest.mark.parametrize("read", ["lm.history[-1]['response']", "found['cost']", "len(lm.history)"])
def test_what_tells_no_use_is_no_record(read: str) -> None:
    log = f"logging.info('used %s', {read})"
    assert verdict(program(f"lm = {PAID}\ndspy.configure(lm=lm)", log)).state == "absent"
