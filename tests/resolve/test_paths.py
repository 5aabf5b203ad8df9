"""Paths as values: their parts, the place of a module, what listings give, formats, and sources outside the code."""

from __future__ import annotations

import posixpath
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.resolve.domain import Hole, Items, Literal, Template, Unknown, Values
from mltradeoff_lint.resolve.values import paths, texts
from tests.resolve.sample import probe, repository

NAMES = st.text("abc.", min_size=1, max_size=4).filter(lambda name: name.strip(".") and not name.endswith("."))
TEXTS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


def text(values: Values) -> object:
    (value,) = values
    return value.value if isinstance(value, Literal) else value


@given(TEXTS)
def test_the_parts_of_a_written_path_are_those_that_pathlib_gives(path: str) -> None:
    known = (Literal(path),)

    assert text(paths.parent(known)) == str(PurePosixPath(path).parent)
    assert text(paths.name(known)) == PurePosixPath(path).name
    assert text(paths.parent(known, bare="")) == posixpath.dirname(path)


@given(TEXTS, st.sampled_from(["", ".txt", ".b"]))
def test_a_suffix_is_replaced_as_pathlib_does_it(path: str, suffix: str) -> None:
    one = PurePosixPath(path)
    if one.suffix and one.stem:
        assert text(paths.with_suffix((Literal(path),), (Literal(suffix),))) == str(one.with_suffix(suffix))
        assert text(paths.stem((Literal(path),))) == one.stem


@given(st.lists(st.one_of(st.text("ab/.", max_size=4), st.sampled_from(["x", "y"]).map(Hole)), max_size=5))
def test_no_path_function_fails_on_a_template(parts: list[str | Hole]) -> None:
    value = (Template(tuple(parts)),)

    for name in paths.ATTRIBUTES:
        assert paths.attribute(value[0], name)
    for name in paths.METHODS:
        assert paths.method(name, value, [value])
    for name in paths.FUNCTIONS:
        assert paths.called(name, [value, value])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os\nprobe(os.path.join(os.path.dirname(__file__), 'x.csv'))", "f'{repository root}/pkg/sub/x.csv'"),
        ("from pathlib import Path\nprobe(Path(__file__).resolve().parent.parent / 'x')", "f'{repository root}/pkg/x'"),
        ("from pathlib import Path\nprobe(Path(__file__).parents[2] / 'x')", "f'{repository root}/x'"),
        (
            "import os\nH = os.path.abspath(__file__)\nprobe(os.path.join(H, '..', '..', 'x'))",
            "f'{repository root}/pkg/x'",
        ),
        ("import os\nprobe(os.path.join(os.getcwd(), 'data', 'x'))", "'data/x'"),
        ("import os\nprobe(os.path.join(os.path.dirname(os.getcwd()), 'x'))", "'../x'"),
    ],
)
def test_a_path_built_on_the_place_of_a_module_is_one_of_the_repository(source: str, expected: str) -> None:
    assert probe({"pkg/sub/app.py": source}, "pkg/sub/app.py") == [expected]


def test_only_a_path_inside_the_repository_is_told_to_be_there() -> None:
    assert paths.inside_repository("{repository root}/a/../b.csv") == "b.csv"
    assert paths.inside_repository("{repository root}/../b.csv") is None
    assert paths.inside_repository("data/b.csv") is None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from pathlib import Path\nfor x in Path('data').glob('*.csv'): probe(x)", "f'data/*.csv'"),
        ("from pathlib import Path\nfor x in sorted(Path('data').rglob('*.csv')): probe(x.parent)", "f'data/**'"),
        ("from pathlib import Path\nfor x in Path('data').iterdir(): probe(x / 'y.csv')", "f'data/*/y.csv'"),
        ("import os\nfor x in os.listdir('data'): probe(os.path.join('data', x))", "f'data/*'"),
        ("import os\nfor r, _, fs in os.walk('data'):\n for f in fs: probe(os.path.join(r, f))", "f'data/**/*'"),
        ("import glob\nfor x in glob.glob('data/y_*.csv'): probe(x)", "f'data/y_*.csv'"),
        ("import glob\nX = [p.replace('a', 'b') for p in glob.glob('a/*')]\nprobe(X[0])", "f'b/*'"),
        ("from tqdm import tqdm\nimport os\nfor x in tqdm(os.listdir('data')): probe('data/' + x)", "f'data/*'"),
    ],
)
def test_a_listing_gives_the_pattern_of_its_files(source: str, expected: str) -> None:
    assert probe(source) == [expected]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("m = 3\nprobe(f'{m:02d}.csv')", "'03.csv'"),
        ("probe('{:02d}-{x:>3}'.format(3, x='a'))", "'03-  a'"),
        ("probe('%02d.csv' % 3)", "'03.csv'"),
        ("probe('{k}/x'.format(**{'k': 'v'}))", "'v/x'"),
        ("probe('{{x}}{}'.format('a'))", "'{x}a'"),
        ("def f(m): probe(f'{m:02d}.csv')", "f'{m}.csv'"),
        ("probe('{:9999999999d}'.format(1))", "f'{0}'"),
        ("probe('%9999999999d' % 1)", "?"),
        ("probe('{:{w}}'.format(1, w=2))", "?"),
        ("X = 'a/b/c'.split('/')\nprobe(X[1])", "'b'"),
        ("probe('a.csv'.removesuffix('.csv'))", "'a'"),
        ("def f(x): probe('A-{}'.format(x).lower())", "f'{lower}'"),
        ("import os\nprobe(os.path.splitext('a/b.csv')[0] + '.json')", "'a/b.json'"),
        ("from urllib.parse import urljoin\nprobe(urljoin('https://h/a/b', 'c'))", "'https://h/a/c'"),
        ("from urllib.parse import urljoin\ndef f(x): probe(urljoin('https://h/a/', x))", "?"),
        ("X = None\nprobe(f'{X}/a.csv')", "f'{X}/a.csv'"),
    ],
)
def test_a_text_is_put_together_as_the_program_would(source: str, expected: str) -> None:
    assert probe(source) == [expected]


@given(st.sampled_from(["lower", "upper", "strip", "title"]), st.text("aB c-", max_size=6))
def test_a_method_of_a_known_text_gives_what_python_gives(name: str, written: str) -> None:
    found = texts.method(name, (Literal(written),), [], {})

    assert found == (Literal(getattr(written, name)()),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import tempfile\nprobe(tempfile.mkdtemp() + '/x.csv')", "f'{run:temporary folder}/x.csv'"),
        ("import tempfile\nwith tempfile.TemporaryDirectory() as d: probe(f'{d}/x')", "f'{run:temporary folder}/x'"),
        ("import tempfile\nwith tempfile.NamedTemporaryFile() as f: probe(f.name)", "f'{run:temporary file}'"),
        ("import tempfile\nfd, path = tempfile.mkstemp()\nprobe(path)", "f'{run:temporary file}'"),
        ("import tempfile\nfd, path = tempfile.mkstemp('.csv')\nprobe(path)", "f'{run:temporary file}.csv'"),
        ("import tempfile\nfd, path = tempfile.mkstemp(suffix=end)\nprobe(path)", "f'{run:temporary file}'"),
        (
            "import tempfile\nwith tempfile.NamedTemporaryFile('w', suffix='.txt') as f: probe(f.name)",
            "f'{run:temporary file}.txt'",
        ),
        (
            "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\ndef f(q): probe('d/' + q)",
            "f'd/{request:q}'",
        ),
        ("from sqlalchemy import text\nprobe(text('SELECT 1'))", "'SELECT 1'"),
    ],
)
def test_what_only_a_run_or_a_request_brings_has_a_name(source: str, expected: str) -> None:
    assert probe(source) == [expected]


def test_a_parameter_of_a_route_keeps_its_source_and_one_of_a_plain_function_has_none() -> None:
    route = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\ndef f(q): probe(q)"
    (of_route,) = repository(route).values()
    (of_function,) = repository("def f(q): probe(q)").values()

    assert isinstance(of_route, Unknown)
    assert of_route.source == "request:q"
    assert isinstance(of_function, Unknown)
    assert of_function.source == ""


POOL = "from multiprocessing import Pool\nfrom concurrent.futures import ThreadPoolExecutor\nimport threading\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a, b): probe(b)\nThreadPoolExecutor().submit(f, 'x', 'y')", "'y'"),
        ("def f(a, b): probe(b)\nThreadPoolExecutor().submit(f, 'x', b='y')", "'y'"),
        ("def f(a): probe(a)\nwith Pool() as p: p.map(f, ['x', 'y'])", "'x' 'y'"),
        ("def f(a, b): probe(b)\nPool().starmap(f, [('x', 'y')])", "'y'"),
        ("def f(a, b): probe(b)\nPool().apply_async(f, ('x', 'y'))", "'y'"),
        ("def f(a, b): probe(b)\nthreading.Thread(target=f, args=('x',), kwargs={'b': 'y'}).start()", "'y'"),
        ("class A:\n def f(self, a): probe(a)\n def g(self): ThreadPoolExecutor().submit(self.f, 'x')", "'x'"),
        ("def f(a): probe(a)\nThreadPoolExecutor().submit(print, f, 'x')", "?"),
    ],
)
def test_a_function_handed_to_a_pool_or_thread_gets_what_stands_beside_it(source: str, expected: str) -> None:
    assert " ".join(probe(POOL + source)) == expected


def test_a_handler_of_an_app_takes_its_parameters_from_who_presses_the_button() -> None:
    source = "import gradio as gr\ndef f(q): probe(q)\ngr.Button('x').click(f, inputs=[gr.Textbox()])"
    (value,) = repository(source).values()

    assert isinstance(value, Unknown)
    assert value.source == "request:q"


def test_a_listing_of_an_unknown_folder_stays_open() -> None:
    (value,) = paths.listed((Literal("a"),), (Literal("*.csv"),))

    assert isinstance(value, Items)
    assert value.is_open


def test_alike_alternatives_leave_room_for_the_others() -> None:
    code = (
        "def f(a):\n    p = open(2) if a else open(3) if a.b else open(4)\n"
        "    q = 'one' if a.c else 'two' if a.d else 'three'\n    probe(f'{p}{p}{p}{p}/{q}')\n"
    )

    assert [one.rstrip("'").rpartition("/")[2] for one in probe(code)] == ["one", "three", "two"]


def test_a_text_of_too_many_combinations_says_that_it_was_cut() -> None:
    choices = ["1 if c else 2 if c.a else 3 if c.b else 4"] * 4
    code = f"def f(c):\n    a, b, d, e = {', '.join(choices)}\n    probe(f'{{a}}{{b}}{{d}}{{e}}')\n"

    assert any(one.startswith("?") for one in probe(code))


def test_the_name_of_the_script_inside_a_text_is_open() -> None:
    assert probe("probe(f'LOG/imp_{__file__}.csv')") == ["f'LOG/imp_{__file__}.csv'"]
