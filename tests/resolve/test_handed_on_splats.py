"""What a function hands on that nothing calls is told only where no other call of the same function is known."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe, repository

INIT = "class Base:\n    def __init__(self, path='x', size=1):\n        self.path = path\n"
BASE = f"{INIT}    def show(self):\n        probe(self.path)\n"
MADE = "class Local(Base):\n    pass\nLocal()\n"
HANDING = (
    "class Remote(Base):\n    def __init__(self, host, *args, **kwargs):\n        super().__init__(*args, **kwargs)\n"
)
CALLED = "def f(p='x'):\n    probe(p)\nf()\n"


@pytest.mark.parametrize("handed", ["*args", "**kwargs", "*args, **kwargs", "size=2, **kwargs"])
def test_a_class_that_nobody_makes_adds_nothing_to_what_others_are_made_with(handed: str) -> None:
    handing = HANDING.replace("(*args, **kwargs)\n", f"({handed})\n")

    assert probe(BASE + MADE + handing) == ["'x'"]


def test_a_function_that_nobody_calls_adds_nothing_to_what_others_pass() -> None:
    assert probe(f"{CALLED}def g(*args, **kwargs):\n    f(*args, **kwargs)\n") == ["'x'"]


def test_the_default_is_not_certain_then() -> None:
    (value,) = repository(f"{CALLED}def g(**kwargs):\n    f(**kwargs)\n").values()

    assert getattr(value, "provenance", "") == "default"


@pytest.mark.parametrize("source", [BASE + HANDING, BASE + HANDING + HANDING.replace("Remote", "Farther")])
def test_where_nothing_else_is_made_the_default_is_open(source: str) -> None:
    assert probe(source) == ["'x'", "?"]


@pytest.mark.parametrize("call", ["Remote('h', 'y')", "Remote('h', path='y')"])
def test_what_a_call_hands_on_is_no_default(call: str) -> None:
    assert "'y'" in probe(BASE + MADE + HANDING + f"{call}\n")


@pytest.mark.parametrize(
    "source",
    [
        "def g(*args, **kwargs):\n    f(*args, **kwargs)\ng(**load())\n",
        "def g(**kwargs):\n    kwargs = load()\n    f(**kwargs)\n",
        "def g(kwargs):\n    f(**kwargs)\n",
    ],
)
def test_what_a_known_call_may_pass_leaves_a_default_open(source: str) -> None:
    assert probe(CALLED + source) == ["'x'", "?"]
