"""Calls through a library's own module go to the address that code sets there, where that code runs with them."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import calls, verdict

CHAT = {
    "api_base": "openai.ChatCompletion.create(model='own', messages=[])",
    "base_url": "openai.chat.completions.create(model='own', messages=[])",
}
"""A call by the attribute of the module that sets its address."""

LLM = f"import openai\n\n\ndef ask():\n    return {CHAT['api_base']}\n"
"""A module whose call goes wherever others say."""

LOCAL = "http://localhost:8000/v1"
RUN = "\n\nif __name__ == '__main__':\n    ask()\n"
SET = f"import openai\n\nopenai.api_base = '{LOCAL}'\n"


def program(attribute: str, set_to: str, before: str = "") -> dict[str, str]:
    """A script that sets an attribute of the module and asks."""
    set_line = f"{before}openai.{attribute} = {set_to}\n"
    return {"ask.py": f"import os\nimport openai\n\n{set_line}\n\ndef ask():\n    return {CHAT[attribute]}\n{RUN}"}


def hosting(files: dict[str, str]) -> object:
    """Who runs the first model call."""
    return calls(files)[0].properties["hosting"]


@pytest.mark.parametrize("attribute", ["api_base", "base_url"])
def test_the_address_of_the_module_decides(attribute: str) -> None:
    assert hosting(program(attribute, f"'{LOCAL}'")) == "self-hosted"
    paid = calls(program(attribute, "'https://api.deepseek.com/v1'"))[0].properties
    assert (paid["hosting"], paid["provider"]) == ("api", "deepseek")
    assert hosting(program(attribute, "None")) == "api"
    assert verdict(program(attribute, "None")).state == "absent"


@pytest.mark.parametrize("attribute", ["api_base", "base_url"])
def test_an_address_that_the_environment_tells_leaves_it_open(attribute: str) -> None:
    found = verdict(program(attribute, "os.environ['ADDRESS']"))
    assert found.state == "unknown"
    assert found.how == "the address comes from the environment variable `ADDRESS` and may be a metering gateway"


def test_a_gateway_of_the_module_records() -> None:
    assert verdict(program("api_base", "'https://oai.helicone.ai/v1'")).state == "satisfied"


def test_an_address_under_a_test_leaves_it_open() -> None:
    local = hosting(program("api_base", f"'{LOCAL}'", "if os.path.exists('local'):\n    "))
    assert local == Unknown("the model may run on one's own machines")
    gateway = program("api_base", "'https://oai.helicone.ai/v1'", "if os.path.exists('proxy'):\n    ")
    assert verdict(gateway).state == "unknown"


def test_a_client_that_is_made_has_its_own_address() -> None:
    made = (
        f"import openai\n\nopenai.base_url = '{LOCAL}'\nclient = openai.OpenAI()\nclient.responses.create(input='Hi')\n"
    )
    assert hosting({"ask.py": made}) == "api"


def test_each_attribute_is_of_its_own_time() -> None:
    old = f"import openai\n\nopenai.base_url = '{LOCAL}'\n{CHAT['api_base']}\n"
    new = f"import openai\n\nopenai.api_base = '{LOCAL}'\n{CHAT['base_url']}\n"
    assert (hosting({"ask.py": old}), hosting({"ask.py": new})) == ("api", "api")


def test_a_call_may_have_an_address_of_its_own() -> None:
    given = CHAT["api_base"].replace("messages", f"api_base='{LOCAL}', messages")
    assert hosting({"ask.py": f"import openai\n\n{given}\n"}) == "self-hosted"
    assert hosting({"ask.py": f"import litellm\n\nlitellm.completion('a', [], api_base='{LOCAL}')\n"}) == "self-hosted"


def test_a_call_without_an_address_on_one_way_is_paid_there() -> None:
    """`api_base=URL if is_local else None`: where the choice is for None, the call goes to the provider itself."""
    asked = "litellm.completion(model='gpt-5-mini', messages=[], api_base='http://localhost:11434' if local else None)"
    script = f"import litellm\n\n\ndef ask(local):\n    return {asked}\n\n\nif __name__ == '__main__':\n    ask(False)\n"
    assert hosting({"ask.py": script}) == "api"


def test_the_modules_of_other_libraries_have_addresses_too() -> None:
    text = f"import litellm\n\nlitellm.api_base = '{LOCAL}'\nlitellm.completion(model='own', messages=[])\n"
    assert hosting({"ask.py": text}) == "self-hosted"


def test_an_address_is_set_by_another_module_of_the_program() -> None:
    settings = {"settings.py": SET, "llm.py": LLM, "main.py": f"import settings\nfrom llm import ask\n{RUN}"}
    assert hosting(settings) == "self-hosted"


def test_a_function_that_a_program_runs_sets_an_address() -> None:
    text = f"import openai\n\n\ndef start():\n    openai.api_base = '{LOCAL}'\n\n\n"
    main = f"from llm import ask\nfrom settings import start\n\nstart()\n{RUN}"
    assert hosting({"settings.py": text, "llm.py": LLM, "main.py": main}) == "self-hosted"


def test_an_address_of_another_program_decides_nothing() -> None:
    assert hosting({"other.py": SET, "llm.py": LLM + RUN}) == "api"
    assert hosting({"tests/test_ask.py": SET, "llm.py": LLM + RUN}) == "api"


def test_what_only_a_start_sets_holds_for_what_it_starts() -> None:
    start = f"if __name__ == '__main__':\n    openai.api_base = '{LOCAL}'\n    ask()\n"
    guarded = f"import openai\nfrom llm import ask\n\n\n{start}"
    assert hosting({"main.py": guarded, "llm.py": LLM}) == "self-hosted"
    imported = guarded.replace("from llm import ask\n", "").replace("    ask()\n", "")
    assert hosting({"other.py": imported, "llm.py": f"import other\n{LLM}{RUN}"}) == "api"


def test_modules_that_may_be_loaded_together_leave_it_open() -> None:
    assert isinstance(hosting({"plugins/local.py": SET, "plugins/llm.py": LLM + RUN}), Unknown)
