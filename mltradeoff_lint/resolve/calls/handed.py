"""Functions that a program hands to a library, which calls them: what it passes to them, and who is behind the call.

`executor.submit(f, a)`, `Thread(target=f, args=(a,))` and `pool.map(f, rows)` pass what stands beside the function;
`button.click(f)` passes what a person enters. Which call does which is a row of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import Expr
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef, Items, Library, Mapping, Values, union
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import pick
from mltradeoff_lint.resolve.values.operators import element, project

MAX_REFERENCES = 40
"""A name that is passed more often than this says nothing about which function is meant."""


class Handing(NamedTuple):
    """One call that hands a function on: its meaning, the expression of the function, and whether `self` is bound."""

    ref: CallRef
    meaning: Meaning
    expr: int
    is_bound: bool


def passed_names(resolver: Resolver) -> dict[str, list[CallRef]]:
    """The calls that pass something by a name, by that name: `f` of `g(f)` and of `g(module.f)`."""
    return resolver.program.ask("passed-names", "", lambda: _all_passed(resolver))


def _all_passed(resolver: Resolver) -> dict[str, list[CallRef]]:
    index: dict[str, list[CallRef]] = {}
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        for number, call in enumerate(facts.calls):
            for expr_index in (*call.arguments, *(value for _, value in call.keywords)):
                name = _last_name(facts.exprs[expr_index])
                if name is not None:
                    index.setdefault(name, []).append(CallRef(path, number))
    return index


def _last_name(expr: Expr) -> str | None:
    return str(expr[1]) if expr[0] == "name" else str(expr[2]) if expr[0] == "attr" else None


def handings(resolver: Resolver, function: FunctionRef) -> tuple[Handing, ...]:
    """The calls that hand a function to a library which the catalog says will call it."""
    return resolver.program.ask("handings", function, lambda: tuple(_handings(resolver, function)))


def _handings(resolver: Resolver, function: FunctionRef) -> Iterator[Handing]:
    candidates = passed_names(resolver).get(resolver.scope(function).name, [])
    if len(candidates) > MAX_REFERENCES:
        return
    for ref in dict.fromkeys(candidates):
        for meaning in _meanings(resolver, ref):
            name = "function" if meaning.kind == "calls-argument" else "handler"
            for selector in meaning.selectors(name):
                expr = pick(resolver.facts(ref.path), ref, selector)
                for value in resolver.values(ref.path, expr) if expr >= 0 else ():
                    if isinstance(value, Function) and value.ref == function:
                        yield Handing(ref, meaning, expr, value.receiver is not None)


def _meanings(resolver: Resolver, ref: CallRef) -> Iterator[Meaning]:
    for value in resolver.values(ref.path, resolver.call(ref).function):
        if isinstance(value, Library):
            for meaning in resolver.program.meanings("calls", value.path):
                if meaning.kind in ("calls-argument", "endpoint", "entry"):
                    yield meaning


def given(resolver: Resolver, function: FunctionRef, position: int) -> Values:
    """What libraries pass for a parameter of a function they are handed; empty when nothing is known of it."""
    found = [_given(resolver, one, function, position) for one in handings(resolver, function)]
    return union(*found)


def _given(resolver: Resolver, one: Handing, function: FunctionRef, position: int) -> Values:
    if one.meaning.kind != "calls-argument":
        return ()
    path, call = one.ref.path, resolver.call(one.ref)
    parameter = resolver.scope(function).parameters[position]
    index = position - int(one.is_bound)
    way = one.meaning.literal("arguments")
    if way in ("following", "each", "rows"):
        named = [expr for name, expr in call.keywords if name == parameter.name and way == "following"]
        if named:
            return resolver.values(path, named[0])
        first = call.arguments.index(one.expr) + 1 if one.expr in call.arguments else len(call.arguments)
        at = first if way == "rows" else first + index
        values = resolver.values(path, call.arguments[at]) if index >= 0 and at < len(call.arguments) else ()
        if way == "following":
            return values
        elements = union(*(element(value) for value in values))
        return project(resolver, elements, (index,)) if way == "rows" else elements
    return _packed(resolver, one, parameter.name, index)


def _packed(resolver: Resolver, one: Handing, name: str, index: int) -> Values:
    """What `args=(...)` and `kwargs={...}` of a handing call hold for a parameter."""
    facts = resolver.facts(one.ref.path)
    found: list[Values] = []
    for selector in one.meaning.selectors("keywords"):
        for value in resolver.values(one.ref.path, pick(facts, one.ref, selector)):
            found.append((value.get(name) or ()) if isinstance(value, Mapping) else ())
    for selector in one.meaning.selectors("arguments"):
        for value in resolver.values(one.ref.path, pick(facts, one.ref, selector)):
            if isinstance(value, Items) and not value.is_open and 0 <= index < len(value.items):
                found.append(value.items[index])
    return union(*found)


def source(resolver: Resolver, function: FunctionRef, position: int) -> str:
    """The source of a parameter of a function that an app calls for a person or a queue; empty for any other."""
    name = resolver.scope(function).parameters[position].name
    for one in handings(resolver, function):
        if one.meaning.kind == "endpoint":
            return f"request:{name}"
        if one.meaning.kind == "entry":
            return f"input:{name}"
    return ""
