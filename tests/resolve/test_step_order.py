"""The order of workflow steps: operators, calls, names, parameters, events and results that are passed on."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.running.step_order import StepOrder
from mltradeoff_lint.resolve.running.workflows import Workflows
from tests.resolve.prepared import prepared

OPERATORS = (
    "from airflow.operators.python import PythonOperator\nfrom airflow.models.baseoperator import chain\n"
    "def load(): ...\ndef clean(): ...\ndef score(): ...\n"
    "a = PythonOperator(task_id='a', python_callable=load)\nb = PythonOperator(task_id='b', python_callable=clean)\n"
    "c = PythonOperator(task_id='c', python_callable=score)\n"
)
ORDERS = {
    "operator": (OPERATORS + "a >> b >> c", {"clean": ["load"], "score": ["clean"]}),
    "operator backwards": (OPERATORS + "c << [a, b]", {"score": ["clean", "load"]}),
    "lists": (OPERATORS + "[a, b] >> c", {"score": ["clean", "load"], "clean": []}),
    "set_downstream": (OPERATORS + "a.set_downstream([b, c])", {"clean": ["load"], "score": ["load"]}),
    "set_upstream": (OPERATORS + "c.set_upstream(a)", {"score": ["load"]}),
    "chain": (OPERATORS + "chain(a, [b], c)", {"clean": ["load"], "score": ["clean"]}),
    "numbers are no steps": (OPERATORS + "x = 8 >> 2", {"clean": [], "score": []}),
    "taskflow results": (
        "from airflow.decorators import dag, task\n@task\ndef load(): ...\n@task\ndef score(rows): ...\n"
        "@dag\ndef daily():\n    rows = load()\n    score(rows)",
        {"score": ["load"], "load": []},
    ),
    "prefect results": (
        "from prefect import flow, task\n@task\ndef load(): ...\n@task\ndef score(rows): ...\n"
        "@flow\ndef daily():\n    score.submit(load())",
        {"score": ["load"]},
    ),
    "zenml results": (
        "from zenml import pipeline, step\n@step\ndef load(): ...\n@step\ndef score(rows): ...\n"
        "@pipeline\ndef daily():\n    rows, _ = load()\n    score(rows=rows)",
        {"score": ["load"]},
    ),
    "kfp outputs": (
        "from kfp import dsl\n@dsl.component\ndef load(): ...\n@dsl.component\ndef score(rows): ...\n"
        "@dsl.pipeline\ndef daily():\n    rows = load()\n    score(rows=rows.outputs['rows'])",
        {"score": ["load"]},
    ),
    "dagster parameters": (
        "from dagster import asset\n@asset\ndef orders(): ...\n@asset(deps=['orders'])\ndef kept(): ...\n"
        "@asset\ndef scores(orders, context): ...",
        {"scores": ["orders"], "kept": ["orders"], "orders": []},
    ),
    "metaflow": (
        "from metaflow import FlowSpec, step\nclass Train(FlowSpec):\n    @step\n    def start(self):\n"
        "        self.next(self.a, self.b)\n    @step\n    def a(self): ...\n    @step\n    def b(self): ...",
        {"Train.a": ["Train.start"], "Train.b": ["Train.start"]},
    ),
    "crewai": (
        "from crewai.flow.flow import Flow, listen, start\nclass Refunds(Flow):\n"
        "    @start()\n    def read(self): ...\n"
        "    @listen(read)\n    def pay(self): ...\n    @listen('pay')\n    def tell(self): ...",
        {"Refunds.pay": ["Refunds.read"], "Refunds.tell": ["Refunds.pay"], "Refunds.read": []},
    ),
    "llama_index events": (
        "from llama_index.core.workflow import Event, StartEvent, Workflow, step\nclass Read(Event): ...\n"
        "class Review(Workflow):\n    @step\n    async def read(self, ev: StartEvent) -> Read: ...\n"
        "    @step\n    async def tell(self, ev: Read): ...",
        {"Review.tell": ["Review.read"]},
    ),
    "kedro": (
        "from kedro.pipeline import node\ndef load(x): ...\ndef score(rows, p): ...\n"
        "nodes = [node(load, 'raw', 'rows'), node(score, ['rows', 'params:x'], 'scores')]",
        {"score": ["load"], "load": []},
    ),
    "celery chain": (
        "from celery import chain, shared_task\n@shared_task\ndef load(): ...\n@shared_task\ndef score(x): ...\n"
        "chain(load.s(), score.s()).delay()",
        {"score": ["load"], "load": []},
    ),
    "a step before itself is left out": (
        "from metaflow import FlowSpec, step\nclass T(FlowSpec):\n    @step\n    def a(self): self.next(self.a)",
        {"T.a": []},
    ),
}


@pytest.mark.parametrize(("source", "expected"), ORDERS.values(), ids=list(ORDERS))
def test_a_step_follows_the_steps_it_is_wired_behind(source: str, expected: dict[str, list[str]]) -> None:
    found = prepared(source)
    order = StepOrder(found.resolver, found.sites, Workflows(found.resolver, found.sites))
    for name, before in expected.items():
        ones = order.before(found.function("app.py", name))
        assert sorted(found.resolver.scope(one.function).qualname for one in ones) == before
