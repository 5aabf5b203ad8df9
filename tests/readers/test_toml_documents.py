"""What the TOML reader keeps, with tomllib as the oracle of its values."""

from __future__ import annotations

import datetime
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Requirements
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.toml_documents import read

SAMPLE = '''# a comment
title = "a # b"
a.b.c = 1
"quoted key".'x y' = 'lit\\n'
multi = """
one "" two\\
   three""""
raw = \'\'\'
a'b\'\'\'
when = 1979-05-27T07:32:00Z
day = 1979-05-27
clock = 07:32:00
f = 1e3
g = -inf
h = 0xFF
i = 1_000
on = true
arr = [ 1, [2, 3,], # note ]
  {p = "q", r.s = [ {t = 1} ]} ]
[tool.poetry]
x = 1
[[tool.job]]
n = 1
[tool.job.sub]
m = 2
[[tool.job]]
n = 2
[tool]
late = 1
'''


def root(text: str) -> Entry:
    reading = read(text, "a.toml")
    assert reading.problems == ()
    assert isinstance(reading.content, Documents)
    return reading.content.roots[0]


def plain(entry: Entry) -> Any:
    """The value as tomllib gives it, as far as an entry tells."""
    if entry.kind == "map":
        return {name: plain(value) for name, _, value in entry.entries}
    if entry.kind == "seq":
        return [plain(item) for item in entry.items]
    return entry.value if entry.kind == "str" else tomllib.loads(f"x = {entry.value}")["x"]


def test_the_tree_says_what_tomllib_says() -> None:
    assert plain(root(SAMPLE)) == tomllib.loads(SAMPLE)


keys = st.text("ab-_ .é\"'", max_size=4)
scalars = (
    st.text(st.characters(codec="utf-8"), max_size=8)
    | st.integers(-(2**60), 2**60)
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.dates(datetime.date(1000, 1, 1))
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3))


def written(value: Any) -> str:
    """A value as inline TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(sign):08X}" if sign in '"\\' or ord(sign) < 32 or sign == "\x7f" else sign
                             for sign in value) + '"'  # fmt: skip
    return (
        str(value).lower()
        if isinstance(value, bool)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else repr(value)
    )


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(keys, values, max_size=4),
    st.dictionaries(keys, st.dictionaries(keys, values, max_size=3), max_size=3),
)
def test_any_document_agrees_with_tomllib(pairs: dict[str, Any], tables: dict[str, Any]) -> None:
    text = "".join(f"{written(key)} = {written(value)}\n" for key, value in pairs.items())
    for name, table in tables.items():
        if name not in pairs:
            text += f"[{written(name)}]\n" + "".join(f"{written(k)} = {written(v)} # c\r\n" for k, v in table.items())
    assert plain(root(text)) == tomllib.loads(text)


def test_tables_keys_and_values_have_places() -> None:
    entry = root("[tool.x]\nname = 'é'  # c\nlist = [1,\n 2]\n\n[b]\n")
    x = entry.get("tool", "x")
    assert x is not None
    assert x.span == Span(1, 0, 4, 3)
    assert [(key, place, value.span) for key, place, value in x.entries] == [
        ("name", Span(2, 0, 2, 4), Span(2, 7, 2, 10)),
        ("list", Span(3, 0, 3, 4), Span(3, 7, 4, 3)),
    ]
    assert entry.entries[0][1] == Span(1, 1, 1, 5)


def test_an_error_has_its_place_and_a_template_is_said_to_be_one() -> None:
    (problem,) = read("a = 1\nb = \n", "a.toml").problems
    assert (problem.kind, problem.site.span.line) == (ProblemKind.UNREADABLE, 2)
    (problem,) = read("a = {{ x }}\n", "a.toml").problems
    assert problem.kind is ProblemKind.TEMPLATE


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a" + ".a" * 200 + " = 1", "a" + ".a" * 400_000 + " = 1",
                                  "[" + "a." * 150 + "a]", "a = " + "{a=" * 5000])  # fmt: skip
def test_deep_nesting_is_unreadable_and_no_crash(text: str) -> None:
    assert [problem.kind for problem in read(text, "a.toml").problems] == [ProblemKind.UNREADABLE]


def test_many_tables_are_read_in_linear_time() -> None:
    assert len(root("".join(f"[a{n}]\n" for n in range(20_000))).entries) == 20_000


def needs(text: str) -> list[tuple[str, str, str]]:
    (extra,) = read(text, "pyproject.toml").extra
    assert isinstance(extra, Requirements)
    return [(need.name, need.specifier, need.group) for need in extra.requirements]


def test_project_tables_give_requirements() -> None:
    text = """
[project]
dependencies = ["Torch[cuda]>=2,<3 ; python_version > '3.9'", "x @ https://user:secret@h/x.whl"]
[project.optional-dependencies]
gpu = ["cupy"]
[dependency-groups]
test = ["pytest", {include-group = "gpu"}]
[build-system]
requires = ["hatchling"]
"""
    assert needs(text) == [
        ("torch", ">=2,<3", ""),
        ("x", "@ https://h/x.whl", ""),
        ("cupy", "", "gpu"),
        ("pytest", "", "test"),
        ("hatchling", "", "build-system"),
    ]


def test_poetry_tables_give_requirements() -> None:
    text = """
[tool.poetry.dependencies]
python = "^3.11"
pandas = "^2.0"
own = {git = "https://h/own.git", rev = "1"}
[tool.poetry.group.dev.dependencies]
black = {version = "24.1", optional = true}
"""
    assert needs(text) == [("pandas", "^2.0", ""), ("own", "@ https://h/own.git", ""), ("black", "24.1", "dev")]


def test_a_pipfile_gives_requirements() -> None:
    assert needs('[packages]\nflask = "*"\n[dev-packages]\npytest = "==8"\n') == [
        ("flask", "*", ""),
        ("pytest", "==8", "dev"),
    ]


def test_other_toml_has_no_requirements() -> None:
    assert read("[tool.ruff]\nline-length = 1\n", "a.toml").extra == ()
