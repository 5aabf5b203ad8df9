"""Branches that a known value decides, and tests that ask about a part of a value."""

from __future__ import annotations

import pytest

from tests.resolve.test_configured_values import values

ROWS = "ROWS = {'a': {'path': 'one', 'subset': False}, 'b': {'path': 'two', 'subset': 'x'}}\n"


@pytest.mark.parametrize("part", ["row['subset']", "row.get('subset')"])
def test_a_test_of_a_part_leaves_the_rows_that_pass_it(part: str) -> None:
    loop = "for name, row in ROWS.items():\n"
    source = f"{ROWS}{loop}    if {part}:\n        x = row['path']\n    else:\n        y = row['path']\n"

    assert values({"app.py": source}) == ("'two' (literal)",)
    assert values({"app.py": source}, name="y") == ("'one' (literal)",)


def test_a_part_that_is_compared_leaves_the_rows_that_pass() -> None:
    source = f"{ROWS}for row in ROWS.values():\n    if row['path'] == 'one':\n        x = row['path'] + '.csv'\n"

    assert values({"app.py": source}) == ("'one.csv' (literal)",)


def test_a_row_that_may_lack_the_part_stays() -> None:
    rows = "ROWS = [{'path': 'one'}, {'path': 'two', 'skip': True}]\n"
    source = f"{rows}for row in ROWS:\n    if not row.get('skip'):\n        x = row['path']\n"

    assert "'one' (literal)" in values({"app.py": source})


BRANCH = """
def text(full=True):
    if full:
        part = "and more"
    else:
        part = ""
    return f"select {part}"
def ending(kind):
    if kind == "a":
        return "first"
    elif kind == "b":
        return "second"
    return "third"
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("text(full=False)", {"'select ' (literal)"}),
        ("text(full=True)", {"'select and more' (literal)"}),
        ("text()", {"'select and more' (literal)"}),
        ("ending('a')", {"'first' (literal)"}),
        ("ending('b')", {"'second' (literal)"}),
        ("ending('c')", {"'third' (literal)"}),
    ],
)
def test_a_call_whose_arguments_decide_a_branch_gives_what_stands_there(call: str, expected: set[str]) -> None:
    assert set(values({"app.py": f"{BRANCH}x = {call}\n"})) == expected


def test_an_argument_that_is_not_known_decides_nothing() -> None:
    found = values({"app.py": f"import json\n{BRANCH}x = ending(json.load(open('f')))\n"})

    assert set(found) == {"'first' (literal)", "'second' (literal)", "'third' (literal)"}


def test_a_setting_that_may_be_another_decides_nothing() -> None:
    found = values({"app.py": f"import os\n{BRANCH}x = ending(os.getenv('KIND', 'a'))\n"})

    assert set(found) == {"'first' (literal)", "'second' (literal)", "'third' (literal)"}


@pytest.mark.parametrize("test", ["place.is_dir()", "os.path.isdir(place)"])
def test_a_path_with_the_ending_of_a_data_file_is_no_folder(test: str) -> None:
    source = (
        "import os\nfrom pathlib import Path\ndef find(place):\n"
        f"    if {test}:\n        place = os.path.join(place, 'last.json')\n    return place\n"
        "x = find(Path('results/run.json'))\ny = find(Path('results'))\n"
    )

    assert values({"app.py": source}) == ("'results/run.json' (literal)",)
    assert "'results/last.json' (literal)" in values({"app.py": source}, name="y")


def test_the_default_of_a_step_is_not_certain_where_a_pipeline_leaves_it_out() -> None:
    source = "from zenml import step\n@step\ndef run(model='a'):\n    global x\n    x = model\nrun()\n"

    assert values({"app.py": source}) == ("'a' (default)",)
