"""The lines that remedies name are code, short enough to be shown whole, and every call of a model has one."""

from __future__ import annotations

import ast
import re
from typing import Any

import pytest

from mltradeoff_lint.catalog.table_files import read_table
from mltradeoff_lint.catalog.tables import load_tables

ROWS: list[dict[str, Any]] = read_table("metering.yaml")["usage"]
SHOWN = 80
"""Characters of a property that a message shows."""


def _lines(row: dict[str, Any]) -> list[str]:
    return _code(row["line"], row.get("asks"))


def _code(written: str | list[str], asks: str | None = None) -> list[str]:
    lines = [written] if isinstance(written, str) else written
    words = re.compile(r"<(?:response|each)(?::\w+)?>|<receiver>|<input>|<body>|<event>|<usage>")
    return [words.sub("response", one.replace("<step>", "")) for one in (*lines, *([asks] if asks else ()))]


def _is_code(line: str) -> bool:
    """A statement, the head of one, an argument, or an entry of a dict."""
    for form in (line, f"{line}\n    pass", f"call({line})", f"{{{line}}}"):
        try:
            ast.parse(form)
        except SyntaxError:
            continue
        return True
    return False


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['call']}-{row.get('streamed')}-{row.get('awaited')}")
def test_a_line_is_code_and_is_shown_whole(row: dict[str, Any]) -> None:
    assert all(_is_code(line) and len(line) <= SHOWN for line in _lines(row))
    assert len(f"{row.get('told', '')}:") <= SHOWN
    assert "`" not in str(row)


@pytest.mark.parametrize("row", read_table("metering.yaml")["products"], ids=lambda row: row["product"])
def test_a_line_of_a_product_is_code_and_is_shown_whole(row: dict[str, Any]) -> None:
    lines = [line for written in row["lines"].values() for line in _code(written)]
    assert all(_is_code(line) or line.startswith("@") for line in lines)
    assert all(len(line) <= SHOWN and "`" not in line for line in lines)
    assert set(row.get("fits", {})) <= set(row["lines"])


@pytest.mark.parametrize(
    ("access", "is_streamed", "is_awaited", "line"),
    [
        ("openai.OpenAI().chat.completions.create", False, True, "<response>.usage"),
        ("openai.OpenAI().chat.completions.create", True, False, "<each:chunk>.usage"),
        ("openai.OpenAI().responses.stream", True, False, "<response:stream>.get_final_response().usage"),
        ("anthropic.Anthropic().messages.stream", True, True, "(await <response:stream>.get_final_message()).usage"),
        ("boto3.client(bedrock-runtime).converse", False, False, '<response>["usage"]'),
        ("boto3.client(bedrock-runtime).converse_stream", True, False, '<each:event>["metadata"]["usage"]'),
        ("google.generativeai.GenerativeModel().generate_content", True, False, "<response>.usage_metadata"),
        ("google.genai.Client().models.generate_content_stream", True, False, "<each:chunk>.usage_metadata"),
        ("autogen_agentchat.teams.Swarm().run", False, True, "[one.models_usage for one in <response>.messages]"),
        ("some.library.call", True, False, "<each:chunk>.usage"),
    ],
)
def test_a_row_is_chosen_by_library_and_by_how_the_answer_comes(
    access: str, is_streamed: bool, is_awaited: bool, line: str
) -> None:
    assert line in load_tables("2026-11-22").usage(access, "chat", is_streamed, is_awaited).lines


def test_a_stream_tells_nothing_itself_where_a_row_is_for_streams_only() -> None:
    tables = load_tables("2026-11-22")
    assert tables.usage("anthropic.Anthropic().messages.create", "chat", True, False).is_of_stream
    assert not tables.usage("google.generativeai.ChatSession().send_message", "chat", True, False).is_of_stream
    assert not tables.usage("pydantic_ai.Agent().run_stream", "agent", True, True).is_of_stream
