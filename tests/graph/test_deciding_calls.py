"""At which call the location of a read is decided: one that comes to the read."""

from __future__ import annotations

from tests.graph.analysed import analysed, nodes

CODE = """
import pandas as pd
from sklearn.linear_model import Ridge

def tune(kind, folder):
    if kind == "plain":
        rows = pd.read_csv(f"s3://{folder}/plain.csv")
    elif kind == "pairs":
        rows = pd.read_csv(f"s3://{folder}/pairs.csv")
    Ridge().fit(rows[["x"]], rows["y"])

def main(folder="bucket/day"):
    tune("plain", folder)
    tune("pairs", folder)

main()
"""


def lines_of(label: str) -> list[int]:
    """The lines of the places at which a dataset is told."""
    found = nodes(analysed({"train.py": CODE}), "Dataset")
    (node,) = [one for one in found if one.label.endswith(label)]
    return sorted(site.span.line for site in node.sites)


def test_a_location_is_decided_by_a_call_that_comes_to_the_read() -> None:
    assert 13 in lines_of("plain.csv")
    assert 14 not in lines_of("plain.csv")


def test_a_call_whose_argument_closes_the_branch_of_the_read_decides_nothing() -> None:
    assert 14 in lines_of("pairs.csv")
    assert 13 not in lines_of("pairs.csv")
