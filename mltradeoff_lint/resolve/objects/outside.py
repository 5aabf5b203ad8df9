"""Attributes that code outside of a class sets on its objects: `agent.manager = manager`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import ClassRef, Instance, Value, Values, is_none, union
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.attribute_writes import attribute_writes
from mltradeoff_lint.resolve.values.operators import project

MAX_WRITES = 20
"""A name that is set on more objects than this says nothing about which object is meant."""


class _Write(NamedTuple):
    path: str
    base: int
    value: int
    route: tuple[object, ...]


def written_outside(resolver: Resolver, owner: ClassRef, name: str) -> Iterator[Values]:
    """What code that is no test sets an attribute of objects to that may be of a class; empty where nobody can tell."""
    writes = resolver.program.ask("outside-writes", "", lambda: _by_name(resolver)).get(name, ())
    counting = [one for one in writes if not is_test(one.path)]
    if len(counting) > MAX_WRITES:
        yield ()
        return
    for one in counting:
        receivers = resolver.values(one.path, one.base)
        if not receivers or any(_may_be(resolver, value, owner) for value in receivers):
            yield project(resolver, resolver.values(one.path, one.value), one.route)


def set_outside(resolver: Resolver, owner: ClassRef, name: str) -> Values:
    """What is written to an attribute of objects of a class, or of one above or below it, in code that is no test."""
    writes = _writes(resolver, owner, name)
    found = [project(resolver, resolver.values(one.path, one.value), one.route) for one in writes]
    return tuple(value for value in union(*found) if not isinstance(value, Unknown) and not is_none(value))


def is_set_outside(resolver: Resolver, owner: ClassRef, name: str) -> bool:
    """Whether code that is no test sets an attribute of objects of a class, or of one above or below it."""
    return next(_writes(resolver, owner, name), None) is not None


def _writes(resolver: Resolver, owner: ClassRef, name: str) -> Iterator[_Write]:
    writes = resolver.program.ask("outside-writes", "", lambda: _by_name(resolver)).get(name, ())
    for one in writes if len(writes) <= MAX_WRITES else ():
        if is_test(one.path) and not is_test(owner.path):
            continue
        receivers = [value for value in resolver.values(one.path, one.base) if isinstance(value, Instance)]
        if any(_is_related(resolver, value.ref, owner) for value in receivers):
            yield one


def _may_be(resolver: Resolver, value: Value, owner: ClassRef) -> bool:
    if not isinstance(value, Instance) or value.is_derived:
        return True
    return _is_related(resolver, value.ref, owner)


def _is_related(resolver: Resolver, one: ClassRef, other: ClassRef) -> bool:
    return one in resolver.lineage(other) or other in resolver.lineage(one)


def _by_name(resolver: Resolver) -> dict[str, tuple[_Write, ...]]:
    """Writes to attributes of anything but the receiver of a method, by the name of the attribute."""
    index: dict[str, list[_Write]] = {}
    for path, facts, write in attribute_writes(resolver):
        base = facts.exprs[write.base]
        scope = facts.scopes[base[3]] if base[0] == "name" else None
        if scope is not None and scope.owner != NONE and scope.parameters and scope.parameters[0].name == base[1]:
            continue
        index.setdefault(str(write.key), []).append(_Write(path, write.base, write.value, write.path))
    return {name: tuple(writes) for name, writes in index.items()}
