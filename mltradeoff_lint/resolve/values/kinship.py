"""Whether an object is one of a class, as `isinstance` tells it."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import ClassRef, Instance
from mltradeoff_lint.resolve.interface import Resolver

_STRUCTURAL = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
"""Bases by which a class asks what an object has, and not what it is made of."""


class Kin(NamedTuple):
    """A class that a test names, in the words of the object it asks about: whether that is one of it."""

    holds: bool | None


def kin(resolver: Resolver, value: Instance, asked: ClassRef) -> Kin:
    """Whether an object is one of a class; None where it may be of a class that derives from the known one."""
    lineage = resolver.lineage(value.ref)
    if asked in lineage:
        return Kin(True)
    if value.is_derived or not _STRUCTURAL.isdisjoint(resolver.library_bases(asked)):
        return Kin(None)
    is_open = any(isinstance(base, Unknown) for one in lineage for base in resolver.bases(one))
    return Kin(None if is_open else False)
