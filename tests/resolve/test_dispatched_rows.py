"""A function that a row of a table names is given what stands in its own rows, and nothing of the others."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

FUNCTIONS = "def first(path):\n    probe(path)\ndef second(path):\n    pass\n"
TABLE = "TABLE = {'a.yaml': first, 'b.json': second, 'c.yaml': first}\n"
LOOP = "for name, run in TABLE.items():\n    run(name)\n"


def test_a_function_in_a_table_is_given_the_keys_of_its_own_rows() -> None:
    assert probe(f"{FUNCTIONS}{TABLE}{LOOP}") == ["'a.yaml'", "'c.yaml'"]


@pytest.mark.parametrize(
    "calls",
    [
        "for name, run in [('a', first), ('b', second)]:\n    run(name)\n",
        "for run, name in ((second, 'b'), (first, 'a')):\n    run(path=name)\n",
        "for row in [('a', first), ('b', second)]:\n    name, run = row\n    run(name)\n",
        "for row in [('a', first), ('b', second)]:\n    row[1](row[0])\n",
        "for row in [{'name': 'a', 'run': first}, {'name': 'b', 'run': second}]:\n    row['run'](row['name'])\n",
        "results = [run(name) for name, run in [('a', first), ('b', second)]]\n",
        "results = {name: run(name) for name, run in {'a': first, 'b': second}.items()}\n",
        "for run, given in [(first, ('a',)), (second, ('b',))]:\n    run(*given)\n",
        "for run, given in [(first, {'path': 'a'}), (second, {'path': 'b'})]:\n    run(**given)\n",
        "for kind in ('a', 'b'):\n    run = {'a': first, 'b': second}[kind]\n    run(kind)\n",
        "for kind in ('a', 'b'):\n    table = {'a': first, 'b': second}\n    table[kind](kind)\n",
    ],
)
def test_every_way_of_going_over_a_table_keeps_its_rows(calls: str) -> None:
    assert probe(f"{FUNCTIONS}{calls}") == ["'a'"]


def test_an_argument_that_is_made_of_a_row_belongs_to_it() -> None:
    loop = "def main(folder):\n    for name, run in TABLE.items():\n        path = folder / name\n        run(path)\n"

    assert probe(f"from pathlib import Path\n{FUNCTIONS}{TABLE}{loop}main(Path('data'))\n") == [
        "'data/a.yaml'",
        "'data/c.yaml'",
    ]


def test_the_call_of_the_function_around_still_fills_its_parameters() -> None:
    functions = "def first(path):\n    return path\ndef second(path):\n    return 'none'\n"
    loop = "    for name, run in [('a', first), ('b', second)]:\n        last = run(f'{folder}/{name}')\n"
    main = f"def main(folder):\n{loop}    return last\n"

    assert probe(f"{functions}{main}main('x')\nprobe(main('y'))\n") == ["'none'", "'y/a'"]


def test_what_a_call_gives_belongs_to_the_row_of_its_function() -> None:
    functions = "def first(path):\n    return f'{path}/1'\ndef second(path):\n    return f'{path}/2'\n"
    loop = "for name, run in [('a', first), ('b', second)]:\n    probe(run(name))\n"

    assert probe(functions + loop) == ["'a/1'", "'b/2'"]


def test_a_class_in_a_table_is_made_of_its_own_rows() -> None:
    classes = "class First:\n    def __init__(self, path):\n        self.path = path\n        probe(self.path)\n"
    classes += "class Second(First):\n    def __init__(self, path):\n        pass\n"

    assert probe(f"{classes}for name, made in [('a', First), ('b', Second)]:\n    made(name)\n") == ["'a'"]


def test_two_parameters_of_a_function_in_a_table_come_from_its_own_rows() -> None:
    functions = "def first(x, y):\n    probe(f'{x}/{y}')\ndef second(x, y):\n    pass\n"
    loop = "for x, y, run in [('a', '1', first), ('b', '2', second), ('c', '3', first)]:\n    run(x, y)\n"

    assert probe(functions + loop) == ["'a/1'", "'c/3'"]


def test_a_test_around_the_call_leaves_rows_out() -> None:
    loop = "for name, run in TABLE.items():\n    if name.startswith('c'):\n        run(name)\n"

    assert probe(f"{FUNCTIONS}{TABLE}{loop}") == ["'c.yaml'"]


def test_an_argument_of_another_loop_is_passed_by_every_row() -> None:
    loop = "for name in ('x', 'y'):\n    for run in (first, second):\n        run(name)\n"

    assert probe(f"{FUNCTIONS}{loop}") == ["'x'", "'y'"]


def test_a_table_whose_rows_are_not_known_tells_nothing_apart() -> None:
    loop = "def main(further):\n    for name, run in [('a', first), ('b', second), *further]:\n        run(name)\n"

    assert "'a'" in probe(f"{FUNCTIONS}{loop}")


def test_a_function_in_every_row_is_given_all_of_them() -> None:
    loop = "for name, run in [('a', first), ('b', first)]:\n    run(name)\n"

    assert probe(f"{FUNCTIONS}{loop}") == ["'a'", "'b'"]
