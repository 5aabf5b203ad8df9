"""What a call of an object runs: its own `__call__`, or the method that the `__call__` of its library runs.

A network of the repository has a `forward`; `net(rows)` is a call of the library, which runs it.
"""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import Function, FunctionRef, Instance, Library, Value
from mltradeoff_lint.resolve.interface import Resolver


def giving(resolver: Resolver, value: Instance) -> tuple[Function, ...]:
    """The functions whose result a call of an object gives: its own `__call__`, or what its library hands back."""
    found: list[Function] = []
    for called in resolver.member(value, "__call__"):
        if isinstance(called, Function):
            found.append(called)
        elif isinstance(called, Library):
            for meaning in resolver.program.meanings("calls", called.path):
                name = meaning.literal("interface") if meaning.literal("gives") == "result" else ""
                found += [one for one in (resolver.member(value, name) if name else ()) if isinstance(one, Function)]
    return tuple(found)


def run_by_call(resolver: Resolver, value: Value) -> tuple[FunctionRef, ...]:
    """The functions of the repository that calling a value runs; none for a class, whose call makes an object."""
    if isinstance(value, Function):
        return (value.ref,)
    if not isinstance(value, Instance):
        return ()
    found: list[FunctionRef] = []
    for called in resolver.member(value, "__call__"):
        if isinstance(called, Function):
            found.append(called.ref)
        elif isinstance(called, Library):
            for meaning in resolver.program.meanings("calls", called.path):
                name = meaning.literal("interface") if meaning.kind == "forward-pass" else ""
                inner = resolver.member(value, name) if name else ()
                found += [one.ref for one in inner if isinstance(one, Function)]
    return tuple(dict.fromkeys(found))
