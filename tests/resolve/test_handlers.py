"""What handlers reach on a request: through helpers, workflows and constructors, and what is kept between requests."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.running.handler_lines import HandlerLines, is_definition, lines_at, lines_below
from mltradeoff_lint.resolve.running.handlers import Handlers
from tests.resolve.prepared import Prepared, prepared

APP = "from fastapi import FastAPI\napp = FastAPI()\n"


def handlers_of(found: Prepared) -> Handlers:
    return Handlers(found.resolver, found.sites, found.reach, found.entries)


def reached(source: dict[str, str] | str) -> list[tuple[str, str, str]]:
    """(handler, kind, what keeps it) of everything the handlers of a repository reach."""
    found = prepared(source)
    return [
        (found.resolver.scope(one.entry.function).qualname, each.kind, each.kept)
        for one in handlers_of(found).all()
        for each in one.reached
    ]


def test_a_handler_reaches_what_its_helpers_call_in_other_files() -> None:
    files = {
        "app.py": APP + "from helpers import ask\n@app.post('/ask')\ndef handle(q): return ask(q)",
        "helpers.py": "from openai import OpenAI\nclient = OpenAI()\n"
        "def ask(q): return client.responses.create(model='gpt-5-mini', input=q)",
    }
    found = prepared(files)
    (handler,) = handlers_of(found).all()
    (one,) = handler.reached
    assert one.kind == "model-call"
    assert [(way.site.path, way.site.span.line, way.how) for _, way in one.hops] == [("app.py", 5, "calls")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "def handle(x): return joblib.load('m').predict(x)",
            [("handle", "prediction", ""), ("handle", "model-load", "")],
        ),
        (
            "model = joblib.load('m')\n@app.get('/')\ndef handle(x): return model.predict(x)",
            [("handle", "prediction", "")],
        ),
        (
            "def get(): return joblib.load('m')\n@app.get('/')\ndef handle(x): get()",
            [("handle", "model-load", "")],
        ),
        (
            "from functools import lru_cache\n@lru_cache\ndef get(): return joblib.load('m')\n"
            "@app.get('/')\ndef handle(x): get()",
            [("handle", "model-load", "`get` is cached")],
        ),
        (
            "model = None\ndef get():\n    global model\n    if model is None:\n        model = joblib.load('m')\n"
            "@app.get('/')\ndef handle(x): get()",
            [("handle", "model-load", "only when it is not there yet")],
        ),
        (
            "models = {}\n@app.get('/')\ndef handle(x):\n    if x not in models:\n        models[x] = joblib.load(x)",
            [("handle", "model-load", "only when it is not there yet")],
        ),
        (
            "class One(type):\n    made = {}\n    def __call__(cls, *args):\n        if cls not in cls.made:\n"
            "            cls.made[cls] = super().__call__(*args)\n        return cls.made[cls]\n"
            "class Model(metaclass=One):\n    def __init__(self): self.m = joblib.load('m')\n"
            "@app.get('/')\ndef handle(x): Model()",
            [("handle", "model-load", "made once for the process")],
        ),
        (
            "class Model:\n    def __init__(self): self.m = joblib.load('m')\n@app.get('/')\ndef handle(x): Model()",
            [("handle", "model-load", "")],
        ),
        (
            "from own import deferred\n@deferred('X')\ndef get(): return joblib.load('m')\n"
            "@app.get('/')\ndef handle(x): get()",
            [("handle", "model-load", "")],
        ),
        (
            "def deferred(f): return f\n@deferred\ndef get(): return joblib.load('m')\n"
            "@app.get('/')\ndef handle(x): get()",
            [("handle", "model-load", "perhaps kept by `@deferred`")],
        ),
        ("@app.get('/')\ndef handle(x): return str(x).encode()", []),
        ("@app.post('/v1/chat/completions')\ndef handle(x): return {}.get(x)", []),
        ("def unused(): joblib.load('m')\n@app.get('/')\ndef handle(x): return x", []),
    ],
)
def test_a_handler_is_told_with_what_is_kept_for_later_requests(
    body: str, expected: list[tuple[str, str, str]]
) -> None:
    head = "" if body.startswith(("model", "def get", "from", "class", "@", "def unused")) else "@app.get('/')\n"
    assert reached(APP + "import joblib\n" + head + body) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "import joblib, os\ndef init():\n    global model\n"
            "    model = joblib.load(os.environ['AZUREML_MODEL_DIR'])\n"
            "def run(data): return model.predict(data)",
            ["run"],
        ),
        ("import joblib\ndef init(): ...\ndef run(data): return joblib.load('m').predict(data)", []),
        (
            "import joblib, os\ndef init():\n    os.environ['AZUREML_MODEL_DIR']\n"
            "def run(mini_batch): return joblib.load('m').predict(mini_batch)",
            [],
        ),
        (
            "import joblib\nimport triton_python_backend_utils as pb\nclass TritonPythonModel:\n"
            "    def initialize(self, args): self.model = joblib.load('m')\n"
            "    def execute(self, requests): return self.model.predict(requests)",
            ["TritonPythonModel.execute"],
        ),
        (
            "import joblib\ndef model_fn(folder): return joblib.load(folder)\n"
            "def predict_fn(data, model): return joblib.load('m').predict(data)",
            ["predict_fn"],
        ),
        (
            "import joblib\ndef lambda_handler(event, context): return joblib.load('m').predict(event['body'])",
            ["lambda_handler"],
        ),
        ("import joblib\ndef lambda_handler(event, context): return joblib.load('m').predict(event['x'])", []),
        (
            "import joblib\nimport streamlit as st\nmodel = joblib.load('m')\nst.write(model.predict([[1]]))",
            [""],
        ),
        ("import joblib\nimport streamlit as st\nm = joblib.load('m')\ndef f(): st.write(m.predict([[1]]))", []),
    ],
)  # fmt: skip
def test_what_a_server_finds_by_its_name_is_a_handler(source: str, expected: list[str]) -> None:
    assert sorted({name for name, _, _ in reached(source)}) == expected


def test_tests_hold_no_handlers() -> None:
    assert reached({"tests/test_app.py": APP + "import joblib\n@app.get('/')\ndef handle(x): joblib.load('m')"}) == []


def test_handlers_that_call_one_another_end() -> None:
    source = (
        APP + "import joblib\n@app.get('/a')\ndef a(): b()\n@app.get('/b')\ndef b():\n    a()\n    joblib.load('m')"
    )
    assert sorted(reached(source)) == [("a", "model-load", ""), ("b", "model-load", "")]


ROUTE = (
    APP + "import torch\ndef load(): return torch.load('m.pt')\n"
    "@app.post('/score')\ndef score(x):\n    return load()\n@app.get('/')\ndef live(): ...\n"
)


@pytest.mark.parametrize("line", [5, 6])
def test_the_decorator_and_the_def_of_a_handler_tell_what_it_reaches(line: int) -> None:
    found = prepared(ROUTE)
    assert lines_at(handlers_of(found), HandlerLines(found.resolver, found.sites), "app.py", line) == (
        "POST /score (fastapi) is handled by `score` (app.py:6)",
        "  loads an artefact, on each request: `torch.load` of `m.pt` (app.py:4)",
        "    `score` calls `load` (app.py:7)",
    )


def test_other_lines_are_no_handlers() -> None:
    found = prepared(ROUTE)
    write = HandlerLines(found.resolver, found.sites)
    assert [lines_at(handlers_of(found), write, "app.py", line) for line in (1, 4, 7)] == [(), (), ()]
    assert [is_definition(found.resolver, "app.py", line) for line in (1, 4, 5, 6, 7)] == [
        False,
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("source", "first"),
    [
        (
            "import chainlit as cl\n@cl.on_message\nasync def chat(message): ...\n",
            "chat() (chainlit, ui) is a handler (app.py:3)",
        ),
        ("import streamlit as st\nst.write('a')\n", "app.py (streamlit, ui) is a handler (app.py:1)"),
    ],
)
def test_what_has_no_route_is_not_said_to_be_handled_by_itself(source: str, first: str) -> None:
    found = prepared(source)
    write = HandlerLines(found.resolver, found.sites)
    assert lines_below(handlers_of(found), write, "app.py")[1] == first


def test_a_folder_tells_the_handlers_that_reach_something_and_a_file_all() -> None:
    found = prepared({"api/app.py": ROUTE})
    handlers, write = handlers_of(found), HandlerLines(found.resolver, found.sites)
    everywhere, file = lines_below(handlers, write, ""), lines_below(handlers, write, "api/app.py")
    assert everywhere[0] == "1 of 2 handlers reach a model call, a prediction, an artefact or a client"
    assert everywhere == lines_below(handlers, write, "api")
    assert file == (
        everywhere[0],
        *everywhere[1:],
        "GET / (fastapi) is handled by `live` (api/app.py:9)",
        "  reaches no model call, no prediction, and loads and builds nothing",
    )
    assert lines_below(handlers, write, "ap") == (
        "0 of 0 handlers reach a model call, a prediction, an artefact or a client",
    )


def test_a_long_list_is_cut_and_the_rest_counted() -> None:
    helpers = "".join(f"def f{number}(): joblib.load('m')\n" for number in range(40))
    calls = "".join(f"    f{number}()\n" for number in range(40))
    found = prepared(APP + "import joblib\n" + helpers + "@app.get('/')\ndef handle():\n" + calls)
    (handler,) = handlers_of(found).all()
    assert list(HandlerLines(found.resolver, found.sites).of(handler))[-1] == "  and 15 more"


def test_alike_calls_of_one_function_are_told_together() -> None:
    found = prepared(APP + "import torch\n@app.get('/')\ndef handle():\n" + "    torch.load('m')\n" * 3)
    (handler,) = handlers_of(found).all()
    assert list(HandlerLines(found.resolver, found.sites).of(handler))[1:] == [
        "  loads an artefact, on each request: `torch.load` of `m` (app.py:6) and 2 more there"
    ]


def test_what_only_carries_callbacks_is_no_client() -> None:
    source = (
        "from llama_index.core.callbacks import CallbackManager\n@app.get('/')\ndef handle(): CallbackManager([])\n"
    )
    assert reached(APP + source) == []


def test_a_way_around_a_closed_branch_is_taken_through_another_caller() -> None:
    source = (
        APP + "import torch\ndef read(kind):\n if kind == 'big': torch.load('m')\n"
        "def small(): read('small')\ndef medium(): read('medium')\ndef big(): read('big')\ndef wrap(): big()\n"
        "@app.get('/a')\ndef a():\n small()\n medium()\n wrap()\n"
        "@app.get('/b')\ndef b():\n small()\n medium()\n"
    )
    assert reached(source) == [("a", "model-load", "")]
