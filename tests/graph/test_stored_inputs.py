"""Tables that a service keeps and looks up by key: what loads them, where they are kept, and who refreshes them."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

RULE = "stale-tolerant-realtime-endpoint"
HEAD = (
    "import json\nimport pickle\nimport joblib\nimport pandas as pd\nfrom fastapi import FastAPI\n"
    "from contextlib import asynccontextmanager\napp = FastAPI()\nMODEL = joblib.load('m.joblib')\n"
)
FILES = {"t.csv": "id,x\n1,2\n", "t.pkl": "x", "rows.json": '{"a": [1]}'}


def inputs(source: str, **files: str) -> str:
    """What the only prediction is said to take, a reason in place of an unknown."""
    (node,) = nodes(analysed({"app.py": HEAD + source, **FILES, **files}), "Prediction")
    found = node.properties["inputs"]
    return "unknown" if isinstance(found, Unknown) else str(found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "state = {}\n@asynccontextmanager\nasync def lifespan(app):\n"
            "    state['t'] = pd.read_csv('t.csv')\n    yield\n"
            "@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(state['t'].loc[[k]])",
            "stored",
        ),
        (
            "state = {'t': None}\n@app.on_event('startup')\ndef load():\n"
            "    state['t'] = pd.read_csv('t.csv')\n    state['lock'] = object()\n"
            "@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(state['t'].loc[[k]])",
            "stored",
        ),
        (
            "state = {}\n@app.on_event('startup')\ndef load():\n    state['t'] = pd.read_csv('t.csv')\n"
            "@app.get('/x/{k}')\ndef x(k: str, a: float):\n    state['a'] = a\n"
            "    return MODEL.predict(state['t'].loc[[k]])",
            "stored",
        ),
        (
            "state = {}\n@app.on_event('startup')\ndef load():\n    state['t'] = pd.read_csv('t.csv')\n"
            "@app.get('/x/{k}')\ndef x(k: str, a: float):\n    state['t'] = state['t'].assign(a=a)\n"
            "    return MODEL.predict(state['t'].loc[[k]])",
            "mixed",
        ),
        (
            "state = {}\n@app.get('/x/{k}')\ndef x(k: str, name: str, a: float):\n    state[name] = a\n"
            "    return MODEL.predict([[state['t']]])",
            "request",
        ),
    ],
)
def test_a_table_kept_in_a_dict_of_a_module_is_stored(body: str, expected: str) -> None:
    assert inputs(body) == expected


def test_a_table_that_another_module_puts_into_a_shared_dict_is_stored() -> None:
    reader = "from state import STATE\n@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(STATE['t'].loc[[k]])"
    writer = "import pandas as pd\nfrom state import STATE\ndef load():\n    STATE['t'] = pd.read_csv('t.csv')\n"
    assert inputs(reader, **{"state.py": "STATE = {}\n", "start.py": writer}) == "stored"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "with open('t.pkl', 'rb') as f:\n    T = pickle.load(f)\n"
            "@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(T.loc[[k]])",
            "stored",
        ),
        ("T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(T.loc[[k]])", "stored"),
        ("T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(T[T.id == k])", "stored"),
        ("T = joblib.load('t.pkl')\n@app.get('/x')\ndef x(): return MODEL.predict(T)", "stored"),
        ("T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict([T[k]])", "stored"),
        ("T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict([T.get(k)])", "stored"),
        (
            "T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str):\n"
            "    row = T.get(k)\n    return MODEL.predict([row])",
            "stored",
        ),
        ("T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict([[T[k], 1]])", "unknown"),
        (
            "T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str, j: str): return MODEL.predict([T[k] + T[j]])",
            "unknown",
        ),
        (
            "T = joblib.load('t.pkl')\n@app.get('/x/{k}')\ndef x(k: str, a: float): return MODEL.predict([[T[k], a]])",
            "request",
        ),
        (
            "ROWS = json.load(open('rows.json'))\n@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict([ROWS[k]])",
            "stored",
        ),
        (
            "CODES = json.load(open('codes.json'))\n"
            "@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict([[CODES[k]]])",
            "unknown",
        ),
        (
            "T = joblib.load('t.pkl')\n"
            "@app.get('/x/{k}')\ndef x(k: str, a: float): return MODEL.predict(T.loc[[k]].assign(a=a))",
            "mixed",
        ),
        (
            "ENCODER = joblib.load('t.pkl')\n"
            "@app.get('/x/{k}')\ndef x(k: str): return MODEL.predict(ENCODER.transform([[k]]))",
            "request",
        ),
    ],
)
def test_what_a_file_holds_as_an_object_is_data_where_it_is_looked_up(body: str, expected: str) -> None:
    assert inputs(body, **{"codes.json": '{"a": 1}'}) == expected


COUNTED = "T = pd.read_csv('t.csv', index_col='id')\n@app.get('/x/{k}')\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("def x(k: str, q: str):\n    row = T.loc[[k]].copy()\n    row['n'] = len(q)\n"
         "    return MODEL.predict(row)", "mixed"),
        ("def x(k: str, q: str): return MODEL.predict(T.loc[[k]].assign(n=hash(q)))", "mixed"),
        ("def x(k: str, q: str): return MODEL.predict(T.loc[[k]].assign(n=bool(len(q.split()))))", "mixed"),
        ("def x(k: str, q: str): return MODEL.predict(T.loc[[k]].assign(n=size(q)))\n"
         "def size(text): return len(text)", "mixed"),
        ("def x(k: str): return MODEL.predict(T.loc[[k]].assign(n=len(T.loc[k])))", "stored"),
        ("def x(k: str):\n    print(k)\n    return MODEL.predict(T.loc[[k]].values.reshape(len(T), -1))", "stored"),
    ],
)  # fmt: skip
def test_what_is_counted_of_a_field_of_the_request_is_known_only_with_it(body: str, expected: str) -> None:
    assert inputs(COUNTED + body) == expected


FLASK = (
    "import joblib\nimport pandas as pd\nfrom flask import Flask, g, request\napp = Flask(__name__)\n"
    "MODEL = joblib.load('m.joblib')\nT = pd.read_csv('t.csv', index_col='id')\n"
    "@app.before_request\ndef before():\n    g.lang = {}\n"
    "@app.get('/x/<k>')\ndef x(k): return str(MODEL.predict(T.loc[[k]].assign(lang=g.lang)))\n"
)


@pytest.mark.parametrize(
    ("put", "expected"),
    [("request.headers['X-Lang']", "mixed"), ("len(request.headers.get('X-Lang', ''))", "mixed"), ("1", "stored")],
)
def test_what_is_put_into_the_globals_of_a_request_is_what_it_was_made_of(put: str, expected: str) -> None:
    (node,) = nodes(analysed({"app.py": FLASK.format(put), **FILES}), "Prediction")
    assert node.properties["inputs"] == expected


NET = (
    "import torch\nfrom torch import nn\nT = pd.read_csv('t.csv', index_col='id')\n"
    "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(1, 1)\n"
    "    def forward(self, x): return self.fc(x)\n"
)
ROUTE = "@app.get('/x/{k}')\ndef x(k: str):\n    return NET(torch.tensor(T.loc[[k]].values)).item()\n"


@pytest.mark.parametrize(
    ("made", "found"),
    [
        ("NET = Net()\nNET.load_state_dict(torch.load('net.pt'))\n", ["stored"]),
        ("NET = nn.Sequential(nn.Linear(1, 1))\nNET.load_state_dict(torch.load('net.pt'))\n", ["stored"]),
        ("def loaded(path):\n    net = Net()\n    net.load_state_dict(torch.load(path))\n    return net\n"
         "NET = loaded('net.pt')\n", ["stored"]),
        ("NET = Net()\n", []),
        ("OTHER = Net()\nNET = Net()\nNET.load_state_dict(OTHER.state_dict())\n", []),
    ],
)  # fmt: skip
def test_a_call_of_a_network_with_loaded_weights_is_a_prediction(made: str, found: list[str]) -> None:
    predictions = nodes(analysed({"app.py": HEAD + NET + made + ROUTE, **FILES}), "Prediction")
    assert [node.properties["inputs"] for node in predictions] == found
    assert all(node.properties["model"] == "net.pt" for node in predictions)


CACHE = "import redis\nC = redis.Redis()\nD = redis.Redis()\nT = pd.read_csv('t.csv', index_col='id')\n"


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        ("    hit = C.get(k)\n    if hit:\n        return float(hit)\n"
         "    y = float(MODEL.predict(T.loc[[k]])[0])\n    C.setex(k, 60, y)\n    return y\n", "cached"),
        ("    hit = C.get(k)\n    if hit is not None:\n        return json.loads(hit)\n"
         "    out = {'y': score(k)}\n    C.set(k, json.dumps(out))\n    return out\n"
         "def score(k): return float(MODEL.predict(T.loc[[k]])[0])\n", "cached"),
        ("    y = float(MODEL.predict(T.loc[[k]])[0])\n    C.set(k, y)\n    return y\n", "request"),
        ("    y = float(MODEL.predict(T.loc[[k]])[0])\n    C.set('asked', k)\n    return y or C.get(k)\n", "request"),
        ("    if D.get(k):\n        return D.get(k)\n"
         "    y = float(MODEL.predict(T.loc[[k]])[0])\n    C.set(k, y)\n    return y\n", "request"),
    ],
)  # fmt: skip
def test_an_answer_that_is_looked_up_first_and_stored_after_is_kept(body: str, scope: str) -> None:
    source = HEAD + CACHE + "@app.get('/x/{k}')\ndef x(k: str):\n" + body
    (node,) = nodes(analysed({"app.py": source, **FILES}), "Prediction")
    assert node.properties["scope"] == scope


HELPERS = (
    "import functools\nfrom flask_caching import Cache\nF = Cache()\n"
    "def score(k): return float(MODEL.predict(T.loc[[k]])[0])\n"
    "def kept(key, make, *args):\n    hit = C.get(key)\n    if hit is not None:\n        return json.loads(hit)\n"
    "    out = make(*args)\n    C.setex(key, 60, json.dumps(out))\n    return out\n"
    "def cached(f):\n    @functools.wraps(f)\n    def inner(*args):\n        hit = C.get(str(args))\n"
    "        if hit is not None:\n            return json.loads(hit)\n"
    "        out = f(*args)\n        C.set(str(args), json.dumps(out))\n        return out\n    return inner\n"
    "class Store:\n    def __init__(self, client): self.client = client\n    def get_or(self, key, make):\n"
    "        hit = self.client.get(key)\n        if hit is not None:\n            return json.loads(hit)\n"
    "        out = make()\n        self.client.set(key, json.dumps(out))\n        return out\nSTORE = Store(C)\n"
)


@pytest.mark.parametrize(
    ("handler", "scope"),
    [
        ("def x(k: str): return kept(k, score, k)", "cached"),
        ("def x(k: str): return STORE.get_or(k, lambda: float(MODEL.predict(T.loc[[k]])[0]))", "cached"),
        ("def x(k: str): return once(k)\n@cached\ndef once(k): return float(MODEL.predict(T.loc[[k]])[0])", "cached"),
        ("def x(k: str):\n    hit = F.get(k)\n    if hit is None:\n        hit = score(k)\n        F.set(k, hit)\n"
         "    return hit", "cached"),
        ("def x(k: str): return score(k)\ndef other(k): return kept(k, score, k)", "request"),
        ("def x(k: str): return score(k) + kept(k, len, k)", "request"),
    ],
)  # fmt: skip
def test_a_helper_or_a_decorator_that_asks_a_cache_first_keeps_the_answer(handler: str, scope: str) -> None:
    source = HEAD + CACHE + HELPERS + "@app.get('/x/{k}')\n" + handler
    found = nodes(analysed({"app.py": source, **FILES}), "Prediction")
    assert scope in [node.properties["scope"] for node in found]


def test_a_dependency_that_takes_another_is_followed_into_both() -> None:
    source = (
        "from typing import Annotated\nfrom fastapi import Depends\n"
        "class Service:\n    def __init__(self, table): self.table = table\n"
        "def table(): return pd.read_csv('t.csv', index_col='id')\n"
        "def service(kept: Annotated[object, Depends(table)], other=Depends(table)): return Service(kept)\n"
        "@app.get('/x/{k}')\ndef x(k: str, s=Depends(service)): return MODEL.predict(s.table.loc[[k]])"
    )
    assert inputs(source) == "stored"


def test_a_dependency_that_takes_a_field_of_the_request_is_not_stored() -> None:
    source = (
        "from fastapi import Depends\nT = pd.read_csv('t.csv', index_col='id')\n"
        "def amount(a: float): return a\n"
        "def doubled(a=Depends(amount)): return 2 * a\n"
        "@app.get('/x/{k}')\ndef x(k: str, a=Depends(doubled)): return MODEL.predict(T.loc[[k]].assign(a=a))"
    )
    assert inputs(source) in ("mixed", "request", "unknown")


DJANGO = (
    "import joblib\nimport pandas as pd\nfrom django.conf import settings\nfrom rest_framework.views import APIView\n"
    "T = pd.read_csv(settings.TABLE, index_col='id')\nMODEL = joblib.load('m.joblib')\n"
    "class Risk(APIView):\n    def get(self, request, k):\n        return MODEL.predict(T.loc[[k]])\n"
)
URLS = "from django.urls import path\nfrom .views import Risk\nurlpatterns = [path('risk/<str:k>/', Risk.as_view())]\n"
MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', {!r})\n"


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"manage.py": MANAGE.format("shop.settings")}, "stored"),
        ({"shop/wsgi.py": MANAGE.format("shop.settings"), "manage.py": MANAGE.format("shop.settings")}, "stored"),
        ({"docker-compose.yml": "services:\n  web:\n    build: .\n    command: python manage.py runserver\n"
          "    environment: {DJANGO_SETTINGS_MODULE: shop.settings}\n", "manage.py": ""}, "stored"),
        ({"manage.py": MANAGE.format("shop.elsewhere")}, "unknown"),
        ({"manage.py": ""}, "unknown"),
    ],
)  # fmt: skip
def test_the_settings_of_django_are_the_module_that_is_named(files: dict[str, str], found: str) -> None:
    project = {"shop/views.py": DJANGO, "shop/urls.py": URLS, "shop/settings.py": "TABLE = 't.csv'\n", **FILES}
    (node,) = nodes(analysed({**project, **files}), "Prediction")
    inputs = node.properties["inputs"]
    assert ("unknown" if isinstance(inputs, Unknown) else inputs) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * FROM read_csv('t.csv') WHERE id = ?", "stored"),
        ("SELECT * FROM 't.csv' WHERE id = ?", "stored"),
        ("SELECT * FROM read_csv('t.csv') t JOIN 'rows.json' r ON t.id = r.id", "unknown"),
        ("SELECT * FROM orders WHERE id = ?", "unknown"),
    ],
)
def test_a_file_that_a_query_names_is_read(query: str, found: str) -> None:
    source = (
        "import duckdb\nCON = duckdb.connect()\n"
        f"@app.get('/x/{{k}}')\ndef x(k: str): return MODEL.predict(CON.execute({query!r}, [k]).df())"
    )
    assert inputs(source) == found
