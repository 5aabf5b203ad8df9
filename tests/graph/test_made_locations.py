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
        # the call that gives the location has written it
        'def prepare():\n    target = f"s3://{sys.argv[1]}/train.csv"\n    raw.to_csv(target)\n    return target\n'
        "fit(prepare())",
        # one call gives it to both
        'def name(bucket): return f"s3://{bucket}/train.csv"\ntarget = name(sys.argv[1])\nraw.to_csv(target)\n'
        "fit(target)",
        # a function that is passed it writes it first
        'def keep(path): raw.to_csv(path)\ntarget = f"s3://{sys.argv[1]}/train.csv"\nkeep(target)\nfit(target)',
        # it is written unless it was before
        'target = f"s3://{sys.argv[1]}/train.csv"\nif sys.argv[2]:\n    raw.to_csv(target)\nfit(target)',
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
        # a function without parameters that gives another at each call
        'def name(): return f"s3://{sys.argv[1]}/{input()}.csv"\nraw.to_csv(name())\nfit(name())',
        'def name(part): return f"s3://{part}/{input()}.csv"\ndef again(): return name(sys.argv[1])\n'
        "raw.to_csv(again())\nfit(again())",
        # the name may hold something else
        'target = f"s3://{sys.argv[1]}/train.csv"\nraw.to_csv(target)\n'
        'if sys.argv[2]:\n    target = f"s3://{sys.argv[2]}/other.csv"\nfit(target)',
        # a part of what is written
        'target = f"s3://{sys.argv[1]}/train.csv"\nraw.to_csv(target)\nfit(target + ".old")',
        # it is written back after the read
        'target = f"s3://{sys.argv[1]}/train.csv"\nfit(target)\nraw.to_csv(target)',
        'target = f"s3://{sys.argv[1]}/train.csv"\nfor part in raw:\n    fit(target)\n    raw.to_csv(target)',
        'def given():\n    target = f"s3://{sys.argv[1]}/train.csv"\n    fit(target)\n    return target\n'
        "raw.to_csv(given())",
        # nobody can tell which of the two functions runs first
        'target = f"s3://{sys.argv[1]}/train.csv"\ndef keep(): raw.to_csv(target)\ndef learn(): fit(target)\n'
        "learn()\nkeep()",
        # no run goes through both
        'target = f"s3://{sys.argv[1]}/train.csv"\nif sys.argv[2]:\n    raw.to_csv(target)\nelse:\n    fit(target)',
        'def run(bucket):\n    target = f"s3://{bucket}/train.csv"\n    if sys.argv[2]:\n        raw.to_csv(target)\n'
        "        return\n    fit(target)\nrun(sys.argv[1])",
    ],
)
def test_another_value_of_the_same_look_stays_open(code: str) -> None:
    found = pins(code)
    assert found
    assert all(isinstance(pin, Unknown) for pin in found.values())


def test_own_data_is_no_longer_said_to_be_what_did_not_resolve() -> None:
    code = 'target = f"s3://{sys.argv[1]}/train.csv"\nraw.to_csv(target)\nfit(target)'
    found = nodes(analysed({"train.py": f"{HEAD}{code}\n"}), "Dataset")
    told = {str(one.properties["pin"]): (one.properties["pin_how"], one.evidence["pin"].how) for one in found}
    assert told["generated"] == ("the repository makes it itself", "the repository makes it itself")
