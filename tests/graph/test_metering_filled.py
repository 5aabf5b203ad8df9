"""Usage in a dict, dataclass or model is a record only where somebody takes it out, or takes the object on."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import verdict

CALL = """\
from openai import OpenAI

client = OpenAI()


def ask(prompt):
    reply = client.responses.create(model="gpt-5-mini", input=prompt)
"""
DICT = CALL + "    return {'text': reply.output_text, 'tokens': reply.usage.total_tokens}\n\n\n"
LOCAL = CALL + "    out = {}\n    out['text'] = 'x'\n    out['tokens'] = reply.usage.total_tokens\n    return out\n\n\n"
KEYWORDS = CALL + "    return dict(text=reply.output_text, tokens=reply.usage.total_tokens)\n\n\n"
FILLED = CALL + "    return Answer(reply.output_text, tokens=reply.usage.total_tokens)\n\n\n"

DATACLASS = """\
from dataclasses import dataclass


@dataclass
class Answer:
    text: str
    tokens: int


"""
HOOKED = DATACLASS + "    def __post_init__(self):\n        count(self.tokens)\n\n\n"
MODEL = "from pydantic import BaseModel\n\n\nclass Answer(BaseModel):\n    text: str\n    tokens: int\n\n\n"
ROW = "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Answer(DeclarativeBase):\n    text: str\n\n\n"
PLAIN = "class Answer:\n    def __init__(self, text, tokens):\n        self.text = text\n        count(tokens)\n\n\n"


def _state(wrapper: str, *lines: str) -> str:
    main = "def main():\n" + "".join(f"    {line}\n" for line in lines) + "\n\nif __name__ == '__main__':\n    main()\n"
    return verdict({"ask.py": wrapper + main}).state


@pytest.mark.parametrize("wrapper", [DICT, LOCAL, KEYWORDS])
@pytest.mark.parametrize(
    "lines",
    [
        ("print(ask('Hello')['text'])",),
        ("print(ask('Hello').get('text', ''))",),
        ("answer = ask('Hello')", "if answer is not None and answer:", "    print(answer['text'])"),
        ("answer = ask('Hello')", "answer['text'] += '.'", "print(answer['text'])"),
        ("answer = ask('Hello')", "answer.pop('tokens', None)", "print(answer)"),
        ("answer = ask('Hello')", "del answer['tokens']", "print(answer['text'])"),
    ],
)
def test_a_key_that_nobody_reads_keeps_no_record(wrapper: str, lines: tuple[str, ...]) -> None:
    assert _state(wrapper, *lines) == "absent"


@pytest.mark.parametrize("wrapper", [DICT, LOCAL, KEYWORDS])
@pytest.mark.parametrize(
    "lines",
    [
        ("print(ask('Hello')['tokens'])",),
        ("print(ask('Hello').get('tokens', 0))",),
        ("answer = ask('Hello')", "print(answer.pop('tokens', 0))"),
        ("answer = ask('Hello')", "if brief:", "    answer.pop('tokens', None)", "print(answer)"),
        ("answer = ask('Hello')", "answer.pop('text', None)", "print(answer)"),
        ("answer = ask('Hello')", "print(answer['tokens'])", "del answer['tokens']"),
        ("answer = ask('Hello')", "print(answer)", "answer.pop('tokens', None)"),
        ("print(ask('Hello'))",),
        ("answer = ask('Hello')", "store.save(answer)", "print(answer['text'])"),
        ("self.last = ask('Hello')", "print(self.last['text'])"),
        ("answer = type('Answer', (), ask('Hello'))", "print(answer.text)"),
        ("answer = ask('Hello')", "print(isinstance(answer, dict), answer['tokens'])"),
    ],
)
def test_a_key_that_is_read_or_taken_on_is_a_record(wrapper: str, lines: tuple[str, ...]) -> None:
    assert _state(wrapper, *lines) == "satisfied"


@pytest.mark.parametrize(
    "lines",
    [
        ("print([ask(one) for one in 'ab'][0]['text'])",),
        ("for key in ask('Hello'):", "    print(key)"),
        ("answer = ask('Hello')", "print(answer[name()])"),
        ("answer = ask('Hello')", "print([value for value in answer.values()])"),
    ],
)
def test_whether_a_key_is_read_may_be_open(lines: tuple[str, ...]) -> None:
    assert _state(DICT, *lines) == "unknown"


@pytest.mark.parametrize("record", [DATACLASS, MODEL])
def test_a_field_is_told_from_the_others(record: str) -> None:
    assert _state(record + FILLED, "print(ask('Hello').text)") == "absent"
    assert _state(record + FILLED, "print(ask('Hello').tokens)") == "satisfied"
    assert _state(record + FILLED, "print(ask('Hello'))") == "satisfied"
    assert _state(record + FILLED, "print(ask('Hello').summary())") == "unknown"


def test_the_dict_of_an_object_has_its_fields_as_keys() -> None:
    assert _state(MODEL + FILLED, "print(ask('Hello').model_dump()['text'])") == "absent"
    assert _state(MODEL + FILLED, "print(ask('Hello').model_dump()['tokens'])") == "satisfied"
    assert (
        _state("from dataclasses import asdict\n" + DATACLASS + FILLED, "print(asdict(ask('a'))['text'])") == "absent"
    )


def test_an_object_that_is_shown_its_fields_may_keep_them() -> None:
    assert _state(HOOKED + FILLED, "print(ask('Hello').text)") == "unknown"


def test_a_class_that_is_no_plain_record_is_handed_the_usage() -> None:
    assert _state(ROW + FILLED, "print(ask('Hello').text)") == "satisfied"
    assert _state(PLAIN + FILLED, "print(ask('Hello').text)") == "satisfied"


def test_a_function_of_the_repository_that_takes_the_object_is_looked_into() -> None:
    shown = "def show(answer):\n    print(answer['text'])\n\n\n"
    told = "def show(answer):\n    print(answer['tokens'])\n\n\n"
    assert _state(DICT + shown, "show(ask('Hello'))") == "absent"
    assert _state(DICT + told, "show(ask('Hello'))") == "satisfied"


def test_an_object_inside_another_is_followed() -> None:
    around = "def both(prompt):\n    return {'answer': ask(prompt), 'id': 1}\n\n\n"
    assert _state(DICT + around, "print(both('Hello')['answer']['text'])") == "absent"
    assert _state(DICT + around, "print(both('Hello')['answer']['tokens'])") == "satisfied"


def test_an_endpoint_hands_the_object_out() -> None:
    head = "from fastapi import FastAPI\n\napp = FastAPI()\n"
    handler = "@app.post('/ask')\ndef handle():\n    return ask('Hello')\n\n\n"
    assert _state(head + DICT + handler, "print(ask('Hello')['text'])") == "satisfied"


def test_a_wrapper_around_the_function_may_read_the_object() -> None:
    text = DICT.replace("def ask", "@counted\ndef ask").replace("client =", "from meters import counted\nclient =")
    assert _state(text, "print(ask('Hello')['text'])") == "unknown"


def test_a_dict_of_somebody_else_keeps_what_is_put_into_it() -> None:
    given = (
        CALL.replace("(prompt)", "(prompt, state)")
        + "    state['tokens'] = reply.usage.total_tokens\n    return state\n\n\n"
    )
    assert _state(given, "print(ask('Hello', {})['text'])") == "satisfied"
