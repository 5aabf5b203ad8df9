"""What a caller records counts for the ways through it, and what nobody operates records nothing of what is served."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import calls, run

ASK = """\
from openai import OpenAI

client = OpenAI()


def ask(text):
    reply = client.chat.completions.create(model="gpt-5-mini", messages=[{"role": "user", "content": text}])
    return reply{part}
"""

SERVED = """\
from fastapi import FastAPI
from llm import ask

app = FastAPI()


@app.post("/chat")
def chat(text: str):
    return ask(text)
"""

ESTIMATE = """\
from llm import ask


def estimate_token_usage(answer):
    return len(answer) // 4


def measure(text):
    answer = ask(text)
    token_usage = estimate_token_usage(answer)
    return {"token_usage": token_usage, "cost": token_usage / 1000 * 0.002}


if __name__ == "__main__":
    print(measure("Hello"))
"""


def _call(caller: str, path: str, part: str = ".choices[0].message.content", served: str = SERVED) -> Node:
    return calls({"llm.py": ASK.replace("{part}", part), "app.py": served, path: caller})[0]


def _state(node: Node) -> str:
    state = node.properties["metering"]
    return "unknown" if isinstance(state, Unknown) else str(state)


@pytest.mark.parametrize("path", ["evaluation/run.py", "eval_judge.py", "examples/run.py", "run.py"])
def test_an_estimate_of_another_caller_records_nothing_of_what_is_served(path: str) -> None:
    node = _call(ESTIMATE, path)
    assert (_state(node), node.properties["reach"]) == ("absent", "request")


def test_an_estimate_of_the_only_caller_counts() -> None:
    assert _state(_call(ESTIMATE, "run.py", served="")) == "satisfied"


def test_an_estimate_in_the_handler_itself_counts() -> None:
    served = SERVED.replace("return ask(text)", "answer = ask(text)\n    track_token_usage(answer)\n    return answer")
    assert _state(_call("", "other.py", served=served)) == "satisfied"


def test_a_callee_that_records_covers_every_way() -> None:
    wrapper = ASK.replace("{part}", "").replace("return reply", "track(reply)\n    return reply.choices[0]")
    recorder = "def track(reply):\n    print(reply.usage.total_tokens)\n"
    files = {
        "llm.py": "from evaluation.meter import track\n" + wrapper,
        "app.py": SERVED,
        "evaluation/meter.py": recorder,
    }
    assert _state(calls(files)[0]) == "satisfied"


def test_a_callee_of_the_handler_that_records_covers_its_way() -> None:
    served = SERVED.replace("return ask(text)", "reply = ask(text)\n    track(reply)\n    return reply.choices[0]")
    served = "from meter import track\n" + served
    recorder = "def track(reply):\n    print(reply.usage.total_tokens)\n"
    files = {"llm.py": ASK.replace("{part}", ""), "app.py": served, "meter.py": recorder}
    assert _state(calls(files)[0]) == "satisfied"


OTHER = """\
from fastapi import APIRouter
from llm import ask

router = APIRouter()


@router.post("/labels")
def label(text: str):
    reply = ask(text)
    print("used", reply.usage.total_tokens)
    return reply.choices[0]
"""


def test_a_handler_that_drops_the_usage_which_another_one_keeps_is_not_metered() -> None:
    served = SERVED.replace("return ask(text)", "return ask(text).choices[0].message.content")
    node = _call(OTHER, "labels.py", part="", served=served)
    assert (_state(node), node.properties.get("unmetered_way")) == ("absent", "POST /chat")


def test_a_handler_that_runs_another_metered_one_is_metered() -> None:
    served = SERVED.replace("from llm import ask", "from labels import label").replace("ask(text)", "label(text)")
    assert _state(_call(OTHER, "labels.py", part="", served=served)) == "satisfied"


def test_a_script_beside_a_metered_handler_is_no_other_way() -> None:
    script = "from llm import ask\n\nif __name__ == '__main__':\n    print(ask('Hello').choices[0])\n"
    served = SERVED.replace("return ask(text)", "reply = ask(text)\n    print(reply.usage)\n    return 'done'")
    assert _state(_call(script, "run.py", part="", served=served)) == "satisfied"


def test_a_context_of_one_caller_covers_only_its_way() -> None:
    chain = (
        "from langchain_openai import ChatOpenAI\n\nllm = ChatOpenAI(model='gpt-5-mini')\n\n\n"
        "def ask(text):\n    return llm.invoke(text).content\n"
    )
    measured = (
        "from langchain_community.callbacks import get_openai_callback\nfrom llm import ask\n\n\n"
        "def main():\n    with get_openai_callback() as used:\n        print(ask('Hello'), used.total_cost)\n\n\n"
        "if __name__ == '__main__':\n    main()\n"
    )
    assert _state(calls({"llm.py": chain, "app.py": SERVED, "evals/run.py": measured})[0]) == "absent"
    assert _state(calls({"llm.py": chain, "run.py": measured})[0]) == "satisfied"


def test_the_claim_names_the_way_without_a_record() -> None:
    served = SERVED.replace("return ask(text)", "return ask(text).choices[0].message.content")
    found = run({"llm.py": ASK.replace("{part}", ""), "app.py": served, "labels.py": OTHER}).run.shown
    assert [one.claim.endswith("on the way from `POST /chat`") for one in found] == [True]


def test_a_finding_holds_all_callers_and_its_owners_whole() -> None:
    heads = "".join(f"@app.post('/r{one}')\ndef r{one}(text: str):\n    return ask(text)\n\n\n" for one in range(9))
    text = "from fastapi import FastAPI\nfrom openai import OpenAI\n\napp = FastAPI()\n\n\ndef ask(text):\n"
    text += "    return OpenAI().responses.create(model='gpt-5-mini', input=text).output_text\n\n\n"
    owners = " ".join(f"@a-team-with-a-long-name-{one}" for one in range(6))
    (found,) = run({"app.py": text + heads, "CODEOWNERS": f"* {owners}\n"}).run.shown
    assert len(found.related) + len(found.trace) >= 9
    assert all(name in found.owner for name in owners.split())
