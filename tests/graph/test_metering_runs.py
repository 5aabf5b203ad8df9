"""Callbacks that the runs of graphs and chains hand down to the model calls inside them."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Unknown
from tests.graph.metering_repository import calls

NODE = """\
from elsewhere import handler
from langchain_core.callbacks import StdOutCallbackHandler
from langchain_core.runnables import RunnableConfig, RunnableLambda
from langchain_openai import ChatOpenAI
from langfuse.langchain import CallbackHandler
from langgraph.graph import StateGraph

llm = ChatOpenAI(model="gpt-5-mini")


def ask(question):
    return llm.invoke(question).content


def node(state, config):
    return {"answer": ask(state["question"])}


flow = StateGraph(dict)
flow.add_node("node", node)
graph = flow.compile()
"""

ATTACHED = '{"callbacks": [CallbackHandler()]}'


def call(run: str, text: str = NODE) -> Node:
    """The first model call of a repository whose graph is run like this."""
    return calls({"flow.py": f"{text}\n{run}\n"})[0]


def state(run: str, text: str = NODE) -> str:
    """What the ladder says of that call."""
    found = call(run, text).properties["metering"]
    return "unknown" if isinstance(found, Unknown) else str(found)


@pytest.mark.parametrize(
    "run",
    [
        f"graph.invoke({{}}, config={ATTACHED})",
        f"graph.invoke({{}}, {ATTACHED})",
        f"async def run():\n    return await graph.ainvoke({{}}, config={ATTACHED})",
        f"for part in graph.stream({{}}, config={ATTACHED}):\n    print(part)",
        f"async def run():\n    async for one in graph.astream({{}}, config={ATTACHED}):\n        print(one)",
        f"async def run():\n    async for one in graph.astream_events({{}}, config={ATTACHED}):\n        print(one)",
        "graph.invoke({}, RunnableConfig(recursion_limit=9, callbacks=[CallbackHandler()]))",
        f"options = {{'config': {ATTACHED}}}\ngraph.invoke({{}}, **options)",
        "config = {'recursion_limit': 9}\nconfig['callbacks'] = [CallbackHandler()]\ngraph.invoke({}, config)",
        f"bound = graph.with_config({ATTACHED})\nbound.invoke({{}})",
        "bound = graph.with_config(callbacks=[CallbackHandler()])\nbound.invoke({})",
        f"def make():\n    return flow.compile().with_config({ATTACHED})\n\n\nmake().invoke({{}}, {{'tags': ['a']}})",
        f"served = graph.with_config({ATTACHED})",
        f"RunnableLambda(ask).invoke('a', config={ATTACHED})\ngraph.invoke({{}}, config={ATTACHED})",
    ],
)
def test_callbacks_of_a_run_record_what_its_nodes_call(run: str) -> None:
    assert state(run) == "satisfied"


@pytest.mark.parametrize(
    "run",
    [
        "graph.invoke({})",
        "graph.invoke({}, config={'configurable': {'thread_id': '1'}})",
        "graph.invoke({}, config={'callbacks': []})",
        "graph.invoke({}, config={'callbacks': None})",
        "graph.invoke({}, config={'callbacks': [StdOutCallbackHandler()]})",
        "graph.with_config({'recursion_limit': 9}).invoke({})",
        f"StateGraph(dict).compile().invoke({{}}, config={ATTACHED})",
    ],
)
def test_a_run_without_callbacks_that_record_leaves_no_record(run: str) -> None:
    assert state(run) == "absent"


@pytest.mark.parametrize(
    "run",
    [
        "graph.invoke({}, config={'callbacks': [handler]})",
        "def run(config):\n    return graph.invoke({}, config)",
        f"bound = graph.with_config({ATTACHED})\ngraph.invoke({{}})",
        f"graph.invoke({{}}, config={ATTACHED})\nprint(ask('Hello'))",
    ],
)
def test_a_run_whose_callbacks_are_not_known_or_not_the_only_way_leaves_the_answer_open(run: str) -> None:
    assert state(run) == "unknown"


def test_the_run_without_callbacks_is_named_where_another_has_some() -> None:
    found = call(f"graph.invoke({{}}, config={ATTACHED})\n\n\ndef again():\n    return graph.invoke({{}})\n\n\nagain()")
    line = NODE.count("\n") + 6
    assert (found.properties["metering"], found.properties["unmetered_runs"]) == ("absent", (f"flow.py:{line}",))


def test_a_trial_run_of_the_module_does_not_count_beside_one_with_callbacks() -> None:
    used = f"def run():\n    return graph.invoke({{}}, config={ATTACHED})\n\n\n"
    assert state(used + 'if __name__ == "__main__":\n    print(graph.invoke({}))') == "satisfied"


OUTER = "outer = StateGraph(dict)\n{node}\nouter.add_node('inner', {name})\nouter.compile().invoke({{}}, {config})"


@pytest.mark.parametrize(
    ("node", "name"),
    [
        ("", "graph"),
        ("def inner(state):\n    return graph.invoke(state)", "inner"),
        ("def inner(state, config):\n    return graph.invoke(state, config)", "inner"),
    ],
)
def test_a_graph_inside_a_graph_has_the_callbacks_of_the_outer_run(node: str, name: str) -> None:
    assert state(OUTER.format(node=node, name=name, config=ATTACHED)) == "satisfied"
    assert state(OUTER.format(node=node, name=name, config="{'recursion_limit': 9}")) == "absent"


def test_callbacks_of_an_inner_run_replace_those_of_the_outer_one() -> None:
    node = "def inner(state):\n    return graph.invoke(state, {'callbacks': []})"
    assert state(OUTER.format(node=node, name="inner", config=ATTACHED)) == "absent"


def test_callbacks_that_the_call_names_replace_those_of_the_run() -> None:
    text = NODE.replace("llm.invoke(question)", "llm.invoke(question, config={'callbacks': []})")
    assert state(f"graph.invoke({{}}, config={ATTACHED})", text) == "absent"
    text = NODE.replace("llm.invoke(question)", "llm.invoke(question, config={'tags': ['a']})")
    assert state(f"graph.invoke({{}}, config={ATTACHED})", text) == "satisfied"


def test_a_lambda_as_a_node_is_run_with_the_callbacks() -> None:
    text = NODE.replace('"node", node', '"node", lambda state: {"answer": llm.invoke(state["question"]).content}')
    text = text.replace("    return llm.invoke(question).content", "    return question")
    assert state(f"graph.invoke({{}}, config={ATTACHED})", text) == "satisfied"


@pytest.mark.parametrize(
    "run", ["RunnableLambda(ask).invoke('a', {})", "(RunnableLambda(str) | RunnableLambda(ask)).invoke('a', {})"]
)
def test_a_function_in_a_chain_has_the_callbacks_of_the_chain(run: str) -> None:
    text = NODE.replace('ask(state["question"])', "state")
    assert state(run.replace("{}", ATTACHED), text) == "satisfied"
    assert state(run, text) == "absent"


@pytest.mark.parametrize("chain", ["prompt | ask", "prompt | llm | ask", "{'short': ask} | prompt"])
def test_a_function_that_is_piped_may_have_the_callbacks_of_the_chain(chain: str) -> None:
    prompt = "from langchain_core.prompts import ChatPromptTemplate\n\nprompt = ChatPromptTemplate.from_template('a')\n"
    text = NODE.replace('ask(state["question"])', "state")
    assert state(f"{prompt}({chain}).invoke('a', {ATTACHED})", text) == "unknown"
    assert state(f"{prompt}({chain}).invoke('a')", text) == "absent"


def test_a_tool_has_the_callbacks_of_the_agent_that_uses_it() -> None:
    tool = "from langchain.agents import create_agent\n\n\ndef price(item: str):\n    return ask(item)\n\n\n"
    text = NODE.replace('ask(state["question"])', "state")
    assert (
        state(f"{tool}create_agent('openai:gpt-5-mini', tools=[price]).invoke({{}}, {ATTACHED})", text) == "satisfied"
    )


def test_a_function_that_is_queued_leaves_the_run() -> None:
    queued = "from celery import Celery\n\n\n@Celery().task\ndef later(question):\n    return ask(question)\n\n\n"
    text = NODE.replace('{"answer": ask(state["question"])}', '{"answer": later.delay(state["question"])}')
    assert state(f"{queued}graph.invoke({{}}, config={ATTACHED})", text) == "absent"


def test_the_sdk_of_a_provider_has_no_callbacks_of_a_run() -> None:
    text = NODE.replace(
        "llm.invoke(question).content", "OpenAI().responses.create(model='gpt-5', input=question).output_text"
    )
    assert state(f"from openai import OpenAI\ngraph.invoke({{}}, config={ATTACHED})", text) == "absent"


COMPUTED = """\
from langchain_openai import ChatOpenAI
from langfuse.langchain import CallbackHandler
from langgraph.graph import StateGraph

llm = ChatOpenAI(model="gpt-5-mini")


class Flow:
    def __init__(self, names):
        self.names = names

    def build(self):
        flow = StateGraph(dict)
        for name in self.names:
            flow.add_node(name, getattr(self, name))
        return flow.compile()

    def run(self):
        return self.build().invoke({}, config=CONFIG)

    def answer(self, state):
        return {"answer": llm.invoke(state["question"]).content}
"""


def test_a_method_that_may_be_a_node_under_a_computed_name_leaves_the_answer_open() -> None:
    assert state("", COMPUTED.replace("CONFIG", ATTACHED)) == "unknown"
    assert state("", COMPUTED.replace("CONFIG", "{'recursion_limit': 9}")) == "absent"
    assert state("import sys\n\nprint(Flow(sys.argv).answer({}))", COMPUTED.replace("CONFIG", ATTACHED)) == "absent"
