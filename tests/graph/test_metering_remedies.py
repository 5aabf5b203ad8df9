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


EMBED = """\
from langchain_openai import OpenAIEmbeddings


def ask(text):
    return OpenAIEmbeddings().embed_query(text)


if __name__ == "__main__":
    ask("Hello")
"""

STORE = """\
from langchain_chroma import Chroma
from langchain_openai import OpenAIEmbeddings


def ask(texts):
    return Chroma(embedding_function=OpenAIEmbeddings()).add_texts(texts)


if __name__ == "__main__":
    ask(["Hello"])
"""


@pytest.mark.parametrize("text", [EMBED, STORE])
@pytest.mark.parametrize("product", ["langsmith", "langfuse", "opik", "mlflow", "traceloop-sdk"])
def test_no_callback_sees_an_embedding_of_langchain(text: str, product: str) -> None:
    words = remedy(text, **{"pyproject.toml": required("langchain-openai", product)})
    assert "tiktoken" in words
    assert "already" not in words


@pytest.mark.parametrize(
    ("call", "counted"),
    [
        ("add_texts(texts)", "''.join(texts)"),
        ("add_documents(texts)", "''.join(one.page_content for one in texts)"),
        ("add_documents(documents=texts)", "texts[0].page_content"),
    ],
)
def test_a_count_of_what_a_store_embeds_is_a_record_of_it(call: str, counted: str) -> None:
    count = f"len(tiktoken.get_encoding('cl100k_base').encode({counted}))"
    text = STORE.replace("    return", f"    log.info('%s', {count})\n    return").replace("add_texts(texts)", call)
    found = run({"ask.py": f"import logging\nimport tiktoken\n\nlog = logging.getLogger()\n{text}"}).run.shown
    # a part of the texts is no count of all of them
    assert bool(found) == ("[0]" in counted)


def test_a_switch_that_is_a_variable_stands_in_the_environment() -> None:
    text = EMBED.replace("OpenAIEmbeddings().embed_query(text)", "ChatOpenAI().invoke(text).content")
    text, own = text.replace("OpenAIEmbeddings", "ChatOpenAI"), {"pyproject.toml": required("langsmith")}
    assert remedy(text, **own).endswith("switch it on by a variable: `LANGSMITH_TRACING=true` in `.env`.")
    assert not run({"ask.py": text, **own, ".env": "LANGSMITH_TRACING=true\n"}).run.shown


def test_what_holds_for_the_whole_process_belongs_where_that_starts() -> None:
    agent = "from pydantic_ai import Agent\n\nagent = Agent('openai:gpt-5-mini')\n"
    main = (
        "from fastapi import FastAPI\nfrom agent import agent\n\napp = FastAPI()\n\n\n"
        "@app.post('/ask')\nasync def ask(text):\n    return (await agent.run(text)).output\n"
    )
    files = {"main.py": main, "pyproject.toml": required("logfire")}
    line = "switch it on once, where the process starts: `logfire.instrument_pydantic_ai()`"
    assert remedy(agent, **_modules(agent, files)).endswith(f"{line} in `main.py`.")
    told = {**files, "setup.py": "import logfire\n\nlogfire.configure()\n"}
    assert remedy(agent, **_modules(agent, told)).endswith(f"{line} in `setup.py`.")


def _modules(agent: str, files: dict[str, str]) -> dict[str, str]:
    return {"agent.py": agent, **files}


def test_dspy_tells_its_usage_where_it_is_configured_to() -> None:
    text = (
        "import dspy\n\n\ndef ask(text):\n    with dspy.context(lm=dspy.LM('openai/gpt-5-mini')):\n"
        "        reply = dspy.Predict('q -> a')(q=text)\n    return reply.a\n\n\n"
        "if __name__ == '__main__':\n    ask('Hello')\n"
    )
    words = "which dspy.configure(track_usage=True) {} switches on: `reply.get_lm_usage()` in `ask`."
    assert remedy(text).endswith(words.format("where the process starts"))
    settings = "import dspy\nimport ask\n\ndspy.configure(lm=dspy.LM('openai/gpt-5-mini'))\n"
    assert remedy(text, **{"settings.py": settings}).endswith(words.format("in settings.py"))


@pytest.mark.parametrize(
    ("client", "line"),
    [
        ("ClientV2().chat(messages=[text])", "reply.usage"),
        ("AsyncClientV2().chat(messages=[text])", "reply.usage"),
        ("Client().chat(message=text)", "reply.meta.billed_units"),
        ("ClientV2().embed(texts=[text])", "reply.meta.billed_units"),
    ],
)
def test_a_chat_of_the_second_client_of_cohere_has_a_usage_of_its_own(client: str, line: str) -> None:
    text = f"import cohere\n\n\ndef ask(text):\n    reply = cohere.{client}\n    return reply.text\n\n\nask('Hello')\n"
    assert remedy(text).endswith(f"`{line}` in `ask`.")
