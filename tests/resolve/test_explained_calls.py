"""The explanation of a call shows what its function gives at that call, and not what others make it give."""

from __future__ import annotations

from mltradeoff_lint.resolve.explain import explain
from tests.resolve.sample import repository

RUN = """
def number():
    return 1
def text():
    return 'a'
def run(function):
    def inner():
        return function()
    return inner()
one = run(number)
two = run(text)
"""


def test_what_a_function_returns_is_told_as_the_explained_call_makes_it() -> None:
    lines = explain(repository(RUN).resolver, "app.py", 10)

    assert any("`run` returns" in line and line.endswith("is 1 (literal)") for line in lines)
    assert not any("'a'" in line for line in lines)


def test_a_parameter_is_told_with_what_the_explained_call_passes() -> None:
    source = "def same(value):\n    return value\nsame('b')\nx = same('a')\n"
    lines = explain(repository(source).resolver, "app.py", 4)

    assert any("a call passes `'a'`" in line for line in lines)
    assert not any("'b'" in line for line in lines)
