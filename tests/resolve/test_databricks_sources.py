"""A Databricks notebook in its source form: magics that are no comments, and the session it is given."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.readers.magics import mask_source
from mltradeoff_lint.readers.python import read, read_newer
from mltradeoff_lint.resolve.domain import Library
from tests.resolve.words import resolved, say

HEAD = "# Databricks notebook source\n"
SESSION = ["pyspark.sql.SparkSession()"]


def probed(source: str, path: str = "job.py") -> list[str]:
    """What the argument of the only `probe(...)` of a file can be: access paths, else words."""
    resolver = resolved({path: source})
    facts = resolver.facts(path)
    (call,) = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe")]
    values = resolver.values(path, call.arguments[0])
    return [value.path if isinstance(value, Library) else say(value) for value in values]


def notebook(*cells: str) -> str:
    shown = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell} for cell in cells]
    return json.dumps({"cells": shown, "metadata": {}, "nbformat": 4})


@pytest.mark.parametrize(
    ("source", "masked"),
    [
        ("%pip install x\na = 1", "pass\na = 1"),
        ("!ls -l\na = 1", "pass\na = 1"),
        ("a = 1\n# COMMAND ----------\n%sql\nselect 1\n# COMMAND ----------\nb = 2",
         "a = 1\n\n\n\n# COMMAND ----------\nb = 2"),
        ("# COMMAND ----------\n%python\na = 1", "# COMMAND ----------\npass\na = 1"),
        ("%python " * 5000 + "a", "pass"),
        ("a = (b\n% c)", "a = (b\n% c)"),
        ("%pip install x\ntype A[T] = list[T]", "pass\ntype A[T] = list[T]"),
    ],
)  # fmt: skip
def test_magics_of_a_source_are_masked_and_no_line_moves(source: str, masked: str) -> None:
    assert mask_source(source) == masked


def test_a_source_with_raw_magics_is_read_also_where_its_syntax_is_newer() -> None:
    old = read(f"{HEAD}%pip install x\na = 1\n".encode(), "a.py")
    assert old is not None
    assert not old.problems
    newer = f"{HEAD}%pip install x\ntype A[T] = list[T]\n".encode()
    assert not read_newer([("a.py", newer)])["a.py"].problems
    assert read(b"%pip install x\na = 1\n", "a.py") is None


@pytest.mark.parametrize("head", [HEAD, f"{HEAD}%pip install x\n", f"{HEAD}def f():\n    return spark\n"])
def test_a_source_is_given_a_session(head: str) -> None:
    assert probed(f"{head}probe(spark)\n") == SESSION


@pytest.mark.parametrize(
    "sign", ["dbutils.widgets.text('a', 'b')", "display(1)", "import pyspark.sql.functions as F", "from delta import *"]
)
def test_a_notebook_with_a_sign_of_spark_is_given_a_session(sign: str) -> None:
    assert probed(notebook(sign, "probe(spark)"), "n.ipynb") == SESSION


def test_what_is_bound_or_has_no_sign_is_no_session_of_the_platform() -> None:
    assert probed(f"{HEAD}spark = 'a'\nprobe(spark)\n") == ["'a'"]
    assert probed("import pyspark\nprobe(spark)\n") == ["?"]
    assert probed(notebook("probe(spark)"), "n.ipynb") == ["?"]
