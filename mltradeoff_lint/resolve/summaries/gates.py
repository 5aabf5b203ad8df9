"""The comparisons that decide whether code goes on: what a test holds against something."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import PythonFacts

_PRESENCE = frozenset({"is", "is not"})


def compared(facts: PythonFacts, test: int) -> Iterator[tuple[int, str]]:
    """(expression, operator) of everything that a test compares; that something is there at all is no comparison."""
    pending = [test]
    while pending:
        index = pending.pop()
        expr = facts.exprs[index]
        if expr[0] == "boolop":
            pending += expr[2]
        elif expr[0] == "unary":
            pending.append(expr[2])
        elif expr[0] == "compare":
            for position, operator in enumerate(expr[1]):
                if str(operator) not in _PRESENCE:
                    yield from ((one, str(operator)) for one in expr[2][position : position + 2])
