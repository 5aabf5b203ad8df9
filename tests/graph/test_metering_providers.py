"""Who is paid, and what tells the usage there: by the address, the model inside an agent, and what a project has."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import calls
from tests.graph.test_metering_remedies import remedy, required

MAIN = "\n\n\nif __name__ == '__main__':\n    ask('Hello')\n"


def provider(text: str) -> str:
    (node,) = calls({"ask.py": text + MAIN})
    return str(node.properties["provider"])


def _openai(arguments: str, above: str = "") -> str:
    return (
        f"from openai import OpenAI\n{above}\n\ndef ask(text):\n"
        f"    return OpenAI({arguments}).responses.create(model='m', input=text).output_text"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_openai("base_url='https://api.x.ai/v1'"), "xai"),
        (_openai("base_url=ADDRESS", "ADDRESS = 'https://api.deepseek.com'\n"), "deepseek"),
        (_openai("base_url='https://models.example.com/v1'"), "openai"),
        (_openai("base_url=choose()"), "openai"),
        (_openai(""), "openai"),
    ],
)
def test_the_address_of_a_client_says_who_is_paid(text: str, expected: str) -> None:
    assert provider(text) == expected


AGENT = """\
from langchain.agents import {name}
from langchain_openai import ChatOpenAI

llm = ChatOpenAI(model="gpt-5-mini")
agent = {made}


def ask(text):
    return agent.run(text)"""


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("initialize_agent", "initialize_agent([], llm, handle_parsing_errors=True)"),
        ("initialize_agent", "initialize_agent(tools=[], llm=llm)"),
        ("AgentExecutor, create_react_agent", "AgentExecutor(agent=create_react_agent(llm, [], None), tools=[])"),
        (
            "AgentExecutor, create_react_agent",
            "AgentExecutor.from_agent_and_tools(create_react_agent(llm, [], None), [])",
        ),
    ],
)
def test_an_agent_is_paid_to_whom_its_model_belongs(name: str, made: str) -> None:
    assert provider(AGENT.replace("{name}", name).replace("{made}", made)) == "openai"


def test_an_embedding_of_llama_index_is_paid_to_its_provider() -> None:
    text = (
        "from llama_index.embeddings.openai import OpenAIEmbedding\n\n\ndef ask(text):\n"
        "    return OpenAIEmbedding(model='text-embedding-3-small').get_text_embedding(text)"
    )
    assert provider(text) == "openai"


GEMINI = """\
import requests

URL = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"


def ask(text):
    reply = requests.post(URL, json={"contents": [{"parts": [{"text": text}]}]})
    answer = reply.json()
    return answer["candidates"][0]["content"]"""


def test_gemini_over_http_tells_its_usage_under_its_own_key() -> None:
    assert '`answer["usageMetadata"]` in `ask`' in remedy(GEMINI + MAIN)
    other = GEMINI.replace("gemini-2.5-flash:generateContent", "openai/chat/completions")
    assert '`answer["usage"]` in `ask`' in remedy(other.replace("v1beta/models/", "v1beta/") + MAIN)


CHAT = "from langchain_openai import ChatOpenAI\n\n\ndef ask(text):\n    return ChatOpenAI().invoke(text).content"
TEXT = "from {module} import OpenAI\n\n\ndef ask(text):\n    return OpenAI()(text)"
TOLD, COUNTED = "`with get_usage_metadata_callback() as usage:`", "`with get_openai_callback() as usage:`"


@pytest.mark.parametrize("module", ["langchain.llms", "langchain_openai", "langchain_community.llms", "langchain"])
def test_a_model_of_plain_text_tells_its_usage_to_another_context(module: str) -> None:
    assert COUNTED in remedy(TEXT.replace("{module}", module) + MAIN)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("langchain==0.0.329", COUNTED),
        ("langchain-core<0.3.40", COUNTED),
        ("langchain>=0.0.217", TOLD),
        ("langchain-core>=0.3.49", TOLD),
        ("langchain==0.3.25", TOLD),
    ],
)
def test_an_old_langchain_has_no_context_for_all_providers(asked: str, line: str) -> None:
    assert line in remedy(CHAT + MAIN, **{"pyproject.toml": required(asked)})


COHERE = "import cohere\n\n\ndef ask(text):\n    reply = cohere.Client().{call}\n    print(reply.a)\n\n\nask('Hello')\n"


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("cohere==4.37", 'reply.meta["billed_units"]'),
        ("cohere>=4.37,<5", 'reply.meta["billed_units"]'),
        ("cohere>=5", "reply.meta.billed_units"),
        ("cohere>=4.37", "reply.meta.billed_units"),
        ("cohere", "reply.meta.billed_units"),
        ("langchain==0.0.329", "reply.meta.billed_units"),
    ],
)
@pytest.mark.parametrize("call", ["chat(message=text)", "rerank(query=text, documents=[])", "embed(texts=[text])"])
def test_an_old_cohere_tells_its_usage_in_a_dict(call: str, asked: str, line: str) -> None:
    assert f"`{line}` in `ask`." in remedy(COHERE.replace("{call}", call), **{"pyproject.toml": required(asked)})


def test_poetry_keeps_an_sdk_below_its_next_major_version() -> None:
    asked = "[tool.poetry]\nname = 'x'\nversion = '1'\n\n[tool.poetry.dependencies]\n"
    text = COHERE.replace("{call}", "chat(message=text)")
    for version, line in (("^4.37", 'reply.meta["billed_units"]'), ("^5.1", "reply.meta.billed_units")):
        for written in (f"'{version}'", f"{{version = '{version}', optional = true}}"):
            words = remedy(text, **{"pyproject.toml": f"{asked}cohere = {written}\n"})
            assert f"`{line}` in `ask`." in words


def test_the_stream_of_an_old_cohere_keeps_its_usage_at_its_end() -> None:
    files = {"pyproject.toml": required("cohere<5")}
    words = remedy(COHERE.replace("{call}", "chat(message=text, stream=True)"), **files)
    assert 'once the stream has ended: `reply.meta["billed_units"]` in `ask`.' in words
    words = remedy(COHERE.replace("{call}", "generate_stream(prompt=text)"), **files)
    assert "as its stream tells no usage" in words


def test_an_old_langchain_of_another_provider_tells_a_handler() -> None:
    text = CHAT.replace("langchain_openai", "langchain_anthropic").replace("ChatOpenAI", "ChatAnthropic")
    words = remedy(text + MAIN, **{"pyproject.toml": required("langchain==0.1.20")})
    assert "as on_llm_end of a callback handler is told it: `response.llm_output`" in words


@pytest.mark.parametrize(
    ("method", "line"),
    [
        ("embed_query", 'len(tiktoken.get_encoding("cl100k_base").encode(text))'),
        ("embed_documents", 'sum(map(len, tiktoken.get_encoding("cl100k_base").encode_batch(text)))'),
    ],
)
def test_a_count_names_what_is_there(method: str, line: str) -> None:
    embed = f"def ask(text):\n    return OpenAIEmbeddings().{method}(text)"
    embed = f"from langchain_openai import OpenAIEmbeddings\n\n\n{embed}"
    assert f"`{line}` in `ask`" in remedy(embed + MAIN)


STREAMED = "from {module} import {name}\n\n\ndef ask(text):\n    return {name}({given}).{method}(text)"
MOVED = "as this one tells none of a stream: `from langchain_openai import {name}`, `{name}(stream_usage=True)` and "


def _chat(module: str, given: str = "", method: str = "invoke", name: str = "ChatOpenAI") -> str:
    text = STREAMED.replace("{module}", module).replace("{given}", given).replace("{method}", method)
    return remedy(text.replace("{name}", name) + MAIN)


@pytest.mark.parametrize("name", ["ChatOpenAI", "AzureChatOpenAI"])
@pytest.mark.parametrize(
    ("module", "given", "method"),
    [
        ("langchain_community.chat_models", "streaming=True", "invoke"),
        ("langchain_community.chat_models.openai", "", "stream"),
        ("langchain.chat_models", "streaming=True", "invoke"),
    ],
)
def test_an_older_class_tells_nothing_of_a_stream(module: str, given: str, method: str, name: str) -> None:
    assert f"{MOVED.replace('{name}', name)}{TOLD}" in _chat(module, given, method, name)


def test_an_older_class_tells_its_usage_to_a_context_of_its_own() -> None:
    assert COUNTED in _chat("langchain_community.chat_models")
    assert COUNTED in _chat("langchain_community.chat_models", "streaming=False")


@pytest.mark.parametrize(("given", "method"), [("", "invoke"), ("streaming=True", "invoke"), ("", "stream")])
def test_the_class_of_the_provider_tells_its_usage_to_the_context_for_all(given: str, method: str) -> None:
    assert f"with the feature it is for: {TOLD}" in _chat("langchain_openai", given, method)


def test_a_class_that_may_come_from_either_is_taken_for_the_one_of_the_provider() -> None:
    both = "try:\n    from langchain_openai import ChatOpenAI\nexcept ImportError:\n"
    text = f"{both}    from langchain_community.chat_models import ChatOpenAI\n\n\ndef ask(text):\n"
    assert TOLD in remedy(f"{text}    return ChatOpenAI(streaming=True).invoke(text).content" + MAIN)
