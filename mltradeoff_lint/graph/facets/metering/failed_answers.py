"""Code that runs only where a request failed: the body that it reads tells an error and no usage."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.values.standing import regions_around

_STATUS = frozenset({"status", "status_code"})
_FINE = frozenset({"ok", "is_success"})
_FAILED = frozenset({"is_error", "is_client_error", "is_server_error"})
_NAMED = frozenset({"ok", "OK", "CREATED", "created"})
"""Constants of `http`, `requests` and `httpx` for the status of an answer that is fine."""

FINE_BELOW = 300
FAILED_FROM = 400
"""Statuses below the first are those of answers, from the second on those of errors."""


def is_of_failure(facts: PythonFacts, region: int) -> bool:
    """Whether a stretch of code runs only where a request raised or its status says that it failed."""
    return any(_says_failed(facts, one) for one in regions_around(facts, region))


def _says_failed(facts: PythonFacts, region: int) -> bool:
    one = facts.regions[region]
    if one.kind == "except":
        return True
    if one.test == NONE or one.kind not in ("then", "else", "after"):
        return False
    return _is_failure(facts, one.test) is (one.kind == "then")


def _is_failure(facts: PythonFacts, index: int) -> bool | None:
    """Whether a condition holds where a request failed (True), where it did not (False); None where it says neither."""
    expr = facts.exprs[index]
    if expr[0] == "unary" and expr[1] == "not":
        inner = _is_failure(facts, expr[2])
        return None if inner is None else not inner
    if expr[0] == "attr":
        return expr[2] in _FAILED if expr[2] in _FAILED | _FINE else None
    if expr[0] != "compare" or len(expr[1]) != 1:
        return None
    (operator,), (left, right) = expr[1], expr[2]
    if last_name(facts.exprs[left]) not in _STATUS:
        return None
    return _compared(operator, list(_statuses(facts, right)))


def _compared(operator: str, statuses: list[int]) -> bool | None:
    """Whether a comparison of a status with others singles out failures (True) or what is fine (False)."""
    if not statuses:
        return None
    if operator in ("==", "in"):
        if all(one < FINE_BELOW for one in statuses):
            return False
        return True if all(one >= FAILED_FROM for one in statuses) else None
    if operator in ("!=", "not in"):
        return True if all(one < FINE_BELOW for one in statuses) else None
    is_boundary = FINE_BELOW - 1 <= statuses[0] <= FAILED_FROM
    if not is_boundary:
        return None
    return True if operator in (">", ">=") else False if operator in ("<", "<=") else None


def _statuses(facts: PythonFacts, index: int) -> Iterator[int]:
    """The statuses that an expression names; a name of one that is fine stands for it."""
    expr = facts.exprs[index]
    if expr[0] == "const" and isinstance(expr[1], int):
        yield expr[1]
    elif expr[0] == "attr" and expr[2] in _NAMED:
        yield 200
    elif expr[0] in ("tuple", "list", "set"):
        for one in expr[1]:
            yield from _statuses(facts, one)
