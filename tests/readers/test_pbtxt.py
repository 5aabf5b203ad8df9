"""What the reader of Protocol Buffers text format keeps."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.model.problem import ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.pbtxt import read

CONFIG = """name: "ranker"  # owner: ana
max_batch_size: 8
input [
  { name: "a" dims: [ -1, 3 ] },
  { name: 'b' }
]
instance_group { kind: KIND_GPU count: 2 }
instance_group { kind: KIND_CPU }
"""


def test_fields_messages_and_lists() -> None:
    reading = read(CONFIG, "config.pbtxt")
    assert isinstance(reading.content, Documents)
    (root,) = reading.content.roots
    assert (root.text("name"), root.text("max_batch_size")) == ("ranker", "8")
    inputs = root.get("input")
    assert inputs is not None
    assert [item.text("name") for item in inputs.items] == ["a", "b"]
    assert inputs.span == Span(3, 6, 6, 1)
    assert [value.text("kind") for name, _, value in root.entries if name == "instance_group"] == [
        "KIND_GPU",
        "KIND_CPU",
    ]
    assert [note.text for note in reading.comments] == ["owner: ana"]


@pytest.mark.parametrize("text", ["a {", "}", 'a: "x', "a [ }", "a {" * 100_000])
def test_what_is_no_text_format_is_unreadable(text: str) -> None:
    assert [problem.kind for problem in read(text, "a.pbtxt").problems] == [ProblemKind.UNREADABLE]
