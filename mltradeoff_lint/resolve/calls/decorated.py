"""What a decorator's library puts on what it decorates: `task.delay(...)`, `step.with_options(...)`, `A.remote()`."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Class, Function, FunctionRef, Instance, Library, Made, Values
from mltradeoff_lint.resolve.interface import Resolver

ANY_FUNCTION = "builtins.function()"
"""Stands for a function behind a decorator that did not resolve; its rows are methods that only task queues have."""


def member(resolver: Resolver, value: Function | Class, name: str) -> Values:
    """The library's method of a decorated function or class; empty when its decorators bring none of that name."""
    catalog = resolver.program.catalog
    for thing in _things(resolver, value):
        access = catalog.member(thing, name)
        if catalog.meanings("calls", access) or catalog.called(access) == thing:
            return (Library(access),)
    return ()


def called(resolver: Resolver, value: Library, made: Made, *, is_same: bool) -> Values:
    """What calling such a method gives, as far as it is the repository's own.

    `step.with_options(...)` is the step again (`is_same`), running a class (`Actor.remote()`) makes an object of it.
    """
    if value.made:
        return ()
    is_run = any(one.kind == "workflow-run" for one in resolver.program.meanings("calls", value.path))
    facts = resolver.facts(made.call.path)
    expr = facts.exprs[facts.calls[made.call.call].function]
    if not (is_same or is_run) or expr[0] != "attr":
        return ()
    receivers = resolver.values(made.call.path, expr[1], made.frame)
    if is_same:
        return tuple(one for one in receivers if isinstance(one, (Function, Class)))
    return tuple(Instance(one.ref, made) for one in receivers if isinstance(one, Class))


def _things(resolver: Resolver, value: Function | Class) -> Iterator[str]:
    facts = resolver.facts(value.ref.path)
    is_function = isinstance(value, Function)
    one = facts.scopes[value.ref.scope] if isinstance(value, Function) else facts.classes[value.ref.number]
    for decorator in one.decorators:
        for found in resolver.values(value.ref.path, decorating(facts, decorator)):
            if isinstance(found, Library):
                yield resolver.program.catalog.called(found.path)
    if is_function:
        yield ANY_FUNCTION


def decorating(facts: PythonFacts, decorator: int) -> int:
    """The expression that names a decorator, without the call that gives it settings."""
    expr = facts.exprs[decorator]
    return int(facts.calls[expr[1]].function) if expr[0] == "call" else decorator


def marks(resolver: Resolver, function: FunctionRef) -> Iterator[tuple[Meaning, CallRef | None]]:
    """What the catalog says of the decorators of a function, each with the call that gives it settings."""
    facts = resolver.facts(function.path)
    for decorator in resolver.scope(function).decorators:
        expr = facts.exprs[decorator]
        ref = CallRef(function.path, expr[1]) if expr[0] == "call" else None
        for value in resolver.values(function.path, decorating(facts, decorator)):
            for meaning in resolver.program.meanings("decorators", value.path) if isinstance(value, Library) else ():
                yield meaning, ref
