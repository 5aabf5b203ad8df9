"""A read of a token field is a record only where the object that is read may hold the answer of the call."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import Metered, verdict

EMBED = """\
from openai import OpenAI

client = OpenAI()


def embedded(text):
    reply = client.embeddings.create(model="text-embedding-3-small", input=text)
    return {part}


def search(vector):
    return database.query("select id, total_tokens from documents order by embedding <=> $1", vector)


def found(text):
    return [{row} for row in search(embedded(text))]


print(found("Hello"))
"""

ASK = """\
import logging
from openai import OpenAI
from pydantic import BaseModel

client = OpenAI()


class Context(BaseModel):
    text: str
    num_tokens: int


def context_of(text):
    reply = client.chat.completions.create(model="gpt-5-mini", messages=[{"role": "user", "content": text}])
    answer = reply.choices[0].message.content
    return Context(text=answer, num_tokens={count})


def main():
    context = context_of("Hello")
    logging.info("%s tokens", context.num_tokens)


main()
"""


def _rows(row: str, part: str = "reply.data[0].embedding") -> Metered:
    return verdict({"search.py": EMBED.replace("{row}", row).replace("{part}", part)})


def _field(count: str, before: str = "") -> Metered:
    return verdict({"ask.py": before + ASK.replace("{count}", count)})


@pytest.mark.parametrize("row", ["row.total_tokens", "row['total_tokens']", "row.get('total_tokens')"])
def test_a_row_that_an_embedding_is_looked_up_in_tells_no_usage(row: str) -> None:
    assert _rows(row).state == "absent"


def test_the_vectors_of_a_response_hold_no_usage() -> None:
    assert _rows("row['total_tokens']", "[one.embedding for one in reply.data]").state == "absent"


def test_a_row_that_the_whole_response_may_be_in_leaves_it_open() -> None:
    found = _rows("row['total_tokens']", "reply")
    assert found.state == "unknown"
    assert found.how == "`total_tokens` is read of an object that may be something else than the response"


@pytest.mark.parametrize("part", ["reply.choices[0].message.content", "reply.choices[0].message.tool_calls[0]"])
def test_what_an_answer_says_holds_no_usage(part: str) -> None:
    text = (
        "import json\nfrom openai import OpenAI\n\nreply = OpenAI().chat.completions.create(model='m', messages=[])\n"
        f"print(json.loads({part})['total_tokens'])\n"
    )
    assert verdict({"ask.py": text}).state == "absent"


def test_an_own_field_that_is_filled_with_a_size_of_the_text_tells_no_usage() -> None:
    assert _field("len(answer.split())").state == "absent"


def test_an_own_field_that_is_filled_with_the_usage_is_a_record() -> None:
    assert _field("reply.usage.total_tokens").state == "satisfied"


def test_an_own_field_that_is_filled_with_a_count_which_does_not_show_leaves_it_open() -> None:
    found = _field("count(answer)", "from counters import count\n")
    assert (found.state, found.how) == ("unknown", "`num_tokens` is read and may be a count of the answer's tokens")


def test_an_own_field_is_told_apart_from_the_others_of_its_object() -> None:
    text = ASK.replace("    num_tokens: int", "    num_tokens: int\n    reply: object")
    text = text.replace("num_tokens={count}", "num_tokens=3, reply=reply")
    assert verdict({"ask.py": text}).state == "absent"


def test_the_body_of_a_plain_request_is_the_whole_response() -> None:
    text = (
        "import json\nimport requests\n\nreply = requests.post('https://api.openai.com/v1/responses', json={})\n"
        "print(json.loads(reply.text)['usage'])\n"
    )
    assert verdict({"ask.py": text}).state == "satisfied"


def test_an_event_that_carries_the_response_tells_its_usage() -> None:
    text = (
        "from openai import OpenAI\n\nfor event in OpenAI().responses.create(model='m', input='Hello', stream=True):\n"
        "    if event.type == 'response.completed':\n        print(event.response.usage)\n"
    )
    assert verdict({"ask.py": text}).state == "satisfied"


WRAPPER = """\
from openai import OpenAI


def ask(text):
    return OpenAI().responses.create(model="gpt-5-mini", input=text)
"""
APP = "from llm import ask\n\nif __name__ == '__main__':\n    print(ask('Hello').output_text)\n"
READ = "from llm import ask\n\nprint(ask('Hello').usage)\n"


@pytest.mark.parametrize("path", ["examples/first.py", "docs/first.py", "evaluation/run.py"])
def test_a_read_in_an_example_records_nothing_of_what_others_run(path: str) -> None:
    assert verdict({"llm.py": WRAPPER, "app.py": APP, path: READ}).state == "absent"
    assert verdict({"llm.py": WRAPPER, path: READ}).state == "satisfied"
    assert verdict({"llm.py": WRAPPER, "app.py": APP, "main.py": READ}).state == "satisfied"
