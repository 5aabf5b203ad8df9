"""Texts that are cut, replaced or taken apart: each is looked at alone, and a hole says that it is a part."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

IMPORTS = "import os\nfrom pathlib import Path\n"
FETCH = "import os\ndef fetch(url):\n    probe(os.path.join('data', os.path.basename(url)[:-4]))\n"


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ("os.path.basename(url)", "url.name"),
        ("os.path.dirname(url)", "url.parent"),
        ("os.path.splitext(url)[0]", "url.splitext"),
        ("os.path.basename(url)[:-4]", "url.part"),
        ("url[:-4]", "url.part"),
        ("url[start:]", "url.part"),
        ("url.replace('a', 'b')", "url.replace"),
        ("url.replace('a', 'b').lower()", "url.lower"),
        ("url.strip('/')", "url.strip"),
        ("url.split('/')[-1]", "url.split"),
        ("url.rsplit('.', 1)[0]", "url.rsplit"),
        ("url.removesuffix('.gz')", "url.removesuffix"),
        ("settings.address[:-4]", "address.part"),
    ],
)
@pytest.mark.parametrize("text", ["f'data/{{{}}}'", "os.path.join('data', {})", "'data/' + {}"])
def test_a_hole_of_a_changed_text_does_not_bear_the_name_of_the_whole(text: str, changed: str, name: str) -> None:
    written = text.format(changed.replace("'", '"'))
    assert probe(f"{IMPORTS}def fetch(url, start, settings):\n    probe({written})\n") == [f"f'data/{{{name}}}'"]


@pytest.mark.parametrize("same", ["url", "url.strip()", "str(url)", "rows[0]", "rows[i]", "settings.split"])
def test_what_is_only_taken_out_keeps_its_name(same: str) -> None:
    name = {"rows[0]": "rows", "rows[i]": "rows", "settings.split": "split"}.get(same, "url")
    assert probe(f"def fetch(url, rows, i, settings):\n    probe(f'data/{{{same}}}')\n") == [f"f'data/{{{name}}}'"]


def test_a_text_that_a_loop_fills_is_cut_for_each_of_its_items() -> None:
    source = f"{FETCH}URL = 'https://h.org/by_{{one}}.json.zst'\nfor one in ['file', 'unit']:\n"
    assert probe(f"{source}    fetch(URL.format(one=one))\n") == ["'data/by_file.json'", "'data/by_unit.json'"]


def test_of_more_than_can_be_told_apart_a_hole_says_that_it_is_a_part() -> None:
    calls = [f"fetch('https://h.org/{one}{{one}}.json.zst'.format(one=one))" for one in "abc"]
    found = probe(f"{FETCH}for one in ['1', '2', '3', '4']:\n    " + "\n    ".join(calls))
    assert found == ["f'data/{url.part}'"]
