"""What `isinstance` tests say: of an object whose class is known, and around a call of a name that it passes.

`if isinstance(db, FAISS): rows(db)` passes on what is a `FAISS`. Classes are told apart by their own names, not by what
the catalog takes them for. That a thing is of one class says nothing of another one, which may be above or below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Class, ClassRef, Instance, Library
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.region_tests import tests_around

Kind: TypeAlias = "str | ClassRef"
"""A class of a library by its path, or one of the repository."""

_STRUCTURAL = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
"""Bases by which a class asks what an object has, and not what it is made of."""


class Kinds(NamedTuple):
    """What is known of a thing: the classes of which it is one, for each test that held, and those it is not of."""

    is_one_of: tuple[frozenset[Kind], ...] = ()
    is_none_of: frozenset[Kind] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self.is_one_of or self.is_none_of)


def is_of_class(resolver: Resolver, value: Instance, asked: ClassRef) -> bool | None:
    """Whether an object is one of a class; None where it may be of a class that derives from the known one."""
    lineage = resolver.lineage(value.ref)
    if asked in lineage:
        return True
    if value.is_derived or not _STRUCTURAL.isdisjoint(resolver.library_bases(asked)):
        return None
    is_open = any(isinstance(base, Unknown) for one in lineage for base in resolver.bases(one))
    return None if is_open else False


def asks_for_kind(facts: PythonFacts, test: int) -> bool:
    """Whether a test asks for the class of a name, by itself or beside other things."""
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        return asks_for_kind(facts, expr[2])
    if expr[0] == "boolop":
        return any(asks_for_kind(facts, one) for one in expr[2])
    return _asked(facts, expr) is not None


def kind_asked(facts: PythonFacts, test: int) -> Expr | None:
    """The name of which a test without `and`, `or` and `not` asks the class; None for any other test."""
    asked = _asked(facts, facts.exprs[test])
    return None if asked is None else facts.exprs[asked[0]]


def kinds_at(resolver: Resolver, path: str, region: int, name: Expr) -> Kinds:
    """What the tests around a region of a function say of a name by its versions."""
    facts = resolver.facts(path)
    own: list[frozenset[Kind]] = []
    others: set[Kind] = set()
    for test, holds in tests_around(facts, region):
        for classes, is_one in _said(facts, test, name, holds):
            kinds = _classes(resolver, path, facts, classes)
            if None not in kinds and is_one:
                own.append(frozenset(one for one in kinds if one is not None))
            elif not is_one:
                others.update(one for one in kinds if one is not None)
    return Kinds(tuple(own), frozenset(others))


def kind_outcome(resolver: Resolver, path: str, test: int, name: Expr, known: Kinds) -> bool | None:
    """The outcome of a test for a thing of which some classes are known; None where that does not decide it."""
    facts = resolver.facts(path)
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        inner = kind_outcome(resolver, path, expr[2], name, known)
        return None if inner is None else not inner
    if expr[0] == "boolop":
        outcomes = [kind_outcome(resolver, path, one, name, known) for one in expr[2]]
        decisive = bool(expr[1] == "or")
        return decisive if decisive in outcomes else None if None in outcomes else not decisive
    asked = _asked(facts, expr)
    if asked is None or not _is_same(facts.exprs[asked[0]], name):
        return None
    kinds = _classes(resolver, path, facts, asked[1])
    if any(one <= set(kinds) for one in known.is_one_of):
        return True
    return False if None not in kinds and known.is_none_of.issuperset(kinds) else None


def _said(facts: PythonFacts, test: int, name: Expr, holds: bool) -> Iterator[tuple[int, bool]]:
    """The classes of each `isinstance` of a name that a test comes down to, and whether the thing is one of them."""
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        yield from _said(facts, expr[2], name, not holds)
    elif expr[0] == "boolop" and (expr[1] == "and") is holds:
        for one in expr[2]:
            yield from _said(facts, one, name, holds)
    else:
        asked = _asked(facts, expr)
        if asked is not None and _is_same(facts.exprs[asked[0]], name):
            yield asked[1], holds


def _asked(facts: PythonFacts, expr: Expr) -> tuple[int, int] | None:
    """The thing and the classes of `isinstance(thing, classes)`; None for any other expression."""
    if expr[0] != "call":
        return None
    call = facts.calls[expr[1]]
    is_asked = facts.exprs[call.function][:2] == ("name", "isinstance") and len(call.arguments) == 2
    return (call.arguments[0], call.arguments[1]) if is_asked and facts.exprs[call.arguments[0]][0] == "name" else None


def _is_same(one: Expr, other: Expr) -> bool:
    """Whether two loads read the same versions of a name of their function."""
    return bool(one[2]) and one[:3] == other[:3]


def _classes(resolver: Resolver, path: str, facts: PythonFacts, index: int) -> set[Kind | None]:
    """The classes that a test names; None among them where one does not resolve."""
    expr = facts.exprs[index]
    return {_class(resolver, path, one) for one in (expr[1] if expr[0] == "tuple" else (index,))}


def _class(resolver: Resolver, path: str, index: int) -> Kind | None:
    values = resolver.values(path, index)
    if len(values) != 1:
        return None
    if isinstance(values[0], Class):
        return values[0].ref
    return values[0].path if isinstance(values[0], Library) and not values[0].made else None
