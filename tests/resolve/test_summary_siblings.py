"""What a method does for one object leaves out what only objects of a sibling class do."""

from __future__ import annotations

import pytest

from tests.resolve.summarised import summarised

CLASSES = """
from abc import ABC
from openai import OpenAI
class Base(ABC):
    def __init__(self):
        self.setup()
    def setup(self):
        pass
    def supported(self, text):
        return self.common(text)
    def common(self, text):
        return text
class A(Base):
    def setup(self):
        self.client = OpenAI()
    def common(self, text):
        if text == 'x':
            return OpenAI().chat.completions.create(model='m', messages=[])
        return text
    def run(self, text):
        return self.supported(text)
class D(A):
    def run(self, text):
        return self.supported(text)
class O(Base):
    def run(self, text):
        return self.supported(text)
    def twice(self, text):
        return self.run(text)
class P(O):
    pass
def base(one: Base, text):
    return one.supported(text)
def a(text):
    return A().supported(text)
def p(text):
    return P().run(text)
def make():
    return P()
def make_a():
    return D()
"""


@pytest.mark.parametrize(
    ("name", "is_there"),
    [("Base.supported", True), ("A.run", True), ("D.run", True), ("base", True), ("a", True), ("O.run", False),
     ("O.twice", False), ("p", False)],
)  # fmt: skip
def test_what_an_override_does_belongs_to_objects_of_its_class(name: str, is_there: bool) -> None:
    found = summarised(CLASSES)

    assert any(one.startswith("model-call") for one in found.effects(name)) == is_there
    assert any(" gate" in one for one in found.reached(name)) == is_there
    assert any(one.startswith("text") for one in found.returned(name)) == is_there


@pytest.mark.parametrize(("name", "is_there"), [("make", False), ("make_a", True)])
def test_a_constructor_runs_the_methods_of_the_class_that_is_made(name: str, is_there: bool) -> None:
    assert any(one.startswith("client") for one in summarised(CLASSES).effects(name)) == is_there


def test_a_class_that_derives_from_both_does_what_either_does() -> None:
    both = "class Both(O, A):\n    pass\ndef both(text):\n    return Both().run(text)\n"

    assert "model-call" in " ".join(summarised(CLASSES + both).effects("both"))
