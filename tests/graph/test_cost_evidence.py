"""The coverage line of model calls counts what the rule asks about, and says what it leaves out."""

from __future__ import annotations

import pytest

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.model.finding import Run
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree

RULE = "missing-cost-instrumentation"
PAID = """\
from openai import OpenAI


def ask(text):
    return OpenAI({address}).responses.create(model="gpt-5-mini", input=text).output_text
"""
OWN = PAID.format(address='base_url="http://localhost:8000/v1"')
OPEN = "import plugins\n" + PAID.format(address="base_url=plugins.find()")
UNMETERED = PAID.format(address="")


def run(files: dict[str, str], *, include_examples: bool = False) -> Run:
    return analyse(MemoryTree(files), Settings(include_examples=include_examples)).run


def line(files: dict[str, str]) -> str:
    (told,) = [one for one in run(files).coverage.lines if one.startswith("cost evidence")]
    return told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a.py": UNMETERED}, "0 metered, 1 unmetered, 0 unknown of 1 paid model call"),
        ({"a.py": UNMETERED, "b.py": OPEN}, "0 metered, 1 unmetered, 1 unknown of 2 paid model calls"),
        ({"a.py": OWN}, "no paid model calls; not counted: 1 self-hosted"),
        (
            {"a.py": UNMETERED, "b.py": OWN, "examples/c.py": UNMETERED},
            "0 metered, 1 unmetered, 0 unknown of 1 paid model call; "
            "not counted: 1 self-hosted, 1 in tests, examples and experiments",
        ),
    ],
)
def test_only_paid_calls_that_are_operated_are_counted(files: dict[str, str], told: str) -> None:
    assert line(files) == f"cost evidence: {told}"


def test_what_is_left_open_in_examples_is_one_number_unless_they_are_asked_for() -> None:
    files = {"a.py": OPEN, "examples/b.py": OPEN}
    hidden = run(files).coverage.unknown[RULE]
    assert hidden.pop("in examples") == 1
    assert list(hidden.values()) == [1]
    assert run(files, include_examples=True).coverage.unknown[RULE] == dict.fromkeys(hidden, 2)


def test_findings_and_open_candidates_are_the_unmetered_and_the_unknown_calls() -> None:
    told = run({"a.py": UNMETERED, "b.py": OPEN, "c.py": OWN})
    assert (len(told.shown), sum(told.coverage.unknown[RULE].values())) == (1, 1)
