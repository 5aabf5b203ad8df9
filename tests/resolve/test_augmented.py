"""What `+=` and `|=` make of a value: steps in a row are known, steps in a loop have no end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resolve.sample import probe


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("s = 'a'\ns += 'b'\ns += 'c'\nprobe(s)", ["'abc'"]),
        ("s = 'a'\nif c: s += 'b'\ns += 'c'\nprobe(s)", ["'abc'", "'ac'"]),
        ("def f(c):\n s = 'a'\n if c: s += 'b'\n probe(s)", ["'a'", "'ab'"]),
        ("n = 1\nn += 1\nn += 1\nprobe(n)", ["3"]),
        ("s = ['a']\ns += ['b']\ns += ['c']\nprobe(s[0])", ["'a'"]),
        ("s = 'a'\ns += unknown_name\ns += 'c'\nprobe(s)", ["f'a{more}c'"]),
    ],
)
def test_steps_in_a_row_are_taken_in_order(source: str, found: list[str]) -> None:
    assert probe(source) == found


def test_a_text_that_a_loop_makes_longer_keeps_its_beginning() -> None:
    source = "def f(cs):\n s = 'SELECT * FROM t'\n for c in cs:\n  s += ' AND '\n  s += c\n probe(s)"
    assert probe(source) == ["'SELECT * FROM t'", "f'SELECT * FROM t{more}'"]


def test_a_step_behind_a_loop_follows_what_the_loop_made() -> None:
    source = "def f(cs):\n s = 'a'\n for c in cs: s += 'b'\n s += 'c'\n probe(s)"
    assert probe(source) == ["'ac'", "f'a{more}c'"]


def test_a_number_that_a_loop_changes_is_not_known() -> None:
    assert probe("def f(cs):\n n = 1\n for c in cs: n += 1\n probe(n)") == ["1", "?"]


def test_a_list_that_a_loop_makes_longer_is_open() -> None:
    assert probe("def f(cs):\n s = [1]\n for c in cs: s += [2]\n probe(s)") == ["[1, 2, ...]", "[1]"]


def test_a_list_that_is_changed_in_place_between_is_open() -> None:
    assert probe("s = [1]\ns.append(2)\ns += [3]\nprobe(s)") == ["[1, 3, ...]"]


def test_a_value_that_is_built_in_very_many_steps_is_not_followed() -> None:
    assert probe("s = 'a'\n" + "s += 'b'\n" * 80 + "probe(s)") == ["?"]


@given(st.lists(st.sampled_from(["s += 'b'", "if c: s += 'b'", "for c in d: s += 'b'", "s = s + 'b'"]), max_size=9))
@settings(max_examples=25, deadline=None)
def test_every_text_begins_as_it_was_bound(steps: list[str]) -> None:
    found = probe("def f(c, d):\n s = 'a'\n" + "".join(f" {step}\n" for step in steps) + " probe(s)")
    assert found
    assert all(one == "?" or one.startswith(("'a", "f'a", "f'{s}")) for one in found)
