"""Workflow engines run the functions they are given: by the call that runs the workflow, or the place that wires it."""

from __future__ import annotations

import pytest

from tests.resolve.prepared import Prepared, prepared


def ways(found: Prepared, name: str, path: str = "app.py") -> list[tuple[str, str]]:
    """(qualified name of the caller, how) of every way a function is run."""
    incoming = found.reach.incoming(found.function(path, name))
    return [(found.resolver.scope(one.caller).qualname, one.how) for one in incoming]


CREW = """
from crewai import Agent, Crew, Task
from crewai.project import CrewBase, agent, crew, task
def price(item): ...
@CrewBase
class Shop:
    @agent
    def clerk(self): return Agent(role='clerk', tools=[price])
    @task
    def count(self): return Task(description='count')
    @crew
    def crew(self): return Crew(agents=self.agents, tasks=self.tasks)
def run(): return Shop().crew().kickoff()
"""
FLOW = """
from crewai.flow.flow import Flow, listen, start
class Refunds(Flow):
    @start()
    def read(self): ...
    @listen(read)
    def pay(self): ...
    def unmarked(self): ...
def run(): return Refunds().kickoff()
"""
RUNS = {
    "crew method": (CREW, "Shop.clerk", ("run", "runs")),
    "tool of an agent of a crew": (CREW, "price", ("run", "runs")),
    "crew of functions": (
        "from crewai import Agent, Crew\ndef price(item): ...\nclerk = Agent(role='a', tools=[price])\n"
        "crew = Crew(agents=[clerk], tasks=[])\ndef run(): crew.kickoff()",
        "price",
        ("run", "runs"),
    ),
    "crewai flow": (FLOW, "Refunds.pay", ("run", "runs")),
    "llama_index workflow": (
        "from llama_index.core.workflow import Workflow, step\nclass Review(Workflow):\n    @step\n"
        "    async def read(self, event): ...\nasync def run(): return await Review(timeout=9).run()",
        "Review.read",
        ("run", "runs"),
    ),
    "metaflow": (
        "from metaflow import FlowSpec, step\nclass Train(FlowSpec):\n    @step\n    def start(self): ...\n"
        "def run(): Train()",
        "Train.start",
        ("run", "runs"),
    ),
    "luigi": (
        "import luigi\nclass Score(luigi.Task):\n    def run(self): ...\ndef main(): luigi.build([Score()])",
        "Score.run",
        ("main", "runs"),
    ),
    "haystack": (
        "from haystack import Pipeline\nclass Clerk:\n    def run(self, text): ...\np = Pipeline()\n"
        "p.add_component('clerk', Clerk())\ndef main(): return p.run({})",
        "Clerk.run",
        ("main", "runs"),
    ),
    "openai agents tool": (
        "from agents import Agent, Runner, function_tool\n@function_tool\ndef price(item): ...\n"
        "helper = Agent(name='h', tools=[price])\nmain = Agent(name='m', handoffs=[helper])\n"
        "async def run(q): return await Runner.run(main, q)",
        "price",
        ("run", "runs"),
    ),
    "langgraph tool node": (
        "from langgraph.graph import StateGraph\nfrom langgraph.prebuilt import ToolNode\ndef price(item): ...\n"
        "b = StateGraph(dict)\nb.add_node('tools', ToolNode([price]))\ng = b.compile()\ndef run(): g.invoke({})",
        "price",
        ("run", "runs"),
    ),
    "prebuilt agent": (
        "from langgraph.prebuilt import create_react_agent\ndef price(item): ...\n"
        "def run(): create_react_agent('m', [price]).invoke({})",
        "price",
        ("run", "runs"),
    ),
    "zenml options": (
        "from zenml import step\n@step\ndef load(): ...\ndef run(): load.with_options(enable_cache=False)()",
        "load",
        ("run", "calls"),
    ),
    "zenml pipeline": (
        "from zenml import pipeline, step\n@step\ndef load(): ...\n@pipeline\ndef train(): load()\n"
        "def main(): train.with_options(config_path='x')()",
        "train",
        ("main", "calls"),
    ),
    "zenml configured step kept": (
        "from zenml import step\n@step\ndef load(): ...\nfast = load.with_options(x=1)\ndef run(): fast()",
        "load",
        ("run", "calls"),
    ),
    "prefect submit": (
        "from prefect import flow, task\n@task(retries=2)\ndef load(): ...\n@flow\ndef nightly(): load.submit()",
        "load",
        ("nightly", "calls"),
    ),
    "prefect submit of an imported alias": (
        "from prefect import task\n@task\ndef load(): ...\nother = load\ndef run(): other.map([1])",
        "load",
        ("run", "calls"),
    ),
    "prefect serve": (
        "from prefect import flow\n@flow\ndef nightly(): ...\ndef main(): nightly.serve(name='x')",
        "nightly",
        ("main", "deploys"),
    ),
    "prefect build": (
        "from prefect import flow\nfrom prefect.deployments import Deployment\n@flow\ndef nightly(): ...\n"
        "def main(): Deployment.build_from_flow(flow=nightly, name='x')",
        "nightly",
        ("main", "deploys"),
    ),
    "airflow operator": (
        "from airflow import DAG\nfrom airflow.operators.python import PythonOperator\ndef load(): ...\n"
        "def dag():\n    with DAG('x') as d:\n        PythonOperator(task_id='l', python_callable=load)",
        "load",
        ("dag", "wires"),
    ),
    "airflow taskflow": (
        "from airflow.decorators import dag, task\n@task\ndef load(): ...\n@dag\n"
        "def daily(): load.override(task_id='x')()",
        "load",
        ("daily", "calls"),
    ),
    "airflow expand": (
        "from airflow.decorators import dag, task\n@task\ndef load(x): ...\n@dag\n"
        "def daily(): load.partial(y=1).expand(x=[1])",
        "load",
        ("daily", "calls"),
    ),
    "dagster definitions": (
        "from dagster import Definitions, asset\n@asset\ndef rows(): ...\n"
        "def build(): return Definitions(assets=[rows])",
        "rows",
        ("build", "wires"),
    ),
    "dagster job of ops": (
        "from dagster import job, op\n@op\ndef load(): ...\n@job\ndef nightly(): load()\n"
        "def run(): nightly.execute_in_process()",
        "nightly",
        ("run", "calls"),
    ),
    "kfp": (
        "from kfp import compiler, dsl\n@dsl.component\ndef load(): ...\n@dsl.pipeline\ndef train(): load()\n"
        "def main(): compiler.Compiler().compile(train, 'x.yaml')",
        "train",
        ("main", "deploys"),
    ),
    "kedro": (
        "from kedro.pipeline import Pipeline, node\ndef load(rows): ...\n"
        "def create_pipeline(): return Pipeline([node(load, 'rows', 'out')])",
        "load",
        ("create_pipeline", "wires"),
    ),
    "ray actor method": (
        "import ray\n@ray.remote\nclass Scorer:\n    def score(self): ...\ndef run():\n    s = Scorer.remote()\n"
        "    return ray.get(s.score.remote())",
        "Scorer.score",
        ("run", "calls"),
    ),
    "ray options": (
        "import ray\n@ray.remote\ndef score(): ...\ndef run(): score.options(num_cpus=2).remote()",
        "score",
        ("run", "calls"),
    ),
    "ray serve": (
        "from ray import serve\n@serve.deployment\nclass Churn:\n    def __init__(self): ...\n"
        "def build(): return Churn.options(name='x').bind()",
        "Churn.__init__",
        ("build", "calls"),
    ),
    "celery chain": (
        "from celery import chain, shared_task\n@shared_task\ndef load(): ...\n@shared_task\ndef score(x): ...\n"
        "def run(): chain(load.s(), score.s()).apply_async()",
        "score",
        ("run", "queues"),
    ),
    "celery behind a factory": (
        "from elsewhere import make\napp = make()\n@app.task\ndef load(): ...\ndef run(): load.delay()",
        "load",
        ("run", "queues"),
    ),
    "modal": (
        "import modal\napp = modal.App('x')\n@app.function()\ndef load(): ...\ndef run(): load.remote()",
        "load",
        ("run", "calls"),
    ),
    "a lambda": (
        "def f(): ...\ndef run(items): return sorted(items, key=lambda one: f())",
        "<lambda>",
        ("run", "defines"),
    ),
}


@pytest.mark.parametrize(("source", "name", "expected"), RUNS.values(), ids=list(RUNS))
def test_what_runs_a_workflow_runs_its_steps(source: str, name: str, expected: tuple[str, str]) -> None:
    found = prepared(source)
    qualname = next(one.qualname for one in found.resolver.facts("app.py").scopes if name in (one.qualname, one.name))
    assert expected in ways(found, qualname)


def test_a_method_that_no_decorator_marks_is_no_step_of_a_flow() -> None:
    assert ways(prepared(FLOW), "Refunds.unmarked") == []


@pytest.mark.parametrize(
    "source",
    [
        "def load(): ...\ndef run(): load.with_options(x=1)()",
        "import other\n@other.step\ndef load(): ...\ndef run(): load.with_options(x=1)()",
        "from crewai import Crew\ndef load(): ...\ndef run(): Crew(agents=[], tasks=[]).kickoff(load())\n",
    ],
)
def test_a_method_that_no_library_puts_on_a_function_runs_nothing(source: str) -> None:
    assert all(how == "calls" for _, how in ways(prepared(source), "load"))
    assert ("run", "runs") not in ways(prepared(source), "load")


def test_workflows_that_contain_one_another_end() -> None:
    source = (
        "from agents import Agent, Runner\ndef price(x): ...\na = Agent(name='a', tools=[price])\n"
        "b = Agent(name='b', handoffs=[a])\na = Agent(name='a', tools=[price], handoffs=[b])\n"
        "b = Agent(name='b', handoffs=[a, b])\n"
        "def run(): Runner.run(b, 'x')"
    )
    assert ("run", "runs") in ways(prepared(source), "price")
