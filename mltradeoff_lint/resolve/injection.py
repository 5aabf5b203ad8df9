"""Dependency injection: the functions whose results a framework passes for a parameter."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef, Library
from mltradeoff_lint.resolve.interface import Resolver

INJECTORS = frozenset({"fastapi.Depends", "fastapi.Security", "fastapi.params.Depends"})


def providers(resolver: Resolver, function: FunctionRef, position: int) -> tuple[FunctionRef, ...]:
    """The functions named in `= Depends(f)` or `Annotated[T, Depends(f)]` of a parameter."""
    return tuple(provider for provider, _ in _provided(resolver, function, position))


def dependencies(resolver: Resolver, function: FunctionRef) -> Iterator[tuple[FunctionRef, CallRef]]:
    """All functions a function's parameters depend on, with the call that names each."""
    for position in range(len(resolver.scope(function).parameters)):
        yield from _provided(resolver, function, position)


def _provided(resolver: Resolver, function: FunctionRef, position: int) -> Iterator[tuple[FunctionRef, CallRef]]:
    facts = resolver.facts(function.path)
    parameter = resolver.scope(function).parameters[position]
    candidates = [parameter.default] if parameter.default != NONE else []
    if parameter.annotation != NONE and facts.exprs[parameter.annotation][0] == "item":
        index = facts.exprs[parameter.annotation][2]
        inner = facts.exprs[index] if index != NONE else ("tuple", ())
        candidates += list(inner[1]) if inner[0] == "tuple" else []
    for candidate in candidates:
        expr = facts.exprs[candidate]
        if expr[0] != "call":
            continue
        call = facts.calls[expr[1]]
        passed = [*call.arguments[:1], *(value for name, value in call.keywords if name == "dependency")]
        injects = any(
            isinstance(one, Library) and one.path in INJECTORS for one in resolver.values(function.path, call.function)
        )
        for one in passed if injects else ():
            for value in resolver.values(function.path, one):
                if isinstance(value, Function):
                    yield value.ref, CallRef(function.path, expr[1])
