"""Lets deeply nested source be walked by recursion."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

DEPTH = 100_000
"""Nested calls of Python functions that are allowed; their frames live on the heap since 3.11."""


@contextmanager
def room_for_recursion() -> Iterator[None]:
    """Run a block with room for nested calls, and leave the limit of the interpreter as it was found.

    What is nested is bounded elsewhere: by the parser, by the depth of questions. The interpreter's own limit of a
    thousand calls is met by a hundred questions.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
