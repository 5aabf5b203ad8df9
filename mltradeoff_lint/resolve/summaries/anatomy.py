"""The parts of a function: its calls, results, tests and writes of attributes, with those of its lambdas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts

_TESTED = frozenset({"then", "else", "while", "case"})


class Anatomy(NamedTuple):
    """Indices into the facts of a module, for one function; nested functions are apart, lambdas and classes are in."""

    calls: tuple[int, ...]
    results: tuple[int, ...]
    tests: tuple[int, ...]
    attributes: tuple[int, ...]
    """Writes to an attribute of a plain name, such as `self.path = ...`."""
    members: tuple[int, ...]
    """Loads of an attribute of a plain name, such as `self.path`."""


NOTHING = Anatomy((), (), (), (), ())


def anatomies(facts: PythonFacts) -> dict[int, Anatomy]:
    """The parts of every function of a module by scope, and of its own code under 0, in one pass."""
    owners = _owners(facts)
    calls: dict[int, list[int]] = {}
    results: dict[int, list[int]] = {}
    tests: dict[int, list[int]] = {}
    attributes: dict[int, list[int]] = {}
    members: dict[int, list[int]] = {}
    for number, call in enumerate(facts.calls):
        calls.setdefault(owners[call.scope], []).append(number)
    for number, scope in enumerate(facts.scopes):
        if scope.kind == "function":
            results[number] = [one.value for one in (*scope.returns, *scope.yields) if one.value != NONE]
    for region in facts.regions:
        if region.kind in _TESTED and region.test != NONE:
            tests.setdefault(owners[region.scope], []).append(region.test)
    for number, write in enumerate(facts.writes):
        if write.kind == "attribute" and facts.exprs[write.base][0] == "name":
            attributes.setdefault(owners[write.scope], []).append(number)
    for number, expr in enumerate(facts.exprs):
        if expr[0] == "attr" and facts.exprs[expr[1]][0] == "name":
            members.setdefault(owners[facts.expr_scopes[number]], []).append(number)
    parts = (calls, results, tests, attributes, members)
    scopes = dict.fromkeys(scope for part in parts for scope in part)
    return {scope: Anatomy(*(tuple(dict.fromkeys(part.get(scope, ()))) for part in parts)) for scope in scopes}


def _owners(facts: PythonFacts) -> list[int]:
    """For every scope the function it belongs to: itself, or what surrounds a lambda or class body."""
    owners: list[int] = []
    for number, scope in enumerate(facts.scopes):
        is_own = number == 0 or scope.kind in ("function", "module")
        # an inner scope has a higher number than the one it stands in
        owners.append(number if is_own else owners[scope.parent])
    return owners


def versions(facts: PythonFacts, reaching: Iterable[int]) -> Iterator[Definition]:
    """The versions of a name that some definitions lead back to, each once: bindings, joins and changes."""
    pending = list(reaching)
    seen = set(pending)
    while pending:
        definition = facts.definitions[pending.pop()]
        yield definition
        pending += [one for one in definition.previous if one not in seen]
        seen.update(definition.previous)
