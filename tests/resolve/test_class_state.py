"""Attributes that a class gets while the program runs: what class methods and users of a class write to it."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe
from tests.resolve.test_handlers import reached

IMPORT = "from openai import OpenAI\nfrom anthropic import Anthropic\n"


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n one = None\n @classmethod\n def get(cls):\n  if cls.one is None: cls.one = OpenAI()\n"
        "  return cls.one\nprobe(A.get())",
        "class A:\n one = None\n @staticmethod\n def get():\n  if A.one is None: A.one = OpenAI()\n"
        "  return A.one\nprobe(A.get())",
        "class A:\n @classmethod\n def fill(cls): cls.one = OpenAI()\ndef f(): probe(A.one)",
        "class A:\n one = None\ndef start(): A.one = OpenAI()\ndef f(): probe(A.one)",
        "class A:\n one = None\n def f(self): probe(self.one)\ndef start(): A.one = OpenAI()",
        "class A:\n one = None\n def fill(self): type(self).one = OpenAI()\ndef f(): probe(A.one)",
        "class A:\n one = None\n def fill(self): self.__class__.one = OpenAI()\ndef f(): probe(A.one)",
        "class A:\n one = None\n def __new__(cls):\n  cls.one = OpenAI()\n  return object.__new__(cls)\n"
        "def f(): probe(A.one)",
        "class A:\n one = None\n @classmethod\n def fill(cls): cls.one = OpenAI()\nclass B(A): pass\n"
        "def f(): probe(B.one)",
    ],
)
def test_what_is_written_to_a_class_is_found(source: str) -> None:
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


def test_another_module_sets_an_attribute_of_a_class() -> None:
    files = {
        "state.py": "class A:\n one = None",
        "main.py": IMPORT + "import state\nfrom state import A\ndef start(): A.one = OpenAI()\n"
        "def other(): state.A.one = Anthropic()",
        "app.py": "from state import A\ndef f(): probe(A.one)",
    }
    assert sorted(probe(files)) == ["anthropic.Anthropic()", "openai.OpenAI()"]


def test_a_setting_that_is_changed_later_keeps_both_values() -> None:
    source = "class A:\n name = 'a'\ndef start(): A.name = 'b'\ndef f(): probe(A.name)\n"
    assert sorted(probe(source)) == ["'a'", "'b'"]


@pytest.mark.parametrize(
    "writing",
    [
        "class B:\n one = None\n @classmethod\n def fill(cls): cls.one = OpenAI()",
        "class B(A):\n @classmethod\n def fill(cls): cls.one = OpenAI()",
        "class B:\n def fill(self, a): a.one = OpenAI()",
        "def fill(A): A.one = OpenAI()",
        "class B(A):\n def fill(self): self.one = OpenAI()",
    ],
)
def test_what_is_written_elsewhere_does_not_count(writing: str) -> None:
    assert probe(IMPORT + f"class A:\n one = 'x'\n{writing}\ndef f(): probe(A.one)") == ["'x'"]


def test_an_attribute_that_is_made_from_itself_ends() -> None:
    source = "class A:\n one = 'a'\n @classmethod\n def fill(cls): cls.one = cls.one\ndef f(): probe(A.one)"
    assert "'a'" in probe(source)


@pytest.mark.parametrize("how", ["self.__class__", "type(self)"])
def test_the_class_of_an_object_has_its_name_and_attributes(how: str) -> None:
    source = f"class A:\n size = 3\n def f(self): probe(({how}.__name__, {how}.size))"
    (found,) = probe(source)
    assert "A" in found
    assert "3" in found


def test_a_base_class_does_not_know_which_class_its_object_has() -> None:
    source = "class A:\n def f(self): probe(self.__class__.__name__)\nclass B(A): pass"
    assert sorted(probe(source)) == ["'A'", "'B'"]


def test_a_handler_predicts_with_the_model_that_its_class_keeps() -> None:
    source = (
        "import joblib\nfrom flask import Flask\napp = Flask(__name__)\n"
        "class Scoring:\n model = None\n @classmethod\n def get(cls):\n"
        "  if cls.model is None: cls.model = joblib.load('m.joblib')\n  return cls.model\n"
        " @classmethod\n def score(cls, x): return cls.get().predict(x)\n"
        "@app.route('/score', methods=['POST'])\ndef score(): return Scoring.score([[1]])\n"
    )
    assert reached(source) == [
        ("score", "prediction", ""),
        ("score", "model-load", "only when it is not there yet"),
    ]
