"""What one call hands back stays together: a pair, a dict or a record has no parts of two different results."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

BRANCHES = (
    "    if given.known():\n        low, high = ('x', '1')\n    else:\n        low = 'y'\n        high = '2'\n"
    "    return RESULT\n"
)
RETURNS = (
    "def bounds(given):\n    if given.known():\n        return {'low': 'x', 'high': '1'}\n"
    "    return {'low': 'y', 'high': '2'}\n"
)
TOGETHER = ["'x/1'", "'y/2'"]
MIXED = ["'x/1'", "'x/2'", "'y/1'", "'y/2'"]


def bounds(result: str = "low, high") -> str:
    """A function that binds two names in branches and gives both back."""
    return f"def bounds(given):\n{BRANCHES.replace('RESULT', result)}"


@pytest.mark.parametrize(
    "text", ["f'{a}/{b}'", "'{}/{}'.format(a, b)", "'{x}/{y}'.format(x=a, y=b)", "'%s/%s' % (a, b)", "'/'.join([a, b])"]
)
def test_names_of_one_unpacking_are_of_one_result(text: str) -> None:
    assert probe(f"{bounds()}def f(n):\n    a, b = bounds(n)\n    probe({text})\n") == TOGETHER


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("low, high", "f'{x[0]}/{x[1]}'"),
        ("(low, high)", "'{}/{}'.format(*x)"),
        ("{'low': low, 'high': high}", "f\"{x['low']}/{x['high']}\""),
        ("{'low': low, 'high': high}", "'{low}/{high}'.format(**x)"),
        ("Pair(low, high)", "f'{x.low}/{x.high}'"),
        ("Pair(high=high, low=low)", "f'{x.low}/{x.high}'"),
    ],
)
def test_parts_of_one_result_are_of_one_result(result: str, text: str) -> None:
    pair = "from typing import NamedTuple\nclass Pair(NamedTuple):\n    low: str\n    high: str\n"
    assert probe(f"{pair}{bounds(result)}def f(n):\n    x = bounds(n)\n    probe({text})\n") == TOGETHER


def test_a_result_that_has_a_name_before_it_is_handed_back_is_one() -> None:
    body = bounds("found").replace("    return", "    found = (low, high)\n    return")
    assert probe(f"{body}def f(n):\n    a, b = bounds(n)\n    probe(f'{{a}}/{{b}}')\n") == TOGETHER


@pytest.mark.parametrize(
    "between",
    [
        "def between(n):\n    return bounds(n.one)\n",
        "def between(n):\n    a, b = bounds(n)\n    return a, b\n",
        "class Between:\n    def between(self, n):\n        return bounds(n)\nbetween = Between().between\n",
    ],
)
def test_a_result_that_another_function_hands_on_is_one(between: str) -> None:
    assert probe(f"{bounds()}{between}def f(n):\n    a, b = between(n)\n    probe(f'{{a}}/{{b}}')\n") == TOGETHER


@pytest.mark.parametrize(
    "lines",
    [
        "    a, b = bounds(n)\n    d = {'a': a, 'b': b}\n    probe('{a}/{b}'.format(**d))\n",
        "    a, b = bounds(n)\n    d = {'a': a, 'b': b}\n    probe(f\"{d['a']}/{d['b']}\")\n",
        "    x = bounds(n)\n    a = x[0]\n    b = x[1]\n    probe(f'{a}/{b}')\n",
        "    a, b = bounds(n)\n    c = same(b)\n    probe(f'{a}/{c}')\n",
        "    a, b = bounds(n)\n    probe(shown(a, b))\n",
        "    x = bounds(n)\n    probe(shown(x[0], x[1]))\n",
        "    x = bounds(n)\n    probe(shown(*x))\n",
    ],
)
def test_parts_of_one_result_stay_together_through_names_and_functions(lines: str) -> None:
    helpers = "def same(one):\n    return one\ndef shown(a, b):\n    return f'{a}/{b}'\n"
    assert probe(f"{bounds()}{helpers}def f(n):\n{lines}") == TOGETHER


@pytest.mark.parametrize(
    "call", ["a, b = bounds(n)\n    show(a, b)", "x = bounds(n)\n    show(x[0], x[1])", "x = bounds(n)\n    show(*x)"]
)
def test_parts_of_one_result_are_passed_together(call: str) -> None:
    show = "def show(a, b):\n    probe(f'{a}/{b}')\n"
    assert probe(f"{bounds()}{show}def f(n):\n    {call}\n") == TOGETHER


def test_what_is_not_known_of_one_result_is_no_part_of_the_other() -> None:
    body = bounds().replace("'y'", "given.low").replace("'2'", "given.low + given.more")
    found = probe(f"{body}def f(n):\n    a, b = bounds(n)\n    probe('{{a}}, {{b}}'.format(a=a, b=b))\n")
    assert found == ["'x, 1'", "f'{a}, {b}'"]


def test_a_number_that_is_computed_of_one_result_belongs_to_it() -> None:
    body = bounds().replace("'x', '1'", "0.0, 1.0").replace("'y'", "given.low").replace("'2'", "given.high")
    step = "def step(low, high):\n    return (high - low) / 100\n"
    lines = "    a, b = bounds(n)\n    c = step(a, b)\n    probe(f'{a}, {b}, {c}')\n"
    assert probe(f"{body}{step}def f(n):\n{lines}") == ["'0.0, 1.0, 0.01'", "f'{a}, {b}, {c}'"]


@pytest.mark.parametrize("text", ["f\"{x['low']}/{x['high']}\"", "'{low}/{high}'.format(**x)"])
def test_dicts_of_two_returns_are_two(text: str) -> None:
    assert probe(f"{RETURNS}def f(n):\n    x = bounds(n)\n    probe({text})\n") == TOGETHER


@pytest.mark.parametrize(("function", "splat"), [(RETURNS, "**bounds(n)"), (bounds(), "*bounds(n)")])
def test_what_a_splat_holds_in_any_of_the_results_is_passed(function: str, splat: str) -> None:
    found = probe(f"{function}def show(low, high):\n    probe(high)\ndef f(n):\n    show({splat})\n")
    assert found == ["'1'", "'2'"]


def test_parts_of_two_calls_meet_freely() -> None:
    lines = "    a, _ = bounds(n)\n    _, b = bounds(m)\n    probe(f'{a}/{b}')\n"
    assert probe(f"{bounds()}def f(n, m):\n{lines}") == MIXED


def test_names_that_two_questions_decide_meet_freely() -> None:
    body = (
        "def bounds(n, m):\n    if n():\n        low = 'x'\n    else:\n        low = 'y'\n    if m():\n"
        "        high = '1'\n    else:\n        high = '2'\n    return low, high\n"
    )
    assert probe(f"{body}def f(n):\n    a, b = bounds(n, n)\n    probe(f'{{a}}/{{b}}')\n") == MIXED


def test_a_part_that_an_earlier_round_left_goes_with_every_later_result() -> None:
    lines = (
        "    a = 'z'\n    for n in rows:\n        x = bounds(n)\n        if n.first():\n            a = x[0]\n"
        "        probe(f'{a}/{x[1]}')\n"
    )
    assert {"'x/2'", "'y/1'", "'z/1'", "'z/2'"} <= set(probe(f"{bounds()}def f(rows):\n{lines}"))
