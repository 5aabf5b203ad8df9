"""Which of several ways to run a model call is the one that is told."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.model.finding import Finding
from tests.graph.metering_repository import ASK, run

HANDLER = """\
from fastapi import FastAPI
from llm import ask

app = FastAPI()


@app.post("/ask")
def post(text: str):
    return ask(text)
"""


def finding(files: dict[str, str]) -> Finding:
    (one,) = run({"llm.py": ASK.partition("\nif ")[0]} | files).run.shown
    return one


def notebook(text: str) -> str:
    cell = {"cell_type": "code", "source": text.splitlines(True), "outputs": [], "metadata": {}, "execution_count": 1}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_handler_of_a_module_is_told_before_one_of_a_notebook() -> None:
    found = finding({"a/look.ipynb": notebook(HANDLER), "serve.py": HANDLER})
    assert [step.location.path for step in found.trace] == ["serve.py", "serve.py", "llm.py"]


def test_a_handler_of_a_module_is_told_before_a_shorter_way_from_a_notebook() -> None:
    longer = HANDLER.replace("return ask(text)", "return answer(text)\n\n\ndef answer(text):\n    return ask(text)")
    found = finding({"a/look.ipynb": notebook(HANDLER), "serve.py": longer})
    assert found.trace[0].location.path == "serve.py"


def test_a_handler_of_a_notebook_is_told_where_there_is_no_other() -> None:
    found = finding({"a/look.ipynb": notebook(HANDLER)})
    assert found.trace[0].location.path == "a/look.ipynb"


GRAPH = """\
import chainlit as cl
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph

workflow = StateGraph(MessagesState)
model = ChatOpenAI(model="gpt-5-mini")


def answer(state):
    return {"messages": model.invoke(state["messages"])}


workflow.add_node("answer", answer)
workflow.add_edge(START, "answer")
app = workflow.compile()


@cl.on_message
async def chat(message):
    for part, _ in app.stream({"messages": [message.content]}, {}, stream_mode="messages"):
        await cl.Message(content=part.content).send()
"""


def test_what_runs_a_workflow_is_told_before_a_step_of_it() -> None:
    (found,) = run({"app.py": GRAPH}).run.shown
    assert [step.text for step in found.trace] == [
        "`chat` is a handler of chainlit",
        "`chat` runs the workflow with the step `answer`",
        "`answer` calls the model",
    ]


SCRIPT = """\
from celery import Celery
from openai import OpenAI

app = Celery()


def answer(text):
    return OpenAI().responses.create(model="gpt-5-mini", input=text).output_text


@app.task
def nightly():
    return answer("Hello")
"""


@pytest.mark.parametrize(
    ("source", "first"),
    [
        (SCRIPT, "`nightly` is started by a task queue"),
        (
            SCRIPT.replace("@app.task\n", "") + "\nif __name__ == '__main__':\n    nightly()\n",
            "`ask.py` is started as a script",
        ),
    ],
)
def test_what_starts_by_its_own_name_is_not_said_to_run_itself(source: str, first: str) -> None:
    graph = run({"ask.py": source}).graph
    (handles,) = [edge for node in graph.nodes() for edge in graph.out(node.id, ("handles",))]
    assert handles.evidence.how == first


def test_who_makes_a_function_a_step_does_not_call_it() -> None:
    (found,) = run({"app.py": GRAPH}).run.shown
    assert "`app.py` makes `answer` a step of a workflow" in {step.text for step in found.related}


GUARDED = """\
from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()


def answer(kind):
{guard}
    return OpenAI().responses.create(model="gpt-5-mini", input="Hello").output_text


@app.post("/ask")
def ask():
    return answer("long")
"""


@pytest.mark.parametrize(
    ("guard", "is_reached"),
    [
        ('if kind != "long":\n    return ""', True),
        ('if kind == "long":\n    return ""', False),
        ('if kind == "long":\n    print(kind)\nelse:\n    return ""', True),
        ('if kind == "short":\n    print(kind)\nelse:\n    return ""', False),
        ('if kind == "long":\n    print(kind)\nelif kind:\n    return ""', True),
    ],
)
def test_what_follows_a_test_is_reached_by_the_arguments_that_come_past_it(guard: str, is_reached: bool) -> None:
    text = GUARDED.format(guard="\n".join(f"    {line}" for line in guard.splitlines()))
    (found,) = run({"app.py": text}).run.shown
    assert (found.variant == "request") == is_reached
