"""Options of one command line: what is put together from several of them is looked at once for each line."""

from __future__ import annotations

import pytest

from tests.resolve.words import probed

PARSER = """
import argparse, os
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", default="data")
    parser.add_argument("--name", default="a")
    parser.add_argument("--mode", default="x")
    args = parser.parse_args()
    BODY
"""
CLICK = """
import click
@click.command()
@click.option("--root", default="data")
@click.option("--name", default="a")
@click.option("--mode", default="x")
def main(root, name, mode):
    BODY
"""
TYPER = """
import typer
app = typer.Typer()
@app.command()
def main(root: str = "data", name: str = "a", mode: str = "x"):
    BODY
"""
FIRE = "import fire\ndef main(root='data', name='a', mode='x'):\n    BODY\nfire.Fire(main)\n"
LINES = "python app.py --root /m --name b\npython app.py --root /n --name c --mode y\n"
EACH = ["'/m/b'", "'/n/c'", "'data/a'"]


def said(source: str, body: str, lines: str = LINES) -> list[str]:
    """What `probe` is given in a program with a body that some command lines start."""
    return probed({"app.py": source.replace("BODY", body), "run.sh": lines})


@pytest.mark.parametrize(
    "text",
    [
        "f'{args.root}/{args.name}'",
        "args.root + '/' + args.name",
        "'/'.join([args.root, args.name])",
        "os.path.join(args.root, args.name)",
        "'{}/{}'.format(args.root, args.name)",
    ],
)
def test_options_of_one_parser_stay_together(text: str) -> None:
    assert said(PARSER, f"probe({text})") == EACH


@pytest.mark.parametrize("source", [CLICK, TYPER, FIRE])
def test_parameters_of_one_command_stay_together(source: str) -> None:
    assert said(source, "probe(f'{root}/{name}')") == EACH


def test_options_stay_together_through_names_between() -> None:
    assert said(PARSER, "root = args.root\n    name = args.name\n    probe(f'{root}/{name}')") == EACH


def test_the_default_of_an_option_goes_with_the_lines_that_leave_it_out() -> None:
    lines = "python app.py --root /m --name b\npython app.py --root /n\n"

    assert said(PARSER, "probe(f'{args.root}/{args.name}')", lines) == ["'/m/b'", "'/n/a'", "'data/a'"]


def test_a_default_is_not_joined_with_an_option_that_only_a_line_gives() -> None:
    source = PARSER.replace('"--root", default="data"', '"--root", required=True')

    assert said(source, "probe(f'{args.root}/{args.name}')", "python app.py --root /m --name b\n") == ["'/m/b'"]


def test_one_option_alone_keeps_its_default() -> None:
    assert said(PARSER, "probe(f'{args.root}/file')") == ["'/m/file'", "'/n/file'", "'data/file'"]


def test_lines_of_another_sub_command_have_no_such_options() -> None:
    source = (
        "import argparse\nparser = argparse.ArgumentParser()\nsubs = parser.add_subparsers()\n"
        "one = subs.add_parser('one')\none.add_argument('--root')\none.add_argument('--name', default='a')\n"
        "two = subs.add_parser('two')\ntwo.add_argument('--name')\n"
        "args = parser.parse_args()\nprobe(f'{args.root}/{args.name}')\n"
    )
    lines = "python app.py one --root /m --name b\npython app.py two --name c\n"

    assert said(source, "", lines) == ["'/m/b'"]


HANDED = {
    "options": ("run(args.root, args.name)", "def run(root, name):\n    probe(f'{root}/{name}')\n"),
    "options over two calls": (
        "start(args.root, args.name)",
        "def start(root, name):\n    run(name, root)\ndef run(name, root):\n    probe(f'{root}/{name}')\n",
    ),
    "all parsed arguments": ("run(args)", "def run(args):\n    probe(f'{args.root}/{args.name}')\n"),
    "fields of an object": (
        "Run(args.root, args.name).show()",
        "class Run:\n    def __init__(self, root, name):\n        self.root = root\n        self.name = name\n"
        "    def show(self):\n        probe(f'{self.root}/{self.name}')\n",
    ),
    "parsed arguments of an object": (
        "Run(args).show()",
        "class Run:\n    def __init__(self, args):\n        self.args = args\n"
        "    def show(self):\n        probe(f'{self.args.root}/{self.args.name}')\n",
    ),
}


@pytest.mark.parametrize("way", HANDED)
def test_options_that_are_handed_on_stay_together(way: str) -> None:
    body, function = HANDED[way]

    assert said(PARSER + function, body) == EACH


def test_parameters_of_a_command_that_are_handed_on_stay_together() -> None:
    assert said(CLICK + "def run(a, b):\n    probe(f'{a}/{b}')\n", "run(root, name)") == EACH


# -- tests of another option

TESTED = {
    "one option": (PARSER, "if args.mode == 'y':\n        probe(args.root)", ["'/n'", "'data'"]),
    "a text": (PARSER, "if args.mode == 'y':\n        probe(f'{args.root}/{args.name}')", ["'/n/c'", "'data/a'"]),
    "arguments of a function": (
        PARSER + "def run(args):\n    if args.mode == 'y':\n        probe(args.root)\n",
        "run(args)",
        ["'/n'", "'data'"],
    ),
    "a call": (
        PARSER + "def run(args):\n    probe(f'{args.root}/{args.name}')\n",
        "if args.mode == 'y':\n        run(args)",
        ["'/n/c'", "'data/a'"],
    ),
    "parameters of a function": (
        PARSER + "def run(mode, root):\n    if mode == 'y':\n        probe(root)\n",
        "run(args.mode, args.root)",
        ["'/n'", "'data'"],
    ),
    "a command": (CLICK, "if mode == 'y':\n        probe(root)", ["'/n'", "'data'"]),
    "a name that is bound in branches": (
        PARSER,
        "if args.mode == 'y':\n        end = 'why'\n    elif args.mode == 'x':\n        end = 'ex'\n"
        "    probe(f'{args.root}/{end}')",
        ["'/m/ex'", "'/n/why'", "'data/ex'", "'data/why'"],
    ),
}


@pytest.mark.parametrize("name", TESTED)
def test_a_line_counts_where_its_other_options_pass_the_test(name: str) -> None:
    source, body, found = TESTED[name]

    assert said(source, body) == found


def test_what_only_lines_pass_that_fail_the_test_is_not_known_there() -> None:
    source = PARSER.replace('"--root", default="data"', '"--root"')

    assert said(source, "if args.mode == 'z':\n        probe(args.root)") == ["Library"]


def test_a_line_that_hands_on_further_words_may_pass_the_test() -> None:
    lines = 'python app.py --root /m --name b "$@"\npython app.py --root /n --name c --mode z\n'

    assert said(PARSER, "if args.mode == 'y':\n        probe(args.root)", lines) == ["'/m'", "'data'"]


def test_a_line_whose_option_stands_in_a_variable_may_pass_the_test() -> None:
    lines = "python app.py --root /m --mode $MODE\npython app.py --root /n --mode z\n"

    assert said(PARSER, "if args.mode == 'y':\n        probe(args.root)", lines) == ["'/m'", "'data'"]
