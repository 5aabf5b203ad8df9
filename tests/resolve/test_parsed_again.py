"""A text that is parsed out of what the same call parsed has no source of its own, and looking for one ends."""

from __future__ import annotations

from tests.resolve.sample import probe


def test_a_value_that_is_parsed_out_of_itself_ends() -> None:
    source = (
        "import json\ndef coerce(value):\n    probe(f'cannot read {value}')\n"
        "    for part in json.loads(value):\n        coerce(part)\n"
    )

    assert probe(source) == ["f'cannot read {value}'"]


def test_two_parsers_that_feed_one_another_end() -> None:
    source = (
        "import json, yaml\ndef first(value):\n    second(json.loads(value)['a'])\n"
        "def second(value):\n    probe(f'{value}.csv')\n    first(yaml.safe_load(value)['b'])\n"
    )

    assert probe(source) == ["f'{value}.csv'"]
