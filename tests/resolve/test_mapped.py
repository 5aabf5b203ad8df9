"""Functions that `map` calls with each element, and those that a parser of command lines names by a sub-command."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe


@pytest.mark.parametrize(
    "function",
    ["name", "lambda row: row + '.csv'", "Folder().name", "Folder.of"],
)
def test_each_result_of_map_is_what_the_function_makes_of_an_element(function: str) -> None:
    code = "def name(row):\n    return row + '.csv'\n"
    code += "class Folder:\n    def name(self, row):\n        return row + '.csv'\n"
    code += "    @staticmethod\n    def of(row):\n        return row + '.csv'\n"

    assert probe(f"{code}for path in map({function}, ['a', 'b']):\n    probe(path)\n") == ["'a.csv'", "'b.csv'"]


def test_a_second_list_of_map_fills_the_second_parameter() -> None:
    code = "def name(folder, row):\n    return folder + row\nprobe(list(map(name, ['data/'], ['a', 'b']))[0])\n"

    assert probe(code) == ["'data/a'", "'data/b'"]


@pytest.mark.parametrize("convert", ["str", "Path", "os.fspath"])
def test_a_conversion_that_is_mapped_leaves_the_texts_as_they_are(convert: str) -> None:
    code = f"import os\nfrom pathlib import Path\nprobe(list(map({convert}, ['a.csv', 'b.csv']))[0])\n"

    assert probe(code) == ["'a.csv'", "'b.csv'"]


def test_what_a_library_makes_of_each_element_is_not_the_element() -> None:
    assert probe("import math\nprobe(next(map(math.sqrt, [4, 9])))\n") == ["math.sqrt()"]


PARSER = """
import argparse
def train(args):
    probe({0})
parser = argparse.ArgumentParser()
commands = parser.add_subparsers()
one = commands.add_parser("train")
one.add_argument("--path", default="rides.csv")
one.set_defaults(run=train)
"""


@pytest.mark.parametrize(
    ("read", "call"),
    [
        ("args.path", "args = parser.parse_args()\nargs.run(args)\n"),
        ("args['path']", "args = vars(parser.parse_args())\nargs['run'](args)\n"),
        ("args['path']", "def main():\n    args = vars(parser.parse_args())\n    args['run'](args)\n"),
        ("args.path", "args = parser.parse_args()\nif hasattr(args, 'run'):\n    args.run(args)\n"),
    ],
)
def test_a_function_that_a_sub_command_names_is_called_with_the_arguments(read: str, call: str) -> None:
    assert probe(PARSER.format(read) + call) == ["'rides.csv'"]
