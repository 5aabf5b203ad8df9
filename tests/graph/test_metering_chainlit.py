"""What Chainlit records of model calls, and the ways by which its handlers lead to them."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from tests.graph.metering_repository import run, verdict

OPENAI = """\
import chainlit as cl
from openai import AsyncOpenAI

cl.instrument_openai()
client = AsyncOpenAI()


@cl.on_message
async def answer(message):
    reply = await {}
    await cl.Message(content=str(reply)).send()
"""


def openai(call: str) -> str:
    return verdict({"app.py": OPENAI.format(call)}).state


@pytest.mark.parametrize(
    "call",
    [
        "client.chat.completions.create(model='gpt-5-mini', messages=[])",
        "client.chat.completions.create(model='gpt-5-mini', messages=[], stream=False)",
        "client.chat.completions.create(messages=[], **{'model': 'gpt-5-mini', 'temperature': 0})",
        "client.completions.create(model='gpt-3.5-turbo-instruct', prompt='')",
    ],
)
def test_its_instrument_counts_the_tokens_of_whole_completions(call: str) -> None:
    assert openai(call) == "satisfied"


@pytest.mark.parametrize(
    "call",
    [
        "client.chat.completions.create(model='gpt-5-mini', messages=[], stream=True)",
        "client.chat.completions.create(messages=[], **{'model': 'gpt-5-mini', 'stream': True})",
        "client.chat.completions.parse(model='gpt-5-mini', messages=[])",
        "client.responses.create(model='gpt-5-mini', input='')",
        "client.audio.transcriptions.create(model='whisper-1', file=None)",
        "client.embeddings.create(model='text-embedding-3-small', input='')",
    ],
)
def test_its_instrument_counts_nothing_else(call: str) -> None:
    assert openai(call) == "absent"


@pytest.mark.parametrize("given", ["stream=message.streamed", "**message.settings"])
def test_a_call_that_may_stream_leaves_the_answer_open(given: str) -> None:
    assert openai(f"client.chat.completions.create(model='gpt-5-mini', messages=[], {given})") == "unknown"


def test_its_instrument_sees_no_call_that_langchain_makes() -> None:
    text = OPENAI.replace("AsyncOpenAI()", "ChatOpenAI()").format("client.ainvoke(message)")
    assert verdict({"app.py": "from langchain_openai import ChatOpenAI\n" + text}).state == "absent"


def test_its_handler_counts_the_tokens_of_an_engine() -> None:
    text = (
        "import chainlit as cl\n"
        "from llama_index import ServiceContext, VectorStoreIndex\n"
        "from llama_index.callbacks.base import CallbackManager\n\n"
        "context = ServiceContext.from_defaults(callback_manager=CallbackManager([cl.LlamaIndexCallbackHandler()]))\n"
        "engine = VectorStoreIndex.from_documents([], service_context=context).as_query_engine()\n\n\n"
        "@cl.on_message\nasync def answer(message):\n    return await cl.make_async(engine.query)(message.content)\n"
    )
    assert verdict({"app.py": text}).state == "satisfied"


@pytest.mark.parametrize("handler", ["LangchainCallbackHandler", "AsyncLangchainCallbackHandler"])
def test_its_handlers_of_langchain_time_the_call(handler: str) -> None:
    text = (
        "import chainlit as cl\n"
        "from langchain_core.runnables import RunnableConfig\n"
        "from langchain_openai import ChatOpenAI\n\n"
        "llm = ChatOpenAI(model='gpt-5-mini')\n\n\n"
        "@cl.on_message\nasync def answer(message):\n"
        f"    return await llm.ainvoke(message.content, config=RunnableConfig(callbacks=[cl.{handler}()]))\n"
    )
    found = verdict({"app.py": text})
    assert (found.state, found.facets) == ("absent", ("latency",))


@pytest.mark.parametrize("made", ["cl.make_async", "sync_to_async", "asyncify"])
def test_a_function_that_is_made_asynchronous_is_called(made: str) -> None:
    text = (
        "import chainlit as cl\n"
        "from asgiref.sync import sync_to_async\n"
        "from asyncer import asyncify\n"
        "from openai import OpenAI\n\n\n"
        "def ask(text):\n    return OpenAI().responses.create(model='gpt-5-mini', input=text).output_text\n\n\n"
        f"@cl.on_message\nasync def answer(message):\n    return await {made}(ask)(message.content)\n"
    )
    assert _interfaces(text) == ["answer"]


@pytest.mark.parametrize(
    "decorator",
    [
        "on_audio_chunk", "on_audio_start", "on_audio_end", "action_callback('again')", "on_chat_start",
        "on_chat_resume", "on_chat_end", "on_settings_update", "on_window_message", "on_mcp_connect", "on_stop",
        "on_logout",
    ],
)  # fmt: skip
def test_a_handler_of_a_chat_sets_off_the_call(decorator: str) -> None:
    text = (
        "import chainlit as cl\nfrom openai import OpenAI\n\n\n"
        f"@cl.{decorator}\nasync def handle(given):\n    OpenAI().responses.create(model='gpt-5-mini', input=given)\n"
    )
    assert _interfaces(text) == ["handle"]


def _interfaces(text: str) -> list[str]:
    """The handlers that people reach which set off the model call of a program."""
    graph = run({"app.py": text}).graph
    call: Node = next(iter(graph.nodes("ModelCall")))
    entries = [graph.node(edge.source) for edge in graph.into(call.id, ("triggers",))]
    return [str(one.label).rstrip("()") for one in entries if one.properties["interface"] == "ui"]
