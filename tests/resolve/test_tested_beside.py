"""A test of one parameter or field tells which calls, objects and rows lead to a place, and what others are there."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

LOAD = """
def load(kind, path):
    if kind == "csv":
        probe(path)
    elif kind in ("parquet", "pq"):
        other(path)
    else:
        last(path)
"""


def test_a_parameter_is_what_the_calls_pass_that_lead_to_the_branch() -> None:
    calls = "load('csv', 'a.csv')\nload('parquet', 'b.parquet')\nload('pq', 'c.parquet')\nload('x', 'd')\n"

    assert probe(LOAD + calls) == ["'a.csv'"]
    assert probe(LOAD + calls, name="other") == ["'b.parquet'", "'c.parquet'"]
    assert probe(LOAD + calls, name="last") == ["'d'"]


def test_a_call_that_may_lead_to_the_branch_counts() -> None:
    assert probe(f"{LOAD}load('csv', 'a.csv')\nload(read(), 'b.parquet')\n") == ["'a.csv'", "'b.parquet'"]


def test_what_leads_to_the_branch_is_told_over_several_calls() -> None:
    outer = "def start(kind, path):\n    load(kind, path)\n"

    assert probe(f"{LOAD}{outer}start('csv', 'a.csv')\nstart('pq', 'b.parquet')\n") == ["'a.csv'"]


def test_a_text_of_a_parameter_is_told_by_the_branch_too() -> None:
    source = LOAD.replace("probe(path)", "probe(f'data/{path}')")

    assert probe(f"{source}load('csv', 'a.csv')\nload('pq', 'b.parquet')\n") == ["'data/a.csv'"]


LOADER = """
class Loader:
    def __init__(self, kind, path):
        self.kind = kind
        self.path = path
    def run(self):
        if self.kind == "csv":
            probe(self.path)
"""


def test_a_field_is_that_of_the_objects_that_lead_to_the_branch() -> None:
    assert probe(f"{LOADER}Loader('csv', 'a.csv').run()\nLoader('pq', 'b.parquet').run()\n") == ["'a.csv'"]


def test_a_field_that_code_outside_sets_rules_no_object_out() -> None:
    source = f"{LOADER}one = Loader('csv', 'a.csv')\ntwo = Loader('pq', 'b.parquet')\ntwo.kind = 'csv'\n"

    assert probe(source) == ["'a.csv'", "'b.parquet'"]


ROWS = """
class Row:
    def __init__(self, kind, path):
        self.kind = kind
        self.path = path
rows = [Row('csv', 'a.csv'), Row('pq', 'b.parquet'), Row('csv', 'c.csv')]
dicts = [{'kind': 'csv', 'path': 'a.csv'}, {'kind': 'pq', 'path': 'b.parquet'}, {'kind': 'csv', 'path': 'c.csv'}]
pairs = [('csv', 'a.csv'), ('pq', 'b.parquet'), ('csv', 'c.csv')]
"""


@pytest.mark.parametrize(
    "loop",
    [
        "for row in rows:\n    load(row.kind, row.path)\n",
        "for row in dicts:\n    load(row['kind'], row['path'])\n",
        "for kind, path in pairs:\n    load(kind, path)\n",
        "for row in dicts:\n    load(**row)\n",
    ],
)
def test_arguments_out_of_one_row_are_told_by_a_test_of_one_of_them(loop: str) -> None:
    assert probe(LOAD + ROWS + loop) == ["'a.csv'", "'c.csv'"]


def test_rows_are_told_apart_beside_others_that_are_not_known() -> None:
    loop = "for row in rows if rows else fetch():\n    load(row.kind, row.path)\n"

    assert probe(LOAD + ROWS + loop) == ["'a.csv'", "'c.csv'", "?"]


READ = """
def read(row):
    if row.kind in ["csv", "tsv"]:
        probe(row.path)
    elif row.kind == "pq":
        other(row.path)
def every():
    found = []
    for name in names():
        if name.startswith("x"):
            row = Row("csv", path=f"data/{name}.csv")
        elif name:
            row = Row("pq", path="b.parquet")
        else:
            row = Row(kind_of(name), path="c.csv")
        found.append(row)
    return found
"""


@pytest.mark.parametrize("loop", ["for one in every():\n    read(one)\n", "list(map(read, every()))\n"])
def test_a_field_is_that_of_the_objects_whose_other_field_passes_the_test(loop: str) -> None:
    assert probe(ROWS + READ + loop) == ["'c.csv'", "f'data/{name}.csv'"]
    assert probe(ROWS + READ + loop, name="other") == ["'b.parquet'", "'c.csv'"]


def test_a_field_of_a_name_is_that_of_the_objects_whose_other_field_passes_the_test() -> None:
    loop = "for one in every():\n    if one.kind == 'pq':\n        last(one.path)\n"
    assert probe(ROWS + READ + loop, name="last") == ["'b.parquet'", "'c.csv'"]


def test_an_object_whose_other_field_is_set_elsewhere_may_pass_the_test() -> None:
    loop = "for one in every():\n    read(one)\nother_row = rows[1]\nother_row.kind = 'csv'\n"
    assert probe(ROWS + READ + loop) == ["'b.parquet'", "'c.csv'", "f'data/{name}.csv'"]
