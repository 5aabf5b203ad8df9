"""Tuples, dicts and records that a function hands back: what branches bind together comes back together.

`if known: low, high = 0, 1`, `else: low, high = first, last` and `return low, high` give two pairs, and no third one of
the first low with the other high.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.expressions import is_whole, parts
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import Instance, Value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction

KINDS = ("tuple", "dict")
"""Displays whose parts are kept together; how many elements a list has is not told by how it is written."""

MAX_PARTS = 8
"""A display of more parts is a table, which is looked at as it is written."""


def handed_back(facts: PythonFacts) -> frozenset[Expr]:
    """The displays and calls that functions of a module give as their result, written there or bound to a name."""
    roots = (one.value for scope in facts.scopes for one in (*scope.returns, *scope.yields) if one.value != NONE)
    return frozenset(one for root in roots for one in _made(facts, root))


def held_in(facts: PythonFacts, expr: Expr) -> tuple[int, ...]:
    """The expressions that a display, or the call of a class, is made of; none where these are too many."""
    found = tuple(one for one in parts(facts, expr) if one != NONE)[expr[0] == "call" :]
    return found if len(found) <= MAX_PARTS else ()


def is_record(resolver: Resolver, value: Value) -> bool:
    """Whether a value is an object that holds what it was made with: of a named tuple, of a data class."""
    return (
        isinstance(value, Instance) and value.made is not None and Construction(resolver).constructor(value.ref) is None
    )


def _made(facts: PythonFacts, root: int) -> Iterator[Expr]:
    expr = facts.exprs[root]
    bound = [facts.definitions[one] for one in expr[2]] if expr[0] == "name" else []
    written = [facts.exprs[one.value] for one in bound if one.kind == "assign" and is_whole(one)]
    yield from (one for one in (expr, *written) if one[0] in (*KINDS, "call"))
