"""Functions that share a name in one module: each is a node of its own, and one cause is one finding."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.analysis import Analysis
from tests.graph.analysed import analysed, nodes

SERVICE = """
import pandas as pd
from fastapi import FastAPI

app = FastAPI()

@app.get("/values/{area}")
def get_values(area: int):
    return pd.read_parquet("s3://lake/values.parquet").to_dict()

@app.get("/checks/{area}")
def get_values(area: int):
    return pd.read_parquet("s3://lake/checks.parquet").to_dict()
"""

JOB = """
import pandas as pd

def save(values: pd.DataFrame, checks: pd.DataFrame):
    values.to_parquet("s3://lake/values.parquet")
    checks.to_parquet("s3://lake/checks.parquet")
"""

CLIENT = "from openai import OpenAI\n"

ANSWER = """
def answer(text):
    messages = [{"role": "user", "content": text}]
    return OpenAI().chat.completions.create(model="gpt-4o", messages=messages).choices[0].message.content
"""


def reads(analysis: Analysis) -> dict[str, list[str]]:
    """What each function reads, by the key of its node."""
    return {
        node.id.key: [analysis.graph.node(edge.target).label for edge in analysis.graph.out(node.id, ("reads",))]
        for node in nodes(analysis, "Function")
        if analysis.graph.out(node.id, ("reads",))
    }


def metering(analysis: Analysis) -> list[tuple[str, int]]:
    """The findings of unmetered calls: fingerprint and how many further places they have."""
    found = [one for one in analysis.run.findings if one.rule == "missing-cost-instrumentation"]
    return [(one.fingerprint, len(one.related)) for one in found]


def indented(source: str) -> str:
    """Source as the body of a statement."""
    return "".join(f"    {line}\n" if line else "\n" for line in source.splitlines())


def test_two_handlers_of_one_name_read_only_what_each_of_them_reads() -> None:
    analysis = analysed({"api.py": SERVICE, "job.py": JOB})
    assert reads(analysis) == {
        "api:get_values": ["s3://lake/values.parquet"],
        "api:get_values#2": ["s3://lake/checks.parquet"],
    }


def test_each_route_is_handled_by_its_own_definition() -> None:
    analysis = analysed({"api.py": SERVICE, "job.py": JOB})
    handled = {
        node.label: [edge.target.key for edge in analysis.graph.out(node.id, ("handles",))]
        for node in nodes(analysis, "Endpoint")
    }
    assert handled == {"GET /values/{area}": ["api:get_values"], "GET /checks/{area}": ["api:get_values#2"]}


def test_the_label_of_a_second_definition_tells_it_from_the_first() -> None:
    analysis = analysed({"api.py": SERVICE, "job.py": JOB})
    shown = {(node.label, tuple(site.span.line for site in node.sites)) for node in nodes(analysis, "Function")}
    assert {("get_values", (8,)), ("get_values#2", (12,))} <= shown


@settings(deadline=None, max_examples=5)
@given(st.integers(1, 30))
def test_moved_lines_change_no_identity(lines: int) -> None:
    moved = analysed({"api.py": "\n" * lines + SERVICE, "job.py": JOB})
    assert reads(moved) == reads(analysed({"api.py": SERVICE, "job.py": JOB}))


def test_methods_and_nested_functions_of_one_name_are_told_apart() -> None:
    source = """
import pandas as pd

class Source:
    @property
    def table(self):
        return pd.read_parquet("s3://lake/values.parquet")

    @table.setter
    def table(self, value):
        self.previous = pd.read_parquet("s3://lake/checks.parquet")
"""
    found = reads(analysed({"source.py": source, "job.py": JOB}))
    assert found == {
        "source:Source.table": ["s3://lake/values.parquet"],
        "source:Source.table#2": ["s3://lake/checks.parquet"],
    }


def test_stubs_of_an_overloaded_function_do_not_rename_it() -> None:
    source = """
from typing import overload
import pandas as pd

@overload
def load(name: str) -> dict: ...
@overload
def load(name: int) -> list: ...
def load(name):
    return pd.read_parquet("s3://lake/values.parquet")
"""
    assert list(reads(analysed({"source.py": source, "job.py": JOB}))) == ["source:load"]


def test_two_jobs_that_go_by_the_name_of_their_function_are_two() -> None:
    source = """
import pandas as pd
from prefect import flow

@flow
def load():
    return pd.read_parquet("s3://lake/values.parquet")

load()

@flow
def load():
    return pd.read_parquet("s3://lake/checks.parquet")

load()
"""
    analysis = analysed({"flows.py": source, "job.py": JOB})
    runs = {
        node.label: [edge.target.key for edge in analysis.graph.out(node.id, ("handles",))]
        for node in nodes(analysis, "Job")
    }
    assert runs == {"load": ["flows:load"], "load#2": ["flows:load#2"]}


BRANCHES = {
    "if and else": f"import os\nif os.getenv('FAST'):\n{indented(ANSWER)}else:\n{indented(ANSWER)}",
    "try and except": f"try:\n    import fast\n{indented(ANSWER)}except ImportError:\n{indented(ANSWER)}",
    "a default and what replaces it": f"import os\n{ANSWER}\nif os.getenv('FAST'):\n{indented(ANSWER)}",
    "one that is replaced before it is used": f"{ANSWER}\n{ANSWER}",
    "match": f"import os\nmatch os.name:\n    case 'nt':\n{indented(indented(ANSWER))}"
    f"    case _:\n{indented(indented(ANSWER))}",
}


@pytest.mark.parametrize("source", BRANCHES.values(), ids=BRANCHES)
def test_definitions_of_which_one_is_in_use_are_two_functions_and_one_finding(source: str) -> None:
    analysis = analysed({"llm.py": CLIENT + source + "\nprint(answer('a'))\n"})
    keys = [node.id.key for node in nodes(analysis, "Function")]
    assert {"llm:answer", "llm:answer#2"} <= set(keys)
    alone = analysed({"llm.py": CLIENT + ANSWER + "\nprint(answer('a'))\n"})
    assert [name for name, _ in metering(analysis)] == [name for name, _ in metering(alone)]


SIDE_BY_SIDE = {
    "registered": f"from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a'){ANSWER}\n@app.get('/b'){ANSWER}",
    "called between": f"{ANSWER}\nprint(answer('a'))\n{ANSWER}\nprint(answer('b'))\n",
    "handed on between": f"{ANSWER}\nprint(list(map(answer, ['a'])))\n{ANSWER}\nprint(answer('b'))\n",
}


@pytest.mark.parametrize("source", SIDE_BY_SIDE.values(), ids=SIDE_BY_SIDE)
def test_definitions_that_are_both_in_use_are_two_causes(source: str) -> None:
    analysis = analysed({"llm.py": CLIENT + source})
    units = [node.properties["unit"] for node in nodes(analysis, "ModelCall")]
    assert units == ["llm:answer", "llm:answer#2"]
    assert len({name for name, _ in metering(analysis)}) == 2


def test_a_notebook_and_a_module_of_one_name_are_two_programs() -> None:
    source = "import pandas as pd\nvalues = pd.read_parquet('s3://lake/{}.parquet')\nprint(values)\n"
    cell = {"cell_type": "code", "source": source.format("values"), "outputs": []}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4})
    analysis = analysed({"jobs/fit.py": source.format("checks"), "jobs/fit.ipynb": notebook, "job.py": JOB})

    assert reads(analysis) == {
        "jobs.fit:<module>": ["s3://lake/checks.parquet"],
        "jobs.fit.ipynb:<module>": ["s3://lake/values.parquet"],
    }
