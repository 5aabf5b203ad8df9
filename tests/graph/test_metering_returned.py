"""Usage that is handed to callers is a record only where one of them does something with it."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import verdict

WRAPPER = """\
from openai import OpenAI

client = OpenAI()


def ask(prompt):
    reply = client.responses.parse(model="gpt-5-mini", input=prompt)
    return reply.output_parsed, reply.usage


"""


def _state(caller: str, wrapper: str = WRAPPER) -> str:
    return verdict({"ask.py": wrapper + caller}).state


def _main(*lines: str) -> str:
    return "def main():\n" + "".join(f"    {line}\n" for line in lines) + "\n\nif __name__ == '__main__':\n    main()\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("answer, usage = ask('Hello')", "print(answer)"),
        ("answer, _ = ask('Hello')", "print(answer)"),
        ("print(ask('Hello')[0])",),
        ("answer, *_ = ask('Hello')", "print(answer)"),
        ("both = ask('Hello')", "print(both[0])"),
        ("both = ask('Hello')", "answer, usage = both", "print(answer)"),
        ("ask('Hello')",),
        ("store = Store()", "store.answer, usage = ask('Hello')"),
        (
            "try:",
            "    answer, usage = ask('Hello')",
            "except OSError:",
            "    answer, usage = '', None",
            "print(answer)",
        ),
    ],
)
def test_a_caller_that_drops_the_usage_keeps_no_record(lines: tuple[str, ...]) -> None:
    assert _state(_main(*lines)) == "absent"


@pytest.mark.parametrize(
    "lines",
    [
        ("answer, usage = ask('Hello')", "print(usage)"),
        ("answer, usage = ask('Hello')", "total = 0", "total += usage.total_tokens"),
        ("answer, usage = ask('Hello')", "if usage:", "    print('paid')"),
        ("answer, usage = ask('Hello')", "if usage:", "    print('paid')", "return answer, usage"),
        ("print(ask('Hello'))",),
        ("print(ask('Hello')[1])",),
        ("both = ask('Hello')", "print(both[-1])"),
        ("answer, *rest = ask('Hello')", "print(rest)"),
        ("*rest, answer = ask('Hello')", "print(answer)"),
        ("store = Store()", "store.answer, store.usage = ask('Hello')"),
        ("answer, usage = ask('Hello')", "def later():", "    return usage", "later()"),
        ("for part in ask('Hello'):", "    print(part)"),
        ("both = ask('Hello')", "both += (1,)", "print(both[0])"),
    ],
)
def test_a_caller_that_may_use_the_usage_keeps_a_record(lines: tuple[str, ...]) -> None:
    assert _state(_main(*lines)) == "satisfied"


def test_a_caller_that_returns_the_pair_leaves_it_to_its_own_callers() -> None:
    again = "def again(prompt):\n    return ask(prompt)\n\n\n"
    assert _state(again + _main("answer, usage = again('Hello')", "print(answer)")) == "absent"
    assert _state(again + _main("answer, usage = again('Hello')", "print(usage)")) == "satisfied"


def test_a_caller_that_returns_the_usage_alone_leaves_it_to_its_own_callers() -> None:
    only = "def used(prompt):\n    _, usage = ask(prompt)\n    return {'usage': usage}\n\n\n"
    assert _state(only + _main("used('Hello')")) == "absent"
    assert _state(only + _main("print(used('Hello')['usage'])")) == "satisfied"


def test_usage_that_goes_through_a_name_or_a_display_is_followed() -> None:
    dropped = _main("answer, usage = ask('Hello')", "print(answer)")
    named = WRAPPER.replace("return reply.output_parsed, reply.usage", "usage = reply.usage\n    return 1, usage")
    shown = WRAPPER.replace("reply.usage\n", "{'in': reply.usage.input_tokens}\n")
    asked = WRAPPER.replace("reply.usage\n", "getattr(reply, 'usage', None)\n")
    assert [_state(dropped, one) for one in (named, shown, asked)] == ["absent"] * 3


def test_usage_that_no_call_in_sight_gets_is_open() -> None:
    found = verdict({"ask.py": WRAPPER})
    assert (found.state, found.how) == ("unknown", "`ask` returns the usage and nothing here calls it")


def test_usage_that_a_call_which_did_not_resolve_may_get_is_open() -> None:
    caller = "def other(bot):\n    return bot.ask('Hello')\n\n\n" + _main("answer, _ = ask('Hello')", "print(answer)")
    assert _state(caller) == "unknown"


def test_an_endpoint_hands_the_usage_to_whoever_asks() -> None:
    text = WRAPPER.replace("def ask", "@app.post('/ask')\ndef ask")
    assert _state("", "from fastapi import FastAPI\napp = FastAPI()\n" + text) == "satisfied"


def test_a_function_that_is_put_in_a_table_may_be_called_from_there() -> None:
    caller = "TABLE = {'ask': ask}\n\n\n" + _main("answer, _ = ask('Hello')", "print(answer)")
    assert _state(caller) == "satisfied"


def test_a_decorated_wrapper_may_give_something_else() -> None:
    text = WRAPPER.replace("def ask", "@metered\ndef ask").replace("client =", "from meters import metered\nclient =")
    assert _state(_main("answer, _ = ask('Hello')", "print(answer)"), text) == "satisfied"


def test_the_tests_of_a_repository_are_no_callers() -> None:
    test = "from ask import ask\n\n\ndef test_it():\n    _, usage = ask('Hello')\n    assert usage\n"
    main = _main("answer, _ = ask('Hello')", "print(answer)")
    assert verdict({"ask.py": WRAPPER + main, "tests/test_ask.py": test}).state == "absent"
