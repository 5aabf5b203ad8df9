"""Declarations of one file in memory, read by the project's own readers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mltradeoff_lint.model.declarations import Declaration
from mltradeoff_lint.model.facts import FileFacts
from mltradeoff_lint.platforms import declarations
from mltradeoff_lint.readers import language_of, read_text

Declared = Callable[[str, str], tuple[Declaration, ...]]


@pytest.fixture
def declared() -> Declared:
    """`declared(path, text)` gives everything the file declares; a crash of a platform fails the test."""

    def read(path: str, text: str) -> tuple[Declaration, ...]:
        language = language_of(path)
        assert language is not None, path
        reading = read_text(language, text.encode(), path)
        found: list[Declaration] = []
        for content in (reading.content, *reading.extra):
            declarations_here, problems = declarations(FileFacts(path, language, content))
            assert problems == ()
            found += declarations_here
        return tuple(found)

    return read
