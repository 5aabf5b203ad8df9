"""Rows that a table of the repository is told to make: `Chat.objects.create(name="small")` gives an object of `Chat`.

The catalog says which methods make one. The class stands where the chain of the call begins, behind which a manager
and steps of a query may follow, and what the call passes are columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Class, Frame, Instance, Made, Values
from mltradeoff_lint.resolve.interface import Resolver

MAX_STEPS = 12
"""Parts of the chain between a class and the method that makes a row."""

_CHANGING = frozenset({"append", "add", "extend", "insert", "setdefault", "update", "appendleft"})
"""Methods that put something into a container."""


def made_row(resolver: Resolver, meaning: Meaning, site: CallRef, frame: Frame | None) -> Values:
    """The row that a call makes; empty where its class does not show."""
    facts = resolver.facts(site.path)
    manager = meaning.literal("manager")
    expr = facts.exprs[facts.calls[site.call].function]
    is_behind = not manager
    for _ in range(MAX_STEPS):
        if expr[0] == "call":
            expr = facts.exprs[facts.calls[expr[1]].function]
            continue
        if expr[0] != "attr":
            break
        is_behind = is_behind or expr[2] == manager
        if is_behind:
            owners = resolver.values(site.path, expr[1], frame)
            return tuple(Instance(one.ref, Made(site, frame)) for one in owners if isinstance(one, Class))
        expr = facts.exprs[expr[1]]
    return ()


def is_told(resolver: Resolver, made: Made) -> bool:
    """Whether the columns that a call does not name are those that it leaves out: nothing is spread into it."""
    facts, call = resolver.facts(made.call.path), resolver.call(made.call)
    is_spread = any(facts.exprs[one][0] == "star" for one in call.arguments)
    return not is_spread and all(name is not None for name, _ in call.keywords)


def changed_in_place(resolver: Resolver) -> frozenset[str]:
    """The attributes of which something is put in anywhere: `chat.log["messages"].append(one)`."""
    return resolver.program.ask("changed-in-place", "", lambda: _changed(resolver), sorted)


def _changed(resolver: Resolver) -> frozenset[str]:
    found: set[str] = set()
    for path in resolver.program.python_paths():
        facts = resolver.facts(path)
        for write in facts.writes:
            if write.kind == "item":
                found.update(_attributes(facts, write.base))
        for call in facts.calls:
            function = facts.exprs[call.function]
            if function[0] == "attr" and function[2] in _CHANGING:
                found.update(_attributes(facts, function[1]))
    return frozenset(found)


def _attributes(facts: PythonFacts, index: int) -> Iterator[str]:
    """The names of the attributes that lead to an expression, through items and calls."""
    for _ in range(MAX_STEPS):
        expr = facts.exprs[index]
        if expr[0] == "attr":
            yield str(expr[2])
        elif expr[0] == "call":
            index = facts.calls[expr[1]].function
            continue
        elif expr[0] != "item":
            return
        index = expr[1]
