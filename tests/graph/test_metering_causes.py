"""One finding per cause, how grave it is by what sets it off, and the step that would mend it."""

from __future__ import annotations

from mltradeoff_lint.model.finding import Finding
from tests.graph.metering_repository import ASK, CHAIN, run

APP = "from fastapi import FastAPI\nfrom llm import ask\n\napp = FastAPI()\n\n"
LLM = ASK.partition("\nif ")[0]


def findings(files: dict[str, str]) -> tuple[Finding, ...]:
    return run(files).run.shown


def test_calls_of_one_class_are_one_finding_with_the_others_beside_it() -> None:
    text = (
        "import anthropic\n\nclass Writer:\n    def __init__(self):\n        self.client = anthropic.Anthropic()\n\n"
        "    def draft(self):\n        return self.client.messages.create(model='m').content\n\n"
        "    def shorten(self):\n        return self.client.messages.create(model='m').content\n\n"
        "if __name__ == '__main__':\n    Writer().draft()\n    Writer().shorten()\n"
    )
    (finding,) = findings({"write.py": text})
    assert finding.claim.startswith("`Writer.draft` calls anthropic")
    assert 11 in {step.location.line for step in finding.related}


def test_a_client_that_functions_share_is_one_cause() -> None:
    more = "def more(prompt):\n    return llm.invoke(prompt).content\n\n\nif __name__"
    (finding,) = findings({"ask.py": CHAIN.replace("if __name__", more)})
    assert finding.claim.startswith("`ask` calls openai (`llm.invoke`)")


def test_a_client_that_one_function_uses_belongs_to_it() -> None:
    (finding,) = findings({"ask.py": CHAIN})
    assert finding.claim.startswith("`ask` calls openai")


def test_functions_with_clients_of_their_own_are_causes_of_their_own() -> None:
    text = "import anthropic\n\ndef make():\n    return anthropic.Anthropic()\n\n"
    for name in ("draft", "shorten"):
        text += f"def {name}():\n    return make().messages.create(model='m').content\n\n{name}()\n\n"
    assert len(findings({"write.py": text})) == 2


def test_a_request_is_grave_and_its_path_is_shown() -> None:
    (finding,) = findings(
        {"llm.py": LLM, "main.py": APP + "@app.post('/ask')\ndef post(text: str):\n    return ask(text)\n"}
    )
    assert (finding.severity.word, finding.confidence.word) == ("high", "high")
    assert [step.text for step in finding.trace] == [
        "`POST /ask` is handled by `post`", "`post` calls `ask`", "`ask` calls the model",
    ]  # fmt: skip


def test_a_way_on_which_a_function_is_only_handed_on_is_less_sure() -> None:
    post = "@app.post('/ask')\ndef post(text: str):\n    later(ask, text)\n"
    (finding,) = findings({"llm.py": LLM, "main.py": "from jobs import later\n" + APP + post})
    assert (finding.severity.word, finding.confidence.word) == ("high", "medium")


def test_a_schedule_of_a_workflow_that_checks_pull_requests_is_no_operation() -> None:
    workflow = "on:\n  schedule: [{{cron: '0 3 * * *'}}]\n{more}jobs:\n  job:\n    steps: [{{run: python ask.py}}]\n"
    path = ".github/workflows/job.yml"
    (nightly,) = findings({"ask.py": ASK, path: workflow.format(more="")})
    (check,) = findings({"ask.py": ASK, path: workflow.format(more="  pull_request: {}\n")})
    assert (nightly.severity.word, check.severity.word) == ("high", "medium")


def test_what_only_a_notebook_calls_is_an_experiment() -> None:
    notebook = (
        '{"cells": [{"cell_type": "code", "source": ["from llm import ask\\n", "ask(\'Hello\')"], "outputs": [], '
        '"metadata": {}, "execution_count": null}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    )
    assert findings({"llm.py": LLM, "look.ipynb": notebook}) == ()


def test_the_remedy_is_a_product_that_the_project_already_asks_for() -> None:
    (finding,) = findings({"ask.py": ASK, "requirements.txt": "openai\nlangfuse\n"})
    assert finding.remedy == (
        "Langfuse is in requirements.txt already; switch it on here: `from langfuse.openai import OpenAI` in `ask`."
    )


def test_the_remedy_is_what_the_repository_does_for_another_call() -> None:
    other = "from openai import OpenAI\n\nreply = OpenAI().responses.create(model='m')\nprint(reply.usage)\n"
    (finding,) = findings({"ask.py": ASK, "other.py": other})
    assert finding.remedy == "Record its usage as other.py:4 does for another call: `reply.usage` in `ask`."


def test_the_remedy_is_else_the_usage_of_the_sdk() -> None:
    (finding,) = findings({"ask.py": CHAIN})
    assert "`with get_usage_metadata_callback() as usage:`" in finding.remedy
