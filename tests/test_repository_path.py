"""The folders above a path, however strange the path is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.repository_path import folders_above, upwards


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b/c.py", ("a/b", "a")),
        ("c.py", ()),
        ("", ()),
        ("/x/y", ("/x",)),
        ("/x", ()),
        ("//x", ()),
        ("a//b", ("a",)),
        ("a/b/", ("a/b", "a")),
    ],
)
def test_folders_are_told_nearest_first_and_without_the_root(path: str, expected: tuple[str, ...]) -> None:
    assert folders_above(path) == expected


@given(st.text(alphabet="ab./", max_size=12))
def test_every_path_has_an_end_above_it(path: str) -> None:
    found = folders_above(path)
    assert len(found) <= len(path)
    assert all(path.startswith(folder) and folder.strip("/") for folder in found)
    assert upwards(path)[-1] == ""
    assert len(set(upwards(path))) == len(upwards(path))
