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
    script = (
        f"import litellm\n\n\ndef ask(local):\n    return {asked}\n\n\nif __name__ == '__main__':\n    ask(False)\n"
    )
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


OPEN = Unknown("the model may run on one's own machines")
SET_LOCAL = f"openai.api_base = '{LOCAL}'"


@pytest.mark.parametrize(
    "around",
    [
        "try:\n    import check\nexcept ImportError:\n    {}\n",
        "try:\n    import check\n    {}\nfinally:\n    pass\n",
        "for line in open('hosts'):\n    {}\n",
        "while ready():\n    {}\n",
        "match mode:\n    case 'local':\n        {}\n",
    ],
    ids=["except", "try", "for", "while", "case"],
)
def test_an_address_that_may_not_be_set_leaves_it_open(around: str) -> None:
    assert hosting({"ask.py": f"import openai\n\n{around.format(SET_LOCAL)}\n\n{LLM}{RUN}"}) == OPEN


def test_what_stands_beside_an_address_has_it() -> None:
    """Whatever leads to a branch, what follows in it goes to the address that is set there."""
    body = (
        f"try:\n        import check\n    except ImportError:\n        {SET_LOCAL}\n        return {CHAT['api_base']}\n"
    )
    assert hosting({"ask.py": f"import openai\n\n\ndef ask():\n    {body}{RUN}"}) == "self-hosted"


SERVICE = f"""\
import openai
from fastapi import FastAPI

app = FastAPI()


def use_local():
    {SET_LOCAL}


@app.post("/ask")
def ask():
    return {CHAT["api_base"]}
"""
HANDLER = '\n\n@app.post("/local")\ndef local():\n    use_local()\n    return {}\n'


def test_an_address_that_another_handler_sets_leaves_it_open() -> None:
    assert hosting({"app.py": SERVICE + HANDLER}) == OPEN
    assert hosting({"app.py": SERVICE + "\n\nuse_local()\n"}) == "self-hosted"


def test_a_function_sets_an_address_for_what_its_callers_do_then() -> None:
    asked = SERVICE.replace("    return openai", "    use_local()\n    return openai")
    assert hosting({"app.py": asked}) == "self-hosted"
    left = asked.replace("def use_local():\n", "def use_local(ready=False):\n    if ready:\n        return\n")
    assert hosting({"app.py": left}) == OPEN
    assert hosting({"app.py": asked.replace("    use_local()\n", "    if app.debug:\n        use_local()\n")}) == OPEN


def test_an_address_set_behind_a_call_leaves_it_open() -> None:
    main = f"import openai\nfrom llm import ask\n\nask()\n{SET_LOCAL}\n"
    assert hosting({"main.py": main, "llm.py": LLM}) == OPEN
    assert hosting({"main.py": main.replace("ask()\n", "") + "ask()\n", "llm.py": LLM}) == "self-hosted"


def test_a_module_that_one_of_two_programs_loads_leaves_it_open() -> None:
    local = {"settings.py": SET, "llm.py": LLM, "local.py": f"import settings\nfrom llm import ask\n{RUN}"}
    assert hosting(local) == "self-hosted"
    assert hosting({**local, "main.py": f"from llm import ask\n{RUN}"}) == OPEN
    lazily = f"from llm import ask\n\n\ndef prepare():\n    import settings\n{RUN}"
    assert hosting({**local, "local.py": lazily}) == OPEN


def test_the_address_of_a_client_may_be_left_to_the_library() -> None:
    """`base_url=None` is the address of the provider, so a client with that or a local one may be either."""
    script = "import os\n\nfrom openai import OpenAI\n\nbase = {}\nOpenAI(base_url=base).responses.create(input='Hi')\n"
    chosen = f"'{LOCAL}' if os.getenv('LOCAL') else "
    assert hosting({"ask.py": script.format(f"{chosen}None")}) == OPEN
    assert hosting({"ask.py": script.format(f"{chosen}read()")}) == OPEN
    assert hosting({"ask.py": script.format("None")}) == "api"


def test_a_choice_that_a_module_makes_for_its_functions_may_be_none() -> None:
    asked = "litellm.completion(model='own', messages=[], api_base=BASE)"
    made = "OpenAI(base_url=BASE).responses.create(input='Hi')"
    head = f"import os\nimport litellm\nfrom openai import OpenAI\n\nBASE = '{LOCAL}' if os.getenv('LOCAL') else None\n"
    assert hosting({"ask.py": f"{head}\n\ndef ask():\n    return {asked}\n{RUN}"}) == "api"
    assert hosting({"ask.py": f"{head}\n\ndef ask():\n    return {made}\n{RUN}"}) == OPEN
