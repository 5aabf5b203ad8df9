"""What a request, a command line or a workflow brings stays named through lists, texts, parsers and data models."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Hole, Literal, Template, Values
from mltradeoff_lint.resolve.values.brought import source_of
from mltradeoff_lint.resolve.values.strings import make
from mltradeoff_lint.resolve.values.texts import method
from tests.resolve.sample import Repository, repository

ROUTE = """
from fastapi import FastAPI
app = FastAPI()
@app.post("/score")
def score({parameters}):
    {body}
"""


def sources(code: str) -> list[str]:
    """The source of each value of `probe(...)`; `known` for one that is written down, empty when nobody can tell."""
    return sources_of(repository(code))


def sources_of(one: Repository) -> list[str]:
    """The same for a repository that was read."""
    found = one.values()
    return sorted("known" if isinstance(value, Literal) else source_of(one.resolver, value) for value in found)


@pytest.mark.parametrize(
    "body",
    [
        "probe(paths[0])",
        "[probe(path) for path in paths]",
        "for path in sorted(paths): probe(path)",
        "first, second = paths\n    probe(second)",
        "probe(f'{paths[0]}')",
        "probe(paths[1:][0])",
    ],
)
def test_a_part_of_what_a_request_brings_is_brought_by_the_request(body: str) -> None:
    assert sources(ROUTE.format(parameters="paths", body=body)) == ["request:paths"]


def test_a_part_of_what_nobody_passes_is_still_what_nobody_passes() -> None:
    (value,) = repository("def load(paths):\n    for path in paths:\n        probe(path[0])\n").values()

    assert value == Unknown("parameter paths has no caller in the repository")


ARGUMENTS = """
import argparse, os, sys
from pathlib import Path
parser = argparse.ArgumentParser()
parser.add_argument("--train-data", required=True)
parser.add_argument("--rows", default="7")
args = parser.parse_args()
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Path(args.train_data)", "f'{option:train_data}'"),
        ("Path(args.train_data) / 'x.csv'", "f'{option:train_data}/x.csv'"),
        ("os.path.join(args.train_data, 'x.csv')", "f'{option:train_data}/x.csv'"),
        ("f'{args.train_data}/x.csv'", "f'{option:train_data}/x.csv'"),
        ("'{}/x.csv'.format(args.train_data)", "f'{option:train_data}/x.csv'"),
        ("args.train_data + '/x.csv'", "f'{option:train_data}/x.csv'"),
        ("'%s/x.csv' % args.train_data", "f'{option:train_data}/x.csv'"),
        ("Path(sys.argv[1])", "f'{option:argument}'"),
        ("vars(args)['train_data']", "argparse.Namespace().train_data"),
        ("args.train_data + os.sep + 'x.csv'", "f'{option:train_data}/x.csv'"),
    ],
)
def test_an_option_that_no_command_line_passes_keeps_its_name_inside_a_text(text: str, expected: str) -> None:
    assert repository(f"{ARGUMENTS}probe({text})").probe() == [expected]


def test_a_dict_of_the_options_holds_those_that_have_no_value_too() -> None:
    code = f"{ARGUMENTS}def main(options):\n    probe(options['train_data'])\nmain(vars(args))\n"

    assert sources(code) == ["option:train_data"]


@pytest.mark.parametrize("parser", ["json.loads({0})", "base64.b64decode({0})", "json.loads(base64.b64decode({0}))"])
def test_what_is_parsed_from_a_request_comes_with_the_request(parser: str) -> None:
    body = f"probe({parser.format('image')}['path'])"

    assert sources(f"import base64, json\n{ROUTE.format(parameters='image', body=body)}") == ["request:image[path]"]


def test_what_is_parsed_from_a_file_has_no_source() -> None:
    assert sources("import json\nprobe(json.loads(open('rides.bin').read())['path'])") == [""]


MODEL = """
from pydantic import BaseModel
class Image(BaseModel):
    url: str
class Ask(BaseModel):
    path: str
    model: str = "gpt-5-mini"
    names: list[str]
    images: list[Image]
    limit: int | None = None
    def first(self):
        return self.names
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ask.path", ["request:path"]),
        ("ask.model", ["known", "request:model"]),
        ("ask.limit", ["request:limit"]),
        ("ask.names[0]", ["request:names"]),
        ("ask.first()[0]", ["request:names"]),
        ("ask.images[0].url", ["request:url"]),
        ("f'{ask.path}'", ["request:path"]),
        ("ask.nothing", [""]),
    ],
)
def test_a_field_of_the_model_of_a_request_is_brought_by_it_or_has_its_default(text: str, expected: list[str]) -> None:
    assert sources(MODEL + ROUTE.format(parameters="ask: Ask", body=f"probe({text})")) == expected


def test_a_field_of_a_model_that_the_repository_makes_is_what_it_is_given() -> None:
    code = f"{MODEL}def load(ask: Ask):\n    probe(ask.path)\nload(Ask(path='rides.csv', names=[], images=[]))\n"

    assert sources(code) == ["known"]


def test_a_field_of_a_model_in_a_function_that_is_no_entry_has_no_source() -> None:
    assert sources(f"{MODEL}def load(ask: Ask):\n    probe(ask.path)\n") == [""]


PARSED = """
from dataclasses import dataclass, field
from transformers import HfArgumentParser, TrainingArguments
@dataclass
class Data:
    path: str
    cache: str | None = field(default=None, metadata={"help": "folder"})
    split: str = "train"
data, training = HfArgumentParser((Data, TrainingArguments)).parse_args_into_dataclasses()
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data.path", ["option:path"]),
        ("data.cache", ["known", "option:cache"]),
        ("data.split", ["known"]),
        ("training.output_dir", ["option:output_dir"]),
        ("training.get_process_log_level()", [""]),
    ],
)
def test_a_field_of_parsed_arguments_is_an_option_unless_it_has_a_default(text: str, expected: list[str]) -> None:
    assert sources(f"{PARSED}probe({text})") == expected


TEXTS = st.text("ab/", max_size=6)
HOLE = st.just(Hole("x"))
WORDS = st.text("ab/", min_size=1, max_size=6)
PARTS = st.tuples(WORDS, HOLE, WORDS, HOLE, WORDS) | st.tuples(HOLE, WORDS, HOLE) | st.tuples(WORDS, HOLE)


@given(PARTS, st.text("ab/", min_size=1, max_size=3), TEXTS, st.lists(TEXTS, min_size=5, max_size=5))
def test_replacing_in_a_template_is_replacing_in_the_text_it_stands_for(
    parts: tuple[str | Hole, ...], old: str, new: str, filling: list[str]
) -> None:
    template = make(parts, "literal")
    found = method("replace", (template,), [(Literal(old),), (Literal(new),)], {})
    if found is None or not isinstance(template, Template):
        return
    assert _filled(found, [text.replace(old, new) for text in filling]) == _filled((template,), filling).replace(
        old, new
    )


def _filled(values: Values, filling: list[str]) -> str:
    (value,) = values
    texts = iter(filling)
    parts = value.parts if isinstance(value, Template) else (getattr(value, "value", ""),)
    return "".join(next(texts) if isinstance(part, Hole) else str(part) for part in parts)


def test_an_end_is_cut_off_a_pattern_of_files() -> None:
    code = "import glob\nfor job in glob.glob('jobs/*.yml'):\n    probe(job.replace('.yml', '') + '.json')\n"

    assert repository(code).probe() == ["f'jobs/*.json'"]
