"""Texts, loops and dicts: names that change together, keys that may be replaced, arguments that nobody shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.resolve.sample import probe

FILES = "FILES = {'a': '1', 'b': '2'}\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for k, v in FILES.items():\n    probe(f'{k}/{v}.csv')\n", ["'a/1.csv'", "'b/2.csv'"]),
        ("for k, v in FILES.items():\n    probe(k + '/' + v)\n", ["'a/1'", "'b/2'"]),
        ("for k, v in zip(['a', 'b'], ['1', '2']):\n    probe('{}/{}'.format(k, v))\n", ["'a/1'", "'b/2'"]),
        ("import os\nfor k, v in [('a', '1'), ('b', '2')]:\n    probe(os.path.join(k, v))\n", ["'a/1'", "'b/2'"]),
        ("for k in FILES:\n    probe(k + '/' + FILES[k])\n", ["'a/1'", "'b/2'"]),
        (
            "def f(stage):\n    probe(f'{stage}/{stage}.csv')\nf('dev')\nf('prod')\n",
            ["'dev/dev.csv'", "'prod/prod.csv'"],
        ),
        ("for a in 'x', 'y':\n    for b in '1', '2':\n        probe(a + b)\n", ["'x1'", "'x2'", "'y1'", "'y2'"]),
    ],
)
def test_names_that_change_together_make_one_text_a_row(source: str, expected: list[str]) -> None:
    assert probe(FILES + source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("probe({k: k + '.csv' for k in ['a', 'b']}['a'])\n", ["'a.csv'"]),
        ("probe({k: v + '.csv' for k, v in FILES.items()}['b'])\n", ["'2.csv'"]),
        ("probe([n + '.csv' for n in ['a', 'b']][1])\n", ["'b.csv'"]),
        ("probe(','.join(n.upper() for n in ['a', 'b']))\n", ["'A,B'"]),
        ("for n in [n for n in ['a.csv', 'b.txt'] if n.endswith('.csv')]:\n    probe(n)\n", ["'a.csv'"]),
        ("def f(more):\n    probe({k: k for k in ['a', *more]}['a'])\n", ["'a'", "?"]),
    ],
)
def test_a_comprehension_is_looked_at_row_by_row(source: str, expected: list[str]) -> None:
    assert set(probe(FILES + source)) <= set(expected)
    assert expected[0] in probe(FILES + source)


@given(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"), min_size=1),
    st.sampled_from(["f'{k}/{v}.csv'", "k + v", "v + '-' + k + '-' + v", "'{}={}'.format(k, v)", "'%s.%s' % (k, v)"]),
)
def test_a_text_of_pairs_is_what_the_loop_makes(pairs: dict[str, str], text: str) -> None:
    made = [eval(text, {"k": k, "v": v}) for k, v in pairs.items()]

    assert probe(f"for k, v in {pairs!r}.items():\n    probe({text})\n") == sorted(map(repr, set(made)))


@pytest.mark.parametrize(
    "merged",
    [
        "c = {**base, **more}",
        "c = dict(base, **more)",
        "c = dict(base)\n    c.update(more)",
        "c = {'p': 'x'}\n    c.update(**more)",
    ],
)
def test_a_key_that_later_data_may_hold_is_not_certain(merged: str) -> None:
    assert probe(f"base = {{'p': 'x'}}\ndef f(more):\n    {merged}\n    probe(c['p'])\n") == ["'x'", "?"]


@pytest.mark.parametrize(
    "merged",
    ["c = {**more, **base}", "c = dict(more)\n    c.update(base)", "c = dict(more)\n    c.update(p='x')"],
)
def test_a_key_that_is_written_last_is_certain(merged: str) -> None:
    assert probe(f"base = {{'p': 'x'}}\ndef f(more):\n    {merged}\n    probe(c['p'])\n") == ["'x'"]


def test_the_environment_under_a_dict_may_replace_its_keys() -> None:
    assert probe("import os\nprobe({'P': 'x', **os.environ}['P'])\n") == ["'x'", "f'{env:P}'"]


@pytest.mark.parametrize("call", ["f(**more)", "f(*more)"])
def test_arguments_that_nobody_shows_leave_a_default_open(call: str) -> None:
    assert probe(f"def f(p='x'):\n    probe(p)\ndef g(more):\n    {call}\n") == ["'x'", "?"]


@pytest.mark.parametrize("call", ["f(**{'q': 1})", "f(*[])", "f('y', **more)"])
def test_arguments_that_are_known_leave_nothing_open(call: str) -> None:
    expected = "'y'" if "'y'" in call else "'x'"

    assert probe(f"def f(p='x', **rest):\n    probe(p)\ndef g(more):\n    {call}\n") == [expected]


@given(
    st.sampled_from(["split", "rsplit"]),
    st.text("a._", max_size=6),
    st.sampled_from([None, ".", "_"]),
    st.integers(-1, 3),
)
def test_a_text_is_split_as_often_as_told(name: str, text: str, separator: str | None, most: int) -> None:
    parts = getattr(text, name)(separator, most)
    source = f"for part in {text!r}.{name}({separator!r}, maxsplit={most}):\n    probe(part)\n"

    if separator is not None:
        assert probe(source) == sorted(map(repr, set(parts)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("probe('{n}.csv'.format_map({'n': 'x'}))", ["'x.csv'"]),
        ("def f(d):\n    probe('{n}.csv'.format_map(d))", ["f'{n}.csv'"]),
        ("probe('2024-01-02'[0])", ["'2'"]),
        ("probe(str(3) + '.csv')", ["'3.csv'"]),
        ("def f(n):\n    probe(n.lower() + '/x.csv')", ["f'{n.lower}/x.csv'"]),
    ],
)
def test_a_text_is_what_its_methods_make(source: str, expected: list[str]) -> None:
    assert probe(source + "\n") == expected
