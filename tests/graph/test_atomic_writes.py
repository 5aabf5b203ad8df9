"""A file that is written under another name and then moved into its place is written by the repository."""

from __future__ import annotations

import pytest

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree

RULE = "unversioned-data-dependency"
SOURCE = (
    "import os\nimport pandas as pd\nfrom sklearn.linear_model import LinearRegression\n\n\n"
    "def build():\n    rows = pd.DataFrame({'x': [1], 'y': [2]})\n    rows.to_csv('rows.csv.tmp')\n    MOVE\n\n\n"
    "def train():\n    rows = pd.read_csv('rows.csv')\n    LinearRegression().fit(rows[['x']], rows['y'])\n\n\n"
    "if __name__ == '__main__':\n    build()\n    train()\n"
)


def findings(move: str) -> int:
    """How many findings the rule has."""
    tree = MemoryTree({"train.py": SOURCE.replace("MOVE", move).encode()})
    return len(analyse(tree, Settings(select=(RULE,)), as_of="2026-01-01").run.findings)


@pytest.mark.parametrize("move", ["os.replace('rows.csv.tmp', 'rows.csv')", "os.rename('rows.csv.tmp', 'rows.csv')"])
def test_a_file_that_is_moved_into_its_place_is_written_there(move: str) -> None:
    assert findings("print(rows)") == 1
    assert findings(move) == 0
