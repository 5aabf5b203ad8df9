"""Functions that an object is constructed with and calls later: `Cache(load)` keeps it and calls `self.loader(key)`."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.calls.handed import passing
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction

MAX_FIELDS = 20
"""Fields under which one function is kept; one that is kept more often is no particular object's."""


def fields_of(resolver: Resolver, function: FunctionRef) -> frozenset[str]:
    """The names of the fields that keep a function, because a constructor is passed it and writes it there."""
    return resolver.program.ask("kept-in-fields", function, lambda: _fields(resolver, function))


def _fields(resolver: Resolver, function: FunctionRef) -> frozenset[str]:
    found = frozenset(
        field
        for ref in passing(resolver, function)
        for value in resolver.values(ref.path, resolver.call(ref).function)
        if isinstance(value, Class)
        for parameter in _parameters(resolver, ref, value.ref, function)
        for field in _written(resolver, value.ref, parameter)
    )
    return found if len(found) <= MAX_FIELDS else frozenset()


def _parameters(resolver: Resolver, ref: CallRef, made: ClassRef, function: FunctionRef) -> Iterator[str]:
    """The parameters of a constructor for which a call passes the function."""
    call, construction = resolver.call(ref), Construction(resolver)
    constructor = construction.constructor(made)
    names = construction.fields(made)
    if constructor is not None:
        names = tuple(one.name for one in resolver.scope(constructor).parameters[1:])
    passed = [*zip(names, call.arguments, strict=False), *((name, expr) for name, expr in call.keywords if name)]
    for name, expr in passed:
        values = resolver.values(ref.path, expr)
        if any(isinstance(value, Function) and value.ref == function for value in values):
            yield str(name)


def _written(resolver: Resolver, made: ClassRef, parameter: str) -> Iterator[str]:
    """The fields to which a constructor writes a parameter; a class without one keeps it under its own name."""
    constructor = Construction(resolver).constructor(made)
    if constructor is None:
        yield parameter
        return
    facts = resolver.facts(constructor.path)
    for write in facts.writes:
        if write.kind == "attribute" and write.scope == constructor.scope and not write.path:
            value = facts.exprs[write.value]
            choices = value[2] if value[0] == "boolop" else (write.value,)
            if any(facts.exprs[one][:2] == ("name", parameter) for one in choices):
                yield str(write.key)
