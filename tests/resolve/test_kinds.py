"""Tests of classes around a call: what it passes on is of the class that they ask for."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

ROWS = (
    "from stores import Faiss, Weaviate\n\n\ndef rows(db, kind):\n    if {test}:\n        return\n    probe(kind)\n\n\n"
)
"""What follows is run for what is no `Faiss` alone."""

OTHER = "def other(db):\n    rows(db, 'b')\n\n\n"


@pytest.mark.parametrize(
    ("test", "guard", "found"),
    [
        ("isinstance(db, Faiss)", "isinstance(db, Faiss)", ["'b'"]),
        ("isinstance(db, Faiss)", "wanted and isinstance(db, Faiss)", ["'b'"]),
        ("isinstance(db, (Faiss, Weaviate))", "isinstance(db, Faiss)", ["'b'"]),
        ("wanted or isinstance(db, Faiss)", "isinstance(db, Faiss)", ["'b'"]),
        ("not isinstance(db, Faiss)", "not isinstance(db, Faiss)", ["'b'"]),
        ("not isinstance(db, Faiss)", "not isinstance(db, (Faiss, Weaviate))", ["'b'"]),
        # one class may be above another one
        ("isinstance(db, Faiss)", "isinstance(db, Weaviate)", ["'a'", "'b'"]),
        ("isinstance(db, Faiss)", "isinstance(db, (Faiss, Weaviate))", ["'a'", "'b'"]),
        ("isinstance(db, Faiss)", "wanted or isinstance(db, Faiss)", ["'a'", "'b'"]),
        ("isinstance(db, Faiss)", "isinstance(wanted, Faiss)", ["'a'", "'b'"]),
        ("wanted and isinstance(db, Faiss)", "isinstance(db, Faiss)", ["'a'", "'b'"]),
        ("not isinstance(db, (Faiss, Weaviate))", "not isinstance(db, Faiss)", ["'a'", "'b'"]),
    ],
)
def test_a_call_does_not_come_behind_a_test_that_its_own_decides(test: str, guard: str, found: list[str]) -> None:
    shown = f"def shown(db):\n    if {guard}:\n        rows(db, 'a')\n\n\n"
    assert probe(ROWS.format(test=test) + shown + OTHER) == found


def test_the_tests_around_the_calls_above_count_where_what_they_pass_is_handed_on() -> None:
    shown = "def shown(db):\n    rows(db, 'a')\n\n\n"
    first = "def first(db):\n    if isinstance(db, Faiss):\n        shown(db)\n\n\n"
    second = "def second(db):\n    shown(db)\n\n\n"
    source = ROWS.format(test="isinstance(db, Faiss)") + shown + OTHER
    assert probe(source + first) == ["'b'"]
    assert probe(source + first + second) == ["'a'", "'b'"]


def test_another_object_under_the_same_name_is_not_meant() -> None:
    shown = "def shown(db):\n    if isinstance(db, Faiss):\n        db = load()\n        rows(db, 'a')\n\n\n"
    assert probe(ROWS.format(test="isinstance(db, Faiss)") + shown + OTHER) == ["'a'", "'b'"]


def test_classes_of_the_repository_are_told_apart_too() -> None:
    stores = "class Faiss: ...\nclass Weaviate: ...\n"
    shown = "def shown(db):\n    if isinstance(db, {}):\n        rows(db, 'a')\n\n\n"
    source = ROWS.format(test="isinstance(db, Faiss)") + OTHER
    assert probe({"app.py": source + shown.format("Faiss"), "stores.py": stores}) == ["'b'"]
    assert probe({"app.py": source + shown.format("Weaviate"), "stores.py": stores}) == ["'a'", "'b'"]


def test_the_calls_above_may_stand_in_another_module() -> None:
    """The test is one of the module that it stands in, wherever the calls are that it is asked of."""
    padding = "".join(f"x{number} = {number} + {number}\n" for number in range(30))
    app = padding + ROWS.format(test="isinstance(db, Faiss)") + OTHER
    shown = "from app import rows\ndef shown(db):\n    rows(db, 'a')\n"
    first = "from stores import Faiss\nfrom shown import shown\n"
    first += "def first(db):\n    if isinstance(db, Faiss):\n        shown(db)\n"
    assert probe({"app.py": app, "shown.py": shown, "first.py": first}) == ["'b'"]
