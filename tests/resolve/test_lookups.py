"""What `table.get(key, default)` gives: a default that is the key itself is a key that the table does not hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.resolve.sample import probe

TABLE = "import os\nMAP = {'a': 'A', 'b': 'B'}\ndef pick(c): return 'a' if c else 'z'\nk = pick(os.getpid())\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("probe(MAP.get(k, k))", "'A' 'z'"),
        ("def f(m): return MAP.get(m, m)\nprobe(f(k))", "'A' 'z'"),
        ("class C:\n def __init__(self, m): self.m = m\n def go(self): return MAP.get(self.m, self.m)\n"
         "probe(C(k).go())", "'A' 'z'"),
        ("row = {'m': k}\nprobe(MAP.get(row['m'], row['m']))", "'A' 'z'"),
        ("def f(m):\n m = MAP.get(m, m)\n probe(m)\nf('a')\nf('z')\nf('b')", "'A' 'B' 'z'"),
        # a key that one of two tables does not hold still comes out as itself
        ("OTHER = {'b': 'O'}\nprobe((MAP if os.getpid() else OTHER).get(k, k))", "'A' 'a' 'z'"),
        # the default is another expression: what is in the table says nothing of it
        ("probe(MAP.get(k, pick(os.getpid())))", "'A' 'a' 'z'"),
        ("other = k\nprobe(MAP.get(k.lower(), k))", "'A' 'a' 'z'"),
        ("j = pick(os.getpid())\nprobe(MAP.get(k, j))", "'A' 'a' 'z'"),
        # a table may hold a key under which its own name stands
        ("SAME = {'a': 'a'}\nprobe(SAME.get(k, k))", "'a' 'z'"),
    ],
)  # fmt: skip
def test_a_key_that_the_table_holds_does_not_come_out_as_itself(code: str, expected: str) -> None:
    assert " ".join(probe(TABLE + code)) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(m): probe(MAP.get(m, 'd'))\nf('a')\nf(input())", "'A' 'B' 'd'"),
        ("def f(m): probe(MAP.get(m, m))\nf('a')\nf(input())", "'A' 'B' builtins.input()"),
        ("n = None if os.getpid() else 'a'\nprobe(MAP.get(n, 'd'))", "'A' 'd'"),
        ("def f(m): probe(MAP.get(m))\nf('a')\nf('b')", "'A' 'B'"),
    ],
)
def test_a_key_that_is_not_known_beside_one_that_is_may_be_any(code: str, expected: str) -> None:
    assert " ".join(probe(TABLE + code)) == expected


WORDS = st.sampled_from(["a", "b", "c", "d"])


@given(table=st.dictionaries(WORDS, WORDS, min_size=1), keys=st.lists(WORDS, min_size=1, unique=True))
@settings(max_examples=40, deadline=None)
def test_a_lookup_gives_what_python_gives_for_each_key(table: dict[str, str], keys: list[str]) -> None:
    code = f"for k in {keys!r}: probe({table!r}.get(k, k))"
    assert probe(code) == sorted({repr(table.get(key, key)) for key in keys})
