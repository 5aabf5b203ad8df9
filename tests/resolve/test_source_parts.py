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
