"""Datasets that one part of a repository writes and another reads: joined by identity, within and across roots."""

from __future__ import annotations

from mltradeoff_lint.analysis import Analysis
from tests.graph.analysed import analysed

WRITER = """
from pathlib import Path
import os
import pandas as pd
from dotenv import load_dotenv
from google.cloud import storage

def settings(root):
    load_dotenv(dotenv_path=root / ".env.default")
    return dict(os.environ)

SETTINGS = settings(Path(os.getenv("JOB_ROOT", ".")))

def bucket(name=SETTINGS["BUCKET"]):
    return storage.Client().bucket(name)

def put(bucket, blob_name, frame: pd.DataFrame):
    with bucket.blob(blob_name=blob_name).open("wb") as handle:
        frame.to_parquet(handle)

def save(inputs, scores):
    target = bucket()
    for frame, name in zip([inputs, scores], ["inputs.parquet", "scores.parquet"]):
        put(bucket=target, blob_name=name, frame=frame)
"""

READER = """
import gcsfs
import pandas as pd
from fastapi import FastAPI
from pydantic import BaseSettings

class Settings(BaseSettings):
    BUCKET: str = None
    class Config:
        env_file = ".env"
        env_prefix = "API_"

settings = Settings()
files = gcsfs.GCSFileSystem()
app = FastAPI()

@app.get("/scores")
def scores():
    return pd.read_parquet(f"{settings.BUCKET}/scores.parquet", filesystem=files).to_dict()
"""


def repository(**files: str) -> dict[str, str]:
    """A job and a service with project roots of their own."""
    return {
        "job/pyproject.toml": "[project]\nname = 'job'\n",
        "job/job/__init__.py": "",
        "job/job/main.py": WRITER,
        "api/pyproject.toml": "[project]\nname = 'api'\n",
        "api/main.py": READER,
        **files,
    }


def edges(analysis: Analysis, *kinds: str) -> list[str]:
    """Edges of some kinds in words, sorted."""
    graph = analysis.graph
    return sorted(
        f"{edge.source.key} {edge.kind} {edge.target.key}"
        for node in graph.nodes()
        for edge in graph.out(node.id, kinds)
    )


def test_a_bucket_that_two_projects_are_configured_with_is_one_dataset() -> None:
    files = repository(**{"job/.env.default": "BUCKET=shop\n", "api/.env.default": "API_BUCKET=shop\n"})

    assert edges(analysed(files), "reads", "writes") == [
        "api/main:scores reads gs://shop/scores.parquet",
        "job/job.main:save writes gs://shop/scores.parquet",
    ]


def test_buckets_of_other_names_are_not_joined() -> None:
    files = repository(**{"job/.env.default": "BUCKET=shop\n", "api/.env.default": "API_BUCKET=other\n"})

    assert edges(analysed(files), "reads", "writes") == []


def test_what_an_example_says_is_the_same_only_with_a_shared_deployment() -> None:
    files = repository(**{"job/.env.default": "BUCKET=shop\n", "api/.env.example": "API_BUCKET=shop\n"})
    compose = "services:\n  job: {build: job, command: python job/main.py}\n  api: {build: api}\n"

    assert edges(analysed(files), "same_as") == []
    assert edges(analysed({**files, "compose.yml": compose}), "same_as", "reads") == [
        "api/main:scores reads gs://shop/scores.parquet in api",
        "gs://shop/scores.parquet same_as gs://shop/scores.parquet in api",
    ]


def test_a_wrapper_that_is_told_the_place_leaves_the_write_to_its_caller() -> None:
    code = """
import pandas as pd
def store(frame: pd.DataFrame, path):
    frame.to_csv(path)
def prepare():
    store(pd.DataFrame(), "build/rows.csv")
def clean():
    store(pd.DataFrame(), "build/clean.csv")
"""
    reader = 'import pandas as pd\ndef load():\n    return pd.read_csv("build/rows.csv")\n'

    assert edges(analysed({"write.py": code, "read.py": reader}), "reads", "writes") == [
        "read:load reads build/rows.csv",
        "write:prepare writes build/rows.csv",
    ]


def test_a_local_path_does_not_join_two_project_roots() -> None:
    files = {
        "one/pyproject.toml": "",
        "one/write.py": 'import pandas as pd\ndef f():\n    pd.DataFrame().to_csv("/data/rows.csv")\n',
        "two/pyproject.toml": "",
        "two/read.py": 'import pandas as pd\ndef g():\n    return pd.read_csv("/data/rows.csv")\n',
    }

    assert edges(analysed(files), "reads", "writes") == []


def test_a_bucket_that_did_not_resolve_leaves_a_hole_and_joins_nothing() -> None:
    writer = (
        "import pandas as pd\nfrom google.cloud import storage\ndef put(name):\n"
        "    with storage.Client().bucket(name).blob('a.parquet').open('wb') as f:\n"
        "        pd.DataFrame().to_parquet(f)\n"
    )
    reader = "import pandas as pd\ndef load():\n    return pd.read_parquet('gs://a.parquet')\n"

    assert edges(analysed({"w.py": writer, "r.py": reader}), "reads", "writes") == []


def test_a_path_on_a_filesystem_that_did_not_resolve_is_no_local_file() -> None:
    writer = "import pandas as pd\ndef put():\n    pd.DataFrame().to_parquet('build/a.parquet')\n"
    reader = "import pandas as pd\ndef load(fs):\n    return pd.read_parquet('build/a.parquet', filesystem=fs)\n"

    assert edges(analysed({"w.py": writer, "r.py": reader}), "reads", "writes") == []


def test_a_path_that_is_put_together_from_data_does_not_read_that_data() -> None:
    source = """
import json
import pandas as pd

def save():
    pd.DataFrame([1]).to_excel("data/register.xlsx")

def check(path, data):
    with open(path.format(**data)) as file:
        return file.read()

def run(text):
    rows = pd.read_excel("data/register.xlsx").to_dict()
    for one in json.loads(text):
        check(one.get("path"), rows)
"""
    analysis = analysed({"app.py": source})
    readers = {node.id.key for node in analysis.graph.nodes() if analysis.graph.out(node.id, ("reads",))}

    assert readers == {"app:run"}
