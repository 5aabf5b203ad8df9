"""The texts that a field of a dataclass or model can hold, where nothing but the class of its owner is known.

An annotation says that a field is a text, and not which. The calls that make the owner say it: where all of them are
known, the field holds what they pass and what other code sets it to. A model may be filled from data as well, so that
what its calls pass is never all.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from mltradeoff_lint.resolve.domain import (
    MAX_VALUES,
    ClassRef,
    Instance,
    Value,
    Values,
    is_text,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.brought_objects import DATA_MODELS
from mltradeoff_lint.resolve.objects.class_fields import annotated_fields
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.outside import written_outside
from mltradeoff_lint.resolve.objects.passed_objects import is_plain

FILLED = "a field that data may fill"


def passed_texts(resolver: Resolver, construction: Construction, ref: ClassRef, name: str) -> Values | None:
    """What all constructions of a class give a field without a default; None where they are not all known texts."""
    if name not in annotated_fields(resolver, ref):
        return None
    return resolver.program.ask("passed-texts", (ref, name), lambda: _passed(resolver, construction, ref, name))


def _passed(resolver: Resolver, construction: Construction, ref: ClassRef, name: str) -> Values | None:
    declared = resolver.annotated(*annotated_fields(resolver, ref)[name])
    if any(isinstance(one, Instance) for one in declared) or _has_default(resolver, ref, name):
        return None
    constructions = resolver.constructions(ref) or ()
    is_filled = _is_model(resolver, ref)
    for one in constructions:
        is_called = is_plain(resolver, one.ref) or (is_filled and _is_model(resolver, one.ref))
        if not is_called or construction.constructor(one.ref) is not None:
            return None
    given = (_given(resolver, construction, one, name) for one in constructions)
    found: dict[Value, None] = {}
    for held in chain(given, written_outside(resolver, ref, name) if constructions else ()):
        found.update(dict.fromkeys(held))
        if not held or not all(map(is_text, held)) or len(found) > MAX_VALUES:
            return None
    return union(tuple(found), unknown(FILLED) if is_filled else ()) if found else None


def _given(resolver: Resolver, construction: Construction, made: Instance, name: str) -> Values:
    passed = construction.passed(made, name)
    return resolver.values(*passed) if passed is not None else ()


def _has_default(resolver: Resolver, ref: ClassRef, name: str) -> bool:
    return any(one == "assign" for one in _kinds(resolver, ref, name))


def _kinds(resolver: Resolver, ref: ClassRef, name: str) -> Iterator[str]:
    """How a name is bound in the bodies of a class and of its bases."""
    for one in resolver.lineage(ref):
        facts = resolver.facts(one.path)
        for index in facts.scopes[facts.classes[one.number].scope].finals.get(name, ()):
            yield facts.definitions[index].kind


def _is_model(resolver: Resolver, ref: ClassRef) -> bool:
    bases = resolver.library_bases(ref)
    return bool(bases) and DATA_MODELS.issuperset(bases) and not resolver.class_fact(ref).decorators
