"""Texts in the fields of a dataclass or model: what the calls that make it pass."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

JOB = """
from dataclasses import dataclass

@dataclass
class Job:
    path: str
    def run(self):
        probe(self.path)
"""
MODEL = JOB.replace("from dataclasses import dataclass", "from pydantic import BaseModel").replace(
    "@dataclass\nclass Job", "class Job(BaseModel)"
)
OPEN = "?"


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ('Job("a.csv").run()', ["'a.csv'"]),
        ('Job(path="a.csv").run()', ["'a.csv'"]),
        ('job = Job(path="a.csv")\njob.run()', ["'a.csv'"]),
        ('Job("a.csv").run()\nJob("b.csv").run()', ["'a.csv'", "'b.csv'"]),
        ('def make(path):\n    return Job(path)\nmake("a.csv").run()', ["'a.csv'"]),
    ],
)
def test_a_field_holds_the_texts_that_all_constructions_pass(made: str, found: list[str]) -> None:
    assert probe(JOB + made) == found


@pytest.mark.parametrize(
    "made",
    [
        "",
        "Job(1)",
        "def make(**fields):\n    return Job(**fields)\nJob('a.csv')",
        "import store\nJob('a.csv')\nstore.read('job.json', Job)",
    ],
)
def test_a_field_is_open_where_not_all_constructions_or_what_they_pass_are_known(made: str) -> None:
    assert probe(JOB + made) == [OPEN]


def test_a_class_that_a_decorator_may_keep_is_made_by_others_too() -> None:
    job = JOB.replace("@dataclass", "@registry.job\n@dataclass").replace("from data", "import registry\nfrom data", 1)
    assert probe(job + "Job('a.csv')") == [OPEN]


def test_what_other_code_sets_a_field_to_counts_beside_what_is_passed() -> None:
    assert probe(JOB + "job = Job('a.csv')\njob.path = 'b.csv'\njob.run()") == ["'a.csv'", "'b.csv'"]


def test_a_field_of_a_model_holds_what_is_passed_or_what_data_fill_in() -> None:
    found = probe(MODEL + "Job(path='a.csv').run()")
    assert found == ["'a.csv'", "?"]


def test_settings_are_filled_by_their_environment() -> None:
    job = MODEL.replace("from pydantic import BaseModel", "from pydantic_settings import BaseSettings as BaseModel")
    assert "'a.csv'" not in probe(job + "Job(path='a.csv').run()")
