"""Files in memory, read by the project's own readers, with a locator over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from mltradeoff_lint.model.facts import FileFacts, PythonFacts
from mltradeoff_lint.model.finding import Confidence, Finding, Persona, Severity
from mltradeoff_lint.model.source import Location, Site, Span
from mltradeoff_lint.readers import language_of, python, read_text
from mltradeoff_lint.triage.locate import Locator


@dataclass
class Files:
    """The facts of some files and a locator over them."""

    facts: dict[str, FileFacts]
    locator: Locator

    def call(self, path: str, index: int = 0) -> Location:
        """The location of a call of a Python file or notebook."""
        content = self.facts[path].content
        assert isinstance(content, PythonFacts)
        return self.locator.locate(Site(path, content.calls[index].span))

    def at(self, path: str, line: int, column: int = 0, end_column: int | None = None) -> Location:
        """The location of a span on one line, in the reader's own units."""
        return self.locator.locate(
            Site(path, Span(line, column, line, column + 1 if end_column is None else end_column))
        )


Read = Callable[[dict[str, str]], Files]


@pytest.fixture
def files() -> Read:
    """`files({path: text})` reads files; the module in a notebook has the notebook's path."""

    def read(texts: dict[str, str]) -> Files:
        facts: dict[str, FileFacts] = {}
        for path, text in texts.items():
            language = language_of(path)
            assert language is not None, path
            if language == "python":
                reading = python.read(text.encode(), path)
                facts[path] = FileFacts(path, "python", reading.content, reading.comments)
            elif language == "notebook":
                (module,) = [item for item in read_text(language, text, path).embedded if item.language == "python"]
                reading = python.read(module.text.encode(), path)
                facts[path] = FileFacts(path, "notebook", reading.content, reading.comments, module.lines)
            else:
                reading = read_text(language, text.encode(), path)
                facts[path] = FileFacts(path, language, reading.content, reading.comments)
        return Files(facts, Locator(lambda path: texts[path].encode(), facts))

    return read


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """`finding(rule, location)` makes a finding there."""

    def make(rule: str, location: Location, **changes: object) -> Finding:
        values: dict[str, object] = {
            "rule": rule,
            "group": "build-vs-buy",
            "severity": Severity.HIGH,
            "confidence": Confidence.HIGH,
            "persona": Persona.REGULAR,
            "claim": "It costs.",
            "remedy": "Pay.",
            "location": location,
            "fingerprint": "0" * 32,
        }
        return Finding(**{**values, **changes})  # type: ignore[arg-type]

    return make
