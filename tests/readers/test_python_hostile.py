"""Whatever the bytes are, reading Python ends soon, raises nothing, and gives plain data that depends on them alone."""

from __future__ import annotations

import ast
import json
import sysconfig
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.readers import python
from tests.readers.python_sample import read

SECONDS = 5.0


def nested(text: str, depth: int, inner: str = "x = 1") -> str:
    """Compound statements, one inside the other."""
    return "".join(" " * level + text + "\n" for level in range(depth)) + " " * depth + inner + "\n"


HOSTILE: dict[str, str | bytes] = {
    "attributes 1000": "x" + ".a" * 1000,
    "attributes 2900": "x" + ".a" * 2900,
    "method chain 1000": "x" + ".a()" * 1000,
    "method chain 2900": "x" + ".a()" * 2900,
    "calls of calls": "x" + "()" * 2900,
    "subscripts": "x" + "[0]" * 2900,
    "subscripts and methods": "x" + "[0].a(1)" * 900,
    "brackets 90": "x = " + "[" * 90 + "]" * 90,
    "brackets 300": "x = " + "[" * 300 + "]" * 300,
    "calls in calls": "x = " + "f(" * 90 + ")" * 90,
    "lambdas in lambdas": "x = " + "lambda: " * 900 + "1",
    "conditions in conditions": "x = " + "a if b else " * 900 + "c",
    "powers": "x = " + "**".join(["a"] * 900),
    "negations": "x = " + "not " * 2000 + "a",
    "sums": "x = " + "+".join(["a"] * 2900),
    "string of 10 MB": "x = '" + "a" * 10_000_000 + "'",
    "number of 5000 digits": "x = " + "9" * 5000,
    "hexadecimal number of 200000 digits": "x = 0x" + "f" * 200_000,
    "infinite number": "x = 1e999",
    "dict of 30000 entries": "x = {" + ", ".join(f"'k{n}': {n}" for n in range(30_000)) + "}",
    "list of 50000 numbers": "x = [" + ", ".join(map(str, range(50_000))) + "]",
    "elif 900": "if a: x = 0\n" + "".join(f"elif a == {n}: x = {n}\n" for n in range(900)),
    "elif 3000": "if a: x = 0\n" + "".join(f"elif a == {n}: x = {n}\n" for n in range(3000)),
    "if 6000": "".join(f"if a == {n}: x{n} = {n}\n" for n in range(6000)),
    "handlers": "try: x = 0\n" + "".join(f"except E{n}: x = {n}\n" for n in range(2000)),
    "try 3000": "".join(f"try: x{n} = 1\nexcept E: x{n} = 2\n" for n in range(3000)),
    "cases": "match a:\n" + "".join(f" case {n}: x = {n}\n" for n in range(2000)),
    "loops": "".join(f"for i{n} in z:\n x = 1\n y{n} = x\n" for n in range(3000)),
    "breaks": "while a:\n" + "".join(f" if b:\n  x{n} = 1\n  break\n y{n} = 2\n" for n in range(1500)),
    "loops in loops": nested("for a in b:", 95),
    "functions in functions": nested("def a():", 90),
    "classes in classes": nested("class a:", 90),
    "statements on one line": ";".join(["x = 1"] * 20_000),
    "parameters of quoted types": "def f(x: '" + "List[" * 120 + "]" * 120 + "'): pass",
    "union of quoted types": "def f(x: " + "|".join(["'A'"] * 2900) + "): pass",
    "walrus": "x = " + " and ".join(f"(a{n} := 1)" for n in range(2000)),
    "lone surrogate": "x = '\\ud800'",
    "null byte": "x = 1\0",
    "utf-16": "x = 1".encode("utf-16"),
    "broken utf-8": b"x = '\xff'\n",
    "unknown encoding": b"# coding: nope\nx = 1\n",
    "unterminated string": "x = 'abc",
    "mixed tabs": "if a:\n\tx = 1\n        y = 2\n",
    "nothing": b"",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_source_gives_facts_a_problem_or_nothing_and_soon(source: str | bytes) -> None:
    data = source if isinstance(source, bytes) else source.encode("utf-8", "surrogatepass")
    started = time.process_time()
    reading = python.read(data, "sample.py")
    assert time.process_time() - started < SECONDS
    if reading is not None:
        assert isinstance(reading.content, PythonFacts) or reading.problems
        if isinstance(reading.content, PythonFacts):
            json.dumps(plain(reading.content))


def test_what_the_first_parser_refuses_becomes_a_problem_with_the_second() -> None:
    names = ["elif 3000", "unterminated string", "unknown encoding"]
    refused = [
        (name, source.encode() if isinstance(source, str) else source)
        for name, source in HOSTILE.items()
        if name in names
    ]
    readings = python.read_newer(refused)
    assert sorted(readings) == sorted(names)
    assert all(one.content is not None or one.problems for one in readings.values())


# -- bytes in, plain data out


def plain(facts: PythonFacts) -> object:
    """Everything in the facts, checked to be data that a store can keep."""
    return _plain([getattr(facts, name) for name in PythonFacts.__slots__])


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        assert all(isinstance(key, str) for key in value)
        return {key: _plain(one) for key, one in value.items()}
    assert value is None or type(value) in (str, int, float, bool), repr(value)
    return value


SNIPPETS = (
    "import a.b as c",
    "from . import d",
    "x = {'k': [1, 2.5, None, True]}",
    "x.y[0] = z = f(*p, **q)",
    "def g(a, /, b=1, *c, d: 'T' = 2, **e) -> R:\n    return a if b else [i for i in c if (w := i)]",
    "class K(B, meta=M):\n    field: int = 3\n    def m(self):\n        self.n = yield",
    "try:\n    x = 1\nexcept E as e:\n    raise F from e\nfinally:\n    x += 2",
    "for i, (j, *k) in it:\n    if i:\n        continue\n    s.append(f'{j!r:>{k}}')",
    "match v:\n    case [a, *b]:\n        use(a)",
    "with o(1) as h, p:\n    del h",
    "lambda q: q @ w",
    "# mltradeoff: ignore[x] why",
    "nää = 'é'",
    "while t:\n    break",
)
sources = st.lists(st.sampled_from(SNIPPETS), max_size=8).map("\n".join)


@given(sources)
@settings(max_examples=60, deadline=None)
def test_facts_survive_a_round_trip_through_json(source: str) -> None:
    data = plain(read(source))
    assert json.loads(json.dumps(data)) == data


@given(sources, sources)
@settings(max_examples=60, deadline=None)
def test_facts_depend_on_nothing_but_the_bytes(source: str, other: str) -> None:
    first = python.read(source.encode(), "one.py")
    python.read(other.encode(), "other.py")
    assert python.read(source.encode(), "folder/two.py") == first


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@given(sources)
@settings(max_examples=30, deadline=None)
def test_facts_are_the_same_for_every_kind_of_line_end(newline: str, source: str) -> None:
    assert python.read(source.replace("\n", newline).encode(), "sample.py") == python.read(source.encode(), "sample.py")


def test_a_byte_order_mark_a_form_feed_and_a_declared_encoding_change_nothing() -> None:
    expected = read("x = 'é'\nuse(x)\n")
    assert read(b"\xef\xbb\xbfx = '\xc3\xa9'\nuse(x)\n") == expected
    assert read("x = 'é'\n\x0cuse(x)\n").calls[0].span.line == 2
    latin = read(b"# coding: latin-1\nx = '\xe9'\nuse(x)\n")
    assert [expr for expr in latin.exprs if expr[0] == "const"] == [("const", "é")]


STDLIB = Path(sysconfig.get_path("stdlib"))


def test_the_facts_hold_every_call_and_function_of_the_standard_library() -> None:
    wrong = []
    for path in sorted(STDLIB.glob("*.py"))[::3]:
        data = path.read_bytes()
        facts = read(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(data)))
        calls = sum(isinstance(node, ast.Call) for node in nodes)
        functions = sum(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) for node in nodes)
        scopes = sum(one.kind in ("function", "lambda") for one in facts.scopes)
        if (calls, functions) != (len(facts.calls), scopes):
            wrong.append((path.name, calls, len(facts.calls), functions, scopes))
    assert not wrong
