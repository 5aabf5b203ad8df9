"""Writes by which an attribute keeps its kind: `self.data = self.data.map(...)` says nothing new of `self.data`.

Which methods give a thing of the kind they are called on is said by the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mltradeoff_lint.catalog.index import Catalog
from mltradeoff_lint.model.facts import PythonFacts, Write
from mltradeoff_lint.resolve.domain import Library, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.questions import ATTRIBUTE_OF_ITSELF

_CALL, _ITEM = "()", "[]"


def without_itself(resolver: Resolver, found: Values, writes: Iterable[tuple[str, Write]]) -> Values:
    """What an attribute is, without "itself" where each write that hangs on it gives things of the same kind."""
    if ATTRIBUTE_OF_ITSELF not in found:
        return found
    known = [one for one in found if one != ATTRIBUTE_OF_ITSELF]
    things = [one.path for one in known if isinstance(one, Library)]
    if not things or len(things) < len(known):
        return found
    catalog = resolver.program.catalog
    for path, write in writes:
        if ATTRIBUTE_OF_ITSELF not in resolver.values(path, write.value):
            continue
        steps = _steps(resolver.facts(path), write)
        if write.path or steps is None or any(_after(catalog, steps, thing) != thing for thing in things):
            return found
    return tuple(known)


def _steps(facts: PythonFacts, write: Write) -> Sequence[str] | None:
    """The members, calls and items that a write takes of its own attribute, in order; None when it does more."""
    steps: list[str] = []
    own, expr = facts.exprs[write.base], facts.exprs[write.value]
    while True:
        if expr[0] == "call":
            steps.append(_CALL)
            expr = facts.exprs[facts.calls[expr[1]].function]
        elif expr[0] == "attr":
            base = facts.exprs[expr[1]]
            if expr[2] == write.key and base[0] == own[0] == "name" and base[1] == own[1]:
                return steps[::-1]
            steps.append(expr[2])
            expr = base
        elif expr[0] == "item":
            steps.append(_ITEM)
            expr = facts.exprs[expr[1]]
        else:
            return None


def _after(catalog: Catalog, steps: Iterable[str], path: str) -> str:
    """The access path that steps lead to from another one."""
    for step in steps:
        if step == _CALL:
            path = catalog.called(path)
        else:
            path = catalog.canonical(f"{path}{step}") if step == _ITEM else catalog.member(path, step)
    return path
