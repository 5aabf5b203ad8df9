"""What one call passes stays together through functions inside others, functions that hand it on, and text makers."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.resolve.sample import probe

PASSED = "start('a', '1')\nstart('b', '2')\n"


def handed(steps: int) -> str:
    """Functions `start`, `step1`, ... each of which hands `x` and `y` on to the next, and the last to `run`."""
    names = ["start", *(f"step{number}" for number in range(1, steps)), "run"]
    return "".join(f"def {one}(x, y):\n    {after}(x, y)\n" for one, after in pairwise(names))


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_functions_that_only_hand_on_what_they_are_given_keep_it_together(steps: int) -> None:
    source = f"def run(x, y):\n    probe(f'{{x}}/{{y}}')\n{handed(steps)}{PASSED}"

    assert probe(source) == ["'a/1'", "'b/2'"]


def test_functions_that_hand_to_one_another_come_to_an_end() -> None:
    circle = "def start(x, y):\n    run(x, y)\ndef run(x, y):\n    probe(f'{x}/{y}')\n    start(x, y)\n"

    assert "'a/1'" in probe(circle + PASSED)


@pytest.mark.parametrize("steps", [1, 2])
def test_a_text_of_a_function_inside_belongs_to_one_call_of_a_method_that_is_called_by_another(steps: int) -> None:
    inside = (
        "    def text(z):\n        end = f'{y}' if z else ''\n        return f'{x}/{end}'\n    probe(text(read()))\n"
    )

    assert probe(f"def run(x, y):\n{inside}{handed(steps)}{PASSED}") == ["'a/'", "'a/1'", "'b/'", "'b/2'"]


REPORT = """
class Report:
    def __init__(self, keys, metric='recall'):
        self.keys = keys
        self.metric = metric
    def performance(self, metric=None):
        if metric is None:
            metric = self.metric
        def query(prefix=''):
            return f'{prefix}{self.keys}:{metric}'
        probe(query())
    def summary(self, metric=None):
        if metric is None:
            metric = self.metric
        self.performance(metric)
one = Report('a', 'precision')
two = Report('b')
one.summary()
two.summary()
one.performance()
two.performance()
"""


def test_fields_and_arguments_of_a_text_inside_belong_to_one_object_behind_a_calling_method() -> None:
    assert probe(REPORT) == ["'a:precision'", "'b:recall'"]


MAKERS = """
def top(a, b):
    return f'{outer(a)}{b}'
def outer(a):
    return f'{middle(a)}|'
def middle(a):
    return f'<{inner(a)}>'
def inner(a):
    return 'in-' + a
"""


def test_a_function_that_makes_a_text_is_looked_at_by_what_is_passed_however_deep_it_stands() -> None:
    assert probe(f"{MAKERS}probe(top('a', '1'))\ntop('b', '2')\n") == ["'<in-a>|1'"]


def test_a_text_maker_that_rebinds_its_parameter_still_has_what_is_passed() -> None:
    rebound = MAKERS.replace(
        "    return 'in-' + a\n", "    if a.isupper():\n        a = a.lower()\n    return 'in-' + a\n"
    )

    assert probe(f"{rebound}probe(top('a', '1'))\ntop('b', '2')\n") == ["'<in-a>|1'"]


def test_a_text_maker_that_calls_itself_around_others_comes_to_an_end() -> None:
    recursive = MAKERS.replace("'in-' + a", "'in-' + top(a + 'x', a)")

    assert probe(f"{recursive}probe(top('a', '1'))\n")


@pytest.mark.parametrize("given", ["return x", "if not x:\n        raise ValueError(x)\n    y = x\n    return y"])
def test_a_function_that_gives_back_what_it_is_given_is_looked_at_by_that_however_deep_it_stands(given: str) -> None:
    source = (
        "def top(s, t):\n    return outer(s, t)\n"
        "def outer(s, t):\n    return query(s, t)\n"
        "def query(s, t):\n    schema = checked(s)\n    table = checked(t)\n    return f'{schema}.{table}'\n"
        f"def checked(x):\n    {given}\n"
    )

    assert probe(f"{source}probe(top('sales', 'orders'))\n") == ["'sales.orders'"]
