"""Counts the work of a test in calls of Python functions, so that a busy machine changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class TooMuch(BaseException):
    """More work was done than allowed; no handler of `Exception` swallows it."""


class Work:
    """Calls counted so far, and how many are allowed."""

    def __init__(self, most: int) -> None:
        self.done = 0
        self._most = most

    def note(self, frame: FrameType, event: str, argument: Any) -> None:
        """One event of `sys.setprofile`."""
        if event == "call":
            self.done += 1
            if self.done > self._most:
                raise TooMuch(self.done)


@contextmanager
def counted(most: int) -> Iterator[Work]:
    """Count the calls inside; TooMuch when they are more than `most`."""
    work, before = Work(most), sys.getprofile()
    sys.setprofile(work.note)
    try:
        yield work
    finally:
        sys.setprofile(before)
