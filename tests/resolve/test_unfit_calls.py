"""A call that does not fit the signature of a function raises `TypeError`, so what it passes reaches no parameter."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe


@pytest.mark.parametrize(
    "call",
    [
        "f('b')",
        "f('b', 'c', 'd', 'e')",
        "f('b', 'c', other=1)",
        "f('b', 'c', first='d')",
        "f(first='b')",
    ],
)
def test_a_call_that_does_not_fit_passes_nothing(call: str) -> None:
    source = f"def f(first, second, third='t'):\n    probe(first)\nf('a', 2)\ndef never():\n    {call}\n"

    assert probe(source) == ["'a'"]


@pytest.mark.parametrize(
    ("signature", "call"),
    [
        ("first, second='s'", "f('b')"),
        ("first, *rest", "f('b', 1, 2)"),
        ("first, **rest", "f('b', other=1)"),
        ("first, *, second", "f('b', second=2)"),
        ("first, second", "f('b', *more)"),
        ("first, second", "f('b', **more)"),
        ("first, /, **rest", "f('b', first=2)"),
    ],
)
def test_a_call_that_fits_or_may_fit_passes_what_it_writes(signature: str, call: str) -> None:
    assert probe(f"def f({signature}):\n    probe(first)\ndef run(more):\n    {call}\n") == ["'b'"]


def test_a_decorator_may_put_another_signature_in_front() -> None:
    source = "from lib import inject\n@inject\ndef f(first, second):\n    probe(first)\nf('b')\n"

    assert "'b'" in probe(source)


def test_a_partial_function_already_has_arguments() -> None:
    source = (
        "from functools import partial\ndef f(first, second):\n    probe(first)\ng = partial(f, second=2)\ng('b')\n"
    )

    assert "'b'" in probe(source)


@pytest.mark.parametrize("call", ["Base.__init__(self, 'b')", "super().__init__('b')"])
def test_a_constructor_that_lacks_an_argument_is_given_none(call: str) -> None:
    source = (
        "class Base:\n    def __init__(self, owner, name):\n        self.owner = owner\n"
        "    def path(self):\n        probe(self.owner)\n"
        f"class Derived(Base):\n    def __init__(self):\n        {call}\n"
        "Base('a', 1).path()\nDerived().path()\n"
    )

    assert "'b'" not in probe(source)
    assert "'a'" in probe(source)


def test_an_object_of_a_class_called_without_its_arguments_brings_nothing() -> None:
    source = (
        "class Job:\n    def __init__(self, name, size):\n        self.name = name\n"
        "    def run(self):\n        probe(self.name)\n"
        "Job('a', 1).run()\ndef never():\n    Job('b').run()\n"
    )

    assert "'b'" not in probe(source)


@pytest.mark.parametrize(
    "method",
    [
        "@staticmethod\n    def f(first, second=1)",
        "@classmethod\n    def f(cls, first)",
        "def f(self, first, second=1)",
    ],
)
def test_what_stands_in_front_of_a_method_is_no_argument(method: str) -> None:
    assert probe(f"class A:\n    {method}:\n        probe(first)\nA().f('b')\n") == ["'b'"]
