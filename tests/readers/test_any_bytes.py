"""Any bytes go in and a reading comes out: no exception, no span outside the text, the same result again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.facts import Content, Dockerfile, Documents, OwnersFile, Reading, Requirements, Shell, Sql
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers import READERS, read_text

WORDS = [
    "a", "é", "=", ":", "\n", "\r", "\r\n", " ", "\t", "\u2028", "\x0c", "\x00", "\\", '"', "'", "#", "- ", "{",
    "}", "[", "]", "(", ")", "{{ x }}", "{% x %}", "$(", "`", "${", "<<EOF", "EOF", "&a", "*a", "<<: *a", "---\n",
    "!T ", "|", ">", "RUN ", "ENV A=1", "FROM ", 'CMD ["a"]', "@o", "-r x", "==1", ";", "&&", "export ",
    "select * from t", " join ", "{{ ref('m') }}", "//", "/*", "1", "true", "\t@x", "x: y",
    '{"cells": [{"cell_type": "code", "source": ["', '"]}]}', "%%time", "!ls", "x = ", "[a.b]\n", "[[c]]\n", '"""',
    "# owner: x",
]  # fmt: skip
texts = st.lists(st.sampled_from(WORDS), max_size=25).map("".join)
inputs: st.SearchStrategy[bytes | str] = st.one_of(
    st.binary(max_size=60), texts.map(str.encode), texts, st.text(max_size=40)
)
LANGUAGES = sorted(READERS)


def spans(reading: Reading) -> Iterator[Span]:
    yield from (problem.site.span for problem in reading.problems)
    for content in (reading.content, *reading.extra):
        yield from content_spans(content)


def content_spans(content: Content) -> Iterator[Span]:
    if isinstance(content, Documents):
        for root in content.roots:
            for _, entry in root.walk():
                yield entry.span
                yield from (span for _, span, _ in entry.entries)
    elif isinstance(content, Dockerfile):
        yield from (one.span for one in content.instructions)
    elif isinstance(content, OwnersFile):
        yield from (one.span for one in content.rules)
    elif isinstance(content, Requirements):
        yield from (one.span for one in content.requirements)
    elif isinstance(content, Shell):
        yield from (one.span for one in content.assignments)
        yield from (one.span for one in content.commands)
    elif isinstance(content, Sql):
        yield from (one.span for one in content.statements)
        yield from (use.span for one in content.statements for use in one.tables)


def check(language: str, data: bytes | str) -> None:
    reading = read_text(language, data, "x/f")
    assert [problem for problem in reading.problems if problem.kind is ProblemKind.CRASH] == []
    text = data if isinstance(data, str) else data.decode("utf-8", "replace")
    if (
        language in ("yaml", "json", "requirements")
        and isinstance(data, bytes)
        and data[:2] in (b"\xff\xfe", b"\xfe\xff")
    ):
        return
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    for span in spans(reading):
        assert 1 <= span.line <= span.end_line <= len(lines), (span, lines)
        assert span.line < span.end_line or span.column <= span.end_column, span
        assert 0 <= span.column <= len(lines[span.line - 1]), (span, lines)
        assert 0 <= span.end_column <= len(lines[span.end_line - 1]), (span, lines)
    for part in reading.embedded:
        assert all(1 <= line <= len(lines) and column <= len(lines[line - 1]) for line, column, _ in part.lines.lines)
        assert part.text.count("\n") <= len(part.lines.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_input_gives_a_reading_with_places_inside_it(language: str) -> None:
    @settings(max_examples=25 if language == "sql" else 120, deadline=None, database=None)
    @given(inputs)
    def any_input(data: bytes | str) -> None:
        check(language, data)
        assert read_text(language, data, "x/f") == read_text(language, data, "x/f")

    any_input()


HOSTILE: dict[str, bytes | str] = {
    "null bytes": b"a\x00b: \x00\n" * 50,
    "broken utf-8": b"name: \xff\xfe\xfd\nRUN \xc3\n",
    "half a character": b"a: \xc3",
    "lone surrogate": "a: \ud800\n",
    "huge string": b'{"a": "' + b"x" * 60_000 + b'"}',
    "huge line": b"a" * 250_000,
    "white space": b" " * 60_000 + b"\n" + b"\t" * 50_000,
    "dashes": b"-" * 60_000,
    "hashes": b"#" * 60_000,
    "quotes": b"\"'" * 40_000,
    "backslashes": b"\\" * 60_001,
    "continuations": b"\\\n" * 60_000,
    "run and continuations": b"RUN " + b"\\\n" * 60_000,
    "brackets": b"[" * 60_000,
    "braces": b"{" * 60_000,
    "template openers": b"{{ " * 60_000,
    "template tags": b"{{x}} " * 40_000,
    "template tags on lines": b"a: {{x}}\n" * 20_000,
    "dollars": b"$" * 60_000,
    "lone returns": b"a: 1\r" * 20_000,
    "colons": b"a:" * 40_000,
    "equals": b"ENV a=" + b"a=" * 40_000,
    "words": b"ENV a=b " + b"a" * 60_000,
    "at signs": b"@" * 60_000,
    "digits": b"1" * 60_000,
    "stars": b"/*" * 40_000,
    "selects": b"select " * 30_000,
    "line ends": b"\n" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_is_survived(language: str, name: str) -> None:
    check(language, HOSTILE[name])


def test_bytes_that_are_no_text_have_a_place() -> None:
    (problem,) = read_text("shell", b"ok\r\nno \xff\n", "a.sh").problems
    assert (problem.kind, problem.site.span) == (ProblemKind.UNREADABLE, Span(2, 3, 2, 3))


def test_a_byte_order_mark_is_no_text() -> None:
    reading = read_text("dotenv", b"\xef\xbb\xbfA=1\n", ".env")
    assert isinstance(reading.content, Shell)
    assert reading.content.assignments[0].span == Span(1, 0, 1, 3)
