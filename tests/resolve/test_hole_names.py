"""Holes in texts: what did not resolve never reads like something that is known, and a sum is no text."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe


@pytest.mark.parametrize(
    "source",
    [
        "def load(repository): probe(f'{repository}/x.csv')",
        "def same(x): return x\ndef load(given): probe(f'{same(given)}/x.csv')",
        "def load(repository): probe('{repository}/x.csv'.format(repository=repository))",
        "import os\ndef load(repository): probe(os.path.join(repository, 'x.csv'))",
        "def load(repository): probe('%s/x.csv' % repository)",
    ],
)
def test_a_variable_is_not_taken_for_the_folder_of_the_repository(source: str) -> None:
    (found,) = probe(source)
    assert "x.csv" in found
    assert "repository root" not in found
    assert probe("import os\nprobe(os.path.join(os.path.dirname(__file__), 'x.csv'))") == ["f'{repository root}/x.csv'"]


@pytest.mark.parametrize(
    "counting",
    ["page = page + 1", "page += 1", "page = 1 + page"],
)
def test_a_counter_is_no_text(counting: str) -> None:
    source = f"def pages():\n page = 0\n while True:\n  probe(f'/latest?page={{page}}')\n  {counting}"
    assert sorted(probe(source)) == ["'/latest?page=0'", "f'/latest?page={page}'"]


def test_a_number_from_outside_is_no_text_when_one_is_added() -> None:
    assert probe("def next(n): probe(n + 1)") == ["unknown"] or "1" not in str(probe("def next(n): probe(n + 1)"))


@pytest.mark.parametrize("join", ["Path({}, 'x.csv')", "os.path.join({}, 'x.csv')"])
@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("folder", "folder"),
        ("checkpoint.path", "checkpoint.path"),
        ("args.folders[-1]", "folders"),
        ("folder[i]", "folder"),
        ("args['output']", "output"),
        ("folder['*']", "part"),
        ("make(folder) or folder", "part"),
    ],
)
def test_a_part_of_a_path_that_is_not_known_has_the_name_of_its_expression(join: str, part: str, name: str) -> None:
    imports = "import os\nfrom pathlib import Path\n"
    source = f"{imports}def f(folder, checkpoint, args, i, make):\n    probe({join.format(part)})"

    assert probe(source) == [f"f'{{{name}}}/x.csv'"]
