"""Fingerprints: ours, and the line hash of GitHub code scanning."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.triage.fingerprint import fingerprint, line_hashes


def _rolling(text: str) -> list[str]:
    """The hash of each line, each summed from its definition: 100 units, base 37, modulo 2^64."""
    units: list[int] = []
    starts = [0]
    for char in re.sub(r"\r\n|\r", "\n", text):
        if char in " \t":
            continue
        data = char.encode("utf-16-be", "surrogatepass")
        units += [int.from_bytes(data[place : place + 2], "big") for place in range(0, len(data), 2)]
        if char == "\n":
            starts.append(len(units))
    units += [65535] + [0] * 100
    seen: dict[str, int] = {}
    hashes = []
    for start in starts:
        value = sum(unit * 37 ** (99 - place) for place, unit in enumerate(units[start : start + 100]))
        shown = f"{value % 2**64:x}"
        seen[shown] = seen.get(shown, 0) + 1
        hashes.append(f"{shown}:{seen[shown]}")
    return hashes


def test_the_hash_of_an_empty_file_is_the_one_github_computes() -> None:
    assert line_hashes(b"") == ("c129715d7a2bc9a3:1",)


@settings(deadline=None)
@given(st.text(alphabet=" \t\r\nab\u00e9\U0001f600#=", max_size=400))
def test_line_hashes_follow_their_definition(text: str) -> None:
    assert list(line_hashes(text)) == _rolling(text)


def test_equal_lines_are_counted_and_line_ends_and_blanks_do_not_matter() -> None:
    repeated = line_hashes("the same long line\n" * 30)
    assert repeated[0].endswith(":1")
    assert repeated[1] == repeated[0][:-1] + "2"
    assert line_hashes("a  b\r\n\tc\r") == line_hashes("ab\nc\n") == line_hashes(b"a b\nc\n")


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert line_hashes(b"a\xff\n") == line_hashes("a\ufffd\n")


def test_a_large_file_is_hashed_in_linear_time() -> None:
    start = time.perf_counter()
    line_hashes("x = compute(value)\n" * 50_000)
    assert time.perf_counter() - start < 20


@settings(deadline=None)
@given(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8)), st.tuples(*[st.text(max_size=8)] * 3))
def test_fingerprints_are_equal_only_for_equal_parts(left: tuple[str, str, str], right: tuple[str, str, str]) -> None:
    assert (fingerprint(*left) == fingerprint(*right)) == (left == right)


def test_a_fingerprint_is_32_hexadecimal_digits_and_stays_the_same_between_versions() -> None:
    value = fingerprint("unversioned-data", "", "s3://bucket/train.csv")
    assert value == "f87b15f8b7db5ae8ce9b8e209100e155"


@pytest.mark.parametrize(("left", "right"), [(("ab", "", "c"), ("a", "b", "c")), (("a", "b", ""), ("a", "", "b"))])
def test_parts_do_not_run_into_one_another(left: tuple[str, str, str], right: tuple[str, str, str]) -> None:
    assert fingerprint(*left) != fingerprint(*right)
