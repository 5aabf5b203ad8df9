"""Ways into a repository: routes with their prefixes, handlers behind decorators, jobs, queues and hosted graphs."""

from __future__ import annotations

import pytest

from tests.resolve.prepared import prepared

FASTAPI = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\nrouter = APIRouter(prefix='/v1')\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (FASTAPI + "@app.get('/x')\ndef x(): ...", ["GET /x"]),
        (FASTAPI + "@router.post('/x')\nasync def x(): ...", ["POST /v1/x"]),
        (FASTAPI + "@router.post('/x')\ndef x(): ...\napp.include_router(router, prefix='/api')", ["POST /api/v1/x"]),
        (
            FASTAPI + "@router.post('/x')\ndef x(): ...\napp.include_router(router=router, prefix='/api')",
            ["POST /api/v1/x"],
        ),
        (FASTAPI + "@router.get('/x')\ndef x(): ...\napp.include_router(router, prefix=unknown())", ["GET /v1/x"]),
        (FASTAPI + "def x(): ...\nrouter.add_api_route('/x', x, methods=['GET'])", ["/v1/x"]),
        (FASTAPI + "inner = FastAPI()\n@inner.get('/x')\ndef x(): ...\napp.mount('/sub', inner)", ["GET /sub/x"]),
        (
            FASTAPI + "inner = FastAPI()\n@inner.get('/x')\ndef x(): ...\napp.mount(app=inner, path='/sub')",
            ["GET /sub/x"],
        ),
        (
            "from flask import Blueprint, Flask\napp = Flask('a')\npages = Blueprint('p', 'p', url_prefix='/p')\n"
            "@pages.route('/x')\ndef x(): ...\napp.register_blueprint(pages, url_prefix='/all')",
            ["/all/p/x"],
        ),
        ("from django.urls import path\ndef x(request): ...\nurlpatterns = [path('x/<int:k>', x)]", ["x/<int:k>"]),
        ("'text'.encode()\nclass A:\n    def get(self): ...\nA().get('/x')", []),
        ("import requests\n@requests.get('/x')\ndef x(): ...", []),
    ],
)
def test_a_route_is_known_with_all_that_stands_before_it(source: str, expected: list[str]) -> None:
    assert prepared(source).labels("endpoint") == expected


def test_routers_of_routers_add_their_prefixes() -> None:
    files = {
        "main.py": (
            "from fastapi import FastAPI\nfrom api import api\napp = FastAPI()\napp.include_router(api, prefix='/v2')"
        ),
        "api.py": (
            "from fastapi import APIRouter\nfrom churn import router\n"
            "api = APIRouter(prefix='/ml')\napi.include_router(router)"
        ),
        "churn.py": "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/churn')\ndef churn(): ...",
    }
    assert prepared(files).labels("endpoint") == ["GET /v2/ml/churn"]


def test_routers_that_include_one_another_end() -> None:
    source = (
        "from fastapi import APIRouter\na = APIRouter(prefix='/a')\nb = APIRouter(prefix='/b')\n"
        "a.include_router(b)\nb.include_router(a)\n@a.get('/x')\ndef x(): ..."
    )
    (label,) = prepared(source).labels("endpoint")
    assert label.endswith("/a/x")


@pytest.mark.parametrize(
    ("before", "after"),
    [("@blueprint.route(rule, methods=['POST'])", ""), ("", "blueprint.add_url_rule(rule, view_func=wrapper)")],
)
def test_a_decorator_of_the_repository_registers_what_it_decorates(before: str, after: str) -> None:
    lines = [
        "from flask import Blueprint",
        "blueprint = Blueprint('b', 'b')",
        "def json_api(rule):",
        "    def decorator(function):",
        f"        {before}",
        "        def wrapper():",
        "            return function(1)",
        f"        {after}",
        "        return function",
        "    return decorator",
    ]
    app = "from web import json_api\n@json_api('/a')\ndef a(x): ...\n@json_api('/b')\ndef b(x): ...\n"
    assert prepared({"web.py": "\n".join(lines), "app.py": app}).labels("endpoint") == ["/a", "/b"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from ray import serve\n@serve.deployment\nclass C:\n    def __call__(self, r): ...", ["C.__call__"]),
        ("import litserve\nclass C(litserve.LitAPI):\n    def predict(self, x): ...", ["C.predict"]),
        ("import kserve\nclass C(kserve.Model):\n    def predict(self, p): ...", ["C.predict"]),
        ("import bentoml\n@bentoml.service\nclass C:\n    @bentoml.api\n    def run(self, x): ...", ["POST C.run()"]),
        ("from ray import serve\nclass C:\n    def __call__(self, r): ...", []),
    ],
)
def test_classes_that_a_server_calls_are_endpoints(source: str, expected: list[str]) -> None:
    assert prepared(source).labels("endpoint") == expected


def test_an_app_for_people_is_an_endpoint_of_its_own_kind() -> None:
    found = prepared("import gradio as gr\ndef f(x): ...\ngr.Interface(fn=f, inputs='text', outputs='text')")
    assert [entry.interface for entry in found.entries.of_kind("endpoint")] == ["ui"]


def test_a_task_of_a_queue_is_reached_by_what_queues_it() -> None:
    source = (
        "from celery import shared_task\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "@shared_task\ndef work(k): ...\n@app.post('/x')\ndef x(k: int):\n    work.delay(k)\n"
    )
    assert [entry.kind for entry in prepared(source).above("app.py", "work")] == ["endpoint", "queue"]


def test_a_hosted_graph_runs_its_nodes() -> None:
    files = {
        "langgraph.json": '{"graphs": {"mail": "./src/graph.py:graph"}}',
        "src/graph.py": "from langgraph.graph import StateGraph\nfrom src.nodes import draft\n"
        "builder = StateGraph(dict)\nbuilder.add_node('draft', draft)\ngraph = builder.compile()",
        "src/nodes.py": "def draft(state): ...",
    }
    first = prepared(files).above("src/nodes.py", "draft")[0]
    assert (first.kind, first.label) == ("service", "mail")


def test_a_command_is_followed_through_a_script_and_dvc() -> None:
    files = {
        ".github/workflows/nightly.yml": (
            "on:\n  schedule:\n    - cron: '0 2 * * *'\njobs:\n  run:\n    steps:\n      - run: bash run.sh\n"
        ),
        "run.sh": "dvc repro\nfeast materialize-incremental now\n",
        "dvc.yaml": "stages:\n  score:\n    cmd: python score.py\n",
        "score.py": "print(1)\n",
    }
    found = prepared(files)
    assert {entry.function.path for entry in found.entries.of_kind("scheduled")} == {"score.py"}
    assert [one.text for one in found.entries.timed] == ["dvc repro", "feast materialize-incremental now"]
