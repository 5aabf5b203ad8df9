"""A meter that is switched on under a test of the environment: nobody can tell whether it is on."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import verdict

INDEX = """\
import llama_index.core
from llama_index.llms.openai import OpenAI

{before}
llm = OpenAI(model="gpt-5-mini")


def ask(text):
    return llm.complete(text).text


print(ask("Hello"))
"""
SWITCH = "llama_index.core.set_global_handler('langfuse')"
SETTINGS = """\
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    RENDER: bool = False


settings = Settings()
"""


def state(before: str, files: dict[str, str] | None = None) -> tuple[str, str]:
    """Whether the call is metered, and the words for it."""
    found = verdict({"ask.py": INDEX.replace("{before}", before)} | (files or {}))
    return found.state, found.how


def test_a_switch_that_stands_under_no_test_is_on() -> None:
    assert state(SWITCH)[0] == "satisfied"


@pytest.mark.parametrize(
    ("before", "name"),
    [
        (f"{SETTINGS}\nif not settings.RENDER:\n    {SWITCH}\n", "settings.RENDER"),
        (f"import os\n\nif os.getenv('TRACED'):\n    {SWITCH}\n", "TRACED"),
        (f"import os\n\nON = os.environ.get('TRACED', '') == 'yes'\nif ON:\n    {SWITCH}\n", "TRACED"),
        (f"import os\n\ndef trace():\n    {SWITCH}\n\nif 'TRACED' in os.environ:\n    trace()\n", "os.environ"),
        (
            f"import os\n\ndef trace():\n    if not os.getenv('TRACED'):\n        return\n    {SWITCH}\n\ntrace()\n",
            "TRACED",
        ),
    ],
)
def test_a_switch_under_a_test_of_the_environment_is_in_doubt_and_named(before: str, name: str) -> None:
    found, how = state(before)
    assert found == "unknown"
    assert how.endswith(f"is switched on for the process under a test of `{name}`")


def test_a_variable_that_the_repository_sets_decides_the_test() -> None:
    before = f"import os\n\nif os.getenv('TRACED'):\n    {SWITCH}\n"
    assert state(before, {".env": "TRACED=1\n"})[0] == "satisfied"


def test_a_variable_that_the_repository_leaves_empty_switches_nothing_on() -> None:
    before = f"import os\n\nif os.getenv('TRACED'):\n    {SWITCH}\n"
    assert state(before, {".env": "TRACED=\n"})[0] == "unknown"


@pytest.mark.parametrize("test", ["ON", "not done", "__name__ == '__main__'"])
def test_a_test_of_what_code_writes_down_is_no_doubt(test: str) -> None:
    assert state(f"ON = True\ndone = False\n\nif {test}:\n    {SWITCH}\n")[0] == "satisfied"


def test_a_recorder_that_is_set_under_a_test_of_the_environment_is_in_doubt() -> None:
    text = (
        "import os\nimport litellm\n\n{test}\n    litellm.success_callback = ['langfuse']\n\n"
        "def ask(text):\n    return litellm.completion(model='m', messages=[]).choices[0].message.content\n\n"
        "print(ask('Hi'))\n"
    )
    found = verdict({"ask.py": text.replace("{test}", "if os.getenv('TRACED'):")})
    assert (found.state, "under a test of `TRACED`" in found.how) == ("unknown", True)
    assert verdict({"ask.py": text.replace("{test}", "if True:")}).state == "satisfied"


ATTACHED = """\
import os
from langchain_openai import ChatOpenAI
from langfuse.langchain import CallbackHandler


def ask(text):
    callbacks = []
    {test}
        handler = CallbackHandler()
        callbacks.append(handler)
    return ChatOpenAI(model="gpt-5-mini", callbacks=callbacks).invoke(text).content


print(ask("Hello"))
"""


def test_a_callback_that_is_made_under_a_test_of_the_environment_is_in_doubt() -> None:
    found = verdict({"ask.py": ATTACHED.replace("{test}", "if os.environ.get('LANGFUSE_SECRET_KEY'):")})
    assert found.state == "unknown"
    assert found.how == "Langfuse is attached under a test of `LANGFUSE_SECRET_KEY`"
    assert verdict({"ask.py": ATTACHED.replace("{test}", "if text:")}).state == "satisfied"


@pytest.mark.parametrize(
    ("made", "attached"),
    [
        ("handler = CallbackHandler()", "[]\nif os.environ.get('TRACED'):\n    callbacks.append(handler)"),
        ("handler = CallbackHandler() if os.environ.get('TRACED') else None", "[handler]"),
        ("", "[CallbackHandler()] if os.environ.get('TRACED') else []"),
        ("", "[] if not os.environ.get('TRACED') else [CallbackHandler()]"),
    ],
)
def test_a_callback_that_is_chosen_or_added_by_a_setting_is_in_doubt(made: str, attached: str) -> None:
    text = (
        "import os\nfrom langchain_openai import ChatOpenAI\nfrom langfuse.langchain import CallbackHandler\n\n"
        f"{made}\ncallbacks = {attached}\n"
        "print(ChatOpenAI(model='m', callbacks=callbacks).invoke('Hello').content)\n"
    )
    found = verdict({"ask.py": text})
    assert (found.state, found.how) == ("unknown", "Langfuse is attached under a test of `TRACED`")


def test_a_callback_that_is_added_under_no_test_too_is_a_record() -> None:
    text = ATTACHED.replace("callbacks = []\n", "callbacks = [handler]\n").replace(
        "        handler = CallbackHandler()\n", ""
    )
    text = text.replace("def ask(text):\n", "def ask(text):\n    handler = CallbackHandler()\n")
    assert verdict({"ask.py": text.replace("{test}", "if os.environ.get('TRACED'):")}).state == "satisfied"


def test_a_callback_that_is_made_under_the_test_which_the_call_stands_under_is_a_record() -> None:
    text = (
        "import os\nfrom langchain_openai import ChatOpenAI\nfrom langfuse.langchain import CallbackHandler\n\n"
        "if os.environ.get('TRACED'):\n    handler = CallbackHandler()\n"
        "    print(ChatOpenAI(model='m', callbacks=[handler]).invoke('Hello').content)\n"
    )
    assert verdict({"ask.py": text}).state == "satisfied"
