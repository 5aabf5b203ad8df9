"""Which calls reach a model when models, chains and agents are put together or into workflows."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from tests.graph.metering_repository import run

GRAPH = """\
from langgraph.graph import StateGraph
from langgraph.prebuilt import create_react_agent, ToolNode
from langchain_openai import ChatOpenAI
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.output_parsers import StrOutputParser
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_community.llms import FakeListLLM
prompt = ChatPromptTemplate.from_template("{x}")
llm = ChatOpenAI(model="gpt-5-mini")
def look(state): return state
graph = StateGraph(dict)
"""
PIPELINE = """\
from haystack import Pipeline
from haystack.components.generators import OpenAIGenerator
from haystack.components.builders import PromptBuilder
pipeline = Pipeline()
"""


def calls(source: str) -> list[Node]:
    """The model calls of a script."""
    return list(run({"app.py": source}).graph.nodes("ModelCall"))


@pytest.mark.parametrize(
    "node",
    [
        "llm",
        "prompt | llm",
        "create_react_agent(llm, tools=[look])",
        "create_react_agent(llm, tools=[look]).with_config({})",
        "StateGraph(dict).add_node('inner', prompt | llm).compile()",
    ],
)
def test_running_a_graph_with_a_model_as_a_node_is_a_call(node: str) -> None:
    source = f"{GRAPH}graph.add_node('answer', {node})\napp = graph.compile()\napp.invoke({{}})\n"
    assert [one.sites[0].span.line for one in calls(source)] == [source.count("\n")]


@pytest.mark.parametrize(
    "node",
    ["look", "RunnableLambda(look)", "prompt | StrOutputParser()", "ToolNode([look])", "FakeListLLM(responses=[])"],
)
def test_running_a_graph_without_a_model_as_a_node_is_none(node: str) -> None:
    assert not calls(f"{GRAPH}graph.add_node('step', {node})\napp = graph.compile()\napp.invoke({{}})\n")


def test_a_call_inside_a_node_is_one_call() -> None:
    source = (
        GRAPH + "def ask(state): return llm.invoke(state)\ngraph.add_node('ask', ask)\ngraph.compile().invoke({})\n"
    )
    assert len(calls(source)) == 1


def test_running_a_pipeline_with_a_generator_is_a_call() -> None:
    source = PIPELINE + "pipeline.add_component('llm', OpenAIGenerator(model='gpt-5-mini'))\npipeline.run({})\n"
    assert [one.properties["model"] for one in calls(source)] == ["gpt-5-mini"]


def test_running_a_pipeline_without_a_generator_is_none() -> None:
    assert not calls(PIPELINE + "pipeline.add_component('prompt', PromptBuilder(template=''))\npipeline.run({})\n")


@pytest.mark.parametrize(
    ("chain", "count"),
    [
        ("RunnablePassthrough.assign(answer=prompt | llm)", 1),
        ("RunnablePassthrough.assign(answer=prompt | StrOutputParser())", 0),
        ("prompt | RunnableLambda(look)", 0),
        ("prompt.pipe(llm)", 1),
    ],
)
def test_a_chain_calls_a_model_when_a_part_does(chain: str, count: int) -> None:
    assert len(calls(f"{GRAPH}chain = {chain}\nchain.invoke({{}})\n")) == count


def test_an_object_of_a_derived_model_class_is_judged_by_how_it_is_made() -> None:
    source = GRAPH + "class Own(ChatOpenAI):\n    pass\nmodel = Own(model='gpt-5-mini')\nmodel.invoke('Hello')\n"
    (found,) = calls(source)
    assert found.properties["provider"] == "openai"
    assert found.properties["metering"] == "absent"


@pytest.mark.parametrize(
    ("model", "hosting", "provider"),
    [
        ("ChatOpenAI(model='gpt-5-mini')", "api", "openai"),
        ("ChatOpenAI(model='m', base_url='http://localhost:8000/v1')", "self-hosted", "openai"),
        ("ChatOllama(model='llama3.2')", "self-hosted", "ollama"),
    ],
)
def test_an_agent_runs_where_the_model_runs_that_it_is_given(model: str, hosting: str, provider: str) -> None:
    source = f"from langchain_ollama import ChatOllama\n{GRAPH}agent = create_react_agent({model}, [])\n"
    (found,) = calls(source + "agent.invoke({})\n")
    assert (found.properties["hosting"], found.properties["provider"]) == (hosting, provider)


def test_workflows_that_contain_one_another_end() -> None:
    source = "one, two = StateGraph(dict), StateGraph(dict)\none.add_node('two', two.compile())\n"
    assert not calls(GRAPH + source + "two.add_node('one', one.compile())\none.compile().invoke({})\n")
