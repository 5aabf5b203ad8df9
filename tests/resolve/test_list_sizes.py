"""How many elements a list has: one way for each alternative of its parts, and the fewest of what is open."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.domain import MAX_ITEMS, Items
from tests.resolve.sample import repository


def sizes(source: str) -> list[str]:
    """The sizes that the argument of `probe` can have, such as `2` or `1+` for at least one."""
    found = [one for one in repository(source).values() if isinstance(one, Items)]
    return sorted(f"{one.fewest}{'+' if one.is_open else ''}" for one in found)


TAIL = "def f(c, given):\n    tail = ['a'] if c else ['a', 'b']\n    made = [one for one in given]\n"


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("[1, *tail]", ["2", "3"]),
        ("[1] + tail", ["2", "3"]),
        ("tail + tail", ["2", "3", "3", "4"]),
        ("(*tail, 1)", ["2", "3"]),
        ("made", ["0+"]),
        ("[1, *made]", ["1+"]),
        ("[1] + made + [2]", ["2+"]),
        ("[1, *given]", ["1+"]),
        ("[1, *[one for one in ['a', 'b']]]", ["3"]),
        ("[*tail, *tail, *tail, *tail]", ["4+"]),
        ("[1, 2, 3]", ["3"]),
        ("[*(['a'] if c else {'b': 1, 'd': 2})]", ["0+", "1"]),
        ("[*(['a'] if c else None)]", ["1"]),
    ],
)
def test_a_list_has_the_elements_of_each_alternative_of_its_parts(expression: str, found: list[str]) -> None:
    assert sizes(f"{TAIL}    probe({expression})\n") == found


def test_a_list_that_is_too_long_to_read_has_more_elements_than_were_read() -> None:
    numbers = ", ".join(str(number) for number in range(MAX_ITEMS + 5))
    assert sizes(f"probe([{numbers}])\n") == [f"{MAX_ITEMS}+"]
    assert sizes(f"empty = []\nprobe([*empty, {numbers}])\n") == [f"{MAX_ITEMS - 1}+"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("    made = ['a']\n    made.append('b')\n", ["2+"]),
        ("    made = ['a']\n    if c:\n        made.append('b')\n", ["1", "2+"]),
        ("    made = ['a']\n    for one in given:\n        made.append(one)\n", ["1+"]),
        ("    made = ['a']\n    made.extend(given)\n", ["1+"]),
        ("    made = ['a']\n    made += tail\n", ["2", "3"]),
        ("    made = ['a']\n    for one in given:\n        made += tail\n", ["1", "1+", "1+"]),
    ],
)
def test_a_list_that_grows_has_what_it_had_and_what_is_added_on_every_way(body: str, found: list[str]) -> None:
    assert sizes(f"{TAIL}{body}    probe(made)\n") == found
