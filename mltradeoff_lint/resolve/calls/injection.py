"""Dependency injection: the functions whose results a framework passes for a parameter."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef, Library
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.aliases import written_type

INJECTORS = frozenset({"fastapi.Depends", "fastapi.Security", "fastapi.params.Depends"})


def providers(resolver: Resolver, function: FunctionRef, position: int) -> tuple[FunctionRef, ...]:
    """The functions named in `= Depends(f)` or `Annotated[T, Depends(f)]` of a parameter."""
    return tuple(provider for provider, _ in _provided(resolver, function, position))


def dependencies(resolver: Resolver, function: FunctionRef) -> Iterator[tuple[FunctionRef, CallRef]]:
    """All functions a function's parameters depend on, with the call that names each."""
    for position in range(len(resolver.scope(function).parameters)):
        yield from _provided(resolver, function, position)


def _provided(resolver: Resolver, function: FunctionRef, position: int) -> Iterator[tuple[FunctionRef, CallRef]]:
    parameter = resolver.scope(function).parameters[position]
    if parameter.default == NONE and parameter.annotation == NONE:
        return
    candidates = [(function.path, parameter.default)] if parameter.default != NONE else []
    if parameter.annotation != NONE:
        path, annotation = written_type(resolver, function.path, parameter.annotation)
        facts = resolver.facts(path)
        index = facts.exprs[annotation][2] if facts.exprs[annotation][0] == "item" else NONE
        inner = facts.exprs[index] if index != NONE else ("tuple", ())
        candidates += [(path, one) for one in inner[1]] if inner[0] == "tuple" else []
    for path, candidate in candidates:
        facts = resolver.facts(path)
        expr = facts.exprs[candidate]
        if expr[0] != "call":
            continue
        call = facts.calls[expr[1]]
        passed = [*call.arguments[:1], *(value for name, value in call.keywords if name == "dependency")]
        injects = any(
            isinstance(one, Library) and one.path in INJECTORS for one in resolver.values(path, call.function)
        )
        for one in passed if injects else ():
            for value in resolver.values(path, one):
                if isinstance(value, Function):
                    yield value.ref, CallRef(path, expr[1])
