"""What is in dicts and lists that functions fill: tables, caches of clients, registries."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

IMPORT = "from openai import OpenAI\nfrom anthropic import Anthropic\n"


@pytest.mark.parametrize(
    "source",
    [
        "T = {}\ndef put(k): T[k] = OpenAI()\ndef f(k): probe(T[k])",
        "T = {}\ndef put(): T['a'] = OpenAI()\ndef f(): probe(T['a'])",
        "T = {}\ndef put(k): T.setdefault(k, OpenAI())\ndef f(k): probe(T.get(k))",
        "T = {}\ndef put(): T.update({'a': OpenAI()})\ndef f(k): probe(T['a'])",
        "T = []\ndef put(): T.append(OpenAI())\ndef f():\n for one in T: probe(one)",
        "T = {}\ndef put(ks):\n for k in ks: T[k] = OpenAI()\ndef f(k): probe(T[k])",
        "T = None\ndef put(k):\n global T\n T = {}\n T[k] = OpenAI()\ndef f(k): probe(T[k])",
        "class A:\n def __init__(self): self.all = {}\n def put(self, k): self.all[k] = OpenAI()\n"
        " def f(self, k): probe(self.all[k])",
        "class A:\n all = {}\n @classmethod\n def put(cls, k): cls.all[k] = OpenAI()\n"
        " def f(self, k): probe(self.all[k])",
        "class A:\n all = {}\ndef put(k): A.all[k] = OpenAI()\ndef f(k): probe(A.all[k])",
        "class A:\n def __init__(self): self.all = []\n def put(self): self.all.append(OpenAI())\n"
        " def f(self):\n  for one in self.all: probe(one)",
        "class A:\n def __init__(self): self.all = []\nclass B(A):\n def put(self): self.all.append(OpenAI())\n"
        " def f(self): probe(self.all[0])",
    ],
)  # fmt: skip
def test_what_a_function_puts_in_is_found(source: str) -> None:
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


def test_another_module_fills_a_table() -> None:
    table = {"table.py": "T = {}", "app.py": "from table import T\ndef f(k): probe(T[k])"}
    for filling in ("from table import T\n", "from table import T as T\n"):
        assert probe({**table, "fill.py": IMPORT + filling + "T['b'] = 1\nT['a'] = OpenAI()"}) == [
            "1",
            "openai.OpenAI()",
        ]
    module = "import table\ndef fill(): table.T['a'] = OpenAI()"
    assert probe({**table, "fill.py": IMPORT + module}) == ["openai.OpenAI()"]


def test_a_local_name_of_the_same_spelling_is_another_table() -> None:
    source = "T = {'a': 1}\ndef put():\n T = {}\n T['a'] = OpenAI()\n def g(): T['b'] = OpenAI()\n"
    source += "def f(): probe(T['a'])"
    assert probe(IMPORT + source) == ["1"]


def test_an_attribute_of_another_class_is_another_table() -> None:
    source = (
        "class A:\n def __init__(self): self.t = {'a': 1}\n def f(self): probe(self.t['a'])\n"
        "class B:\n def __init__(self): self.t = {}\n def put(self): self.t['a'] = OpenAI()\n"
    )
    assert probe(IMPORT + source) == ["1"]


def test_a_known_key_keeps_what_else_is_written_under_it() -> None:
    source = "T = {'a': OpenAI()}\ndef put(): T['a'] = Anthropic()\ndef f(): probe(T['a'])"
    assert probe(IMPORT + source) == ["anthropic.Anthropic()", "openai.OpenAI()"]


REGISTRY = (
    "T = {}\ndef register(name):\n def wrap(cls):\n  T[name] = cls\n  return cls\n return wrap\n"
    "@register('a')\nclass A: pass\n@register(name='b')\nclass B: pass\n"
)


def test_a_registry_pairs_each_class_with_its_name() -> None:
    assert probe(REGISTRY + "def f(): probe(T['a']())") == ["A()"]
    assert probe(REGISTRY + "def f(): probe(T['b'])") == ["class B"]
    assert probe(REGISTRY + "def f(k): probe(T[k]())") == ["A()", "B()"]


def test_a_registry_may_be_a_class_or_take_no_name() -> None:
    source = (
        "class Registry:\n all = {}\n @classmethod\n def register(cls, name):\n  def wrap(it):\n"
        "   cls.all[name] = it\n   return it\n  return wrap\n"
        "@Registry.register('a')\nclass A: pass\n@Registry.register('b')\nclass B: pass\n"
    )
    assert probe(source + "def f(): probe(Registry.all['b']())") == ["B()"]
    plain = "T = []\ndef register(f):\n T.append(f)\n return f\n@register\ndef one(): return 1\n"
    assert probe(plain + "def g():\n for f in T: probe(f())") == ["1"]


def test_a_wrapper_calls_what_it_decorates() -> None:
    source = "def wrap(f):\n def inner(*a): probe(f)\n return inner\n@wrap\ndef g(): ...\n"
    assert probe(source) == ["def g"]


def test_a_container_that_is_filled_from_itself_ends() -> None:
    assert probe("T = {}\ndef put(k): T[k] = T['a']\ndef f(k): probe(T[k])") == ["?"]
