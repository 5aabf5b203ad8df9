"""Names that branches bind: a text has no two of them that no run binds together."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

TWICE = (
    "    if {0}:\n        a = 'x'\n    else:\n        a = 'y'\n"
    "    if {1}:\n        b = '1'\n    else:\n        b = '2'\n"
)
MIXED = ["'x/1'", "'x/2'", "'y/1'", "'y/2'"]


@pytest.mark.parametrize("text", ["f'{a}/{b}'", "a + '/' + b", "os.path.join(a, b)", "Path(a) / b", "'/'.join([a, b])"])
def test_names_that_one_branch_binds_go_together(text: str) -> None:
    source = (
        "import os\nfrom pathlib import Path\ndef f(n):\n    if n.exists():\n        a = 'x'\n        b = '1'\n"
        f"    else:\n        a = 'y'\n        b = '2'\n    probe({text})\n"
    )

    assert probe(source) == ["'x/1'", "'y/2'"]


def test_names_of_three_branches_go_together() -> None:
    source = (
        "def f(n):\n    if n.one():\n        a = 'x'\n        b = '1'\n    elif n.two():\n        a = 'y'\n"
        "        b = '2'\n    else:\n        a = 'z'\n        b = '3'\n    probe(f'{a}/{b}')\n"
    )

    assert probe(source) == ["'x/1'", "'y/2'", "'z/3'"]


def test_a_name_that_the_branch_binds_anew_is_not_what_it_was_before() -> None:
    source = (
        "def f(n):\n    a = 'x'\n    b = '1'\n    if n():\n        a = 'y'\n        b = '2'\n    probe(f'{a}/{b}')\n"
    )

    assert probe(source) == ["'x/1'", "'y/2'"]


@pytest.mark.parametrize(
    ("first", "second"), [("n == 1", "n == 1"), ("flag", "flag"), ("not flag", "not flag"), ("n is None", "n is None")]
)
def test_names_that_one_question_decides_in_two_places_go_together(first: str, second: str) -> None:
    source = f"def f(n):\n    flag = n > 3\n{TWICE.format(first, second)}    probe(f'{{a}}/{{b}}')\n"

    assert probe(source) == ["'x/1'", "'y/2'"]


@pytest.mark.parametrize(
    ("first", "second"), [("n()", "n()"), ("n.exists()", "n.exists()"), ("n", "n"), ("n == 1", "n == 2"), ("m", "n")]
)
def test_two_questions_that_may_have_two_answers_leave_all(first: str, second: str) -> None:
    source = f"def f(m, n):\n{TWICE.format(first, second)}    probe(f'{{a}}/{{b}}')\n"

    assert probe(source) == MIXED


def test_what_an_earlier_round_leaves_goes_with_what_this_one_binds() -> None:
    source = (
        "def f(rows):\n    a = 'x'\n    for row in rows:\n        b = '0'\n        if row():\n            a = 'y'\n"
        "        else:\n            b = '1'\n        probe(f'{a}/{b}')\n"
    )

    assert {"'y/1'", "'y/0'", "'x/1'"} <= set(probe(source))


def test_a_text_that_holds_another_has_the_names_of_its_branch() -> None:
    source = (
        "def f(n):\n    if n():\n        a = 'x'\n    else:\n        a = 'y'\n    if n():\n        c = f'{a}/1'\n"
        "    else:\n        c = f'{a}/2'\n    probe(f'{a}:{c}')\n"
    )

    assert probe(source) == ["'x:x/1'", "'x:x/2'", "'y:y/1'", "'y:y/2'"]


def test_a_flag_parts_what_its_branches_make_of_a_name() -> None:
    source = (
        "def f(n, root):\n    flag = n == 1\n    for one in n:\n        if flag:\n            a = root\n        else:\n"
        "            a = root / 'it'\n        if flag:\n            b = a\n        else:\n            b = a / 'point'\n"
        "        probe(b)\nfrom pathlib import Path\nf(load(), Path('out'))\n"
    )

    assert probe(source) == ["'out'", "'out/it/point'"]
