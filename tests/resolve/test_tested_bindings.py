"""A test of one name decides which binding of another one a text has: each value goes with its own branch."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CALLS = "run('a_pct')\nrun('b_abs')\n"


@pytest.mark.parametrize("test", ["'pct' in x", "x.endswith('pct')", "x == 'a_pct'", "not x.endswith('abs')"])
def test_a_name_that_a_branch_binds_anew_belongs_to_the_values_that_lead_there(test: str) -> None:
    source = f"def run(x):\n    y = x\n    if {test}:\n        y = 'share'\n    probe(f'{{x}}:{{y}}')\n"

    assert probe(source + CALLS) == ["'a_pct:share'", "'b_abs:b_abs'"]


def test_each_of_two_branches_has_its_values() -> None:
    source = (
        "def run(x):\n    if 'pct' in x:\n        y = 'share'\n    else:\n        y = 'count'\n    probe(f'{x}:{y}')\n"
    )

    assert probe(source + CALLS) == ["'a_pct:share'", "'b_abs:count'"]


def test_names_that_one_test_decides_go_together() -> None:
    source = (
        "def run(x):\n    if 'pct' in x:\n        y = 'share'\n        z = '1'\n"
        "    else:\n        y = 'count'\n        z = '2'\n    probe(f'{y}:{z}')\n"
    )

    assert probe(source + CALLS) == ["'count:2'", "'share:1'"]


def test_a_value_that_the_test_does_not_decide_goes_with_both() -> None:
    source = "def run(x):\n    y = 'count'\n    if 'pct' in x:\n        y = 'share'\n    probe(f'{x}:{y}')\n"

    assert probe(f"{source}run('a_pct')\nrun(load())\n") == ["'a_pct:share'", "f'{x}:count'", "f'{x}:share'"]


def test_a_branch_that_some_ways_pass_by_replaces_nothing() -> None:
    source = (
        "def run(x):\n    y = 'count'\n    for one in load():\n        if 'pct' in x:\n            y = 'share'\n"
        "    probe(f'{x}:{y}')\n"
    )

    assert {"'a_pct:count'", "'a_pct:share'", "'b_abs:count'"} <= set(probe(source + CALLS))


def test_a_later_binding_does_not_hang_on_an_earlier_test() -> None:
    source = (
        "def run(x):\n    y = 'count'\n    if 'pct' in x:\n        y = 'share'\n    if load():\n        y = 'other'\n"
        "    probe(f'{x}:{y}')\n"
    )

    assert probe(source + CALLS) == ["'a_pct:other'", "'a_pct:share'", "'b_abs:count'", "'b_abs:other'"]


def test_a_name_that_is_bound_anew_behind_the_test_decides_nothing() -> None:
    source = "def run(x):\n    y = 'c'\n    if 'pct' in x:\n        y = 's'\n    x = x.upper()\n    probe(f'{x}:{y}')\n"

    assert {"'A_PCT:s'", "'B_ABS:c'"} <= set(probe(source + CALLS))
