"""INI files: sections, options and continued values, as configparser reads them."""

from __future__ import annotations

import configparser

from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.readers.ini_documents import read

TEXT = """\
; settings
stray = left out
[data]
Path = s3://b/x.csv  ; where
rows: 5
many =
    first
    second
flag
[serving]
path = /predict
"""


def root(text: str) -> Entry:
    content = read(text, "settings.ini").content
    assert isinstance(content, Documents)
    return content.roots[0]


def test_options_have_lower_case_names_and_keep_their_text() -> None:
    assert root(TEXT).text("data", "path") == "s3://b/x.csv"
    assert root(TEXT).text("data", "rows") == "5"
    assert root(TEXT).text("data", "flag") == ""
    assert root(TEXT).text("serving", "path") == "/predict"


def test_a_value_goes_on_over_indented_lines() -> None:
    assert root(TEXT).text("data", "many") == "first\nsecond"


def test_an_option_knows_its_place() -> None:
    found = root(TEXT).get("data", "rows")

    assert found is not None
    assert (found.span.line, found.span.column) == (5, 0)


def test_a_text_without_sections_has_no_content() -> None:
    assert read("a = 1\n", "a.cfg").content is None
    assert read(b"\xff\xfe[", "a.cfg").problems


NAMES = st.text("abcxyz_", min_size=1, max_size=5)
VALUES = st.text("abc 123/:-", max_size=8).map(str.strip)


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=4), min_size=1, max_size=3))
def test_what_configparser_writes_is_read_back(sections: dict[str, dict[str, str]]) -> None:
    parser = configparser.RawConfigParser()
    parser.read_dict(sections)
    lines = [
        line
        for section in parser.sections()
        for line in (f"[{section}]", *(f"{name} = {value}" for name, value in parser.items(section)))
    ]

    document = root("\n".join(lines))

    assert {name: dict(parser.items(name)) for name in parser.sections()} == {
        name: {key: entry.value for key, _, entry in section.entries} for name, _, section in document.entries
    }
