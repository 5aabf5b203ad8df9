"""A handler is said to reach nothing only where everything resolved that it runs; else what is not known is told."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.running.handler_lines import HandlerLines, lines_below
from mltradeoff_lint.resolve.running.handlers import Handlers
from mltradeoff_lint.resolve.running.run_lines import lines_of_runs
from mltradeoff_lint.resolve.running.step_order import StepOrder
from mltradeoff_lint.resolve.running.workflows import Workflows
from tests.resolve.prepared import prepared

APP = "from fastapi import Depends, FastAPI\napp = FastAPI()\n"
FIRM = "reaches no model call, no prediction, and loads and builds nothing"
KNOWN = "reaches no model call, prediction, artefact or client that is known"


def _told(source: str) -> str:
    """What is said of the last handler of a module."""
    found = prepared(APP + source)
    handler = Handlers(found.resolver, found.sites, found.reach, found.entries).all()[-1]
    return list(HandlerLines(found.resolver, found.sites).of(handler))[-1].strip()


@pytest.mark.parametrize(
    "body",
    [
        "return len(str(q))",
        "return q.strip().lower()",
        "import os\n    return os.path.join(q, 'x')",
        "return helper(q)",
        "return Box().open()",
        "return Error(q)",
    ],
)
def test_where_all_resolved_the_sentence_is_firm(body: str) -> None:
    helpers = (
        "def helper(q):\n    return [q].index(q)\n"
        "class Box:\n    def open(self):\n        return helper(1)\n"
        "class Error(ValueError):\n    def __init__(self, q):\n        super().__init__(q)\n"
    )
    assert _told(f"{helpers}@app.get('/')\ndef handle(q: str):\n    {body}") == FIRM


def test_a_call_that_did_not_resolve_is_told_with_its_place() -> None:
    source = "TABLE = load_somehow()\ndef run(name, q):\n    return TABLE[name](q)\n"
    assert _told(source + "@app.get('/')\ndef handle(q):\n    return run('a', q)") == (
        f"{KNOWN}; 1 call on the way did not resolve (`TABLE[name](...)` at app.py:5)"
    )


def test_the_nearest_of_many_calls_are_told_and_all_are_counted() -> None:
    body = "    run(tool)\n    tool.one()\n    tool.two()"
    source = f"def run(tool):\n    tool.three()\n@app.get('/')\ndef handle(tool):\n{body}"
    assert _told(source) == (
        f"{KNOWN}; 3 calls on the way did not resolve (`tool.one(...)` at app.py:8, `tool.two(...)` at app.py:9, ...)"
    )


def test_what_a_parameter_depends_on_runs_too() -> None:
    check = "def check(request):\n    request.verify()\n"
    source = f"{check}@app.get('/')\ndef handle(user=Depends(check)):\n    return user"
    assert "`request.verify(...)` at app.py:4" in _told(source)


def test_an_override_of_a_method_runs_too() -> None:
    source = (
        "class Base:\n    def run(self): raise NotImplementedError\n"
        "class Own(Base):\n    def run(self): return unknown_thing[0]()\n"
        "class Holder:\n    def __init__(self, tool: Base): self.tool = tool\n"
        "    def go(self): return self.tool.run()\n"
        "@app.get('/')\ndef handle(holder: Holder):\n    return holder.go()"
    )
    assert "`unknown_thing[0](...)` at app.py:6" in _told(source)


def test_a_function_that_a_library_finds_at_run_time_is_not_known() -> None:
    source = "import inspect\n@app.get('/')\ndef handle(q):\n    return inspect.getmembers(q)[0](q)"
    assert "did not resolve (`inspect.getmembers(...)[0](...)` at app.py:6)" in _told(source)


def test_an_inherited_method_of_a_library_may_run_what_the_class_fills_in() -> None:
    source = (
        "from haystack import Node\n"
        "class Own(Node):\n    def step(self): pass\n"
        "class Plain(Node):\n    name: str\n"
        "@app.get('/')\ndef handle():\n    return {}.run()"
    )
    assert _told(source.format("Own()")) == (
        f"{KNOWN}; 1 inherited method of a library may run more (`Own(...).run(...)` at app.py:10)"
    )
    assert _told(source.format("Plain()")) == FIRM


@pytest.mark.parametrize(
    "body",
    ["return own.invoke(q)", "tasks.add_task(own.invoke, q)", "return run(own, q)", "return own.bound(1).invoke(q)"],
)
def test_an_inherited_method_is_told_wherever_the_object_goes(body: str) -> None:
    source = (
        "from fastapi import BackgroundTasks\nfrom langchain_core.runnables import RunnableBinding\n"
        "class Own(RunnableBinding):\n    def __init__(self, model): super().__init__(bound=model)\n"
        "own = Own(1).with_types(str)\ndef run(tool, q): return tool.invoke(q)\n"
        f"@app.get('/')\ndef handle(q: str, tasks: BackgroundTasks):\n    {body}"
    )
    assert "inherited method" in _told(source)


def test_an_object_that_holds_data_runs_nothing_more() -> None:
    source = "from pydantic import BaseModel\nclass Own(BaseModel):\n    def total(self): return 1\n"
    assert _told(f"{source}@app.get('/')\ndef handle():\n    return Own().model_dump_json().strip()") == FIRM


def test_the_overview_counts_the_handlers_that_are_not_known_for_sure() -> None:
    found = prepared(APP + "@app.get('/a')\ndef a(q): q.some()\n@app.get('/b')\ndef b(): return 1")
    handlers = Handlers(found.resolver, found.sites, found.reach, found.entries)
    assert lines_below(handlers, HandlerLines(found.resolver, found.sites), "") == (
        "0 of 2 handlers reach a model call, a prediction, an artefact or a client; "
        "1 of the others run calls that may do more than is known",
    )


def test_a_function_that_is_served_is_not_said_to_be_run_by_nothing() -> None:
    found = prepared(APP + "@app.get('/')\ndef handle(): return 1\ndef alone(): return 2")
    order = StepOrder(found.resolver, found.sites, Workflows(found.resolver, found.sites))
    told = [
        list(lines_of_runs(found.resolver, found.reach, order, found.entries.by_function, "app.py", line))
        for line in (4, 5)
    ]
    assert told == [
        ["function `handle`: run from outside: fastapi (endpoint)"],
        ["function `alone`: nothing in the repository is known to run it"],
    ]
