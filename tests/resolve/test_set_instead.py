"""A test that every known value fails says that something else is set there: a variable, an item of a dict."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CONFIG = """
import os
class Paid:
    def __init__(self, key, url):
        self.key = key
        self.url = url
CONFIG = {"key": os.getenv("K", ""), "id": os.getenv("I", ""), "url": "https://x"}
NAME = os.getenv("NAME", "")
"""


@pytest.mark.parametrize(
    "test", ["not CONFIG['key']", "not CONFIG.get('key')", "not CONFIG['key'] or not CONFIG['id']"]
)
@pytest.mark.parametrize("read", ["CONFIG['url']", "CONFIG.get('url')", "Paid(CONFIG['key'], CONFIG['url']).url"])
def test_a_test_of_one_item_leaves_the_others(test: str, read: str) -> None:
    assert probe(f"{CONFIG}def make():\n    if {test}:\n        raise ValueError\n    probe({read})\n") == [
        "'https://x'"
    ]


def test_a_dict_behind_a_test_of_one_item_is_given_back_with_the_rest_of_it() -> None:
    body = (
        "    if not CONFIG['key']:\n        raise ValueError\n    return Paid(CONFIG['key'], CONFIG['url']), CONFIG\n"
    )
    assert probe(f"{CONFIG}def make():\n{body}made, config = make()\nprobe(made.url)\n") == ["'https://x'"]
    assert probe(f"{CONFIG}def make():\n{body}made, config = make()\nprobe(config['url'])\n") == ["'https://x'"]


def test_an_item_that_fails_the_test_is_not_known_behind_it() -> None:
    body = "    if not CONFIG['key']:\n        raise ValueError\n    probe(CONFIG['key'])\n"
    assert probe(f"{CONFIG}def make():\n{body}") == ["?"]


def test_a_dict_that_is_written_otherwise_is_turned_away_where_another_passes() -> None:
    body = "def read(row):\n    if row['kind'] == 'a':\n        probe(row['path'])\n"
    assert probe(f"{body}read({{'kind': 'a', 'path': 'x'}})\nread({{'kind': 'b', 'path': 'y'}})\n") == ["'x'"]


@pytest.mark.parametrize("test", ["not NAME", "NAME == ''"])
def test_a_name_whose_default_fails_the_test_is_the_variable(test: str) -> None:
    body = f"def make():\n    if {test}:\n        raise ValueError\n    probe(NAME)\n"
    assert probe(CONFIG + body) == ["f'{env:NAME}'"]


def test_a_value_that_is_written_and_fails_the_test_is_no_variable() -> None:
    assert probe("def make():\n    name = ''\n    if not name:\n        raise ValueError\n    probe(name)\n") == ["?"]


def test_a_default_beside_a_value_that_passes_stands_for_nothing() -> None:
    source = "import os\nos.environ['MODE'] = 'prod'\nmode = os.getenv('MODE', 'dev')\n"
    assert probe(f"{source}if mode == 'prod':\n    probe(f'{{mode}}/{{mode}}.csv')\n") == ["'prod/prod.csv'"]
