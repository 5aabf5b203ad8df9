"""What the tests around a place leave of the values of a name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resolve.test_configured_values import values

PICK = "def pick(flag):\n    return 'a.csv' if flag else 'b.parquet'\nname = pick(read())\n"


@pytest.mark.parametrize(
    ("test", "left"),
    [
        ("name.endswith('.csv')", "a.csv"),
        ("name.startswith('b')", "b.parquet"),
        ("name.endswith(('.csv', '.tsv'))", "a.csv"),
        ("not name.endswith('.csv')", "b.parquet"),
        ("name == 'a.csv'", "a.csv"),
        ("name != 'a.csv'", "b.parquet"),
        ("name in ('a.csv', 'c.csv')", "a.csv"),
        ("name not in ['a.csv']", "b.parquet"),
    ],
)
def test_the_branches_of_a_test_hold_the_values_that_lead_there(test: str, left: str) -> None:
    source = f"{PICK}if {test}:\n    x = name\nelse:\n    y = name\nz = name\n"
    other = {"a.csv": "b.parquet", "b.parquet": "a.csv"}[left]

    assert values({"app.py": source}) == (f"'{left}' (literal)",)
    assert values({"app.py": source}, name="y") == (f"'{other}' (literal)",)
    assert values({"app.py": source}, name="z") == ("'a.csv' (literal)", "'b.parquet' (literal)")


NESTED = (
    "def pick(flag):\n    return '' if flag else 'host:80'\nurl = pick(read())\n"
    "if not url:\n    print('none')\nelse:\n    try:\n"
    "        if not url.startswith('http'):\n            url = 'http://' + url\n{inside}"
    "    except OSError:\n        pass\n{behind}"
)


def test_a_name_bound_anew_under_a_test_of_itself_keeps_what_passed_the_tests_around_both() -> None:
    inside = NESTED.format(inside="        x = url\n        y = url + '/health'\n", behind="")

    assert values({"app.py": inside}) == ("'http://host:80' (literal)",)
    assert values({"app.py": inside}, name="y") == ("'http://host:80/health' (literal)",)


def test_what_holds_inside_a_branch_does_not_hold_behind_it() -> None:
    behind = NESTED.format(inside="", behind="x = url\n")

    assert set(values({"app.py": behind})) == {"'' (literal)", "'host:80' (literal)", "'http://host:80' (literal)"}


@pytest.mark.parametrize("path", ["os.path.isabs(p)", "p.is_absolute()"])
def test_a_path_that_is_seen_from_the_root_is_not_relative(path: str) -> None:
    """The default fails the test, so that the variable alone decides what is read behind it."""
    source = "import os\nfrom pathlib import Path\np = os.getenv('P', '/mnt/model.pkl')\n"
    source += "p = Path(p)\n" if path.startswith("p.") else ""
    source += f"if not {path}:\n    p = os.path.join('/srv', p)\n    x = p\n"

    assert values({"app.py": source}) == ("Template",)


def test_what_no_known_value_reaches_is_unknown() -> None:
    source = "name = 'a.parquet'\nif name.endswith('.csv'):\n    x = name\n"

    assert values({"app.py": source}) == ("Unknown",)


def test_code_behind_a_branch_that_left_holds_the_values_that_failed_its_test() -> None:
    source = (
        "def f(name):\n    if name == 'a':\n        return 'first'\n    return name\n"
        "def g(flag):\n    return f('a' if flag else 'b')\nx = g(read())\n"
    )

    assert values({"app.py": source}) == ("'first' (literal)", "'b' (literal)")


def test_code_behind_an_else_that_left_is_told_nothing_by_the_test() -> None:
    source = (
        "def pick(flag):\n    return 'a' if flag else 'b'\nname = pick(read())\n"
        "def f(name):\n    if name == 'a':\n        y = 1\n    else:\n        return 'other'\n    return name\n"
        "x = f(name)\n"
    )

    assert values({"app.py": source}) == ("'other' (literal)", "'a' (literal)", "'b' (literal)")


@pytest.mark.parametrize("test", ["not folder", "folder == ''", "folder is None", "not folder or folder is None"])
def test_a_value_that_is_replaced_where_it_is_empty_does_not_arrive(test: str) -> None:
    empty = "None" if "is None" in test and "or" not in test else "''"
    source = f"def f(folder={empty}):\n    if {test}:\n        folder = 'made'\n    return folder\nx = f({empty})\n"

    assert values({"app.py": source}) == ("'made' (literal)",)


@pytest.mark.parametrize(
    "body",
    [
        "    for i in range(3):\n        if not folder:\n            break\n            folder = 'made'\n",
        "    if len(folder) > 3:\n        if not folder:\n            folder = 'made'\n",
        "    try:\n        if not folder:\n            folder = 'made'\n    except OSError:\n        pass\n",
    ],
)
def test_a_value_that_can_pass_by_the_replacement_stays(body: str) -> None:
    found = values({"app.py": f"def f(folder=''):\n{body}    return folder\nx = f('')\n"})

    assert "'' (literal)" in found


def test_the_branches_of_a_conditional_expression_hold_what_passes_its_test() -> None:
    source = (
        "def f(base):\n    return f'{base}/models' if base.endswith('/v1') else f'{base}/v1/models'\n"
        "x = f('http://a/v1')\ny = f('http://a')\n"
    )

    assert "'http://a/v1/v1/models' (literal)" not in values({"app.py": source})
    assert "'http://a/models' (literal)" not in values({"app.py": source}, name="y")


def test_the_elements_of_a_comprehension_pass_its_tests() -> None:
    source = "x = [n + '.gz' for n in ('a.csv', 'b.txt') if n.endswith('.csv')][0]\n"

    assert "'b.txt.gz' (literal)" not in values({"app.py": source})


def test_a_name_that_is_bound_anew_in_the_branch_is_not_narrowed() -> None:
    source = "name = 'a'\nif name == 'b':\n    name = 'c'\n    x = name\n"

    assert values({"app.py": source}) == ("'c' (literal)",)


def test_the_kind_of_a_container_is_told_from_a_text() -> None:
    source = (
        "def pick(flag):\n    return 'a' if flag else {'k': 'v'}\nname = pick(read())\n"
        "if isinstance(name, str):\n    x = name\nelif isinstance(name, dict):\n    y = name\n"
    )

    assert values({"app.py": source}) == ("'a' (literal)",)
    assert values({"app.py": source}, name="y") == ("Mapping",)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.text("ab.", min_size=1, max_size=4), min_size=1, max_size=5, unique=True), st.text("ab.", max_size=2)
)
def test_narrowing_keeps_what_python_keeps(words: list[str], end: str) -> None:
    source = f"for word in {words!r}:\n    if word.endswith({end!r}):\n        x = word\n"

    expected = {f"{word!r} (literal)" for word in words if word.endswith(end)}
    assert set(values({"app.py": source})) == (expected or {"Unknown"})
