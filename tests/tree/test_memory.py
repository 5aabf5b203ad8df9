"""The tree in memory behaves as one on disk."""

from __future__ import annotations

import pytest

from mltradeoff_lint.tree import MemoryTree, Tree


def test_files_are_sorted_and_marked() -> None:
    tree: Tree = MemoryTree({"b.py": "é", "a.csv": b"\x00"}, untracked=["a.csv"])
    assert [(file.path, file.size, file.is_tracked) for file in tree.files()] == [
        ("a.csv", 1, False),
        ("b.py", 2, True),
    ]
    assert tree.read("b.py") == b"\xc3\xa9"
    assert tree.problems == ()
    assert tree.knows_tracking


def test_a_missing_file_is_an_os_error() -> None:
    with pytest.raises(FileNotFoundError):
        MemoryTree({}).read("x")
