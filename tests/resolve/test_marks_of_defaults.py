"""What is made of a default is as replaceable as the default: texts, paths, numbers and templates keep its mark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Hole, Items, Literal, Template, Value, marked_default
from mltradeoff_lint.resolve.values.operators import arithmetic
from tests.resolve.sample import repository

HEAD = "import argparse, os\nimport click, typer\nfrom pathlib import Path\nfrom urllib.parse import urljoin\n"
PARSER = "p = argparse.ArgumentParser()\np.add_argument('--a', default={})\na = p.parse_args().a\n"


def marks(code: str) -> list[str]:
    """The values of `probe(...)` as texts, with how firmly they are written down."""
    return sorted(f"{_text(one)} ({getattr(one, 'provenance', '')})" for one in repository(HEAD + code).values())


def _text(value: Value) -> str:
    return value.text if isinstance(value, Template) else str(getattr(value, "value", type(value).__name__))


HOME = "os.path.join(os.environ['HOME'], 'd')"


@pytest.mark.parametrize(
    "code",
    [
        PARSER.format(HOME) + "probe(a)",
        f"probe(os.getenv('A', {HOME}))",
        f"@click.command()\n@click.option('--a', default={HOME})\ndef main(a):\n    probe(a)",
        f"app = typer.Typer()\n@app.command()\ndef main(a: str = {HOME}):\n    probe(a)",
        f"def load(a={HOME}):\n    probe(a)",
        f"from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    a: str = {HOME}\nprobe(S().a)",
        "from dataclasses import dataclass\nfrom transformers import HfArgumentParser\n@dataclass\nclass S:\n"
        f"    a: str = {HOME}\nprobe(HfArgumentParser(S).parse_args_into_dataclasses()[0].a)",
    ],
)
def test_a_default_with_a_hole_is_a_default(code: str) -> None:
    assert "{env:HOME}/d (default)" in marks(code)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("f'{a}/{n}'", "8/{n} (default)"),
        ("int(a) * 2", "16 (default)"),
        ("2 * int(a)", "16 (default)"),
        ("int(a) + 1", "9 (default)"),
        ("-int(a)", "-8 (default)"),
        ("int(a) / 2", "4.0 (default)"),
        ("f'x{int(a) + 1}'", "x9 (default)"),
        ("(a + n).upper()", "{upper} (default)"),
        ("urljoin(a, 'x')", "x (default)"),
        ("(Path(a) / n).parent / 'x'", "{parent}/x (default)"),
    ],
)
def test_what_is_made_of_a_default_is_one(made: str, expected: str) -> None:
    assert marks(PARSER.format("'8'") + f"def load(n):\n    probe({made})") == [expected]


@pytest.mark.parametrize("made", ["2 * 8", "-(8)", "urljoin('http://h/', 'x')", "'8'.upper()"])
def test_what_is_made_of_written_values_is_written(made: str) -> None:
    assert [one.rpartition(" ")[2] for one in marks(f"probe({made})")] == ["(literal)"]


@pytest.mark.parametrize(
    "left", ["os.getenv('A')", "os.environ.get('A')", "p.parse_args().a", "os.getenv('A', '')", "os.getenv('A') or n"]
)
def test_what_stands_where_nothing_is_set_is_a_default(left: str) -> None:
    code = "p = argparse.ArgumentParser()\np.add_argument('--a')\n"

    assert "x (default)" in marks(f"{code}def load(n):\n    probe({left} or 'x')")


@pytest.mark.parametrize("read", ["os.getenv('A', {0})", "os.getenv('A') or {0}"])
def test_another_setting_is_no_default(read: str) -> None:
    code = "probe(" + read.format("os.environ['B']") + ")"

    assert "{env:B} (configured)" in marks(code)


def test_a_fallback_of_none_stays_what_it_is() -> None:
    assert marks("probe(os.getenv('A') or None)") == ["None (literal)", "{env:A} (configured)"]


@pytest.mark.parametrize("left", ["n", "made()", "''", "None", "y"])
def test_what_stands_behind_anything_else_keeps_its_mark(left: str) -> None:
    assert "x (literal)" in marks(f"y = ''\ndef load(n):\n    probe({left} or 'x')")


MODELS = "import yaml, sys\nfrom pydantic import BaseModel, Field\n"
LOOKING = "class B(BaseModel):\n    def __init__(self, **data):\n        super().__init__(**{**look(), **data})\n"
PLAIN = "class B(BaseModel):\n    pass\n"
SHUT = "class B(BaseModel):\n    def __init__(self):\n        super().__init__()\n"
FIELDS = (
    "class C(B):\n    a: str = Field(default='x')\nclass D(B):\n    c: C = Field(default_factory=C, description='d')\n"
)
DATA = "yaml.safe_load(open(sys.argv[1])) or {}"


@pytest.mark.parametrize(
    ("base", "read", "expected"),
    [
        (LOOKING, "C().a", "x (default)"),
        (LOOKING, "D().c.a", "x (default)"),
        (PLAIN, f"C.model_validate({DATA}).a", "x (default)"),
        (PLAIN, f"D.model_validate({DATA}).c.a", "x (default)"),
        (PLAIN, "C(**{'b': 1}).a", "x (literal)"),
        (PLAIN, "C().a", "x (literal)"),
        (PLAIN, "D().c.a", "x (literal)"),
        (PLAIN, "C(a='y').a", "y (literal)"),
        (PLAIN, "D.model_validate({'c': {'a': 'y'}}).c.a", "y (literal)"),
        (SHUT, "C().a", "x (literal)"),
    ],
)
def test_a_field_that_data_may_fill_holds_a_default(base: str, read: str, expected: str) -> None:
    assert expected in marks(f"{MODELS}{base}{FIELDS}probe({read})")


def test_a_factory_that_is_told_a_field_keeps_it() -> None:
    code = f"{MODELS}{LOOKING}class C(BaseModel):\n    a: str = 'x'\nclass D(B):\n    c: C = C(a='y')\nprobe(D().c.a)"

    assert marks(code) == ["y (literal)"]


PROVENANCES = st.sampled_from(["literal", "configured", "default", "example"])
TEXTS = st.builds(Literal, st.text(), PROVENANCES)
TEMPLATES = st.builds(lambda name, how: Template((Hole(name), "/x"), how), st.text(min_size=1), PROVENANCES)
OTHERS = st.one_of(st.builds(Unknown, st.text()), st.just(Items(())))


@given(st.lists(st.one_of(TEXTS, TEMPLATES, OTHERS)).map(tuple))
def test_a_default_is_never_firmer_than_one(values: tuple[Value, ...]) -> None:
    found = marked_default(values)

    assert [_text(one) for one in found] == [_text(one) for one in values]
    assert all(getattr(one, "provenance", "default") in ("default", "example") for one in found)
    assert marked_default(found) == found


@given(st.sampled_from("+-*"), st.integers(-9, 9), PROVENANCES, st.integers(-9, 9), PROVENANCES)
def test_a_number_is_as_firm_as_the_weakest_it_is_computed_from(
    operator: str, a: int, how: str, b: int, other: str
) -> None:
    (found,) = arithmetic(operator, (Literal(a, how),), (Literal(b, other),))

    assert isinstance(found, Literal)
    order = ("literal", "configured", "default", "example")
    assert found.provenance == max(how, other, key=order.index)
