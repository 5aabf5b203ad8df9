"""How much work many model calls of one file take: what a module holds is looked through once, not for each call."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from tests.graph.metering_repository import run

POSTED = """
def ask{n}(text):
    reply = requests.post("https://api.openai.com/v1/chat/completions", json={"stream": True, "messages": [text]})
    for line in reply.iter_lines():
        print(line)


ask{n}("Hello")
"""
HANDLER = """\
from langchain_core.callbacks import BaseCallbackHandler
from langchain_openai import ChatOpenAI


class Usage(BaseCallbackHandler):
    def on_llm_end(self, response, **kwargs):
        print(response.llm_output)

"""
HANDLED = """
def ask{n}(text, flag=False):
    return ChatOpenAI(model="gpt-5-mini", callbacks=[Usage() if flag else Usage()]).invoke(text)


ask{n}("Hello")
"""


def lines_run(files: dict[str, str], modules: tuple[str, ...]) -> int:
    """How many lines of some modules of ours a run over a repository takes."""
    found, kept = 0, sys.gettrace()

    def step(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal found
        found += event == "line"
        return step

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        return step if frame.f_code.co_filename.endswith(modules) else None

    sys.settrace(enter)
    try:
        run(files)
    finally:
        sys.settrace(kept)
    return found


@pytest.mark.parametrize(
    ("head", "call", "modules"),
    [
        ("import requests\n", POSTED, ("http_streams.py", "response_names.py", "call_results.py")),
        (HANDLER, HANDLED, ("metering/conditional.py",)),
    ],
)
def test_the_work_grows_with_the_calls_of_a_file_and_not_with_their_square(
    head: str, call: str, modules: tuple[str, ...]
) -> None:
    def work(calls: int) -> int:
        text = head + "".join(call.replace("{n}", str(number)) for number in range(calls))
        return lines_run({"ask.py": text}, modules)

    work(1)
    assert work(80) < 2.5 * work(40)
