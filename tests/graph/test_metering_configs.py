"""Configs of runs that are written as objects: `RunnableConfig(callbacks=[...])`."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import verdict

HEAD = """\
from elsewhere import handler, options
from langchain_core.callbacks import StdOutCallbackHandler
from langchain_core.runnables import RunnableConfig
from langchain_openai import ChatOpenAI
from langfuse.langchain import CallbackHandler

llm = ChatOpenAI(model="gpt-5-mini")
"""


def state(lines: str) -> str:
    return verdict({"ask.py": f"{HEAD}{lines}\n"}).state


@pytest.mark.parametrize(
    "lines",
    [
        "llm.invoke('q', config=RunnableConfig(callbacks=[CallbackHandler()]))",
        "llm.invoke('q', RunnableConfig(tags=['a'], callbacks=[CallbackHandler()]))",
        "llm.invoke('q', config=RunnableConfig({'callbacks': [CallbackHandler()]}))",
        "given = {'callbacks': [CallbackHandler()]}\nllm.invoke('q', config=RunnableConfig(**given))",
        "bound = llm.with_config(RunnableConfig(callbacks=[CallbackHandler()]))\nbound.invoke('q')",
        "bound = llm.with_config(config=RunnableConfig(callbacks=[CallbackHandler()]))\nbound.invoke('q')",
    ],
)
def test_callbacks_of_a_config_object_record_the_call(lines: str) -> None:
    assert state(lines) == "satisfied"


@pytest.mark.parametrize(
    "lines",
    [
        "llm.invoke('q', config=RunnableConfig(tags=['a']))",
        "llm.invoke('q', config=RunnableConfig({'tags': ['a']}))",
        "llm.invoke('q', config=RunnableConfig(callbacks=[StdOutCallbackHandler()]))",
        "llm.invoke('q', config=RunnableConfig(callbacks=None))",
        "bound = llm.with_config(RunnableConfig(tags=['a']))\nbound.invoke('q')",
    ],
)
def test_a_config_object_without_callbacks_records_nothing(lines: str) -> None:
    assert state(lines) == "absent"


@pytest.mark.parametrize(
    "lines",
    [
        "llm.invoke('q', config=RunnableConfig(callbacks=[handler]))",
        "llm.invoke('q', config=RunnableConfig(**options))",
        "llm.invoke('q', config=RunnableConfig(options))",
        "config = RunnableConfig(tags=['a'])\nconfig['callbacks'] = [handler]\nllm.invoke('q', config=config)",
        "config = RunnableConfig(tags=['a'])\nconfig.update(callbacks=[handler])\nllm.invoke('q', config=config)",
        "def ask(config: RunnableConfig):\n    return llm.invoke('q', config)",
        "bound = llm.with_config(RunnableConfig(callbacks=[handler]))\nbound.invoke('q')",
    ],
)
def test_a_config_object_that_is_not_seen_whole_leaves_the_answer_open(lines: str) -> None:
    assert state(lines) == "unknown"
