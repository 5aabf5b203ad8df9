"""Chains of questions that are longer than the bound: the answers are those of a short chain."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.domain import Literal
from mltradeoff_lint.resolve.questions import MAX_DEPTH
from tests.resolve.sample import probe, repository


@pytest.mark.parametrize("length", [MAX_DEPTH // 2, MAX_DEPTH, MAX_DEPTH + 1, 3 * MAX_DEPTH, 20 * MAX_DEPTH])
def test_a_long_chain_of_names_ends_at_its_value(length: int) -> None:
    assert probe("x0 = 'a'\n" + "".join(f"x{n} = x{n - 1}\n" for n in range(1, length)) + f"probe(x{length - 1})") == [
        "'a'"
    ]


@pytest.mark.parametrize("length", [MAX_DEPTH, 4 * MAX_DEPTH])
def test_a_long_chain_of_functions_without_parameters_ends_at_its_value(length: int) -> None:
    chain = "".join(f"def f{n}(): return f{n - 1}()\n" for n in range(1, length))
    assert probe("def f0(): return 'a'\n" + chain + f"probe(f{length - 1}())") == ["'a'"]


def test_what_was_asked_from_afar_is_answered_from_nearby() -> None:
    length = 3 * MAX_DEPTH
    made = repository("x0 = 'a'\n" + "".join(f"x{n} = x{n - 1}\n" for n in range(1, length)) + f"probe(x{length - 1})")
    made.probe()
    facts = made.resolver.facts("app.py")
    for index, expr in enumerate(facts.exprs):
        if expr[0] == "name" and str(expr[1]).startswith("x"):
            assert made.resolver.values("app.py", index) == (Literal("a"),)


def test_callers_found_on_a_long_chain_are_all_callers() -> None:
    length = 3 * MAX_DEPTH
    chain = "".join(f"def g{n}(a): return g{n - 1}(a)\n" for n in range(1, length))
    made = repository("def g0(a): probe(a)\n" + chain + f"g{length - 1}('a')\ng0('b')")
    assert made.probe() == ["'a'", "'b'"]


def test_a_long_ring_ends() -> None:
    length = 3 * MAX_DEPTH
    ring = "".join(f"def f{n}(a): return f{(n + 1) % length}(a)\n" for n in range(length))
    assert probe(ring + "probe(f0('x'))") == ["?"]
