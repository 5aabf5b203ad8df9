"""Questions are asked as a run asks them: with room for long chains of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mltradeoff_lint.model.recursion import room_for_recursion


@pytest.fixture(autouse=True)
def room() -> Iterator[None]:
    """A run's room for nested calls."""
    with room_for_recursion():
        yield
