"""Whether a call fits the signature of a function: one that does not raises `TypeError` and binds nothing.

Python's language reference, section 6.3.4 "Calls", says what fits. Only what is certain is told: no `*values` or
`**values` at the call, no decorator that may put another signature in front, no partial function, no metaclass.
"""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, Call, Scope
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance
from mltradeoff_lint.resolve.interface import Resolver

_PLAIN = frozenset({"staticmethod", "classmethod", "abstractmethod", "override", "final"})
"""Decorators that leave the signature as it is written."""

_LAST = 1 << 30
"""The place of a parameter that is passed by its name alone: behind all that are passed by position."""


class _Signature(NamedTuple):
    """What a function takes, so that a call is compared without going over the parameters again."""

    placed: int
    """How many parameters can be passed by position."""
    kinds: frozenset[str]
    places: dict[str, int]
    """The place of each parameter that can be passed by name."""
    required: tuple[tuple[str, int], ...]
    """Name and place of the parameters without a default."""


class Arity:
    """Compares calls with signatures; what a signature takes is worked out once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._signatures: dict[FunctionRef, _Signature] = {}

    def misses(self, ref: CallRef, function: FunctionRef) -> bool:
        """Whether a call certainly does not fit a function that it may run."""
        resolver = self._resolver
        scope, call = resolver.scope(function), resolver.call(ref)
        signature = self._signatures.get(function)
        if signature is None:
            signature = self._signatures[function] = _signature(scope)
        has_receiver = scope.owner != NONE and scope.kind == "function"
        if _fits(signature, call, 0) and (not has_receiver or _fits(signature, call, 1)):
            return False
        exprs = resolver.facts(ref.path).exprs
        if any(name is None for name, _ in call.keywords) or any(exprs[one][0] == "star" for one in call.arguments):
            return False
        decorators = decorator_names(resolver, function.path, scope)
        if not decorators <= _PLAIN:
            return False
        offset = _offset(resolver, ref, function, scope, decorators)
        return offset is not None and not _fits(signature, call, offset)


def _signature(scope: Scope) -> _Signature:
    placed = [one for one in scope.parameters if one.kind in ("positional", "both")]
    by_name = [one for one in scope.parameters if one.kind == "keyword"]
    ordered = [*enumerate(placed), *((_LAST, one) for one in by_name)]
    return _Signature(
        len(placed),
        frozenset(one.kind for one in scope.parameters),
        {one.name: place for place, one in ordered if one.kind != "positional"},
        tuple((one.name, place) for place, one in ordered if one.default == NONE),
    )


def _fits(signature: _Signature, call: Call, offset: int) -> bool:
    """Whether arguments written one by one fit, behind some parameters that the call does not write."""
    taken = offset + len(call.arguments)
    if taken > signature.placed and "*" not in signature.kinds:
        return False
    named = [name for name, _ in call.keywords]
    if named and "**" not in signature.kinds:
        for name in named:
            if name is None or signature.places.get(name, -1) < taken:
                return False
    return not [name for name, place in signature.required if place >= taken and name not in named]


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


def decorator_names(resolver: Resolver, path: str, scope: Scope) -> frozenset[str]:
    """The last names of the decorators of a function; that of a call is empty."""
    if not scope.decorators:
        return frozenset()
    exprs = resolver.facts(path).exprs
    return frozenset([last_name(exprs[index]) for index in scope.decorators])
