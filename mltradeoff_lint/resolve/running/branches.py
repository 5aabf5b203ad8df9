"""Whether a way through the call graph can be taken at all: the branches that the arguments along it decide.

`run(kind="search")` does not run what stands under `if kind == "answer":` in `run`. Only a test of an argument is
decided, and only where its value on this way is written down; any other test may go either way.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import Class, Frame, Items, Literal, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.region_tests import tests_around
from mltradeoff_lint.resolve.values.class_tests import kind_asked, kind_outcome, kinds_at

MAX_TESTS = 12
"""Tests around one call that are looked at."""


def is_possible(resolver: Resolver, path: str, region: int, frame: Frame | None) -> bool:
    """Whether a region of a function can run when the function is entered by a frame; True when nothing decides."""
    facts = resolver.facts(path)
    tests = islice(tests_around(facts, region), MAX_TESTS) if frame is not None else ()
    return not any(_truth(resolver, path, facts, test, frame) is (not expected) for test, expected in tests)


def _truth(resolver: Resolver, path: str, facts: PythonFacts, test: int, frame: Frame | None) -> bool | None:
    """What a test gives for the arguments of a frame; None when they do not decide it."""
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        inner = _truth(resolver, path, facts, expr[2], frame)
        return None if inner is None else not inner
    if expr[0] == "boolop":
        decisive = bool(expr[1] == "or")
        parts = [_truth(resolver, path, facts, one, frame) for one in expr[2]]
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if expr[0] == "compare" and len(expr[1]) == 1:
        return _compared(resolver, path, facts, expr, frame)
    if _is_argument(facts, expr):
        known = _known(resolver.values(path, test, frame))
        return None if known is None else bool(known[0])
    return _of_kind(resolver, path, facts, test, frame)


def _of_kind(resolver: Resolver, path: str, facts: PythonFacts, test: int, frame: Frame | None) -> bool | None:
    """What a test of the class of an argument gives, by the tests around the calls that pass it on."""
    asked = kind_asked(facts, test)
    if asked is None or not _is_argument(facts, asked) or asked[0] != "name":
        return None
    parameter = facts.definitions[asked[2][0]]
    while frame is not None and frame.function.scope == parameter.scope:
        found = resolver.argument(frame.call, frame.function, parameter.value)
        inner = None if found is None or found[0] != frame.call.path else resolver.facts(found[0])
        name = inner.exprs[found[1]] if inner is not None and found is not None else ("none",)
        if inner is None or name[0] != "name" or not name[2]:
            return None
        known = kinds_at(resolver, frame.call.path, resolver.call(frame.call).region, name)
        outcome = kind_outcome(resolver, path, test, asked, known) if known else None
        parameter, frame = inner.definitions[name[2][0]], frame.outer
        if outcome is not None or len(name[2]) != 1 or parameter.kind != "param":
            return outcome
    return None


def _compared(resolver: Resolver, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> bool | None:
    operator, (left, right) = expr[1][0], expr[2]
    if operator in ("==", "!=", "is", "is not"):
        if not any(_is_argument(facts, facts.exprs[one]) for one in (left, right)):
            return None
        if not all(_is_argument(facts, facts.exprs[one]) or _is_fixed(resolver, path, one) for one in (left, right)):
            return None
        sides = [_known(resolver.values(path, one, frame)) for one in (left, right)]
        if sides[0] is None or sides[1] is None:
            return None
        return bool((sides[0][0] == sides[1][0]) == (operator in ("==", "is")))
    if operator in ("in", "not in") and _is_argument(facts, facts.exprs[left]) and _is_fixed(resolver, path, right):
        known, choices = _known(resolver.values(path, left, frame)), resolver.values(path, right)
        if known is None or len(choices) != 1 or not isinstance(choices[0], Items) or choices[0].is_open:
            return None
        held = [_known(item) for item in choices[0].items]
        if any(one is None for one in held):
            return None
        return bool((known in held) == (operator == "in"))
    return None


def _is_argument(facts: PythonFacts, expr: Expr) -> bool:
    """A parameter as it came in, or what its caller put under a key of `**kwargs`."""
    if expr[0] == "item" and expr[2] != NONE and facts.exprs[expr[2]][0] == "const":
        expr = facts.exprs[expr[1]]
    if expr[0] != "name" or len(expr[2]) != 1:
        return False
    return bool(facts.definitions[expr[2][0]].kind == "param")


def _is_fixed(resolver: Resolver, path: str, index: int) -> bool:
    """A constant, a display of constants, or a member of an enumeration of the repository."""
    facts = resolver.facts(path)
    expr = facts.exprs[index]
    if expr[0] in ("tuple", "list", "set"):
        return all(_is_fixed(resolver, path, one) for one in expr[1])
    if expr[0] == "attr":
        return any(isinstance(value, Class) for value in resolver.values(path, expr[1]))
    return bool(expr[0] == "const")


def _known(values: Values) -> tuple[Any] | None:
    """The one constant that values are, as it is written in code; None for anything less certain."""
    if len(values) != 1 or not isinstance(values[0], Literal) or values[0].provenance != "literal":
        return None
    return (values[0].value,)
