"""Options that take one of a few written words: what they may be, where no command line of the repository says."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.domain import Literal
from tests.resolve.sample import repository

CLICK = "import click\n@click.command()\n@click.option('--mode', OPTION)\ndef main(mode):\n    probe(mode)\n"
PARSER = (
    "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--mode', OPTION)\n"
    "args = parser.parse_args()\nprobe(args.mode)\n"
)
TYPER = (
    "import typer\nfrom enum import Enum\nclass Mode(str, Enum):\n    TRAIN = 'train'\n    TEST = 'test'\n"
    "app = typer.Typer()\n@app.command()\ndef main(mode: OPTION):\n    probe(mode)\n"
)
TWO = [("test", "configured"), ("train", "configured")]
MARKED = [("test", "configured"), ("train", "default")]


def modes(source: str, option: str, **more: str) -> list[tuple[object, str]]:
    """What the option is in the program, with how firmly each is written down; `?` for what is not known."""
    found = repository({"app.py": source.replace("OPTION", option), **more}).values()
    return sorted((one.value, one.provenance) if isinstance(one, Literal) else ("?", "") for one in found)


@pytest.mark.parametrize(
    ("source", "option", "expected"),
    [
        (CLICK, "type=click.Choice(['train', 'test'])", TWO),
        (CLICK, "type=click.Choice(choices=('train', 'test'), case_sensitive=False), required=True", TWO),
        (CLICK, "type=click.Choice(['train', 'test']), default='train'", MARKED),
        (PARSER, "choices=['train', 'test']", TWO),
        (PARSER, "choices=('train', 'test'), default='train'", MARKED),
        (PARSER, "choices={'train', 'test'}, default=None", TWO),
        (TYPER, "Mode", TWO),
        (TYPER, "typing.Annotated[Mode, typer.Option('--mode')] = Mode.TRAIN", MARKED),
        (TYPER, "Mode = Mode.TRAIN", MARKED),
        (TYPER, "Mode = typer.Option(Mode.TRAIN, '--mode')", MARKED),
    ],
)
def test_an_option_is_one_of_its_choices_and_the_default_is_marked(
    source: str, option: str, expected: list[tuple[object, str]]
) -> None:
    assert modes(source, option) == expected


def test_a_list_of_choices_may_stand_in_a_name() -> None:
    source = PARSER.replace("parser =", "MODES = ['train', 'test']\nparser =", 1)
    assert modes(source, "choices=MODES, default='train'") == MARKED


def test_what_a_command_line_passes_is_all_that_counts_beside_the_default() -> None:
    makefile = "run:\n\tpython app.py --mode test\n"
    option = "choices=['train', 'test', 'other'], default='train'"
    assert modes(PARSER, option, Makefile=makefile) == MARKED


@pytest.mark.parametrize(
    "option",
    [
        "choices=load()",
        "choices=[*load(), 'test']",
        "choices=['test', NAME]",
        "choices=['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']",
        "choices=['train', 'test'], nargs='+'",
        "choices=['train', 'test'], action='append'",
    ],
)
def test_choices_that_are_open_or_many_and_those_of_parts_of_a_list_are_not_told(option: str) -> None:
    assert modes(PARSER, f"{option}, default='train'") == [("train", "default")]


def test_an_option_that_may_be_given_more_than_once_is_a_list_of_choices() -> None:
    option = "type=click.Choice(['train', 'test']), multiple=True, default='train'"
    assert modes(CLICK, option) == [("train", "default")]


def test_an_option_without_choices_stays_as_it_is() -> None:
    assert modes(CLICK, "type=str, default='train'") == [("train", "default")]
    assert modes(TYPER, "str = 'train'") == [("train", "default")]


def test_a_choice_that_is_stored_in_a_configuration_is_read_there() -> None:
    source = CLICK.replace(
        "    probe(mode)", "    held = {'kind': {'mode': 'file'}}\n    held['kind']['mode'] = mode\n"
    )
    assert modes(f"{source}    probe(held['kind']['mode'])\n", "type=click.Choice(['train', 'test'])") == TWO
