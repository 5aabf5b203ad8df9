"""A callback class of the repository is a record where it reads the usage, and in doubt where it hands it on."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import CHAIN, verdict

HANDLER = """\
import json
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.outputs import LLMResult

{before}


class Handler(BaseCallbackHandler):
    def __init__(self):
        self.parts = []
        self.total = 0

    {method}
        {body}

    def _sum(self, found):
        self.total += found["token_usage"]["total_tokens"]

    def _show(self, found):
        for one in found.generations:
            print(one[0].text)


"""
HOOK = "def on_llm_end(self, response: LLMResult, **kwargs):"


def _state(body: str, method: str = HOOK, before: str = "", keep: str = "_show") -> str:
    lines = HANDLER.replace("{before}", before).replace("{method}", method).replace("{body}", body)
    lines = "\n\n".join(
        part for part in lines.split("\n\n") if keep in part or "def _" not in part or "__init__" in part
    )
    text = CHAIN.replace('ChatOpenAI(model="gpt-5-mini")', 'ChatOpenAI(model="gpt-5-mini", callbacks=[Handler()])')
    return verdict({"ask.py": lines + "\n\n" + text}).state


@pytest.mark.parametrize(
    "body",
    [
        "print(response.llm_output)",
        "print((response.llm_output or {}).get('token_usage'))",
        "self.total += response.generations[0][0].message.usage_metadata['total_tokens']",
        "print(getattr(response.generations[0][0].message, 'usage_metadata', None))",
        "track_usage(response)",
    ],
)
def test_a_handler_that_reads_the_usage_is_a_record(body: str) -> None:
    assert _state(body) == "satisfied"


def test_a_handler_whose_own_method_reads_the_usage_is_a_record() -> None:
    assert _state("self._sum(response.llm_output)", keep="_sum") == "satisfied"


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "pass",
        "print('done')",
        "self.total_tokens = 0",
        "self.parts.append(None)",
        "super().on_llm_end(response, **kwargs)",
        "print(response.generations[0][0].text)",
        "print([one[0].text for one in response.generations])",
        "if response.generations:\n            print(len(response.generations))",
        "self._show(response)",
        "answer = response.generations[0][0].message.content\n        self.parts.append(answer)",
    ],
)
def test_a_handler_that_reads_nothing_of_the_usage_is_no_record(body: str) -> None:
    assert _state(body) == "absent"
    assert _state(body, method=f"async {HOOK}") == "absent"


@pytest.mark.parametrize(
    "body",
    [
        "print(response)",
        "print(f'{response}')",
        "self.last = response",
        "self.parts.append(response)",
        "send(response)",
        "self.parts.append(json.dumps(response.dict()))",
        "return lambda: response",
        "both = (1, response)\n        send(both)",
        "for one in response.generations:\n            send(one)",
    ],
)
def test_a_handler_that_hands_the_response_on_is_in_doubt(body: str) -> None:
    assert _state(body, before="from sinks import send") == "unknown"


def test_a_hook_that_takes_whatever_comes_is_followed_too() -> None:
    method = "def on_llm_end(self, *args, **kwargs):"
    assert _state("print('done')", method) == "absent"
    assert _state("send(*args)", method, "from sinks import send") == "unknown"


def test_a_hook_of_a_base_class_that_does_not_show_is_in_doubt() -> None:
    base = "from bases import Base"
    text = HANDLER.replace("(BaseCallbackHandler)", "(Base, BaseCallbackHandler)").replace("{before}", base)
    text = text.replace("{method}", HOOK).replace("{body}", "pass").replace('found["token_usage"]["total_tokens"]', "1")
    chain = CHAIN.replace('ChatOpenAI(model="gpt-5-mini")', 'ChatOpenAI(model="gpt-5-mini", callbacks=[Handler()])')
    assert verdict({"ask.py": text + chain}).state == "unknown"
