"""What an annotation says of objects of the repository: they are of the annotated class, or of one below it.

Code that is followed by name can bring together objects that never meet, such as what different factories made by one
base class were given to make. A declared type tells them apart.
"""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import Class, ClassRef, Instance, Library, Value, Values
from mltradeoff_lint.resolve.interface import Resolver

_STRUCTURAL = ("typing.Protocol", "typing_extensions.Protocol")
"""Bases of classes that stand for whatever has the same methods."""


def fitting(resolver: Resolver, path: str, annotation: int, values: Values) -> Values:
    """The values without objects of other classes than an annotation names; all as they are when it names none."""
    if annotation == NONE or not [value for value in values if isinstance(value, Instance) or _is_some(value)]:
        return values
    declared = resolver.annotated(path, annotation)
    classes = {value.ref for value in declared if isinstance(value, Instance)}
    if not classes or not all(isinstance(value, Instance) for value in declared):
        return values
    if any(base in _STRUCTURAL for ref in classes for base in resolver.library_bases(ref)):
        return values
    fitted = [_as_declared(resolver, value, classes) for value in values if _can_be(resolver, value, classes)]
    return tuple(dict.fromkeys(one for several in fitted for one in several))


def _as_declared(resolver: Resolver, value: Value, classes: set[ClassRef]) -> Values:
    """A value as the annotation has it: some object of a base class is one of the declared classes below it."""
    if isinstance(value, Library) and _is_some(value):
        called = resolver.program.catalog.called
        own = sorted(ref for ref in classes if value.path in map(called, resolver.library_bases(ref)))
        return tuple(Instance(ref, is_derived=True) for ref in own) or (value,)
    if not isinstance(value, Instance) or value.made is not None or not value.is_derived or value.ref in classes:
        return (value,)
    below = sorted(ref for ref in classes if value.ref in resolver.lineage(ref))
    return tuple(Instance(ref, is_derived=True) for ref in below) or (value,)


def _is_some(value: Value) -> bool:
    """Whether a value is an object of a class of a library, or of one below it, that no call is known to have made."""
    return isinstance(value, Library) and value.path.endswith("()") and not value.made


def _can_be(resolver: Resolver, value: Value, classes: set[ClassRef]) -> bool:
    if not isinstance(value, Instance) or value.ref in classes:
        return True
    lineage = resolver.lineage(value.ref)
    if classes.intersection(lineage) or any(value.ref in resolver.lineage(ref) for ref in classes):
        return True
    # a base that did not resolve may be the annotated class
    return any(not isinstance(base, (Class, Library)) for ref in lineage for base in resolver.bases(ref))
