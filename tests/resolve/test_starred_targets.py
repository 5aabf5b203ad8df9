"""What a starred target takes of a display keeps its places."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe


@pytest.mark.parametrize(
    ("target", "read", "found"),
    [
        ("(*parsed, rest)", "parsed[0]", ["'a'"]),
        ("(*parsed, rest)", "tuple(parsed)[1]", ["'b'"]),
        ("(*parsed, rest)", "rest", ["'c'"]),
        ("first, *parsed", "parsed[0]", ["'b'"]),
        ("first, *parsed", "list(parsed)[-1]", ["'c'"]),
        ("first, *parsed, rest", "parsed", ["['b']"]),
        ("first, *parsed, last, rest", "parsed", ["[]"]),
        ("first, *parsed, last, rest", "last", ["'b'"]),
        ("[*parsed]", "parsed[2]", ["'c'"]),
    ],
)
def test_a_starred_target_takes_the_items_that_the_others_leave(target: str, read: str, found: list[str]) -> None:
    assert probe(f"def f():\n    return 'a', 'b', 'c'\n{target} = f()\nprobe({read})") == found


def test_a_starred_attribute_keeps_its_places_too() -> None:
    source = "class A:\n    def __init__(self):\n        *self.parts, self.last = 'a', 'b', 'c'\n"

    assert probe(f"{source}probe(A().parts[1])") == ["'b'"]
    assert probe(f"{source}probe(A().last)") == ["'c'"]


def test_a_starred_target_of_what_may_be_longer_holds_any_element() -> None:
    source = "items = ['a']\nfor one in ('b', 'c'):\n    items.append(one)\n*parsed, last = items\n"

    assert probe(f"{source}probe(parsed[0])") == ["'a'", "'b'", "'c'"]
    assert probe(f"{source}probe(last)") == ["'a'", "'b'", "'c'"]
