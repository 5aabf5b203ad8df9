"""Which function reads a stream to its end: one that returns it, unread or half read, leaves the rest to callers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.response_names import each_name, response_name, whole
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted, is_whole
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Function, FunctionRef
from mltradeoff_lint.resolve.folders import is_test

MAX_RETURNS = 3
"""Functions that may return a stream one after the other."""


class Reader(NamedTuple):
    """A function that goes through a stream, and what it calls what it takes of it."""

    function: FunctionRef
    each: str


class _Given(NamedTuple):
    """A call that gives a stream: all of its result, or the item of a tuple."""

    ref: CallRef
    item: int | None = None


def last_reader(work: Workspace, ref: CallRef) -> Reader | None:
    """The function that reads the rest of a stream which the one around its call returns or hands on; None without one.

    Where several do, nobody can name one.
    """
    found: set[Reader] = set()
    pending, seen = [(_Given(ref), 0)], {_Given(ref)}
    while pending:
        given, returns = pending.pop()
        facts = work.resolver.facts(given.ref.path)
        each = _each(work, given) if returns else ""
        if each:
            function = work.reach.function_of(given.ref.path, facts.calls[given.ref.call].scope)
            found.add(Reader(function, each))
            continue
        found.update(_handed(work, given))
        for one in _onward(work, given) if returns < MAX_RETURNS else ():
            if one not in seen:
                seen.add(one)
                pending.append((one, returns + 1))
    return found.pop() if len(found) == 1 else None


def is_half_read(work: Workspace, ref: CallRef) -> bool:
    """Whether the function around a call goes through its stream itself."""
    return bool(each_name(work.resolver, ref))


def _onward(work: Workspace, given: _Given) -> Iterator[_Given]:
    """The calls of the function that returns a stream."""
    facts, path = work.resolver.facts(given.ref.path), given.ref.path
    scope = facts.calls[given.ref.call].scope
    own, name = _own(work, given), _name(work, given)
    for left in facts.scopes[scope].returns if facts.scopes[scope].kind == "function" else ():
        items = list(_items(facts, left.value))
        for item, expr in items:
            if expr in own or (name and dotted(facts, expr) == name):
                for caller in work.resolver.callers(FunctionRef(path, scope)):
                    if not is_test(caller.path):
                        yield _Given(caller, item)


def _handed(work: Workspace, given: _Given) -> Iterator[Reader]:
    """The functions with a loop over a parameter that the function with the stream gives it to."""
    facts, path = work.resolver.facts(given.ref.path), given.ref.path
    own, name, scope = _own(work, given), _name(work, given), facts.calls[given.ref.call].scope
    for number, call in enumerate(facts.calls):
        taken = (*call.arguments, *(expr for _, expr in call.keywords)) if call.scope == scope else ()
        for expr in taken:
            if expr in own or (name and dotted(facts, expr) == name):
                yield from _loops(work, CallRef(path, number), expr)


def _loops(work: Workspace, ref: CallRef, expr: int) -> Iterator[Reader]:
    """What the loops over the parameters that take an argument call each part of it."""
    for value in work.resolver.values(ref.path, work.resolver.call(ref).function):
        function = value.ref if isinstance(value, Function) else None
        if function is None:
            continue
        facts = work.resolver.facts(function.path)
        for position, one in enumerate(work.resolver.scope(function).parameters):
            if work.resolver.argument(ref, function, position) == (ref.path, expr):
                each = _loop_over(facts, function.scope, set(), one.name)
                yield from (Reader(function, each),) if each else ()


def _items(facts: PythonFacts, index: int) -> Iterator[tuple[int | None, int]]:
    """What is returned: a value as a whole, or the items of a tuple."""
    if index == NONE:
        return
    expr = facts.exprs[index]
    if expr[0] == "tuple":
        yield from enumerate(expr[1])
    else:
        yield None, index


def _own(work: Workspace, given: _Given) -> set[int]:
    """The expressions that are the stream itself."""
    return whole(work.resolver, given.ref) if given.item is None else set()


def _name(work: Workspace, given: _Given) -> str:
    """What a stream is bound to; empty without a name."""
    if given.item is None:
        return response_name(work.resolver, given.ref)
    results = whole(work.resolver, given.ref)
    for one in work.resolver.facts(given.ref.path).definitions:
        if one.kind == "assign" and one.value in results and one.path[:1] == (given.item,) and len(one.path) == 1:
            return one.name
    return ""


def _each(work: Workspace, given: _Given) -> str:
    """What a loop over a stream calls what it takes of it; empty without a loop."""
    facts, own, name = work.resolver.facts(given.ref.path), _own(work, given), _name(work, given)
    return _loop_over(facts, facts.calls[given.ref.call].scope, own, name)


def _loop_over(facts: PythonFacts, scope: int, own: set[int], name: str) -> str:
    """What a loop in a scope calls the parts of some expressions, or of what has a name."""
    for one in facts.definitions:
        is_loop = one.kind == "loop" and is_whole(one) and one.value != NONE and _is_inside(facts, one.scope, scope)
        if is_loop and (one.value in own or (name and dotted(facts, one.value) == name)):
            return one.name
    return ""


def _is_inside(facts: PythonFacts, inner: int, scope: int) -> bool:
    """Whether a scope is another, or a comprehension in it."""
    return inner == scope or (facts.scopes[inner].kind != "function" and facts.scopes[inner].parent == scope)
