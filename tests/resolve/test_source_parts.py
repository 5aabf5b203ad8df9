"""Parts of what a request or a command line brings are called after the keys and attributes they are taken by."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

FLASK = "from flask import Flask, request\napp = Flask(__name__)\n@app.route('/a')\ndef score():\n"
FASTAPI = "from fastapi import FastAPI, Request\napp = FastAPI()\n@app.post('/a')\nasync def score(request: Request):\n"


@pytest.mark.parametrize(
    ("data", "of"),
    [
        (f"{FLASK}    data = request.json", "json"),
        (f"{FLASK}    data = request.get_json(force=True)", "json"),
        (f"{FLASK}    data = request.form", "form"),
        (f"{FLASK}    data = request.args", "query"),
        (f"{FASTAPI}    data = await request.json()", "body"),
        (f"{FASTAPI}    data = request.query_params", "query"),
    ],
)
@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("data['city']", "city"),
        ("data.get('city')", "city"),
        ("data.get('city', None)", "city"),
        ("data['city'].strip()", "city"),
        ("data.get('city').strip().lower()", "city"),
        ("data['city']['name']", "city[name]"),
        ("data.get('city').get('name')", "city[name]"),
        ("data['city'].get('name')", "city[name]"),
        ("data[0]['city']", "city"),
    ],
)
def test_a_field_of_a_request_is_called_after_its_key(data: str, of: str, part: str, name: str) -> None:
    assert probe(f"{data}\n    given = {part}\n    probe(f'data/{{given}}.csv')") == [f"f'data/{{request:{name}}}.csv'"]


def test_two_fields_of_a_request_have_two_names() -> None:
    code = f"{FLASK}    data = request.json\n    a, b = data.get('city'), data.get('day')\n    probe(f'{{a}}/{{b}}')"

    assert probe(code) == ["f'{request:city}/{request:day}'"]


LONG = "a" * 200


@pytest.mark.parametrize("part", ["data[key]", "data.get(key)", "data", "data.get('a}b')", f"data['{LONG}']"])
def test_a_field_by_a_key_that_is_not_known_is_a_part_of_the_whole(part: str) -> None:
    code = f"{FLASK}    data = request.json\n    for key in data:\n        probe('data/' + {part})"

    assert probe(code) == ["f'data/{request:json}'"]


def test_what_a_file_of_a_request_gives_is_named_as_before() -> None:
    code = f"{FLASK}    data = request.files['table']\n    probe(f'data/{{data.filename}}')"

    assert probe(code) == ["f'data/{request:filename}'"]


MAPPING = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/a')\ndef score(ride: dict):\n"


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("ride['city']", "ride[city]"),
        ("ride.get('city')", "ride[city]"),
        ("ride.get('city', 'x')", "ride[city]"),
        ("ride['city']['name']", "ride[city][name]"),
        ("ride['city'].strip()", "ride[city]"),
        ("ride.city", "ride.city"),
        ("ride.city.strip().lower()", "ride.city"),
        ("ride[0]", "ride"),
        ("ride", "ride"),
        ("ride.copy()['city']", "ride[city]"),
    ],
)
def test_a_part_of_a_parameter_that_a_request_fills_is_called_after_both(part: str, name: str) -> None:
    code = f"{MAPPING}    given = {part}\n    probe(f'data/{{given}}.csv')"

    assert probe(code) == [f"f'data/{{request:{name}}}.csv'"]


def test_two_fields_of_a_configuration_that_a_command_line_fills_have_two_names() -> None:
    code = "import hydra\n@hydra.main(config_path='conf')\ndef main(cfg):\n    a, b = cfg.data.path, cfg.model.path\n"

    assert probe(f"{code}    probe(f'{{a}}/{{b}}')") == ["f'{option:cfg.data.path}/{option:cfg.model.path}'"]


def test_a_walk_through_what_a_request_brings_ends() -> None:
    code = f"{MAPPING}    while ride.next:\n        ride = ride.next['next']\n    probe(f'data/{{ride}}')"
    found = probe(code)

    assert "f'data/{request:ride}'" in found
    assert len(found) <= 8


READ = """
    def get(key):
        return {read}
    get = {kind}
    probe(f'data/{{get("city")}}/{{get("day")}}.csv')
"""


@pytest.mark.parametrize("head", [MAPPING, f"{FLASK}    ride = request.json\n"])
@pytest.mark.parametrize("read", ["ride[key]", "ride.get(key)", "ride[places.find(key)]", "ride.get(places.find(key))"])
@pytest.mark.parametrize("kind", ["get", "lambda key: {read}"])
def test_a_field_by_the_key_of_an_accessor_is_called_after_the_key_of_its_call(head: str, read: str, kind: str) -> None:
    code = head + READ.format(read=read, kind=kind.format(read=read))
    of = "ride[{}]" if head == MAPPING else "{}"

    assert probe(code) == [f"f'data/{{request:{of.format('city')}}}/{{request:{of.format('day')}}}.csv'"]


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("'a' if wide else 'b'", ["ride[a]", "ride[b]"]),
        ("find('a', 'b')", ["ride"]),
        ("find(key='a')", ["ride"]),
        ("find(*keys)", ["ride"]),
        ("'a' if wide else key", ["ride"]),
    ],
)
def test_each_of_several_keys_gives_a_part_and_a_key_that_is_not_known_the_whole(key: str, names: list[str]) -> None:
    code = f"{MAPPING}    probe('data/' + ride[{key}])"

    assert probe(code) == [f"f'data/{{request:{name}}}'" for name in names]


def test_a_key_that_is_looked_up_is_still_no_name_of_a_variable() -> None:
    assert probe("import os\nprobe('data/' + os.environ[find('HOME')])") != ["f'data/{env:HOME}'"]
