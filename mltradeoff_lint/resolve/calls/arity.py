"""Whether a call fits the signature of a function: one that does not raises `TypeError` and binds nothing.

Python's language reference, section 6.3.4 "Calls", says what fits. Only what is certain is told: no `*values` or
`**values` at the call, no decorator that may put another signature in front, no partial function, no metaclass.
"""

from __future__ import annotations

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, Call, Scope
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance
from mltradeoff_lint.resolve.interface import Resolver

_PLAIN = frozenset({"staticmethod", "classmethod", "abstractmethod", "override", "final"})
"""Decorators that leave the signature as it is written."""

_PLACED = ("positional", "both")


def misses(resolver: Resolver, ref: CallRef, function: FunctionRef) -> bool:
    """Whether a call certainly does not fit a function that it may run."""
    scope, call = resolver.scope(function), resolver.call(ref)
    possible = (0, 1) if scope.owner != NONE and scope.kind == "function" else (0,)
    if all(_fits(scope, call, offset) for offset in possible):
        return False
    exprs = resolver.facts(ref.path).exprs
    if any(name is None for name, _ in call.keywords) or any(exprs[one][0] == "star" for one in call.arguments):
        return False
    decorators = _decorators(resolver, function, scope)
    if not decorators <= _PLAIN:
        return False
    offset = _offset(resolver, ref, function, scope, decorators)
    return offset is not None and not _fits(scope, call, offset)


def _fits(scope: Scope, call: Call, offset: int) -> bool:
    """Whether arguments written one by one fit, behind some parameters that the call does not write."""
    placed = [one for one in scope.parameters if one.kind in _PLACED]
    kinds = {one.kind for one in scope.parameters}
    taken = offset + len(call.arguments)
    if taken > len(placed) and "*" not in kinds:
        return False
    named = {name for name, _ in call.keywords}
    if named and "**" not in kinds:
        by_name = {one.name for one in scope.parameters if one.kind == "keyword"}
        by_name.update(one.name for one in placed[taken:] if one.kind == "both")
        if not named <= by_name:
            return False
    required = (one for one in (*placed[taken:], *(one for one in scope.parameters if one.kind == "keyword")))
    return all(one.default != NONE or one.name in named for one in required)


def _offset(
    resolver: Resolver, ref: CallRef, function: FunctionRef, scope: Scope, decorators: frozenset[str]
) -> int | None:
    """How many leading parameters a call does not write; None when that is not certain."""
    if "staticmethod" in decorators:
        return 0
    found: set[int | None] = set()
    for value in resolver.values(ref.path, resolver.call(ref).function):
        if isinstance(value, Function) and value.ref == function:
            is_bound = value.receiver is not None or "classmethod" in decorators
            found.add(None if value.bound is not None else 1 if is_bound and scope.owner != NONE else 0)
        elif isinstance(value, Class) and scope.name == "__init__":
            found.add(1 if _is_made_plainly(resolver, value.ref) else None)
        elif isinstance(value, Instance) and scope.name == "__call__":
            found.add(1)
    return found.pop() if len(found) == 1 else None


def _is_made_plainly(resolver: Resolver, ref: ClassRef) -> bool:
    """Whether a call of a class runs its constructor with just these arguments: no decorator or metaclass is seen."""
    for one in resolver.lineage(ref):
        fact = resolver.class_fact(one)
        body = resolver.facts(one.path).scopes[fact.scope].finals
        if fact.decorators or "__new__" in body or any(name == "metaclass" for name, _ in fact.keywords):
            return False
    return True


def _decorators(resolver: Resolver, function: FunctionRef, scope: Scope) -> frozenset[str]:
    """The last names of the decorators of a function; that of a call is empty."""
    exprs = resolver.facts(function.path).exprs
    return frozenset(last_name(exprs[index]) for index in scope.decorators)
