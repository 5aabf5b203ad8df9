"""A test that is asked again: what the branches of the first one bound stays apart under the second one."""

from __future__ import annotations

import pytest

from tests.readers.python_sample import lines

BOUND = "    if {0}:\n        a = 1\n    else:\n        a = 2\n"


@pytest.mark.parametrize(
    ("test", "again", "left"),
    [
        ("flag", "flag", [3]),
        ("flag", "not flag", [5]),
        ("not flag", "flag", [5]),
        ("n == 1", "n == 1", [3]),
        ("n == 1", "n != 1", [5]),
        ("n > 1", "n <= 1", [5]),
        ("n is None", "n is not None", [5]),
        ("n is None", "n", [5]),
        ("n == 'a'", "n == 'b'", [5]),
        ("n in ('a', 'b')", "n not in ('a', 'b')", [5]),
        ("n.startswith('a')", "n.startswith('a')", [3]),
        ("isinstance(n, str)", "isinstance(n, str)", [3]),
        ("flag and n == 1", "flag and n == 1", [3]),
        ("flag and n == 1", "not flag", [5]),
        ("flag", "flag and n == 1", [3]),
        ("flag or n", "flag", [3]),
        ("QUICK", "QUICK", [3]),
        ("n.quick", "n.quick", [3]),
    ],
)
def test_a_definition_of_the_other_branch_does_not_reach(test: str, again: str, left: list[int]) -> None:
    source = f"def f(flag, n):\n{BOUND.format(test)}    if {again}:\n        use(a)\n"

    assert lines(source) == left


@pytest.mark.parametrize(
    ("test", "between", "again"),
    [
        ("flag", "flag = g()", "flag"),
        ("flag", "flag.append(1)", "flag"),
        ("flag", "fill(flag)", "flag"),
        ("flag", "fill(into=flag)", "flag"),
        ("flag", "if g():\n        flag = 1", "flag"),
        ("n.quick", "prepare(n)", "n.quick"),
        ("n.quick", "n.quick = 1", "n.quick"),
        ("n.quick", "n.prepare()", "n.quick"),
        ("'a' in n", "fill(n)", "'a' in n"),
        ("g()", "", "g()"),
        ("n.exists()", "", "n.exists()"),
        ("len(n) > 1", "", "len(n) > 1"),
        ("flag", "", "flag or n"),
        ("n == 'a'", "", "n == 'b' or flag"),
        ("quick", "", "quick"),
    ],
)
def test_what_may_have_changed_or_is_another_question_tells_nothing(test: str, between: str, again: str) -> None:
    source = f"def f(flag, n):\n{BOUND.format(test)}    {between}\n    if {again}:\n        use(a)\n"

    assert lines(source) == [3, 5]


@pytest.mark.parametrize("parameter", ["flag: bool", "flag=False", "flag: str | None = None", "flag: Optional[int]"])
def test_a_number_or_text_that_is_passed_on_stays_what_it_is(parameter: str) -> None:
    source = f"def f({parameter}):\n{BOUND.format('flag')}    train(flag)\n    if flag:\n        use(a)\n"

    assert lines(source) == [3]


def test_a_flag_that_is_computed_stays_what_it_is() -> None:
    source = f"def f(n):\n    flag = n == 1\n{BOUND.format('flag')}    train(flag)\n    if flag:\n        use(a)\n"

    assert lines(source) == [4]


def test_a_branch_that_was_taken_replaces_what_stands_before_it() -> None:
    source = "def f(flag):\n    a = 1\n    if flag:\n        a = 2\n    if flag:\n        use(a)\n"

    assert lines(source) == [4]


def test_a_branch_that_was_not_taken_replaces_nothing() -> None:
    source = "def f(flag):\n    a = 1\n    if flag:\n        a = 2\n    if not flag:\n        use(a)\n"

    assert lines(source) == [2]


def test_what_follows_a_branch_that_left_stands_under_its_test() -> None:
    source = f"def f(flag):\n{BOUND.format('flag')}    if not flag:\n        return\n    use(a)\n"

    assert lines(source) == [3]


def test_an_expression_under_the_test_is_told_apart() -> None:
    source = f"def f(flag):\n{BOUND.format('flag')}    return use(a) if flag else a\n"

    assert lines(source) == [3]


def test_an_earlier_round_of_a_loop_may_have_taken_the_other_branch() -> None:
    source = (
        "def f(rows):\n    a = 0\n    for flag in rows:\n        if flag:\n            a = 1\n"
        "        else:\n            use(a)\n"
    )

    assert lines(source) == [2, 5]


@pytest.mark.parametrize("loop", ["for row in n:", "while True:"])
@pytest.mark.parametrize("change", ["n.step()", "step(n)", "n.quick = 1"])
def test_what_stands_behind_in_a_loop_may_have_changed_the_answer(loop: str, change: str) -> None:
    body = f"    {loop}\n        if not n.quick:\n            use(a)\n        {change}\n"

    assert lines(f"def f(n):\n{BOUND.format('n.quick')}{body}") == [3, 5]


def test_a_function_inside_may_change_what_it_sees() -> None:
    inner = "    def reset():\n        n.quick = False\n"
    source = f"def f(n):\n{inner}{BOUND.format('n.quick')}    reset()\n    if not n.quick:\n        use(a)\n"

    assert lines(source) == [5, 7]


def test_a_flag_of_one_round_is_the_same_in_that_round() -> None:
    source = (
        "def f(rows):\n    for flag in rows:\n        if flag:\n            a = 1\n        else:\n            a = 2\n"
        "        if flag:\n            use(a)\n"
    )

    assert lines(source) == [4]


def test_a_branch_inside_a_loop_that_may_not_run_replaces_nothing() -> None:
    source = (
        "def f(flag, rows):\n    a = 1\n    for row in rows:\n        if flag:\n            a = 2\n"
        "    if flag:\n        use(a)\n"
    )

    assert lines(source) == [2, 5]


def test_a_branch_that_was_cut_short_replaces_nothing() -> None:
    source = (
        "def f(flag):\n    a = 1\n    try:\n        if flag:\n            a = g()\n    except ValueError:\n"
        "        if flag:\n            use(a)\n"
    )

    assert lines(source) == [2, 5]


def test_nothing_contradicts_in_a_function_that_is_made_under_a_test() -> None:
    source = (
        "def f(flag):\n    if flag:\n        def g(flag):\n            if flag:\n                a = 1\n"
        "            else:\n                a = 2\n            use(a)\n"
    )

    assert lines(source) == [5, 7]


def test_a_flag_that_a_function_sets_from_inside_is_not_the_same_behind_a_call() -> None:
    source = (
        "flag = 1 > 2\ndef g():\n    global flag\n    flag = True\nif flag:\n    a = 1\nelse:\n    a = 2\ng()\n"
        "if flag:\n    use(a)\n"
    )

    assert lines(source) == [6, 8]
