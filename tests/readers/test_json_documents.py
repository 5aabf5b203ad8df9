"""What the JSON reader keeps, with the standard library as the oracle of its values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.json_documents import read


def root(text: str | bytes) -> Entry:
    reading = read(text, "a.json")
    assert reading.problems == ()
    assert isinstance(reading.content, Documents)
    return reading.content.roots[0]


def plain(entry: Entry) -> Any:
    if entry.kind == "map":
        return {name: plain(value) for name, _, value in entry.entries}
    if entry.kind == "seq":
        return [plain(item) for item in entry.items]
    return entry.value if entry.kind == "str" else json.loads(entry.value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(values, st.booleans(), st.sampled_from([None, 2]))
def test_any_value_agrees_with_the_standard_library(value: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert plain(root(text)) == json.loads(text)


def test_keys_and_values_have_places() -> None:
    entry = root('{"a": [1,\n  "é"],\r\n "b": {}}')
    assert entry.span == Span(1, 0, 3, 9)
    assert entry.entries[1][1] == Span(3, 1, 3, 4)
    assert entry.entries[0][2].items[1].span == Span(2, 2, 2, 5)


def test_comments_and_trailing_commas_are_read_over() -> None:
    assert plain(root('// top\n{"a": 1, /* x * y */ "b": [2,],}\n')) == {"a": 1, "b": [2]}


def test_duplicate_keys_are_kept() -> None:
    assert len(root('{"a": 1, "a": 2}').entries) == 2


@pytest.mark.parametrize(
    "text", ["{", '{"a"}', '{"a" 1}', "[1 2]", "[01]", '"\\x"', "tru", '{"a": }', "[,]", "\x00", '"a\nb"']
)
def test_what_is_no_json_is_unreadable(text: str) -> None:
    assert [problem.kind for problem in read(text, "a.json").problems] == [ProblemKind.UNREADABLE]


def test_an_error_has_its_place() -> None:
    (problem,) = read('{\n "a": 1\n "b": 2\n}', "a.json").problems
    assert problem.site.span == Span(3, 1, 3, 1)


def test_json_lines_are_data_and_said_to_be_skipped() -> None:
    assert [problem.kind for problem in read('{"a": 1}\n{"a": 2}\n', "a.json").problems] == [ProblemKind.SKIPPED]


def test_an_empty_file_has_no_document() -> None:
    assert read(" \n", "a.json").content == Documents(())


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_deep_nesting_is_unreadable_and_no_crash(text: str) -> None:
    assert [problem.kind for problem in read(text, "a.json").problems] == [ProblemKind.UNREADABLE]


def test_a_template_is_said_to_be_one() -> None:
    assert [problem.kind for problem in read('{"a": {{ x }} }', "a.json").problems] == [ProblemKind.TEMPLATE]


def test_numbers_keep_their_text() -> None:
    entry = root("[1.10, 1E5, 123456789012345678901234567890]")
    assert [(item.kind, item.value) for item in entry.items] == [
        ("float", "1.10"),
        ("float", "1E5"),
        ("int", "123456789012345678901234567890"),
    ]
