"""What calls share a cause: the place where their client is made, whoever uses it."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.finding import Finding
from tests.graph.metering_repository import calls, run

BASE = """\
from openai import OpenAI


class Base:
    def open(self):
        self._client = OpenAI()

    def ask(self, text):
        return self._client.responses.create(model="m", input=text).output_text
"""
"""A class whose client is made in one of its methods."""

HANDED = """\
from openai import OpenAI


def draft(client, text):
    return client.responses.create(model="m", input=text).output_text


def shorten(client, text):
    return client.responses.create(model="m", input=text).output_text


def main():
    client = OpenAI()
    print(shorten(client, draft(client, "Hello")))


if __name__ == "__main__":
    main()
"""
"""Two functions that are handed one client."""

TWO = HANDED.replace("    print(", "    other = OpenAI()\n    print(").replace(
    "shorten(client, draft", "shorten(other, draft"
)


def findings(files: dict[str, str]) -> tuple[Finding, ...]:
    return run(files).run.shown


def causes(files: dict[str, str]) -> set[object]:
    """The names of the causes of the calls."""
    return {call.properties["unit_label"] for call in calls(files)}


def test_a_subclass_that_uses_the_client_of_its_base_is_no_cause_of_its_own() -> None:
    child = (
        "from base import Base\n\nclass Child(Base):\n    def unused(self, text):\n"
        "        return self._client.responses.create(model='m', input=text).output_text\n\n"
        "child = Child()\nchild.open()\nchild.ask('Hello')\n"
    )
    (finding,) = findings({"base.py": BASE, "child.py": child})
    assert causes({"base.py": BASE, "child.py": child}) == {"Base"}
    assert (finding.location.path, finding.location.line) == ("base.py", 9)


def test_a_subclass_with_a_client_of_its_own_is_a_cause_of_its_own() -> None:
    child = (
        "from base import Base\nfrom openai import OpenAI\n\nclass Child(Base):\n    def open(self):\n"
        "        self._client = OpenAI(timeout=9)\n\n    def tell(self, text):\n"
        "        return self._client.responses.create(model='m', input=text).output_text\n\n"
        "child = Child()\nchild.open()\nchild.tell('Hello')\nbase = Base()\nbase.open()\nbase.ask('Hello')\n"
    )
    assert len(findings({"base.py": BASE, "child.py": child})) == 2


def test_classes_that_use_the_client_of_another_module_are_one_cause() -> None:
    text = (
        "from clients import LLM\n\nclass {name}:\n    def ask(self, text):\n        llm = LLM\n"
        "        return llm.responses.create(model='m', input=text).output_text\n\n{name}().ask('Hello')\n"
    )
    files = {"clients.py": "from openai import OpenAI\n\nLLM = OpenAI()\n"}
    files |= {f"{name}.py": text.format(name=name.title()) for name in ("writer", "editor")}
    assert len(findings(files)) == 1
    assert causes(files) == {"LLM"}


def test_a_client_that_is_handed_around_is_one_cause() -> None:
    (finding,) = findings({"main.py": HANDED})
    assert causes({"main.py": HANDED}) == {"client"}
    # who calls is the function at the line, not the client
    assert finding.claim.startswith("`draft` calls openai")


def test_clients_that_are_made_apart_are_causes_of_their_own() -> None:
    assert len(findings({"main.py": TWO})) == 2


@pytest.mark.parametrize(
    ("library", "keep"),
    [
        ("functools", "@functools.lru_cache(maxsize=1)"),
        ("functools", "@functools.cache"),
        ("streamlit", "@streamlit.cache_resource"),
        ("cachetools.func", "@cachetools.func.lru_cache(maxsize=1)"),
    ],
)
def test_a_function_that_keeps_the_client_it_makes_is_one_cause(library: str, keep: str) -> None:
    text = f"import {library}\nimport anthropic\n\n{{keep}}\ndef make():\n    return anthropic.Anthropic()\n\n"
    for name in ("draft", "shorten"):
        text += f"def {name}():\n    return make().messages.create(model='m').content\n\n{name}()\n\n"
    assert len(findings({"write.py": text.replace("{keep}", keep)})) == 1
    assert causes({"write.py": text.replace("{keep}", keep)}) == {"make"}
    assert len(findings({"write.py": text.replace("{keep}", "")})) == 2


def test_a_function_of_which_copies_are_kept_gives_clients_of_their_own() -> None:
    text = "import streamlit\nimport anthropic\n\n@streamlit.cache_data\ndef make():\n"
    text += "    return anthropic.Anthropic()\n\n"
    for name in ("draft", "shorten"):
        text += f"def {name}():\n    return make().messages.create(model='m').content\n\n{name}()\n\n"
    assert len(findings({"write.py": text})) == 2


def test_a_client_that_a_function_sets_for_its_module_is_one_cause() -> None:
    text = (
        "import anthropic\n\nclient = None\n\ndef make():\n    global client\n    client = anthropic.Anthropic()\n"
        "    return client\n\n"
    )
    for name in ("draft", "shorten"):
        text += f"def {name}():\n    return make().messages.create(model='m').content\n\n{name}()\n\n"
    assert len(findings({"write.py": text})) == 1
    assert causes({"write.py": text}) == {"client"}


def test_clients_that_one_function_makes_anew_are_causes_of_their_own() -> None:
    apart = (
        HANDED.replace("def main", "def make(key):\n    made = OpenAI(api_key=key)\n    return made\n\n\ndef main")
        .replace("client = OpenAI()", "client = make('a')\n    other = make('b')")
        .replace("shorten(client, draft", "shorten(other, draft")
    )
    assert len(findings({"main.py": apart})) == 2


def test_a_client_that_may_come_from_elsewhere_is_no_shared_one() -> None:
    more = "\n\ndef serve(request):\n    return draft(request.app.state.client, 'Hello')\n"
    assert len(findings({"main.py": HANDED + more})) == 2


def test_the_finding_stands_at_the_call_that_runs() -> None:
    early = BASE.replace(
        "    def ask(",
        "    def aside(self, text):\n        return self._client.responses.create(model='m')\n\n    def ask(",
    )
    (finding,) = findings({"base.py": early + "\n\nbase = Base()\nbase.open()\nbase.ask('Hello')\n"})
    assert finding.location.line == 12


def test_a_client_that_a_caller_takes_out_of_what_nobody_fills_is_no_shared_one() -> None:
    more = "\n\ndef serve(context={}):\n    return draft(context['client'], 'Hello')\n\n\nserve()\n"
    assert len(findings({"main.py": HANDED + more})) == 2


def test_of_two_calls_that_requests_reach_the_nearest_one_stands_for_the_cause() -> None:
    text = (
        "from fastapi import FastAPI\nfrom openai import OpenAI\n\napp = FastAPI()\nclient = OpenAI()\n\n"
        "def a(text):\n    return client.responses.create(model='m', input=text).output_text\n\n"
        "def z(text):\n    first = client.responses.create(model='m', input=text).output_text\n    return a(first)\n\n"
        "@app.post('/ask')\ndef ask(text: str):\n    return z(text)\n"
    )
    (finding,) = findings({"app.py": text})
    assert finding.location.line == 11
