"""What a name of an object is when only a base class of the object is known, and what `super()` looks at."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.finding import Certainty
from tests.resolve.prepared import prepared
from tests.resolve.sample import probe

CHAT = "openai.OpenAI().chat.completions.create"
IMPORT = "from openai import OpenAI\nfrom anthropic import Anthropic\nfrom abc import ABC, abstractmethod\n"
ABSTRACT = "class Base:\n def make(self): raise NotImplementedError\n"
SUB = "class Sub(Base):\n def make(self): return OpenAI()\n"


@pytest.mark.parametrize(
    "source",
    [
        "class Base:\n def make(self): raise NotImplementedError\n def f(self): probe(self.make())\n" + SUB,
        "class Base(ABC):\n @abstractmethod\n def make(self): ...\n def f(self): probe(self.make())\n" + SUB,
        "class Base(ABC):\n @abstractmethod\n def make(self): return None\n def f(self): probe(self.make())\n" + SUB,
        "class Base(ABC):\n @property\n @abstractmethod\n def client(self): ...\n def f(self): probe(self.client)\n"
        "class Sub(Base):\n @property\n def client(self): return OpenAI()\n",
        "class Base:\n client = None\n def f(self): probe(self.client)\nclass Sub(Base):\n client = OpenAI()\n",
        "class Base:\n def f(self): probe(self.client)\n"
        "class Sub(Base):\n def __init__(self): self.client = OpenAI()\n",
        "class Mixin:\n def f(self): probe(self.client)\nclass Base:\n def __init__(self): self.client = OpenAI()\n"
        "class Sub(Mixin, Base): pass\n",
        "class Base:\n def f(self): self.run(OpenAI())\n def run(self, c): raise NotImplementedError\n"
        "class Sub(Base):\n def run(self, c): probe(c)\n",
        "class Base:\n def f(self): self.run(c=OpenAI())\n def run(self, **kw): raise NotImplementedError\n"
        "class Sub(Base):\n def run(self, **kw): probe(kw['c'])\n",
        ABSTRACT + SUB + "def f(one: Base): probe(one.make())",
        ABSTRACT + "class Middle(Base): pass\n" + SUB.replace("Base", "Middle") + "def f(one: Base): probe(one.make())",
        "class Base:\n def __init__(self): self.cls = self.pick(); self.c = self.cls()\n"
        " def pick(self): raise NotImplementedError\n def f(self): probe(self.c)\n"
        "class Sub(Base):\n def pick(self): return OpenAI\n",
        "from typing import Protocol\nclass Base(Protocol):\n def make(self): ...\n" + SUB
        + "def f(one: Base): probe(one.make())",
    ],
)  # fmt: skip
def test_an_overriding_class_gives_what_its_base_leaves_open(source: str) -> None:
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


def test_all_overriding_classes_count() -> None:
    source = ABSTRACT + SUB + "class Other(Base):\n def make(self): return Anthropic()\ndef f(x: Base): probe(x.make())"
    assert probe(IMPORT + source) == ["anthropic.Anthropic()", "openai.OpenAI()"]


def test_a_base_class_with_a_body_counts_beside_those_that_override_it() -> None:
    source = "class Base:\n def make(self): return Anthropic()\n" + SUB + "def f(x: Base): probe(x.make())"
    assert probe(IMPORT + source) == ["anthropic.Anthropic()", "openai.OpenAI()"]


def test_an_object_that_is_made_here_is_of_no_other_class() -> None:
    source = "class Base:\n def make(self): return Anthropic()\n" + SUB + "probe(Base().make())"
    assert probe(IMPORT + source) == ["anthropic.Anthropic()"]


def test_a_method_called_on_a_made_object_knows_the_class_of_its_self() -> None:
    source = (
        "class Base:\n def name(self): return 'base'\n def f(self): return self.name()\n"
        "class Sub(Base):\n def name(self): return 'sub'\n"
        "class Other(Base):\n def name(self): return 'other'\nprobe(Sub().f())"
    )
    assert probe(source) == ["'sub'"]


def test_super_gives_the_base_with_the_object_itself() -> None:
    source = (
        "class Base:\n def name(self): return 'base'\n def f(self): return self.name()\n"
        "class Sub(Base):\n def name(self): return 'sub'\n def f(self): return super().f()\nprobe(Sub().f())"
    )
    assert probe(source) == ["'sub'"]
    plain = "class Base:\n def name(self): return 'base'\nclass Sub(Base):\n def name(self): return super().name()\n"
    assert probe(plain + "probe(Sub().name())") == ["'base'"]


def test_a_constructor_knows_the_class_it_makes() -> None:
    source = (
        "class Base:\n def __init__(self): self.c = self.make()\n def make(self): raise NotImplementedError\n"
        + SUB
        + "class Other(Base):\n def make(self): return Anthropic()\nprobe(Sub().c)"
    )
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


def test_doubles_in_tests_override_nothing() -> None:
    files = {
        "app.py": IMPORT + ABSTRACT + "class Sub(Base):\n def make(self): return OpenAI()\n"
        "def f(x: Base): probe(x.make())",
        "tests/test_app.py": "from app import Base\nclass Fake(Base):\n def make(self): return 1\n",
    }  # fmt: skip
    assert probe(files) == ["openai.OpenAI()"]


def test_a_name_that_many_classes_define_stays_with_the_base() -> None:
    many = "".join(f"class S{n}(Base):\n def name(self): return 's{n}'\n" for n in range(9))
    plain = "class Base:\n def name(self): return 'base'\n def f(self): probe(self.name())\n"
    assert probe(plain + many) == ["'base'"]
    open_base = "class Base:\n def name(self): raise NotImplementedError\n def f(self): probe(self.name())\n"
    assert probe(open_base + many) == ["?"]


def test_classes_that_derive_from_one_another_end() -> None:
    source = "class A(B):\n def f(self): return self.g()\nclass B(A):\n def g(self): return self.f()\n"
    assert probe(source + "def h(x: A): probe(x.f())") == ["?"]


@pytest.mark.parametrize("made", ["cls(OpenAI())", "cls(client=OpenAI())", "cls(**{'client': OpenAI()})"])
def test_a_class_method_that_makes_its_class_calls_the_constructor(made: str) -> None:
    source = f"class A:\n def __init__(self, client): probe(client)\n @classmethod\n def make(cls): return {made}\n"
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


@pytest.mark.parametrize("own", ["self.__class__", "type(self)"])
def test_an_object_that_makes_another_of_its_class_calls_the_constructor(own: str) -> None:
    source = f"class A:\n def __init__(self, client): probe(client)\n def copy(self): return {own}(OpenAI())\n"
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


def test_a_factory_fills_in_what_its_caller_leaves_out() -> None:
    source = (
        "class A:\n def __init__(self, client): self.client = client\n def f(self): probe(self.client)\n"
        " @classmethod\n def make(cls, **given):\n  if 'client' not in given: given['client'] = OpenAI()\n"
        "  return cls(**given)\nA.make(timeout=3).f()"
    )
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


def test_a_factory_of_the_base_class_makes_the_classes_below() -> None:
    source = (
        "class Base:\n @classmethod\n def make(cls): return cls(OpenAI())\n"
        "class Sub(Base):\n def __init__(self, client): probe(client)\n"
    )
    assert probe(IMPORT + source) == ["openai.OpenAI()"]


def test_a_call_that_may_run_several_methods_is_a_likely_caller_of_each() -> None:
    base = "class Base:\n def run(self): raise NotImplementedError\ndef f(x: Base): x.run()\n"
    one = base + "class A(Base):\n def run(self): ...\n"
    two = one + "class B(Base):\n def run(self): ...\n"
    for source, certainty in ((one, Certainty.RESOLVED), (two, Certainty.LIKELY)):
        made = prepared(source)
        (way,) = made.reach.incoming(made.function("app.py", "A.run"))
        assert (way.caller, way.certainty) == (made.function("app.py", "f"), certainty)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["own", "abstract", "none"])), min_size=1, max_size=7),
    st.integers(0, 6),
)
def test_the_methods_of_a_hierarchy_are_those_that_its_objects_can_run(
    classes: list[tuple[int, str]], asked: int
) -> None:
    parents = [None if n == 0 else base % n for n, (base, _) in enumerate(classes)]
    asked %= len(classes)
    lines = []
    for n, (parent, (_, kind)) in enumerate(zip(parents, classes, strict=True)):
        body = {"own": f"def name(self): return {n}", "abstract": "def name(self): raise NotImplementedError",
                "none": "pass"}[kind]  # fmt: skip
        lines.append(f"class K{n}{'' if parent is None else f'(K{parent})'}:\n {body}\n")

    def found(n: int | None) -> tuple[int, str] | None:
        while n is not None and classes[n][1] == "none":
            n = parents[n]
        return None if n is None else (n, classes[n][1])

    def is_below(n: int | None) -> bool:
        while n is not None and n != asked:
            n = parents[n]
        return n is not None

    methods = {found(n) for n in range(len(classes)) if is_below(n)}
    runs = sorted(str(one[0]) for one in methods if one is not None and one[1] == "own")
    assert [one for one in probe("".join(lines) + f"def f(x: K{asked}): probe(x.name())") if one.isdigit()] == runs


@pytest.mark.parametrize("bases", ["BaseModel, Generic[T], ABC", "Generic[T], BaseModel", "ABC, object, BaseModel"])
def test_super_leaves_out_bases_without_methods_of_their_own(bases: str) -> None:
    source = (
        "from abc import ABC\nfrom typing import Generic, TypeVar\nfrom pydantic import BaseModel\nT = TypeVar('T')\n"
        f"class Row({bases}):\n def model_dump(self, **given):\n  probe(super().model_dump)\n"
    )
    assert probe(source) == ["pydantic.BaseModel().model_dump"]


def test_super_of_bases_without_methods_alone_is_what_they_have_of_object() -> None:
    source = "from abc import ABC\nclass Row(ABC):\n def __init__(self):\n  probe(super().__init__)\n"
    assert probe(source) == ["abc.ABC().__init__"]
