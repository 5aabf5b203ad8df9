"""Where a span is reported."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.facts import FileFacts
from mltradeoff_lint.model.source import WHOLE_FILE, LineMap, Site, Span
from mltradeoff_lint.triage.locate import Locator

from .conftest import Read


def _cut(text: str, location) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert location.line == location.end_line
    return lines[location.line - 1][location.column - 1 : location.end_column - 1]


def test_byte_columns_of_python_become_code_points(files: Read) -> None:
    text = 'é = "😀", load("x")\n'
    location = files({"a.py": text}).call("a.py")
    assert _cut(text, location) == 'load("x")'
    assert location.snippet == text.strip()


def test_other_formats_count_code_points_already(files: Read) -> None:
    text = "é: [😀, b]\n"
    assert _cut(text, files({"a.yaml": text}).at("a.yaml", 1, 7, 8)) == "b"


def test_only_real_line_ends_count(files: Read) -> None:
    text = "a = '\x0c\u2028'\r\nload()\r"
    location = files({"a.py": text}).call("a.py")
    assert (location.line, _cut(text, location)) == (2, "load()")


def _notebook(cells: list[list[str]], **style: object) -> str:
    made = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": lines} for lines in cells]
    metadata = {"kernelspec": {"language": "python", "name": "python3"}}
    return json.dumps({"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, **style)  # type: ignore[arg-type]


def test_a_call_in_a_notebook_is_shown_where_it_stands_in_the_file(files: Read) -> None:
    text = _notebook([["import x\n"], ['print("é\\t"); load("y")']], indent=1)
    location = files({"n.ipynb": text}).call("n.ipynb", 1)
    assert _cut(text, location) == 'load(\\"y\\")'
    assert location.snippet == 'print("é\\t"); load("y")'
    assert "2" in location.note


def test_a_minified_notebook_keeps_its_lines_apart(files: Read) -> None:
    text = _notebook([["import x\n", "first()\n", "second()"]])
    found = files({"n.ipynb": text})
    assert [_cut(text, found.call("n.ipynb", index)) for index in (0, 1)] == ["first()", "second()"]
    assert found.call("n.ipynb", 1).snippet == "second()"


def test_an_embedded_text_is_moved_to_its_host() -> None:
    facts = FileFacts("a.py#1", "sql", None, lines=LineMap(((3, 7, "query"), (4, 0, "query"))), host="a.py")
    host = "a\nb\nq = '''  SELECT 1\nFROM t'''\n"
    locator = Locator(lambda path: {"a.py": host}[path], {"a.py#1": facts})
    assert _cut(host, locator.locate(Site("a.py#1", Span(2, 5, 2, 6)))) == "t"
    first = locator.locate(Site("a.py#1", Span(1, 2, 1, 8)))
    assert (first.path, first.note, _cut(host, first)) == ("a.py", "query", "SELECT")


def test_a_span_without_width_becomes_its_line_without_blanks(files: Read) -> None:
    text = "a: 1\n   run: x   \n"
    found = files({"a.yaml": text})
    assert _cut(text, found.at("a.yaml", 2, 0, 0)) == "run: x"
    assert _cut(text, found.locator.locate(Site("a.yaml", WHOLE_FILE))) == "a: 1"


def test_a_file_that_is_gone_keeps_its_line_and_has_no_snippet() -> None:
    location = Locator(lambda path: {}[path], {}).locate(Site("gone.py", Span(7, 2, 7, 5)))
    assert (location.line, location.column, location.end_column, location.snippet) == (7, 3, 6, "")


def test_a_snippet_is_short_printable_and_without_secrets(files: Read) -> None:
    text = "key = 'sk-" + "A1b2C3d4E5f6G7h8'; x = '\x1b[31m" + "long " * 100 + "'\n"
    snippet = files({"a.py": text}).at("a.py", 1).snippet
    assert len(snippet) <= 200
    assert "\x1b" not in snippet
    assert "A1b2C3" not in snippet


def _marked(location) -> str:
    return location.snippet[slice(*location.mark)]


def test_the_region_is_marked_in_the_snippet(files: Read) -> None:
    assert _marked(files({"a.py": 'if é:\n    x  =   load("x")  # why\n'}).call("a.py")) == 'load("x")'
    notebook = _notebook([['print("é\\t"); load("y")']], indent=1)
    assert _marked(files({"n.ipynb": notebook}).call("n.ipynb", 1)) == 'load("y")'


def test_a_region_that_shortening_cuts_is_marked_as_far_as_it_is_shown(files: Read) -> None:
    location = files({"a.py": "load('" + "long " * 100 + "')\n"}).call("a.py")
    assert location.mark == (0, len(location.snippet))


def test_a_region_that_is_not_in_the_snippet_is_not_marked(files: Read) -> None:
    assert files({"a.py": "x = '" + "long " * 100 + "'; load()\n"}).call("a.py").mark == (0, 0)
    secret = "api_key = 'abcdefgh12345678'\n"
    assert "abcdefgh" not in _marked(files({"a.py": secret}).at("a.py", 1, 11, 27))


@settings(deadline=None)
@given(
    st.text(alphabet='aé😀\n\r\t "\\u', max_size=60),
    st.tuples(*[st.integers(-3, 12)] * 4),
    st.sampled_from(["python", "yaml", "notebook"]),
)
def test_every_span_is_reported_inside_its_file(text: str, span: tuple[int, int, int, int], language: str) -> None:
    mapped = LineMap(((1, 1, ""), (2, 0, ""))) if language == "notebook" else LineMap()
    path = "a.ipynb" if language == "notebook" else "a"
    locator = Locator(lambda path: text, {path: FileFacts(path, language, None, lines=mapped)})
    location = locator.locate(Site(path, Span(*span)))
    lines = locator.lines(path) or ("",) * 12
    assert 1 <= location.line <= len(lines)
    assert (location.line, location.column) <= (location.end_line, location.end_column)
    assert location.column >= 1
    if text:
        assert location.end_column <= len(lines[location.end_line - 1]) + 1
