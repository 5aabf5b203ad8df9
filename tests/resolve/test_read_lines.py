"""A step stands on the line of the reading it speaks of, however often its expression is written in the module."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.source import Span
from mltradeoff_lint.resolve.explain import explain
from tests.graph.analysed import analysed
from tests.resolve.words import resolved


def told(text: str, line: int, **others: str) -> str:
    """What is said of a line of `app.py`."""
    files = {"app.py": text} | {f"{name}.py": other for name, other in others.items()}
    return "\n".join(explain(resolved(files), "app.py", line))


def test_a_constant_is_told_at_the_call_it_is_passed_to() -> None:
    text = "d.mkdir(exist_ok=True)\nx = 1\nload(\n    x,\n    streaming=True,\n)\n"
    assert "argument streaming `True` (app.py:5)" in told(text, 3)
    assert "argument exist_ok `True` (app.py:1)" in told(text, 1)


def test_the_function_of_each_call_is_told_at_that_call() -> None:
    text = "import os\na = os.getenv('X')\nb = os.getenv('X')\nc = os.getenv('X')\n"
    for line in (2, 3, 4):
        said = told(text, line)
        assert f"receiver and function `os.getenv` (app.py:{line})" in said
        assert f"    of `os` (app.py:{line})" in said
        assert f"argument 0 `'X'` (app.py:{line})" in said


def test_an_argument_is_told_at_its_own_call() -> None:
    text = "class A:\n  def go(self):\n    first(self.model)\n    x = 1\n    last(\n        self.model)\n"
    assert "argument 0 `self.model` (app.py:6)" in told(text, 5)


def test_a_value_is_told_where_the_name_gets_it() -> None:
    text = "a = base + 'x'\nuse(a)\na = (\n    base + 'x')\nuse(a)\n"
    assert "`a` is assigned `base + 'x'` (app.py:1)" in told(text, 2)
    said = told(text, 5)
    assert "argument 0 `a` (app.py:5)" in said
    assert "`a` is assigned `base + 'x'` (app.py:4)" in said
    assert "part `base` (app.py:4)" in said


def test_what_a_function_returns_is_told_at_the_return() -> None:
    text = "def f(x):\n    log(x.name)\n    return x.name\nprobe(f(y))\n"
    assert "`f` returns `x.name` (app.py:3)" in told(text, 4)


def test_what_a_call_passes_is_told_at_that_call() -> None:
    text = "def f(x):\n    use(x)\nf('one')\ng('one')\nf(\n    'one')\n"
    said = told(text, 2)
    assert "a call passes `'one'` (app.py:3)" in said
    assert "a call passes `'one'` (app.py:6)" in said


def test_what_an_attribute_is_set_to_is_told_where_it_is_set() -> None:
    text = (
        "class A:\n    def __init__(self):\n        log('gpt')\n        self.m = 'gpt'\n"
        "    def go(self):\n        use(self.m)\n"
    )
    assert "`m` is set to `'gpt'` (app.py:4)" in told(text, 6)


def test_what_a_constructor_is_passed_is_told_at_the_construction() -> None:
    text = (
        "log('gpt')\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    m: str\n"
        "a = A('gpt')\nuse(a.m)\nlog('gpt')\n"
    )
    assert "`m` is set to `'gpt'` (app.py:6)" in told(text, 7)


def test_what_is_entered_is_told_in_front_of_its_name() -> None:
    text = "use(lock)\nwith lock as held:\n    probe(held)\nuse(lock)\n"
    assert "`held` is entered `lock` (app.py:2)" in told(text, 3)


@pytest.mark.parametrize(
    ("inside", "line"), [((2, 2), 2), ((3, 5), 5), ((3, 4), 2), ((5, 9), 5), ((6, 9), 5), ((1, 9), 1)]
)
def test_the_reading_is_the_one_inside_else_the_nearest_before(inside: tuple[int, int], line: int) -> None:
    facts = resolved({"app.py": "use(x)\nuse(x)\n\n\nuse(x)\n"}).facts("app.py")
    (name,) = (index for index, expr in enumerate(facts.exprs) if expr[:2] == ("name", "x"))
    assert facts.line_in(name, Span(inside[0], 0, inside[1], 0)) == line


def test_a_function_starts_at_its_own_decorator() -> None:
    facts = resolved({"app.py": "@step\ndef a(): ...\n\n@step\n@other\ndef b(): ...\n"}).facts("app.py")
    assert [facts.first_line(scope) for scope in facts.scopes if scope.kind == "function"] == [1, 4]


# -- the trace of a finding

FIT = "Ridge().fit(rows[['x']], rows['y'])\n"
HEAD = "import pandas as pd\nfrom sklearn.linear_model import Ridge\nprint('data/rows.csv')\n"
WRITTEN = "`data/rows.csv` is spelled out here"


def written_at(code: str, **others: str) -> list[tuple[str, int]]:
    """Where the only finding of a repository says that its location is written, and where it stands."""
    files = {"train.py": HEAD + code} | {f"{name}.py": other for name, other in others.items()}
    (finding,) = analysed(files).run.findings
    places = [step.location for step in finding.trace if step.text == WRITTEN]
    return [(place.path, place.line) for place in (*places, finding.location)]


def test_a_location_that_is_passed_is_written_at_the_call_that_passes_it() -> None:
    code = f"def fit(path):\n    rows = pd.read_csv(path)\n    {FIT}check('data/rows.csv')\nfit('data/rows.csv')\n"
    assert written_at(code) == [("train.py", 8)] * 2


def test_a_location_in_the_read_itself_is_written_there() -> None:
    assert written_at(f"rows = pd.read_csv('data/rows.csv')\n{FIT}") == [("train.py", 4)]


def test_a_location_in_a_name_is_written_where_the_name_gets_it() -> None:
    code = f"PATH = 'data/rows.csv'\nprint('data/rows.csv')\nrows = pd.read_csv(PATH)\n{FIT}"
    assert written_at(code) == [("train.py", 4)] * 2


def test_a_location_of_another_module_is_written_where_that_binds_it() -> None:
    settings = "print('data/rows.csv')\nPATH = 'data/rows.csv'\nprint('data/rows.csv')\n"
    assert written_at(f"from settings import PATH\nrows = pd.read_csv(PATH)\n{FIT}", settings=settings) == (
        [("settings.py", 2)] * 2
    )
    assert written_at(f"import settings as s\nrows = pd.read_csv(s.PATH)\n{FIT}", settings=settings) == (
        [("settings.py", 2)] * 2
    )


def test_a_location_in_an_attribute_is_written_where_it_is_set() -> None:
    code = (
        "class A:\n    def __init__(self):\n        print('data/rows.csv')\n        self.path = 'data/rows.csv'\n"
        f"    def fit(self):\n        rows = pd.read_csv(self.path)\n        {FIT}A().fit()\n"
    )
    assert written_at(code) == [("train.py", 7)] * 2


def test_a_location_by_default_is_written_in_the_parameters() -> None:
    code = f"def fit(path='data/rows.csv'):\n    print('data/rows.csv')\n    rows = pd.read_csv(path)\n    {FIT}fit()\n"
    assert written_at(code) == [("train.py", 4)] * 2


def test_a_location_that_is_the_default_of_an_option_is_written_where_the_option_is_added() -> None:
    code = (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument(\n    '--path',\n"
        "    default='data/rows.csv')\nargs = parser.parse_args()\nprint('data/rows.csv')\n"
        f"rows = pd.read_csv(args.path)\n{FIT}"
    )
    assert written_at(code) == [("train.py", 8)] * 2
