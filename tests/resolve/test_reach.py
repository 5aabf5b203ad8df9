"""Who runs a function: calls, tasks, dependencies and nodes of workflows; no test, and no notebook from outside."""

from __future__ import annotations

import pytest

from tests.resolve.prepared import Prepared, prepared

GRAPH = "from langgraph.graph import StateGraph\ndef node(state): ...\ndef choose(state): ...\n"


def ways(found: Prepared, path: str, name: str) -> list[tuple[str, str]]:
    incoming = found.reach.incoming(found.function(path, name))
    return [(found.resolver.scope(one.caller).qualname, one.how) for one in incoming]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(): ...\ndef g(): f()", [("g", "calls")]),
        ("def f(): ...\ndef g(pool): pool.submit(f, 1)", [("g", "hands on")]),
        ("def f(): ...\ndef g(tasks): tasks.add_task(f)", [("g", "hands on")]),
        ("from celery import shared_task\n@shared_task\ndef f(): ...\ndef g(): f.delay()", [("g", "queues")]),
        (
            "from celery import shared_task\n@shared_task\ndef f(): ...\ndef g(): f.apply_async(args=[])",
            [("g", "queues")],
        ),
        (
            "from celery import Celery\napp = Celery()\n@app.task(name='x.f')\ndef f(): ...\n"
            "def g(): app.send_task('x.f')\ndef h(): app.send_task('x.g')",
            [("g", "queues")],
        ),
        ("import ray\n@ray.remote\ndef f(): ...\ndef g(): f.remote()", [("g", "calls")]),
        ("def f(): ...\ndef g(x): x.f.delay()", []),
        ("from fastapi import Depends\ndef f(): ...\ndef g(x=Depends(f)): ...", [("g", "depends on")]),
        (
            (
                "from typing import Annotated\nfrom fastapi import Depends\ndef f(): ...\n"
                "def g(x: Annotated[int, Depends(f)]): ..."
            ),
            [("g", "depends on")],
        ),
        ("class A:\n    def f(self): ...\nclass B:\n    def f(self): ...\ndef g(): B().f()", []),
    ],
)
def test_a_function_is_run_by_what_calls_queues_or_needs_it(source: str, expected: list[tuple[str, str]]) -> None:
    found = prepared(source)
    name = "A.f" if "class A" in source else "f"
    assert [way for way in ways(found, "app.py", name) if way[0]] == expected


@pytest.mark.parametrize(
    "build",
    [
        "b = StateGraph(dict)\nb.add_node('node', node)\ngraph = b.compile()\ndef run(s): return graph.invoke(s)",
        "def build():\n    b = StateGraph(dict)\n    b.add_node(node)\n    return b.compile()\ngraph = build()\n"
        "async def run(s): return await graph.ainvoke(s)",
        (
            "graph = StateGraph(dict).add_node('node', node).compile()\ndef run(s):\n"
            "    for x in graph.stream(s): print(x)"
        ),
        "class App:\n    def __init__(self):\n        b = StateGraph(dict)\n        b.add_node('node', node)\n"
        "        self.graph = b.compile()\ndef run(s): return App().graph.invoke(s)",
        "inner = StateGraph(dict)\ninner.add_node('node', node)\nouter = StateGraph(dict)\n"
        "outer.add_node('inner', inner.compile())\ngraph = outer.compile()\ndef run(s): return graph.invoke(s)",
        "b = StateGraph(dict)\nb.add_node('other', choose)\nb.add_conditional_edges('other', node, ['x'])\n"
        "graph = b.compile()\ndef run(s): return graph.invoke(s)",
    ],
)
def test_running_a_graph_runs_its_nodes(build: str) -> None:
    assert ("run", "runs") in ways(prepared(GRAPH + build), "app.py", "node")


def test_running_one_graph_does_not_run_the_nodes_of_another() -> None:
    source = (
        GRAPH + "a = StateGraph(dict)\na.add_node('node', node)\nb = StateGraph(dict)\nb.add_node('c', choose)\n"
        "first = a.compile()\nsecond = b.compile()\ndef run(s): return second.invoke(s)"
    )
    found = prepared(source)
    assert ("run", "runs") in ways(found, "app.py", "choose")
    assert ("run", "runs") not in ways(found, "app.py", "node")


def test_a_graph_is_followed_from_an_endpoint_through_modules() -> None:
    files = {
        "server.py": "from fastapi import FastAPI\nfrom graph import graph\napp = FastAPI()\n"
        "@app.post('/mail')\ndef mail(text: str): return graph.invoke({'text': text})",
        "graph.py": "from langgraph.graph import StateGraph\nfrom nodes import draft\n"
        "def build():\n    builder = StateGraph(dict)\n"
        "    builder.add_node('draft', draft)\n    return builder.compile()\n"
        "graph = build()",
        "nodes.py": "from llm import ask\ndef draft(state): return ask(state)",
        "llm.py": "def ask(text): ...",
    }
    found = prepared(files)
    first = found.above("llm.py", "ask")[0]
    assert (first.kind, first.label) == ("endpoint", "/mail")
    hops = found.reach.path_down(found.function("server.py", "mail"), found.function("llm.py", "ask"))
    assert [way.words(found.resolver.scope(way.caller).name) for _, way in hops] == [
        "runs the workflow with the step `draft`",
        "calls `ask`",
    ]


def test_tests_and_notebooks_run_nothing_of_a_service() -> None:
    cell = (
        '{"cells": [{"cell_type": "code", "source": ["class F:\\n'
        '    def f(self): ..."], "outputs": [], "metadata": {}}]}'
    )
    files = {
        "app.py": "def f(): ...",
        "tests/test_app.py": "from app import f\ndef test_f(): f()",
        "work.ipynb": cell,
    }
    assert ways(prepared(files), "app.py", "f") == []


def test_functions_that_call_one_another_end() -> None:
    found = prepared("def f(): g()\ndef g(): f()")
    function = found.function("app.py", "f")
    assert set(found.reach.ancestors(function)) == {function, found.function("app.py", "g")}


HIERARCHY = """
class Base:
    def shard(self): ...
    def fit(self): self.shard()
class One(Base):
    def shard(self): {0}
class Two(Base):
    def shard(self): {0}
def run(): One().fit()
"""


@pytest.mark.parametrize("call", ["super().shard()", "Base.shard(self)"])
def test_a_call_that_names_the_class_of_a_method_runs_no_override_of_it(call: str) -> None:
    found = prepared(HIERARCHY.format(call))
    assert [name for name, _ in ways(found, "app.py", "Two.shard")] == ["Base.fit"]
    assert "One.shard" in [name for name, _ in ways(found, "app.py", "Base.shard")]


MADE_HERE = """
class Base:
    def shard(self): ...
class One(Base):
    def shard(self): ...
def run():
    store = Base()
    store.shard()
def serve(store: Base):
    store.shard()
"""


def test_an_object_that_is_made_here_runs_no_override_of_its_method() -> None:
    found = prepared(MADE_HERE)
    assert [name for name, _ in ways(found, "app.py", "One.shard")] == ["serve"]
    assert [name for name, _ in ways(found, "app.py", "Base.shard")] == ["run", "serve"]


REPLACED = """
class Base:
    def train(self): self.shard()
    def shard(self): ...
class One(Base):
    def train(self): {0}
    def shard(self): ...
class Two(Base):
    def shard(self): ...
"""


@pytest.mark.parametrize(
    ("body", "expected"), [("...", []), ("super().train()", ["Base.train"]), ("Base.train(self)", ["Base.train"])]
)
def test_a_class_runs_no_method_of_its_base_that_it_replaces(body: str, expected: list[str]) -> None:
    found = prepared(REPLACED.format(body))
    assert [name for name, _ in ways(found, "app.py", "One.shard")] == expected
    assert [name for name, _ in ways(found, "app.py", "Two.shard")] == ["Base.train"]


MIXED_IN = """
class Base:
    def step(self): ...
class Reader(Base): ...
class Fast(Base):
    def step(self): ...
{0}
def go(one: Reader):
    one.step()
"""


def test_an_object_may_be_of_a_class_that_mixes_in_another_one() -> None:
    mixed = "class Both(Fast, Reader): ..."
    assert [name for name, _ in ways(prepared(MIXED_IN.format(mixed)), "app.py", "Fast.step")] == ["go"]
    assert ways(prepared(MIXED_IN.format("")), "app.py", "Fast.step") == []
