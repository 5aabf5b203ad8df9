"""The read step: what stands inside other files gets a path of the repository."""

from __future__ import annotations

import json

import pytest

from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.tree.memory import MemoryTree


@pytest.mark.parametrize("written", ["/opt/app/score.py", "../../../score.py", "//score.py"])
def test_a_file_that_a_cell_writes_outside_the_repository_is_known_by_its_notebook(written: str) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": f"%%writefile {written}\nDEPTH = 6\n"}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    facts = read_tree(MemoryTree({"books/train.ipynb": json.dumps(notebook)}), lambda path: False).facts
    (path,) = (path for path in facts if path.endswith("score.py"))
    assert path.startswith("books/train.ipynb#")
