"""Parts of what somebody brings, inputs without a name, and defaults in whose place a command line may pass others."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.domain import Literal
from tests.resolve.sample import probe, repository

OPTIONS = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--task")
args = parser.parse_args()
"""
ENTRY = "import click\n@click.command()\n@click.option('--task')\ndef main(task):\n    "


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("probe(f'{task.split(\"_\")[0]}/x')", "f'{option:task.split()[0]}/x'"),
        ("probe(f'{task.split(\"_\")[-1]}/x')", "f'{option:task.split()[-1]}/x'"),
        ("probe(f'{task.split()[1]}/x')", "f'{option:task.split()[1]}/x'"),
        ("probe(f'{task.partition(\"_\")[2]}/x')", "f'{option:task.partition()[2]}/x'"),
        ("first = task.split('_')[0]\n    probe(f'{first}/x')", "f'{option:task.split()[0]}/x'"),
        (
            "parts = task.split('_')\n    probe(f'{parts[0]}/{parts[1]}')",
            "f'{option:task.split()[0]}/{option:task.split()[1]}'",
        ),
        ("text = f'{task}'\n    probe(f'{text.split(\"_\")[0]}/x')", "f'{option:task.split()[0]}/x'"),
        ("probe(f'{task}/x')", "f'{option:task}/x'"),
    ],
)
def test_a_part_of_an_option_has_not_the_name_of_the_whole(body: str, expected: str) -> None:
    assert repository(ENTRY + body).probe() == [expected]


def test_two_parts_of_an_attribute_of_parsed_arguments_have_two_names() -> None:
    body = 'task = args.task\nprobe(f\'{task.split("_")[0]}/{args.task.split("_")[1]}\')\n'
    assert repository(OPTIONS + body).probe() == ["f'{option:task.split()[0]}/{option:task.split()[1]}'"]


@pytest.mark.parametrize("text", ["await request.body()", "(await request.body()).decode()"])
def test_a_field_of_what_is_parsed_from_a_request_goes_by_its_key(text: str) -> None:
    code = "import json\nfrom fastapi import FastAPI, Request\napp = FastAPI()\n@app.post('/x')\n"
    code += f"async def f(request: Request):\n    row = json.loads({text})\n"
    code += '    probe(f\'{row["a"]}/{row.get("b")}/{row["c"]["d"]}\')\n'
    assert repository(code).probe() == ["f'{request:body[a]}/{request:body[b]}/{request:body[c][d]}'"]


def test_a_piece_of_a_written_text_counts_only_where_nothing_may_have_counted_the_pieces() -> None:
    code = """
def parts(name):
    pieces = f"sales.{name}".split(".")
    return pieces[0] if len(pieces) == 1 else pieces[1]
def load(name):
    probe(parts(name))
"""
    assert "'sales'" not in probe(code)


FORM = """
import streamlit as st
area = st.selectbox("Area", st.session_state.areas)
kind = st.text_input("Kind")
def show(area, consumer):
    probe({text})
show(area, kind)
"""


@pytest.mark.parametrize(
    "text",
    [
        "f'{area}/{consumer}'",
        "'%s/%s' % (area, consumer)",
        "'{}/{}'.format(area, consumer)",
        "area + '/' + consumer",
        "'{0}/{1}'.format(area, consumer)",
    ],
)
def test_an_input_of_a_form_without_a_name_goes_by_the_variable(text: str) -> None:
    assert probe(FORM.replace("{text}", text)) == ["f'{request:area}/{request:consumer}'"]


@pytest.mark.parametrize(
    "text",
    ["URL('https://a.org/v1') / 'rates' / f'{area}'", "BASE / 'rates' / area", "BASE.joinpath('rates', area)"],
)
def test_an_address_object_is_the_address(text: str) -> None:
    code = f"from yarl import URL\nBASE = URL('https://a.org/v1')\ndef ask(area):\n    probe({text})\n"

    assert probe(code) == ["f'https://a.org/v1/rates/{area}'"]


FIELDS = """
from dataclasses import dataclass, field
from transformers import HfArgumentParser

@dataclass
class Data:
    folder: str = "rows"
    name: str = field(default="train")
    kind: str = "csv"

    def __post_init__(self):
        self.whole = "whole"

{made}
probe(data.{name})
"""
PARSED = "(data,) = HfArgumentParser(Data).parse_args_into_dataclasses()"


@pytest.mark.parametrize(
    ("made", "name", "expected"),
    [
        (PARSED, "folder", "default"),
        (PARSED, "name", "default"),
        (PARSED, "whole", "literal"),
        ("data = Data()", "folder", "literal"),
        ("data = Data()", "name", "literal"),
    ],
)
def test_a_field_that_a_command_line_may_fill_holds_its_default(made: str, name: str, expected: str) -> None:
    (value,) = repository(FIELDS.format(made=made, name=name)).values()

    assert isinstance(value, Literal)
    assert value.provenance == expected


def test_a_dict_behind_an_address_object_is_its_query() -> None:
    code = "from yarl import URL\nasked = {'limit': 5}\nprobe(str(URL('https://a.org/rates') % asked))\n"

    assert probe(code) == ["f'https://a.org/rates?{asked}'"]
