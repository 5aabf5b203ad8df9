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
        "self.parts.append(self._show(response))",
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


@pytest.mark.parametrize(
    "body",
    [
        "print(response.llm_output)\n        send(response)",
        "send(response)\n        print(response.llm_output)",
        "found = self.first(response)\n        print(found.llm_output)\n\n    def first(self, one): return one",
        "send(response.generations)\n        self.parts.append(getattr(response, 'llm_output', None))",
    ],
)
def test_a_handler_that_reads_the_usage_and_hands_the_response_on_is_a_record(body: str) -> None:
    assert _state(body, before="from sinks import send") == "satisfied"


@pytest.mark.parametrize(
    "body", ["print(self.probe.usage)", "pass\n\n    def on_tool_start(self, tool, text):\n        self.probe.usage"]
)
def test_a_handler_that_reads_a_usage_of_something_else_is_in_doubt(body: str) -> None:
    assert _state(body) == "unknown"


def test_the_words_name_the_class_that_may_record() -> None:
    text = HANDLER.replace("{before}", "from sinks import send").replace("{method}", HOOK)
    text = text.replace("{body}", "send(response)").replace('found["token_usage"]["total_tokens"]', "1")
    chain = CHAIN.replace('ChatOpenAI(model="gpt-5-mini")', 'ChatOpenAI(model="gpt-5-mini", callbacks=[Handler()])')
    assert verdict({"ask.py": text + chain}).how == "the callback `Handler` may record"


LOGGER = """\
import litellm
from litellm.integrations.custom_logger import CustomLogger
from sinks import send


class Keep(CustomLogger):
    def log_success_event(self, PARAMETERS):
        BODY


litellm.callbacks = [Keep()]


def ask(prompt):
    reply = litellm.completion(model="gpt-5-mini", messages=[{"role": "user", "content": prompt}])
    return reply.choices[0].message.content


if __name__ == "__main__":
    ask("Hello")
"""


@pytest.mark.parametrize(
    ("parameters", "body", "state"),
    [
        ("kwargs, response_obj, start_time, end_time", "send(response_obj)", "unknown"),
        ("kwargs, response_obj, start_time, end_time", "self.rows.append(response_obj.model_dump())", "unknown"),
        ("kwargs, response_obj, start_time, end_time", "send(kwargs)", "unknown"),
        ("kwargs, *, response_obj, **times", "send(response_obj)", "unknown"),
        ("kwargs, **rest", "send(rest)", "unknown"),
        ("kwargs, response_obj, start_time, end_time", "print(response_obj.usage)", "satisfied"),
        ("kwargs, response_obj, start_time, end_time", "print(kwargs['response_cost'])", "satisfied"),
        ("kwargs, response_obj, start_time, end_time", "print(litellm.completion_cost(response_obj))", "satisfied"),
        ("kwargs, response_obj, start_time, end_time", "print('done')", "absent"),
        ("kwargs, response_obj, start_time, end_time", "print(end_time - start_time)", "absent"),
    ],
)
def test_every_parameter_that_a_hook_takes_is_followed(parameters: str, body: str, state: str) -> None:
    text = LOGGER.replace("PARAMETERS", parameters).replace("BODY", body)
    assert verdict({"ask.py": text}).state == state


def test_the_number_of_a_run_holds_no_response() -> None:
    method = "def on_llm_end(self, response, *, run_id, parent_run_id=None, **kwargs):"
    assert _state("print(self.started.pop(run_id))", method) == "absent"
