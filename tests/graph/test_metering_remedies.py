"""What a remedy says: only what a project has is there `already`, and a field is read from what the code calls it."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import RULE, run

DRAW = """\
import litellm


def ask(text):
    reply = litellm.completion(model="gpt-5-mini", messages=[{"role": "user", "content": text}])
    return reply.choices[0].message.content


if __name__ == "__main__":
    ask("Hello")
"""


def remedy(text: str, **files: str) -> str:
    """The remedy of the only finding."""
    found = [one for one in run({"ask.py": text, **files}).run.shown if one.rule == RULE]
    assert len(found) == 1
    return found[0].remedy


def required(*distributions: str) -> str:
    """A project that depends on some distributions."""
    names = ", ".join(f'"{name}"' for name in distributions)
    return f'[project]\nname = "x"\nversion = "1"\ndependencies = [{names}]\n'


@pytest.mark.parametrize(
    ("distributions", "product"),
    [
        (("openinference-instrumentation",), ""),
        (("openinference-instrumentation-openai", "arize-phoenix-otel"), ""),
        (("openinference-instrumentation-litellm",), "OpenInference"),
        (("openinference-instrumentation", "openinference-instrumentation-litellm"), "OpenInference"),
        (("logfire",), ""),
        (("opik",), ""),
        (("agentops",), "AgentOps"),
        (("mlflow-skinny",), ""),
        (("mlflow",), "MLflow"),
    ],
)
def test_a_product_is_there_when_what_holds_its_line_is(distributions: tuple[str, ...], product: str) -> None:
    words = remedy(DRAW, **{"pyproject.toml": required("litellm", *distributions)})
    assert words.startswith(f"{product} is in pyproject.toml already" if product else "Log what this call used")


CALL = "OpenAI().chat.completions.create(model='gpt-5-mini', messages=[])"
AWAITED = "AsyncOpenAI().chat.completions.create(model='gpt-5-mini', messages=[])"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (f"reply = {CALL}\n    return reply.choices[0].message.content", "reply.usage"),
        (f"first = {CALL}.choices[0]\n    return first.message.content", "usage"),
        (f"return {CALL}.choices[0].message.content", "usage"),
        (f"self.last = {CALL}\n    return self.last.choices[0].message.content", "self.last.usage"),
        (f"answer: dict = {CALL}\n    return answer.choices[0].message.content", "answer.usage"),
        (f"if (reply := {CALL}):\n        return reply.choices[0].message.content", "reply.usage"),
    ],
)
def test_a_field_is_read_from_the_name_that_the_response_has(body: str, line: str) -> None:
    text = f"from openai import OpenAI\n\n\ndef ask(self):\n    {body}\n\n\nif __name__ == '__main__':\n    ask(1)\n"
    words = remedy(text)
    assert f"`{line}` in `ask`" in words
    assert ("the response of this call tells" in words) == (line == "usage")


def test_a_response_that_is_waited_for_has_a_name() -> None:
    text = "import asyncio\nfrom openai import AsyncOpenAI\n\n\nasync def ask():\n"
    text += f"    found = await {AWAITED}\n    print(found.choices[0].message.content)\n\n\nasyncio.run(ask())\n"
    assert "`found.usage` in `ask`" in remedy(text)


def test_a_helper_is_given_the_name_of_the_response() -> None:
    assert "`litellm.completion_cost(completion_response=reply)`" in remedy(DRAW)
    nameless = DRAW.replace("reply = ", "return ").replace("])\n    return reply.", "]).")
    assert "`litellm.completion_cost(completion_response=...)`" in remedy(nameless)


def test_a_key_of_a_response_without_a_name_is_told_alone() -> None:
    text = "import boto3\n\n\ndef ask():\n    client = boto3.client('bedrock-runtime')\n"
    text += (
        "    return client.converse(modelId='m', messages=[])['output']\n\n\nif __name__ == '__main__':\n    ask()\n"
    )
    words = "Log what the response of this call tells of its use, with the feature it is for:"
    assert remedy(text) == f"{words} `usage` in `ask`."
