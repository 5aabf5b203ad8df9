"""Methods and properties by name: a property with a setter is several functions of one name, and the getter is read."""

from __future__ import annotations

import re

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import Expr
from mltradeoff_lint.resolve.domain import Class, ClassRef, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver

MAX_ACCESSORS = 8
"""Functions of one property that are walked back to its getter."""

_PROPERTY = re.compile(r"\w*property|reify")
"""Decorators that make a property: `cached_property`, `lazyproperty` of other libraries, `reify` of Pyramid."""

_KEEPING = frozenset({"setter", "deleter"})
"""What a property has for its further functions, each of which gives a property with the same getter."""


def method(resolver: Resolver, ref: ClassRef, name: str) -> FunctionRef | None:
    """The function that a class itself has by a name; of a property its getter."""
    facts = resolver.facts(ref.path)
    for index in facts.scopes[facts.classes[ref.number].scope].finals.get(name, ()):
        if facts.definitions[index].kind == "function":
            return getter(resolver, FunctionRef(ref.path, facts.definitions[index].value))
    return None


def getter(resolver: Resolver, function: FunctionRef) -> FunctionRef:
    """What reading the name of a function runs: for `@name.setter` and `@name.deleter` the getter of `name`."""
    for _ in range(MAX_ACCESSORS):
        kept = _kept(resolver, function)
        if kept is None:
            break
        function = kept
    return function


def is_property(resolver: Resolver, function: FunctionRef) -> bool:
    """Whether reading the name of a function calls it."""
    decorators = _decorators(resolver, function)
    name = resolver.scope(function).name
    return any(
        _PROPERTY.fullmatch(last_name(one) or "") or _changed(resolver, function, one, name) == "getter"
        for one in decorators
    )


def _kept(resolver: Resolver, function: FunctionRef) -> FunctionRef | None:
    """The function before it of the property that a function is made a setter or deleter of."""
    name = resolver.scope(function).name
    facts = resolver.facts(function.path)
    for decorator in _decorators(resolver, function):
        if _changed(resolver, function, decorator, name) not in _KEEPING:
            continue
        before = facts.exprs[decorator[1]]
        if before[0] == "name":
            bound = (facts.definitions[one] for one in before[2])
            return next((FunctionRef(function.path, one.value) for one in bound if one.kind == "function"), None)
        owners = [one.ref for one in resolver.values(function.path, before[1]) if isinstance(one, Class)]
        line = [above for owner in owners for above in resolver.lineage(owner)]
        return next((found for one in line if (found := method(resolver, one, name)) is not None), None)
    return None


def _changed(resolver: Resolver, function: FunctionRef, decorator: Expr, name: str) -> str:
    """The last name of `@name.setter` or `@Base.name.setter` on a function of that name; empty for other decorators."""
    if decorator[0] != "attr":
        return ""
    before = resolver.facts(function.path).exprs[decorator[1]]
    return str(decorator[2]) if last_name(before) == name else ""


def _decorators(resolver: Resolver, function: FunctionRef) -> tuple[Expr, ...]:
    exprs = resolver.facts(function.path).exprs
    return tuple([exprs[index] for index in resolver.scope(function).decorators])
