"""Clients and stores that a Kedro catalogue names: which model a step calls, and where its data lies."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Property
from tests.graph.analysed import analysed, nodes

LLM = "llm:\n  type: {0}\n  kwargs: {{model: gpt-4o-mini{1}}}\n  credentials: openai\n"
OTHER = "other: {type: langchain.ChatOpenAIDataset, kwargs: '${globals:llm}'}\n"
STEPS = """
from langgraph.prebuilt import create_react_agent

def create_agent(llm, tools=()):
    return create_react_agent(model=llm, tools=list(tools))

def answer(agent):
    return agent.invoke({"input": "Hello"})["messages"][-1].content

def both(llm):
    return llm, llm.bind_tools([])

def as_dict(llm):
    return {"bound": llm.bind_tools([])}

def reply(llm):
    return llm.invoke("Hello").content

def embed(llm):
    return llm.embed_query("Hello")

def of_context(context):
    return context.llm.invoke("Hello").content

def with_callback(llm, callback):
    return llm.invoke("Hello", config={"callbacks": [callback]}).content

def in_span(llm, tracer):
    with tracer.start_as_current_span("reply"):
        return llm.invoke("Hello").content
"""


def calls(
    wiring: str, catalogue: str = LLM, kind: str = "langchain.ChatOpenAIDataset", more: str = "", **files: str
) -> list[tuple[Property, ...]]:
    """The metering of the model calls of a Kedro project, with the provider and the model of each."""
    names = [one for one in ("create_agent", "answer", "both", "as_dict", "reply", "embed", "of_context",
                             "with_callback", "in_span") if f"{one}," in wiring]  # fmt: skip
    written = {
        "src/shop/__init__.py": "",
        "src/shop/nodes.py": STEPS,
        "src/shop/pipeline.py": "from kedro.pipeline import Node, llm_context_node, node, pipeline\n"
        f"from shop.nodes import {', '.join(names)}\n"
        f"def create_pipeline():\n    return pipeline([{wiring}])\n",
        "conf/base/catalog.yml": catalogue.format(kind, more),
    }
    written |= {f"conf/{name.replace('__', '/')}.yml": text for name, text in files.items()}
    found = (one.properties for one in nodes(analysed(written), "ModelCall"))
    return [(str(one["metering"]), one["provider"], one.get("model", "")) for one in found if one["callers"]]


KNOWN = ("absent", "openai", "gpt-4o-mini")


@pytest.mark.parametrize(
    "wiring",
    [
        'node(reply, "llm", "reply")',
        'node(reply, ["llm"], "reply")',
        'node(func=reply, inputs={"llm": "llm"}, outputs="reply")',
        'Node(reply, inputs="llm", outputs="reply")',
        'node(create_agent, "llm", "agent"), node(answer, "agent", "reply")',
        'node(both, "llm", ["model", "bound"]), node(reply, "bound", "reply")',
        'node(both, "llm", ["model", "bound"]), node(reply, "model", "reply")',
        'node(as_dict, "llm", {"bound": "model"}), node(reply, "model", "reply")',
        'llm_context_node(outputs="context", llm="llm", prompts=[]), node(of_context, "context", "reply")',
    ],
)
def test_a_client_of_the_catalogue_is_followed_to_the_steps_that_call_it(wiring: str) -> None:
    assert calls(wiring) == [KNOWN]


@pytest.mark.parametrize(
    "kind", ["langchain.ChatOpenAIDataset", "kedro_datasets_experimental.langchain.ChatOpenAIDataset"]
)
def test_the_type_of_an_entry_says_who_is_paid(kind: str) -> None:
    assert calls('node(reply, "llm", "reply")', kind=kind) == [KNOWN]


def test_embeddings_of_the_catalogue_are_a_client() -> None:
    assert calls('node(embed, "llm", "out")', kind="langchain.OpenAIEmbeddingsDataset")[0][:2] == KNOWN[:2]


def test_a_reference_is_filled_by_its_default() -> None:
    catalogue = LLM.replace("gpt-4o-mini", "'${{runtime_params:model, gpt-4o-mini}}'")

    assert calls('node(reply, "llm", "reply")', catalogue) == [KNOWN]


def test_a_step_that_makes_the_name_goes_before_the_catalogue() -> None:
    found = calls('node(create_agent, "other", "llm"), node(reply, "llm", "reply")')

    assert [one[0] for one in found] != ["absent"]


@pytest.mark.parametrize(
    ("wiring", "more", "files"),
    [
        ('node(reply, "llm", "reply")', ", base_url: 'https://proxy.shop.example'", {}),
        ('node(reply, "llm", "reply")', ", callbacks: [x]", {}),
        (
            'node(reply, "llm", "reply")',
            "",
            {"base__credentials": "openai: {base_url: 'https://proxy.shop.example'}\n"},
        ),
        ('node(reply, "other", "reply")', "", {"base__catalog_x": OTHER}),
        ('node(with_callback, ["llm", "tracer"], "reply")', "", {}),
        ('node(in_span, ["llm", "tracer"], "reply")', "", {}),
    ],
)
def test_what_may_record_leaves_the_answer_open(wiring: str, more: str, files: dict[str, str]) -> None:
    tracer = "tracer:\n  type: kedro_datasets_experimental.langfuse.TraceDataset\n  mode: autogen\n"

    assert [one[0] for one in calls(wiring, LLM + tracer, more=more, **files)] != ["absent"]


def test_contexts_that_are_made_of_each_other_come_to_an_end() -> None:
    first = 'llm_context_node(outputs="context", llm="other", prompts=[])'
    second = 'llm_context_node(outputs="other", llm="context", prompts=[])'

    assert calls(f'{first}, {second}, node(of_context, "context", "reply")') == []


def dataset(catalogue: str, **files: str) -> Node:
    """The dataset that a Kedro project trains on."""
    graph = analysed(
        {
            "src/shop/__init__.py": "",
            "src/shop/nodes.py": "from sklearn.linear_model import Ridge\n"
            "def fit(d):\n    Ridge().fit(d[['a']], d['y'])\n",
            "src/shop/pipeline.py": "from kedro.pipeline import node, pipeline\nfrom shop.nodes import fit\n"
            "def create_pipeline():\n    return pipeline([node(fit, 'orders', 'model')])\n",
            "conf/base/catalog.yml": catalogue,
        }
        | {f"conf/{name.replace('__', '/')}.yml": text for name, text in files.items()}
    )
    (one,) = nodes(graph, "Dataset")
    return one


ORDERS = "orders:\n  type: pandas.CSVDataset\n  filepath: s3://shop/orders.csv\n"


def test_a_dataset_of_the_catalogue_is_shown_at_the_line_of_its_entry() -> None:
    site = dataset(ORDERS).sites[0]

    assert (site.path, site.span.line) == ("conf/base/catalog.yml", 3)


@pytest.mark.parametrize(
    ("more", "files"),
    [
        ("  fs_args:\n    client_kwargs: {endpoint_url: 'http://localhost:9010'}\n", {}),
        ("  fs_args: {endpoint_url: 'http://127.0.0.1:9010'}\n", {}),
        ("  credentials: {client_kwargs: {endpoint_url: 'http://localhost:9010'}}\n", {}),
        (
            "  credentials: minio\n",
            {"base__credentials": "minio: {client_kwargs: {endpoint_url: 'http://localhost'}}\n"},
        ),
    ],
)
def test_a_store_on_the_same_machine_is_no_remote_place(more: str, files: dict[str, str]) -> None:
    assert dataset(ORDERS + more, **files).properties["remote"] is False


def test_a_store_at_another_address_is_remote() -> None:
    assert dataset(ORDERS + "  fs_args: {endpoint_url: 'https://storage.shop.example'}\n").properties["remote"] is True
