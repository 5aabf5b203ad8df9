"""A switch that is set under a test that it is on: only what else sets it turns it on."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

LOAD = "def load(paid=False):\n    if {test}:\n        {bound}\n    else:\n        paid = False\n    return paid\n\n\n"


@pytest.mark.parametrize("bound", ["paid = True", "paid, name = True, ''"])
def test_a_switch_is_not_turned_on_where_it_is_on_already(bound: str) -> None:
    source = LOAD.format(test="paid", bound=bound)
    assert "True" not in probe(source + "probe(load())\n")
    assert "True" not in probe(source + "def f(paid=False):\n    probe(load(paid))\nf()\n")
    assert "True" in probe(source + "def f(paid=False):\n    probe(load(paid))\nf(True)\n")
    assert "True" in probe(source + "probe(load(2))\n")


@pytest.mark.parametrize("test", ["other", "not paid", "paid or other", "paid is not None"])
def test_a_switch_is_turned_on_under_another_test(test: str) -> None:
    assert "True" in probe("other = 1\n" + LOAD.format(test=test, bound="paid = True") + "probe(load())\n")
