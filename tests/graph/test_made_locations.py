"""Addresses with open parts that the repository writes and reads itself: told by the expression that makes them."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

HEAD = """
import sys
import pandas as pd
from sklearn.linear_model import Ridge
raw = pd.read_csv("s3://shop/raw.csv")
def fit(path):
    rows = pd.read_csv(path)
    Ridge().fit(rows[["x"]], rows["y"])
"""
PREPARE = """
def prepare(bucket):
    target = f"s3://{bucket}/train.csv"
    raw.to_csv(target)
    return target, 1
"""


def pins(code: str) -> dict[str, object]:
    """The pins of the datasets of a script by their labels."""
    return {one.label: one.properties["pin"] for one in nodes(analysed({"train.py": f"{HEAD}{code}\n"}), "Dataset")}


@pytest.mark.parametrize(
    "code",
    [
        f"{PREPARE}made = prepare(sys.argv[1])\nfit(made[0])",
        f"{PREPARE}made, count = prepare(sys.argv[1])\nfit(made)",
        f"{PREPARE}fit(prepare(sys.argv[1])[0])",
        'target = f"s3://{sys.argv[1]}/train.csv"\nraw.to_csv(target)\nfit(target)',
        'target = "s3://{}/train.csv".format(sys.argv[1])\nraw.to_csv(target)\nfit(target)',
        'def run(bucket):\n    target = f"s3://{bucket}/train.csv"\n    raw.to_csv(target)\n    fit(target)\n'
        "run(sys.argv[1])",
    ],
)
def test_the_same_value_that_is_written_and_read_is_own_data(code: str) -> None:
    found = pins(code)
    assert found.pop("s3://shop/raw.csv") == "mutable-implicit"
    assert list(found.values()) == ["generated"]


@pytest.mark.parametrize(
    "code",
    [
        # two expressions of one look
        f'{PREPARE}prepare(sys.argv[1])\nfit(f"s3://{{sys.argv[2]}}/train.csv")',
        # another call of the function, where nothing is written
        'def name(bucket): return f"s3://{bucket}/train.csv"\nraw.to_csv(name(sys.argv[1]))\nfit(name(sys.argv[2]))',
        # the name may hold something else
        'target = f"s3://{sys.argv[1]}/train.csv"\nraw.to_csv(target)\n'
        'if sys.argv[2]:\n    target = f"s3://{sys.argv[2]}/other.csv"\nfit(target)',
        # a part of what is written
        'target = f"s3://{sys.argv[1]}/train.csv"\nraw.to_csv(target)\nfit(target + ".old")',
    ],
)
def test_another_value_of_the_same_look_stays_open(code: str) -> None:
    found = pins(code)
    assert found
    assert all(isinstance(pin, Unknown) for pin in found.values())
