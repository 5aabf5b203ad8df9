"""An attribute that a method of its own kind is assigned to is what it was."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

DATA = """
import pandas as pd
from datasets import load_dataset
class Data:
    def __init__(self):
        self.x = None
    def prepare(self):
        self.x = {first}
    def setup(self, names):
        self.x = {second}
    def use(self):
        probe(self.x)
"""
DATASET, FRAME = "load_dataset('a')['train']", "pd.read_csv('a.csv')"


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (DATASET, "self.x.map(len, batched=True)", ["datasets.Dataset()"]),
        (DATASET, "self.x.map(len).filter(str)", ["datasets.Dataset()"]),
        (DATASET, "self.x['train'].shuffle()", ["datasets.Dataset()"]),
        (FRAME, "self.x.drop(columns=names)", ["pandas.DataFrame()"]),
        (FRAME, "self.x.dropna().reset_index()", ["pandas.DataFrame()"]),
    ],
)
def test_a_method_that_keeps_the_kind_adds_nothing(first: str, second: str, found: list[str]) -> None:
    assert probe(DATA.format(first=first, second=second)) == found


@pytest.mark.parametrize("second", ["self.x.unheard_of()", "self.x.map(len).unheard_of()", "self.x['a'].get(1)"])
def test_a_method_that_may_give_something_else_leaves_it_open(second: str) -> None:
    assert "?" in probe(DATA.format(first=DATASET, second=second).replace("datasets", "unheard"))
