"""Sets: they have the methods of a set wherever they come from, and what updates them adds its elements."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.explain import explain
from tests.resolve.sample import probe, repository

MADE = """\
import numpy

class Manager:
    def base(self):
        return {"a", "b"}

def load(c):
    return Manager().base() if c else numpy.zeros(3).tolist()
"""


def test_a_set_that_a_function_gives_has_the_methods_of_a_set() -> None:
    assert probe(f"{MADE}held = Manager().base()\nprobe(held.update)\n") == ["builtins.set().update"]


def test_a_set_keeps_its_methods_beside_a_list_of_a_library() -> None:
    assert probe(f"{MADE}held = load(c)\nprobe(held.copy)\n") == ["builtins.list().copy", "builtins.set().copy"]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("{one for one in given}", "builtins.set().pop"),
        ("{one for one in ['a', 'b']}", "builtins.set().pop"),
        ("{*given, 'a'}", "builtins.set().pop"),
        ("set(['a'])", "builtins.set().pop"),
        ("set()", "builtins.set().pop"),
        ("list({'a'})", "builtins.list().pop"),
        ("sorted({'a'})", "builtins.list().pop"),
        ("['a']", "builtins.list().pop"),
    ],
)
def test_a_set_is_what_is_written_as_one(expression: str, found: str) -> None:
    assert probe(f"held = {expression}\nprobe(held.pop)\n") == [found]


def test_a_set_that_is_updated_has_the_elements_of_what_is_put_in() -> None:
    assert probe("held = {'a'}\nheld.update({'b'})\nheld.add('c')\nfor one in held:\n    probe(one)\n") == [
        "'a'", "'b'", "'c'",
    ]  # fmt: skip
    assert probe("held = {'a'}\nheld.update({'b'})\nprobe(held.pop)\n") == ["builtins.set().pop"]


def test_a_method_of_a_set_or_list_is_told_by_its_own_name_where_a_library_gives_lists_too() -> None:
    found = repository(f"{MADE}held = Manager().base()\nheld.update(['c'])\nother = ['a']\nother.append('b')\n")
    lines = "\n".join(line for number in (10, 12) for line in explain(found.resolver, "app.py", number))
    assert "`builtins.set().update`" in lines
    assert "`builtins.list().append`" in lines
    assert "numpy" not in lines
