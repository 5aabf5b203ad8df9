"""Which side of `a if test else b` a call chooses by what it passes."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe, repository

CHOOSING = "def name(local=False, cut=None):\n    return 'a.csv' if local else 'b.csv'\n"


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("name()", ["'b.csv'"]),
        ("name(True)", ["'a.csv'"]),
        ("name(local=False)", ["'b.csv'"]),
        ("name(local=read())", ["'a.csv'", "'b.csv'"]),
        ("name(**read())", ["'a.csv'", "'b.csv'"]),
    ],
)
def test_a_conditional_expression_gives_the_side_that_the_call_chooses(call: str, found: list[str]) -> None:
    assert probe(f"{CHOOSING}probe({call})") == found


def test_each_call_of_a_function_chooses_its_own_side() -> None:
    made = repository(CHOOSING + "first(name(True))\nsecond(name(False))")
    assert (made.probe(name="first"), made.probe(name="second")) == (["'a.csv'"], ["'b.csv'"])


def test_a_conditional_expression_is_decided_where_all_calls_decide_alike() -> None:
    read = "def load(local=False):\n    probe('a.csv' if local else 'b.csv')\n"
    assert probe(read + "load()") == ["'b.csv'"]
    assert probe(read + "load()\nload(True)") == ["'a.csv'", "'b.csv'"]
    # nobody is seen to call it, and a decorator may
    assert probe(read) == ["'a.csv'", "'b.csv'"]
    assert probe("import app\n@app.route\n" + read + "load()") == ["'a.csv'", "'b.csv'"]


def test_a_conditional_expression_in_a_constructor_goes_with_the_object() -> None:
    store = "class Store:\n    def __init__(self, local):\n        self.path = 'a.csv' if local else 'b.csv'\n"
    assert probe(store + "probe(Store(True).path)\nStore(False)") == ["'a.csv'"]


def test_a_conditional_expression_about_a_name_that_is_bound_anew_is_open() -> None:
    read = "def load(local=False):\n    local = read(local)\n    probe('a.csv' if local else 'b.csv')\nload()"
    assert probe(read) == ["'a.csv'", "'b.csv'"]
