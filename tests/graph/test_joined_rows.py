"""Tables that are joined, prepared together and sliced apart: only the one that goes on is learned from."""

from __future__ import annotations

import pytest

from tests.graph.analysed import analysed, nodes

HEAD = """
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.preprocessing import LabelEncoder

train = pd.read_csv("train.csv")
test = pd.read_csv("test.csv")
"""
SLICE = "rows = both[:len(train)]"


def learned(code: str) -> set[str]:
    """The files that a training learns from."""
    analysis = analysed({"train.py": f"{HEAD}{code}\nRidge().fit(rows[['x']], rows['y'])\n"})
    return {node.label for node in nodes(analysis, "Dataset")}


@pytest.mark.parametrize(
    "code",
    [
        f"both = pd.concat([train, test])\n{SLICE}",
        "n = train.shape[0]\nboth = pd.concat((train, test)).reset_index(drop=True)\nrows = both[:n].copy()",
        "n = len(train)\nboth = pd.concat([train, test], axis=0)\nrows = both.iloc[:n, :]",
        f"both = pd.concat([train, test])\nboth['kind'] = both['kind'].fillna('none')\n{SLICE}",
        f"both = pd.concat([train, test])\nboth.drop(['id'], axis=1, inplace=True)\nprint(both.shape)\n{SLICE}",
        f"both = pd.get_dummies(pd.concat([train, test]))\n{SLICE}\nlater = both[len(train):]",
        f"both = pd.concat([train, test])\nboth['kind'] = LabelEncoder().fit_transform(both['kind'])\n{SLICE}",
        "both = pd.concat([train.drop('y', axis=1), test])\nrows = both.head(train.shape[0])",
        "both = np.concatenate([train, test]) / 255.0\nrows = both.reshape(-1, 28, 28)[: len(train)]",
    ],
)
def test_rows_that_are_sliced_off_before_the_training_are_not_learned_from(code: str) -> None:
    assert learned(code) == {"train.csv"}


def test_the_rows_behind_the_first_table_are_the_second() -> None:
    assert learned("both = pd.concat([train, test])\nrows = both[len(train):]") == {"test.csv"}


@pytest.mark.parametrize(
    "code",
    [
        "rows = pd.concat([train, test])",
        "both = pd.concat([train, test])\nrows = both[:1000]",
        "both = pd.concat([test, train])\nrows = both[:len(train)]",
        f"both = pd.concat([train, test], axis=1)\n{SLICE}",
        f"both = pd.concat([train, test]).sample(frac=1)\n{SLICE}",
        f"both = pd.concat([train, test])\nboth.dropna(inplace=True)\n{SLICE}",
        f"both = pd.concat([train, test])\nboth = both[both['x'] > 0]\n{SLICE}",
        f"both = pd.concat([train, test])\nboth = both.sort_values('x')\n{SLICE}",
        f"both = pd.concat([train, test])\nshuffled(both)\n{SLICE}",
        "n = len(train)\ntrain = train.dropna()\nboth = pd.concat([train, test])\nrows = both[:n]",
        "n = len(train)\ntrain.dropna(inplace=True)\nboth = pd.concat([train, test])\nrows = both[:n]",
        "both = pd.concat([train, test])\nfirst, second = both[:len(train)], both[len(train):]\n"
        "rows = pd.merge(first, second)",
        f"both = pd.concat([train, test])\n{SLICE}\nrows = rows.merge(test)",
        f"both = pd.concat([train, test])\n{SLICE}\nrows = rows.join(both)",
    ],
)
def test_what_may_go_on_of_both_tables_is_learned_from(code: str) -> None:
    assert learned(code) == {"train.csv", "test.csv"}
