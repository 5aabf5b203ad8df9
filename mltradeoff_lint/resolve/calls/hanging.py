"""What an expression hangs on in the functions around it: their parameters, and the fields of their object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts

Hold: TypeAlias = tuple[int, "int | str"]
"""The scope of a function, and in it the position of a parameter or the name of a field of its object.

The name is empty where the object itself is handed on.
"""

MAX_PARTS = 120
"""Expressions and bindings of names that are looked through for one text."""

_BINDING = frozenset({"assign", "augment", "loop", "enter", "item"})
_METHODS = ("staticmethod", "classmethod")


def holds(facts: PythonFacts, roots: Iterable[int]) -> frozenset[Hold]:
    """What expressions of a module hang on, also through names that are bound between."""
    found: set[Hold] = set()
    pending, seen, bound = [one for one in roots if one != NONE], 0, set[int]()
    while pending and seen < MAX_PARTS:
        expr = facts.exprs[pending.pop()]
        seen += 1
        if expr[0] == "name":
            for number in versions_of(facts, expr):
                if number not in bound:
                    bound.add(number)
                    pending += _bound(facts, number, bound, found)
        elif expr[0] == "attr" and facts.exprs[expr[1]][0] == "name":
            owners = methods_of(facts, facts.exprs[expr[1]])
            found.update((owner, expr[2]) for owner in owners)
            pending += [expr[1]] if not owners else _written(facts, facts.exprs[expr[1]], expr[2])
        elif expr[0] == "call" and facts.exprs[facts.calls[expr[1]].function][0] == "name":
            pending += [one for one in parts(facts, expr)[1:] if one != NONE]
        else:
            pending += [one for one in parts(facts, expr) if one != NONE]
    return frozenset(found)


def _bound(facts: PythonFacts, number: int, bound: set[int], found: set[Hold]) -> Iterator[int]:
    """The expressions that a version of a name is made of; parameters on the way are noted."""
    pending = [number]
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind == "param":
            parameter = facts.scopes[one.scope].parameters[one.value]
            if parameter.kind not in ("*", "**"):
                found.add((one.scope, "" if _is_object(facts, one) else one.value))
        elif one.kind in _BINDING and one.value != NONE:
            yield one.value
        pending += [each for each in one.previous if each not in bound]
        bound.update(one.previous)


def methods_of(facts: PythonFacts, name: Expr) -> set[int]:
    """The scopes of the methods whose own object a name is; empty when it is, or may be, anything else."""
    pending = list(versions_of(facts, name))
    seen, found = set(pending), set[int]()
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind == "param" and _is_object(facts, one):
            found.add(one.scope)
        elif one.kind in ("phi", "attribute", "item", "method"):
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
        else:
            return set()
    return found


def _written(facts: PythonFacts, name: Expr, attribute: str) -> Iterator[int]:
    """What the versions of an object that reach a place were given under a name in the same function."""
    for number in name[2]:
        one = facts.definitions[number]
        if one.kind == "attribute" and one.path[0] == attribute and one.value != NONE:
            yield one.value


def _is_object(facts: PythonFacts, definition: Definition) -> bool:
    scope = facts.scopes[definition.scope]
    if definition.value != 0 or scope.owner == NONE or scope.kind != "function":
        return False
    decorators = [facts.exprs[one] for one in scope.decorators]
    return not any(one[0] == "name" and one[1] in _METHODS for one in decorators)


def method_around(facts: PythonFacts, scope: int) -> int:
    """The method that a scope is or stands in; 0, the scope of the module, for code outside of methods."""
    while scope > 0 and facts.scopes[scope].owner == NONE:
        scope = facts.scopes[scope].parent
    return max(scope, 0)


def versions_of(facts: PythonFacts, name: Expr) -> tuple[int, ...]:
    """The versions of a name that reach it: of its own scope, or those a function around ends with."""
    if name[2]:
        return tuple(name[2])
    scope = name[3]
    while scope > 0:
        scope = facts.scopes[scope].parent
        if scope > 0 and facts.scopes[scope].kind != "class" and name[1] in facts.scopes[scope].finals:
            return facts.scopes[scope].finals[name[1]]
    return ()


def becoming(facts: PythonFacts, number: int) -> set[int]:
    """A version of a name and those that it may have become, by joins, loops and changes of what it holds."""
    bound, following = facts.definitions[number], dict[int, list[int]]()
    for index, one in enumerate(facts.definitions):
        for before in one.previous if (one.scope, one.name) == (bound.scope, bound.name) else ():
            following.setdefault(before, []).append(index)
    found, pending = {number}, [number]
    while pending:
        new = [one for one in following.get(pending.pop(), ()) if one not in found]
        found.update(new)
        pending += new
    return found
