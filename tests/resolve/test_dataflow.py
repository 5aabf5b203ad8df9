"""What a value is made of: nothing that flows in is missed when an absence is claimed, and keys are no features."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resolve.prepared import Prepared, prepared

HANDLER = "import pandas as pd\nSTORED = pd.read_csv('t.csv')\nclass Row: ...\ndef handler(request):\n"


def takes_request(found: Prepared) -> bool:
    piece = found.slice(handlers=("handler",))
    return bool(piece.parameters or piece.requests)


FLOWS = {
    "attribute": "    probe(request.income)",
    "field with a default": "    probe([[request.income]])",
    "item of a frame": "    f = STORED.head(1)\n    f['income'] = request.income\n    probe(f)",
    "loc of a frame": "    f = STORED.head(1)\n    f.loc[:, 'income'] = request.income\n    probe(f)",
    "at of a frame": "    f = STORED.head(1)\n    f.at[0, 'income'] = request.income\n    probe(f)",
    "assign": "    probe(STORED.assign(income=request.income))",
    "dict": "    probe(pd.DataFrame([{'income': request.income}]))",
    "dict built by keys": "    d = {}\n    d['income'] = request.income\n    probe(pd.DataFrame([d]))",
    "dict key": "    probe(pd.DataFrame([{request.city: 1}]))",
    "update": "    d = {'a': 1}\n    d.update(income=request.income)\n    probe(d)",
    "append": "    x = []\n    x.append(request.income)\n    probe(x)",
    "append in a loop": "    x = []\n    for one in request.rows:\n        x.append(one)\n    probe(x)",
    "splat of a model": "    probe(pd.DataFrame([request.model_dump()]))",
    "splat into a function": "    probe(build(**request.dict()))\ndef build(income=0): return [income]",
    "splat into a class": "    probe(Row(**request.dict()))",
    "star": "    probe(build(*request.rows))\ndef build(a, b): return [b]",
    "further keywords": "    probe(build(income=request.income))\ndef build(**kw): return pd.DataFrame([kw])",
    "concat": "    probe(pd.concat([STORED, pd.DataFrame([request.row])]))",
    "merge with a feature": "    probe(STORED.merge(pd.DataFrame([{'id': request.id, 'x': request.x}]), on='id'))",
    "branch": "    x = 0\n    if request.smokes:\n        x = 1\n    probe([x])",
    "conditional": "    probe([1 if request.smokes else 0])",
    "comparison": "    probe([request.age > 60])",
    "code table": "    probe([{'m': 0, 'f': 1}[request.sex]])",
    "code table by get": "    probe([{'m': 0, 'f': 1}.get(request.sex)])",
    "branch of a function": (
        "    probe([code(request.sex)])\ndef code(sex):\n    if sex == 'm':\n        return 1\n    return 0"
    ),
    "closure": "    probe(STORED.apply(lambda r: r.x * request.amount, axis=1))",
    "inner function": "    def f(r):\n        return r.x * request.amount\n    probe(STORED.apply(f, axis=1))",
    "comprehension": "    probe([one * 2 for one in request.rows])",
    "change by a function": (
        "    f = STORED.head(1)\n    enrich(f, request)\n    probe(f)\ndef enrich(f, r):\n    f['x'] = r.x"
    ),
    "attribute of an object": "    row = Row()\n    row.income = request.income\n    probe([[row.income]])",
    "state of an object": (
        "    b = Builder()\n    b.put(request.income)\n    probe(b.done())\nclass Builder:\n"
        "    def __init__(self): self.rows = []\n"
        "    def put(self, x): self.rows.append(x)\n    def done(self): return self.rows"
    ),
    "global": "    global LAST\n    LAST = request.income\n    probe([LAST])",
    "global written elsewhere": "    probe([LAST['x']])\nLAST = {}\ndef handler2(request):\n    LAST['x'] = request.x",
    "tuple": "    a, b = 1, request.income\n    probe(b)",
    "returned pair": "    a, b = pair(request)\n    probe(b)\ndef pair(r): return 1, r.income",
    "through a model": "    probe(json.loads(request.body))\nimport json",
    "callable object": "    probe(Scale()(request.x))\nclass Scale:\n    def __call__(self, x): return x * 2",
    "walrus": "    if (x := request.x):\n        probe([x])",
    "augmented": "    x = 1\n    x += request.x\n    probe([x])",
    "f-string": "    probe(f'{request.x}')",
}


@pytest.mark.parametrize("body", FLOWS.values(), ids=FLOWS)
def test_what_the_request_brings_is_never_missed(body: str) -> None:
    handlers = ("handler", "handler2") if "handler2" in body else ("handler",)
    assert prepared(HANDLER + body).slice(handlers=handlers).parameters


KEYS = {
    "mask": "    probe(STORED[STORED['id'] == request.id])",
    "attribute mask": "    probe(STORED[STORED.id == request.id].drop(columns=['id']))",
    "loc": "    probe(STORED.loc[[request.id]])",
    "loc with a mask and columns": "    probe(STORED.loc[STORED.id == request.id, ['a', 'b']])",
    "query": "    probe(STORED.query(f'id == {request.id}'))",
    "isin": "    probe(STORED[STORED['id'].isin([request.id])])",
    "merge on the key": "    probe(STORED.merge(pd.DataFrame({'id': [request.id]}), on='id'))",
    "left merge on the key": "    probe(pd.DataFrame([{'id': request.id}]).merge(STORED, on='id')[['a']])",
    "dict of stored rows": "    rows = STORED.set_index('id').to_dict('index')\n    probe(rows[request.id])",
    "get on stored rows": "    rows = STORED.set_index('id').to_dict('index')\n    probe(rows.get(request.id))",
    "guard": (
        "    if request.id not in STORED.index:\n        raise KeyError\n"
        "    row = STORED.loc[[request.id]]\n    probe(row)"
    ),
    "in a function": "    probe(find(request.id))\ndef find(key):\n    return STORED.loc[[key]]",
}


@pytest.mark.parametrize("body", KEYS.values(), ids=KEYS)
def test_choosing_stored_rows_by_a_key_is_no_feature(body: str) -> None:
    piece = prepared(HANDLER + body).slice(handlers=("handler",))
    assert [use.meaning.kind for use in piece.uses if use.meaning.kind == "dataset-read"] == ["dataset-read"]
    assert (piece.parameters, piece.requests, piece.unknown, piece.unseen) == ({}, {}, {}, {})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    probe(fetch(request.id))\nfrom elsewhere import fetch", "unseen"),
        ("    probe(cache.get('x'))\nimport redis\ncache = redis.Redis()", "unseen"),
        ("    probe(unknown_name())", "unknown"),
        ("    probe(run(1))\ndef run(f): return f()", "unknown"),
        ("    probe(helper())\ndef helper(x): return x", "unknown"),
    ],
)
def test_what_cannot_be_seen_is_said(body: str, said: str) -> None:
    piece = prepared(HANDLER + body).slice(handlers=("handler",))
    assert piece.unknown if said == "unknown" else piece.unseen


@pytest.mark.parametrize(
    "source", ["request.json['x']", "request.args.get('x')", "request.form['x']", "request.get_json()"]
)
def test_request_data_counts_as_attribute_and_as_call(source: str) -> None:
    found = prepared(f"from flask import request\ndef f():\n    probe([{source}])")
    piece = found.slice()
    assert piece.requests or any(use.meaning.kind == "request-data" for use in piece.uses)


def test_a_dependency_is_followed_into_its_provider() -> None:
    source = (
        "import pandas as pd\nfrom fastapi import Depends\ndef table(): return pd.read_csv('t.csv')\n"
        "def handler(key: int, frame=Depends(table)):\n    probe(frame.loc[[key]])"
    )
    piece = prepared(source).slice(handlers=("handler",))
    assert not piece.parameters
    assert any(use.meaning.kind == "dataset-read" for use in piece.uses)


def test_what_an_application_keeps_is_no_request() -> None:
    source = (
        "import pandas as pd\nfrom fastapi import FastAPI, Request\napp = FastAPI()\n"
        "def start():\n    app.state.frame = pd.read_csv('t.csv')\n"
        "def handler(request: Request):\n    probe(request.app.state.frame)"
    )
    piece = prepared(source).slice(handlers=("handler",))
    assert not piece.parameters
    assert any(use.meaning.kind == "dataset-read" for use in piece.uses)


def test_a_name_is_followed_through_modules_and_star_imports() -> None:
    files = {
        "app.py": "from middle import FRAME\nprobe(FRAME)",
        "middle.py": "from data import *",
        "data.py": "import pandas as pd\nFRAME = None\ndef load():\n    global FRAME\n    FRAME = pd.read_csv('t.csv')",
    }
    assert any(use.meaning.kind == "dataset-read" for use in prepared(files).slice().uses)


def test_modules_that_import_one_another_end() -> None:
    files = {
        "app.py": "from b import X\nprobe(X)",
        "b.py": "from c import X",
        "c.py": "from b import X\nfrom b import *",
    }
    assert prepared(files).slice().visited > 0


def test_a_call_in_a_test_passes_nothing_in_use() -> None:
    files = {
        "app.py": "def f(x):\n    probe(x)\nimport pandas as pd\nf(pd.read_csv('t.csv'))",
        "tests/test_app.py": "from app import f\nf(unknown())",
    }
    piece = prepared(files).slice()
    assert (len(piece.uses), piece.unknown, piece.unseen) == (1, {}, {})


def test_each_hop_is_said_once() -> None:
    source = (
        "import pandas as pd\ndef a(): return b()\ndef b(): return pd.read_csv('t.csv')\n"
        "def f(x):\n    probe(x)\nf(a())"
    )
    ((_, hops),) = prepared(source).slice().uses.items()
    assert len(hops) == len(set(hops)) == 3


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["x = wrap(x)", "x = [x]", "x = {'a': x}", "x = x['a']", "x, y = x, 1", "x = (lambda z: z)(x)", "x += 1"]
        ),
        max_size=6,
    )
)
def test_no_chain_of_steps_loses_the_request(steps: list[str]) -> None:
    body = "\n    ".join(["x = request.income", *steps, "probe(x)"])
    assert takes_request(prepared(f"def wrap(v): return [v, 1]\ndef handler(request):\n    {body}"))
