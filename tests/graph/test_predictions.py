"""Predictions on request: what each takes from the request and from storage, its keys, and when it runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.model.declared import Declarations
from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree
from tests.graph.analysed import analysed, nodes

RULE = "stale-tolerant-realtime-endpoint"
FIXTURES = Path(__file__).parents[2] / "fixtures"
APP = (
    "import joblib\nimport pandas as pd\nfrom fastapi import FastAPI\n"
    "app = FastAPI()\nMODEL = joblib.load('m.joblib')\n"
    "T = pd.read_csv('t.csv', index_col='id')\nU = pd.read_csv('u.csv', index_col='id')\n"
)
FILES = {"t.csv": "id,x\n1,2\n", "u.csv": "id,y\n1,2\n"}


def prediction(source: str, **files: str) -> Node:
    (node,) = nodes(analysed({"app.py": source, **FILES, **files}), "Prediction")
    return node


@pytest.mark.parametrize(
    ("body", "inputs"),
    [
        ("@app.get('/x/{k}')\ndef x(k: int): return MODEL.predict(T.loc[[k]])", "stored"),
        ("@app.get('/x')\ndef x(): return MODEL.predict(T)", "stored"),
        ("@app.post('/x')\ndef x(body: dict): return MODEL.predict(pd.DataFrame([body]))", "request"),
        ("@app.post('/x')\ndef x(k: int, a: float): return MODEL.predict(T.loc[[k]].assign(a=a))", "mixed"),
        ("@app.get('/x')\ndef x(): return MODEL.predict([[1.0, 2.0]])", "none"),
        (
            "from datetime import datetime\n@app.get('/x/{k}')\n"
            "def x(k: int): return MODEL.predict(T.loc[[k]].assign(h=datetime.now().hour))",
            "mixed",
        ),
        (
            "import random\n@app.get('/x/{k}')\ndef x(k: int):\n    if random.random() < 0.1:\n        return 0\n"
            "    return MODEL.predict(T.loc[[k]])",
            "mixed",
        ),
        (
            "@app.get('/x/{k}')\ndef x(k: int): return MODEL.predict(fetch(k))\nfrom features import fetch",
            "mixed or unknown",
        ),
        (
            (
                "import redis\nR = redis.Redis()\n@app.get('/x/{k}')\n"
                "def x(k: int): return MODEL.predict([[*T.loc[k], R.get('n')]])"
            ),
            None,
        ),
        ("@app.get('/x')\ndef x(): return MODEL.predict(pd.read_csv(open('t.csv')))", "stored"),
        (
            (
                "@app.get('/x/{k}')\n"
                "def x(k: str): return MODEL.predict(pd.read_csv(path_of(k)))\n"
                "def path_of(k): return k"
            ),
            "request",
        ),
    ],
)
def test_inputs_come_from_storage_the_request_or_both(body: str, inputs: str | None) -> None:
    found = prediction(APP + body).properties["inputs"]
    if inputs == "mixed or unknown":
        assert found in ("mixed", "request") or isinstance(found, Unknown)
    else:
        assert isinstance(found, Unknown) if inputs is None else found == inputs


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("@app.get('/x/{k}')\ndef x(k: int): return MODEL.predict(T.loc[[k]])", "enumerable"),
        ("@app.get('/x/{k}')\ndef x(k: int): return MODEL.predict([[*T.loc[k], *U.loc[k]]])", "enumerable"),
        ("@app.get('/x/{k}/{j}')\ndef x(k: int, j: int): return MODEL.predict([[*T.loc[k], *U.loc[j]]])", "open"),
    ],
)
def test_keys_of_one_table_can_be_listed_and_pairs_of_two_cannot(body: str, keys: str) -> None:
    assert prediction(APP + body).properties["key_space"] == keys


@pytest.mark.parametrize(
    ("body", "scope"),
    [
        ("@app.get('/x/{k}')\ndef x(k: int): return one(k)\ndef one(k): return MODEL.predict(T.loc[[k]])", "request"),
        (
            "from functools import lru_cache\n@app.get('/x/{k}')\ndef x(k: int): return one(k)\n@lru_cache\n"
            "def one(k): return MODEL.predict(T.loc[[k]])",
            "cached",
        ),
        ("@app.post('/x')\ndef x():\n    T['p'] = MODEL.predict(T)\n    T.to_parquet('s3://b/p.parquet')", "batch"),
        (
            "from fastapi import BackgroundTasks\n@app.post('/x')\n"
            "def x(tasks: BackgroundTasks): tasks.add_task(score)\n"
            "def score(): print(MODEL.predict(T))",
            "batch",
        ),
        (
            "from celery import shared_task\n@app.post('/x')\ndef x(): score.delay()\n@shared_task\n"
            "def score(): print(MODEL.predict(T))",
            "batch",
        ),
        (
            "from fastapi.concurrency import run_in_threadpool\n@app.get('/x')\n"
            "async def x(): return await run_in_threadpool(score)\n"
            "def score(): return MODEL.predict(T)",
            "request",
        ),
    ],
)
def test_a_prediction_is_made_on_request_or_kept_or_a_batch(body: str, scope: str) -> None:
    assert prediction(APP + body).properties["scope"] == scope


def test_a_file_that_a_handler_writes_is_no_part_of_the_deployment() -> None:
    body = (
        "@app.get('/x/{k}')\ndef x(k: int): return MODEL.predict(T.loc[[k]])\n"
        "@app.post('/t')\ndef t(row: dict):\n    with open('t.csv', 'a') as f:\n        f.write(str(row))"
    )
    assert isinstance(prediction(APP + body).properties["refresh_seconds"], Unknown)


def test_what_only_a_job_or_a_test_predicts_is_no_prediction_on_request() -> None:
    job = "import joblib\nimport pandas as pd\njoblib.load('m.joblib').predict(pd.read_csv('t.csv'))"
    assert nodes(analysed({"job.py": job, "tests/test_job.py": APP, **FILES}), "Prediction") == []


def test_a_declared_freshness_is_found_by_route_method_and_model() -> None:
    source = APP + "@app.get('/x/{k}')\ndef x(k: int): return MODEL.predict(T.loc[[k]])"
    for name in ("/x/{k}", "GET /x/{k}", "m.joblib"):
        found = nodes(analysed({"app.py": source, **FILES}, declare=Declarations(freshness={name: 5})), "Prediction")
        assert [one.properties.get("declared_freshness") for one in found] == [5]


def test_a_credit_endpoint_with_stale_features_and_request_fields_is_silent() -> None:
    """The shape of the public feast tutorials: stored features of any age beside fields of the application."""
    files = {
        "repo/views.py": "from datetime import timedelta\nfrom feast import Entity, FeatureView, RedshiftSource\n"
        "zipcode = Entity(name='zipcode')\nf = FeatureView(name='zip', entities=[zipcode], ttl=timedelta(days=3650), "
        "source=RedshiftSource(table='zip'))\n",
        "model.py": "import joblib\nimport pandas as pd\nfrom feast import FeatureStore\n"
        "class Model:\n    def __init__(self):\n        self.fs = FeatureStore('repo')\n"
        "        self.clf = joblib.load('m.bin')\n"
        "    def predict(self, request):\n        feature_vector = self.online(request)\n"
        "        features = request.copy()\n"
        "        features.update(feature_vector)\n        frame = pd.DataFrame.from_dict(features)\n"
        "        return self.clf.predict(frame)[0]\n"
        "    def online(self, request):\n        rows = [{'zipcode': request['zipcode'][0]}]\n"
        "        return self.fs.get_online_features(entity_rows=rows, features=['zip:city']).to_dict()\n",
        "app.py": "from fastapi import FastAPI\nfrom model import Model\napp = FastAPI()\nmodel = Model()\n"
        "@app.post('/loan')\ndef loan(application: dict): return model.predict(application)\n",
    }
    analysis = analysed(files)
    (found,) = nodes(analysis, "Prediction")
    assert found.properties["inputs"] == "mixed"
    assert [one for one in analysis.run.findings if one.rule == RULE] == []


def test_an_endpoint_that_reads_what_an_hourly_batch_wrote_has_nothing_to_report() -> None:
    """The good architecture: predictions are written by a scheduled job, and the interface only reads them."""
    files = {
        "api.py": "import pandas as pd\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "@app.get('/p/{area}')\ndef p(area: str):\n"
        "    f = pd.read_parquet('gs://b/p.parquet')\n"
        "    return f[f.area == area].to_dict()",
        "batch.py": "import joblib\nimport pandas as pd\nf = pd.read_parquet('gs://b/x.parquet')\n"
        "f['p'] = joblib.load('m').predict(f)\n"
        "f.to_parquet('gs://b/p.parquet')",
        ".github/workflows/b.yml": (
            "on:\n  schedule:\n    - cron: '0 * * * *'\njobs:\n  b:\n    steps:\n      - run: python batch.py\n"
        ),
    }
    analysis = analysed(files)
    assert nodes(analysis, "Prediction") == []
    assert [one for one in analysis.run.findings if one.rule == RULE] == []


@pytest.mark.parametrize("scenario", ["churn-daily-api", "credit-online-features"])
@pytest.mark.parametrize("twin", ["risky", "sound"])
def test_a_scenario_gives_what_it_expects(scenario: str, twin: str) -> None:
    root = FIXTURES / scenario / twin
    files = {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}
    expected = yaml.safe_load((FIXTURES / scenario / "expected.yaml").read_text())[twin]["findings"]
    found = analyse(MemoryTree(files), Settings(), as_of="2026-01-01").run.findings
    ours = [one for one in found if one.rule == RULE]
    assert [(one.severity.word, one.confidence.word, one.location.path, one.location.line, True) for one in ours] == [
        (one["severity"], one["confidence"], one["path"], one["line"], one["claim_contains"] in ours[index].claim)
        for index, one in enumerate(one for one in expected if one["rule"] == RULE)
    ]


def test_the_trace_says_each_step_once() -> None:
    root = FIXTURES / "churn-daily-api" / "risky"
    files = {path.relative_to(root).as_posix(): path.read_text() for path in sorted(root.rglob("*")) if path.is_file()}
    (found,) = [
        one for one in analyse(MemoryTree(files), Settings(), as_of="2026-01-01").run.findings if one.rule == RULE
    ]
    steps = [(step.location.path, step.text) for step in found.trace]
    assert len(steps) == len(set(steps))
    assert steps[-1] == ("dags/materialize.py", steps[-1][1])
