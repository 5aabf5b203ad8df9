"""What an expression can be: constants, alternatives, strings put together, attributes, parameters, frames."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.source import WHOLE_FILE, Site
from mltradeoff_lint.resolve.domain import MAX_VALUES, Library, Literal
from tests.resolve.sample import probe, repository
from tests.resolve.words import probed


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("probe('a')", "'a'"),
        ("probe(-1.5)", "-1.5"),
        ("X = 'a'\nprobe(X)", "'a'"),
        ("X = Y = 'a'\nprobe(Y)", "'a'"),
        ("X, Y = 'a', 'b'\nprobe(Y)", "'b'"),
        ("X, (Y, Z) = 'a', ('b', 'c')\nprobe(Z)", "'c'"),
        ("X, *Y = 'a', 'b', 'c'\nprobe(X)", "'a'"),
        ("X = 'a' if c else 'b'\nprobe(X)", "'a' 'b'"),
        ("if c: X = 'a'\nelse: X = 'b'\nprobe(X)", "'a' 'b'"),
        ("def f(x): probe(x or 'b')", "'b' ?"),
        ("X = '' or 'b'\nprobe(X)", "'b'"),
        ("X = c and 'b'\nprobe(X)", "'b'"),
        ("X = {'k': 'a', 'l': 'b'}\nprobe(X['k'])", "'a'"),
        ("X = {'k': 'a'}\nX['l'] = 'b'\nprobe(X['l'])", "'b'"),
        ("X = {'k': 'a'}\nprobe(X.get('l', 'c'))", "'c'"),
        ("X = {'k': 'a'}\nprobe(X.get('k', 'c'))", "'a'"),
        ("X = dict(k='a', **{'l': 'b'})\nprobe(X['l'])", "'b'"),
        ("X = {**{'k': 'a'}, 'k': 'b'}\nprobe(X['k'])", "'b'"),
        ("X = ['a', 'b']\nprobe(X[-1])", "'b'"),
        ("X = ('a', 'b')\nprobe(X[n])", "'a' 'b'"),
        ("X = ['a', 'b', 'c']\nprobe(X[1:])", "['b', 'c']"),
        ("for x in ['a', 'b']: probe(x)", "'a' 'b'"),
        ("for x, y in [('a', 'b'), ('c', 'd')]: probe(y)", "'b' 'd'"),
        ("for x, y in zip(['a'], ['b']): probe(y)", "'b'"),
        ("for i, y in enumerate(['a', 'b']): probe(y)", "'a' 'b'"),
        ("for k, v in {'k': 'a'}.items(): probe(v)", "'a'"),
        ("for k in {'k': 'a'}: probe(k)", "'k'"),
        ("X = []\nfor y in ['a']: X.append(y)\nprobe(X[0])", "'a'"),
        ("X = ['a'] + ['b']\nprobe(X)", "['a', 'b']"),
        ("X = [f'{y}.csv' for y in ['a', 'b']]\nfor z in X: probe(z)", "'a.csv' 'b.csv'"),
        ("probe(2 * 30)", "60"),
        ("probe(7 // 2)", "3"),
        ("probe(1 / 0)", "?"),
        ("probe(not x)", "False True"),
        ("X = {'a': 1} | {'b': 2}\nprobe(X)", "{a: 1, b: 2}"),
        ("X = 1\nX += 2\nprobe(X)", "3"),
        ("X = 'a'\nX += '.csv'\nprobe(X)", "'a.csv'"),
        ("if (X := 'a'): probe(X)", "'a'"),
        ("probe(int('3'))", "3"),
        ("probe(float('0.5'))", "0.5"),
        ("probe(int('three'))", "'three'"),
    ],
)
def test_a_value_is_what_the_program_would_compute(source: str, expected: str) -> None:
    assert " ".join(probe(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("probe('a' + '/' + 'b')", "'a/b'"),
        ("probe('a' 'b')", "'ab'"),
        ("probe(f's3://{B}/x')", "f's3://{B}/x'"),
        ("B = 'shop'\nprobe(f's3://{B}/x')", "'s3://shop/x'"),
        ("probe('s3://%s/%d' % ('shop', 3))", "'s3://shop/3'"),
        ("probe('%(a)s/x' % {'a': 'shop'})", "'shop/x'"),
        ("probe('100%% of %s' % 'a')", "'100% of a'"),
        ("probe('{}/{}'.format('a', 'b'))", "'a/b'"),
        ("probe('{1}/{0}/{x}'.format('a', 'b', x='c'))", "'b/a/c'"),
        ("probe('{x}/y'.format(x=x))", "f'{x}/y'"),
        ("import os\nprobe(os.path.join('a', 'b', 'c.csv'))", "'a/b/c.csv'"),
        ("import os\nprobe(os.path.join('a', '/b'))", "'/b'"),
        ("import os\nprobe(os.path.join('a', '..', 'b'))", "'b'"),
        ("import os\nprobe(os.path.join(root, 'b'))", "f'{root}/b'"),
        ("from pathlib import Path\nprobe(Path('a') / 'b')", "'a/b'"),
        ("from pathlib import Path\nprobe(str(Path('a') / 'b' / 'c.csv'))", "'a/b/c.csv'"),
        ("from pathlib import Path\nprobe(Path('a', 'b'))", "'a/b'"),
        ("from pathlib import Path\nprobe(Path('a').joinpath('b'))", "'a/b'"),
        ("from pathlib import Path\nD = Path('data')\nprobe(f'{D}/x.csv')", "'data/x.csv'"),
        ("probe('/'.join(['a', 'b']))", "'a/b'"),
        ("probe('A'.lower())", "'a'"),
        ("probe('a-b'.replace('-', '_'))", "'a_b'"),
        ("probe('gpt' + '-' + ('4' if x else '5'))", "'gpt-4' 'gpt-5'"),
    ],
)
def test_strings_and_paths_are_put_together(source: str, expected: str) -> None:
    assert " ".join(probe(source)) == expected


def test_more_than_eight_alternatives_are_not_told_apart() -> None:
    values = repository("X = [" + ", ".join(f"'{n}'" for n in range(20)) + "]\nfor x in X: probe(x)").values()
    assert len(values) == MAX_VALUES
    assert sum(isinstance(value, Literal) for value in values) == MAX_VALUES - 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class A:\n X = 'a'\nprobe(A.X)", "'a'"),
        ("class A:\n X = 'a'\nprobe(A().X)", "'a'"),
        ("class A:\n X = 'a'\nclass B(A): pass\nprobe(B().X)", "'a'"),
        ("class A:\n X = 'a'\nclass B(A):\n X = 'b'\nprobe(B().X)", "'b'"),
        ("class A:\n X = 'a'\nclass B(A):\n X = 'b'\nprobe(B.X)", "'b'"),
        ("class A:\n def __init__(self): self.x = 'a'\nprobe(A().x)", "'a'"),
        ("class A:\n def __init__(self): self.x = 'a'\nclass B(A):\n def f(self): probe(self.x)", "'a'"),
        ("class A:\n def __init__(self, x): self.x = x\nprobe(A('a').x)", "'a'"),
        ("class A:\n def __init__(self, x='d'): self.x = x\nprobe(A().x)", "'d'"),
        ("class A:\n def __init__(self, x): self.x = x\nA('a')\nclass B(A): pass\nprobe(B('b').x)", "'b'"),
        ("class A:\n def __init__(self, x): self.x = x\nclass B(A):\n def __init__(self): super().__init__('b')\n"
        "probe(B().x)", "'b'"),
        ("class A:\n def __init__(self): self.x = None\n def load(self): self.x = 'a'\nprobe(A().x)", "'a'"),
        ("class A:\n @property\n def x(self): return 'a'\nprobe(A().x)", "'a'"),
        ("class A:\n def x(self): return 'a'\nprobe(A().x())", "'a'"),
        ("class A:\n @staticmethod\n def x(y): return y\nprobe(A.x('a'))", "'a'"),
        ("class A:\n @classmethod\n def x(cls, y): return y\nprobe(A.x('a'))", "'a'"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n x: str = 'a'\nprobe(A().x)", "'a'"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n x: str = 'a'\nprobe(A(x='b').x)", "'b'"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n x: str\n y: str = 'a'\nprobe(A('b').x)", "'b'"),
        ("from dataclasses import dataclass, field\n@dataclass\nclass A:\n x: str = field(default='a')\n"
        "probe(A().x)", "'a'"),
        ("from pydantic import BaseModel\nclass A(BaseModel):\n x: str = 'a'\nprobe(A().x)", "'a'"),
        ("from pydantic import BaseModel, Field\nclass A(BaseModel):\n x: str = Field('a', description='d')\n"
        "probe(A().x)", "'a'"),
        ("from pydantic import BaseModel, Field\nclass A(BaseModel):\n x: str = Field(default='a')\n"
        "probe(A().x)", "'a'"),
        ("from enum import Enum\nclass A(Enum):\n X = 'a'\nprobe(A.X.value)", "'a'"),
        ("from enum import Enum\nclass A(str, Enum):\n X = 'a'\nprobe(A.X)", "'a'"),
        ("from enum import StrEnum\nclass A(StrEnum):\n X = 'a'\nprobe(f'm/{A.X}')", "'m/a'"),
        ("from typing import NamedTuple\nclass A(NamedTuple):\n x: str = 'a'\nprobe(A().x)", "'a'"),
        ("class A: pass\na = A()\na.x = 'a'\nprobe(a.x)", "'a'"),
        ("import lib\nclass A: pass\na = A()\na.x, a.y = lib.f()\na.z = 'a'\nprobe(a.x)", "lib.f()[]"),
        ("class A:\n x = 'd'\na = A()\nif c: a.x = 'a'\nprobe(a.x)", "'a' 'd'"),
        ("probe(getattr(A(), 'x'))\nclass A: x = 'a'", "'a'"),
    ],
)  # fmt: skip
def test_an_attribute_is_what_its_class_or_constructor_gives(source: str, expected: str) -> None:
    assert " ".join(probe(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(x): probe(x)\nf('a')", "'a'"),
        ("def f(x): probe(x)\nf(x='a')", "'a'"),
        ("def f(x='d'): probe(x)\nf()", "'d'"),
        ("def f(x='d'): probe(x)", "'d'"),
        ("def f(x='d'): probe(x)\nf('a')\nf()", "'a' 'd'"),
        ("def f(x, *, y='d'): probe(y)\nf(1, y='a')", "'a'"),
        ("def f(x): probe(x)", "?"),
        ("def f(x): probe(x)\nf('a')\nf('b')", "'a' 'b'"),
        ("def f(x=None): probe(x)\nf('a')\nf()", "'a'"),
        ("def f(*x): probe(x)", "[?, ...]"),
        ("def f(x): return x\nprobe(f('a'))", "'a'"),
        ("def f(x): return x\nf('b')\nprobe(f('a'))", "'a'"),
        ("def f(x): return g(x)\ndef g(y): return y + '!'\nprobe(f('a'))", "'a!'"),
        ("def f(x):\n if x: return 'a'\n return 'b'\nprobe(f(input()))", "'a' 'b'"),
        ("def f(): yield 'a'\nfor x in f(): probe(x)", "'a'"),
        ("async def f(): return 'a'\nasync def g(): probe(await f())", "'a'"),
        ("f = lambda x: x\nprobe(f('a'))", "'a'"),
        ("def f():\n def g(): return 'a'\n return g\nprobe(f()())", "'a'"),
        ("def f(x): return x\nargs = {'x': 'a'}\nprobe(f(**args))", "'a'"),
        ("def f(x, y): return y\nargs = ('a', 'b')\nprobe(f(*args))", "'b'"),
        ("def f(x, y): return y\nprobe(f('a', *('b', 'c')))", "'b'"),
        ("def f(**kw): return kw['x']\nprobe(f(x='a'))", "'a'"),
        ("def f(y, **kw): return g(**kw)\ndef g(x): return x\nprobe(f(y=1, x='a'))", "'a'"),
        ("def f(**kw): return kw.get('y', 'd')\nprobe(f(x='a'))", "'d'"),
        ("def f(x, *more): return more[0]\nprobe(f('a', 'b'))", "'b'"),
        ("def f(*more): return g(*more)\ndef g(x, y): return y\nprobe(f('a', 'b'))", "'b'"),
        ("def f(x, **kw): return x\nargs = {'y': 1}\nprobe(f('a', **args))", "'a'"),
        ("from functools import partial\ndef f(x): return 'a'\ng = partial(f, 1)\nprobe(g())", "'a'"),
        ("def f(n):\n return 'a' if n else f(n)\nprobe(f(read()))", "'a' ?"),
    ],
)  # fmt: skip
def test_parameters_are_what_calls_pass_and_results_what_functions_return(source: str, expected: str) -> None:
    assert " ".join(probe(source)) == expected


def test_two_calls_of_one_factory_do_not_mix() -> None:
    source = """
from openai import OpenAI
def make(url): return OpenAI(base_url=url)
first = make("a")
second = make("b")
probe(first)
other(second)
"""
    made = repository(source)
    urls = []
    for name in ("probe", "other"):
        (client,) = made.values(name=name)
        assert isinstance(client, Library)
        (how,) = client.made
        call = made.resolver.call(how.call)
        (value,) = made.resolver.values("app.py", call.keywords[0][1], how.frame)
        urls.append(made.say(value))
    assert urls == ["'a'", "'b'"]


def test_a_value_passed_through_several_modules_is_followed() -> None:
    files = {
        "app.py": "from service import Service\nService('data/x.csv').run()",
        "service.py": "from loader import load\nclass Service:\n def __init__(self, path): self.path = path\n"
        " def run(self): load(self.path)",
        "loader.py": "def load(path): probe(path)",
    }  # fmt: skip
    assert probe(files, "loader.py") == ["'data/x.csv'"]


# -- environment


def env(name: str, value: str | None, provenance: str = "configured") -> EnvBinding:
    return EnvBinding(name, value, Site("compose.yaml", WHOLE_FILE), "compose", provenance)


READS = ["os.getenv('B')", "os.environ.get('B')", "os.environ['B']", "os.environ.get(key='B')"]


@pytest.mark.parametrize("read", READS)
def test_an_environment_variable_is_what_configuration_sets(read: str) -> None:
    found = repository(f"import os\nprobe({read})", (env("B", "shop"),))
    assert found.probe() == ["'shop'"]


@pytest.mark.parametrize("read", READS)
def test_an_environment_variable_that_nothing_sets_is_a_hole_of_its_name(read: str) -> None:
    assert probe(f"import os\nprobe({read})") == ["f'{env:B}'"]


def test_the_default_of_an_environment_variable_is_marked_as_one() -> None:
    (value,) = repository("import os\nprobe(os.getenv('B', 'shop'))").values()
    assert value == Literal("shop", "default")


def test_a_text_is_as_firm_as_its_weakest_part() -> None:
    found = repository("import os\nprobe(f\"s3://{os.getenv('B', 'shop')}/x\")")
    assert found.values() == (Literal("s3://shop/x", "default"),)


# -- against Python itself

words = st.text(st.characters(codec="ascii", exclude_characters="{}%\x00", categories=("L", "N", "P", "Z")), max_size=6)


@given(st.lists(words, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_joining_strings_is_what_python_does(parts: list[str]) -> None:
    names = [f"x{n}" for n in range(len(parts))]
    head = "".join(f"{name} = {part!r}\n" for name, part in zip(names, parts, strict=True))
    fields = "".join(f"{{{name}}}-" for name in names)
    forms = {
        " + ".join(names): "".join(parts),
        f"f{fields!r}": "".join(f"{part}-" for part in parts),
        f"{'{}/' * len(parts)!r}.format({', '.join(names)})": "".join(f"{part}/" for part in parts),
        f"{'%s_' * len(parts)!r} % ({', '.join(names)},)": "".join(f"{part}_" for part in parts),
    }
    for form, expected in forms.items():
        assert repository(f"{head}probe({form})").values() == (Literal(expected),), form


segments = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=4) | st.sampled_from(
    ("..", ".")
)


@given(st.lists(segments | segments.map("/{}".format) | segments.map("{}/".format), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_joining_paths_is_what_python_does_with_a_normal_form(parts: list[str]) -> None:
    expected = posixpath.normpath(posixpath.join(*parts))
    assume(not expected.startswith("//"))
    written = ", ".join(map(repr, parts))
    assert repository(f"import os\nprobe(os.path.join({written}))").values() == (Literal(expected),)
    assert repository(f"from pathlib import Path\nprobe(Path({written}))").values() == (Literal(expected),)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(a, b=None):\n    total = (a or 0) + (b or 0)\n    probe(total + a)\n\nf(count(), 0)\nf(3)\n", ["?"]),
        ("def f(a):\n    return (1.0 if a else 0.0) + len(a)\n\nprobe(f(x) + 1.0)\n", ["?"]),
        ("def f(n, d):\n    share = (n or 0) / d\n    probe(share)\n\nf(x, y)\n", ["?"]),
        ('def f(name, n=0):\n    probe("data/" + (name or n))\n\nf("a")\n', ["'data/a'"]),
    ],
)
def test_a_sum_in_which_a_number_may_stand_is_no_text(code: str, expected: list[str]) -> None:
    assert probed({"app.py": code}) == expected
