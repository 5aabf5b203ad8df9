"""Responses that are logged or stored whole: the usage is inside what is kept."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import verdict

ASK = """\
import json
import logging

from openai import OpenAI

log = logging.getLogger(__name__)


def ask(prompt):
    reply = OpenAI().chat.completions.create(model="gpt-5-mini", messages=[{"role": "user", "content": prompt}])
    {line}
    return reply.choices[0].message.content


if __name__ == "__main__":
    ask("Hello")
"""


def state(line: str, text: str = ASK) -> str:
    """The verdict on the call with a line behind it."""
    return verdict({"ask.py": text.replace("{line}", line.replace("\n", "\n    "))}).state


@pytest.mark.parametrize(
    "line", ["log.info(f'reply {reply}')", "log.info('reply %s', reply)", "print(reply)", "log.warning(str(reply))"]
)
def test_a_line_of_a_log_with_the_whole_response_leaves_it_open(line: str) -> None:
    assert state(line) == "unknown"


@pytest.mark.parametrize(
    "line",
    [
        "with open('calls.jsonl', 'a') as out:\n    out.write(reply.model_dump_json() + '\\n')",
        "log.info('reply %s', reply.model_dump())",
        "log.info(json.dumps(reply.to_dict()))",
        "with open('last.json', 'w') as out:\n    json.dump(reply.to_dict(), out)",
        "kept = {'text': prompt, 'reply': reply.model_dump()}\nwith open('a', 'w') as out:\n    json.dump(kept, out)",
    ],
)
def test_a_dump_of_the_response_that_is_kept_is_a_record(line: str) -> None:
    assert state(line) == "satisfied"


@pytest.mark.parametrize(
    "line",
    [
        "log.debug(f'reply {reply}')",
        "log.info(f'reply {reply.choices[0]}')",
        "text = reply.model_dump()['choices']",
        "try:\n    prompt.check()\nexcept ValueError:\n    log.info(reply)",
    ],
)
def test_a_part_of_it_or_a_line_that_nobody_sees_records_nothing(line: str) -> None:
    assert state(line) == "absent"


def test_a_stream_and_an_answer_that_is_a_text_hold_no_usage() -> None:
    assert state("log.info(reply)", ASK.replace('model="', 'stream=True, model="')) == "absent"
    text = ASK.replace("openai", "langchain_openai").replace("OpenAI", "OpenAIEmbeddings")
    text = text.replace("chat.completions.create(model=", "embed_query(text=")
    assert state("print(reply)", text) == "absent"
