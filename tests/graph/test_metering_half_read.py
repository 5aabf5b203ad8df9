"""A stream that a function returns, unread or half read, tells its usage to the function that reads it to its end."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import RULE, run
from tests.graph.test_metering_remedies import remedy

CLAUDE = """\
from anthropic import Anthropic

client = Anthropic()


def think(text):
    stream = client.messages.create(model="claude-sonnet-4-5", max_tokens=9, stream=True, messages=[])
{lines}

def ask(text):
{reads}

if __name__ == "__main__":
    ask("Hello")
"""

CHAT = CLAUDE.replace("from anthropic import Anthropic", "from openai import OpenAI").replace("Anthropic", "OpenAI")
OPENAI = CHAT.replace("client.messages.create", "client.chat.completions.create").replace("max_tokens=9, ", "")

STOPPED = ("for event in stream:", "    if event.type == 'content_block_stop':", "        break", "return stream")
PAIR = (*STOPPED[:3], "return True, stream")
READ = ("for part in think(text):", "    print(part)")
UNPACKED = ("has_thought, rest = think(text)", "for part in rest:", "    print(part)")


def program(form: str, lines: tuple[str, ...], reads: tuple[str, ...]) -> str:
    """A module in which `ask` goes through what `think` returns."""
    first, second = ("".join(f"    {line}\n" for line in one) for one in (lines, reads))
    return form.replace("{lines}", first).replace("{reads}", second)


@pytest.mark.parametrize(
    ("lines", "reads"),
    [
        (STOPPED, READ),
        (STOPPED, ("rest = think(text)", "for part in rest:", "    print(part)")),
        (STOPPED, ("return [part.delta for part in think(text)]",)),
        (PAIR, UNPACKED),
    ],
)
def test_the_events_of_a_half_read_stream_are_told_to_both_readers(
    lines: tuple[str, ...], reads: tuple[str, ...]
) -> None:
    assert "`event.message.usage` and `part.usage` in `think` and `ask`." in remedy(program(CLAUDE, lines, reads))


def test_the_last_chunk_of_a_half_read_stream_is_told_to_the_last_reader() -> None:
    assert "and `part.usage` in `ask`." in remedy(program(OPENAI, STOPPED, READ))


@pytest.mark.parametrize("form", [CLAUDE, OPENAI])
def test_a_stream_that_is_returned_unread_is_told_to_who_reads_it(form: str) -> None:
    assert "`part.usage` in `ask`." in remedy(program(form, ("return stream",), READ))


def test_a_stream_that_is_read_where_it_is_made_is_told_there() -> None:
    lines = ("for event in stream:", "    print(event)", "return text")
    assert "`event.usage` in `think`." in remedy(program(CLAUDE, lines, READ))


def test_of_several_readers_none_is_named() -> None:
    text = program(OPENAI, ("return stream",), READ)
    more = text.replace(
        "\n\nif __name__", "\n\ndef say(text):\n    for one in think(text):\n        print(one)\n\n\nif __name__"
    )
    words = [one.remedy for one in run({"ask.py": f"{more}    say('Hello')\n"}).run.shown if one.rule == RULE]
    assert len(words) == 1
    assert "`chunk.usage` in `think`." in words[0]


def test_a_function_that_hands_the_stream_on_is_passed_by() -> None:
    text = program(OPENAI, ("return stream",), ("for part in through(text):", "    print(part)"))
    more = text.replace("def ask(text)", "def through(text):\n    return think(text)\n\n\ndef ask(text)")
    assert "`part.usage` in `ask`." in remedy(more)


def test_another_item_of_what_is_returned_is_not_the_stream() -> None:
    reads = ("names, rest = think(text)", "for part in names:", "    print(part)")
    assert "`event.usage` in `think`." in remedy(program(CLAUDE, (*STOPPED[:3], "return [], stream"), reads))


@pytest.mark.parametrize("given", ["show(stream)", "show(parts=stream)", "list(show(stream))"])
def test_a_stream_that_is_handed_to_a_function_is_told_to_the_loop_there(given: str) -> None:
    text = program(OPENAI, (f"return {given}",), ("print(think(text))",))
    more = text.replace(
        "def ask(text)", "def show(parts):\n    for each in parts:\n        yield each\n\n\ndef ask(text)"
    )
    assert "and `each.usage` in `show`." in remedy(more)


def test_another_argument_of_that_function_is_not_the_stream() -> None:
    text = program(OPENAI, ("return show(text, stream)",), ("print(think(text))",))
    more = text.replace(
        "def ask(text)", "def show(parts, kept):\n    for each in parts:\n        yield each, kept\n\n\ndef ask(text)"
    )
    assert "and `chunk.usage` in `think`." in remedy(more)
