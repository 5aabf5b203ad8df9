"""The objects that a field of a dataclass can hold, where nothing but the class of its owner is known.

An annotation names a base class, and any class that derives from it may be meant. The calls that make the owner say
which: where all of them are known, and what each passes, the field holds that and what other code sets it to.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.resolve.domain import MAX_VALUES, ClassRef, Instance, Values, is_none
from mltradeoff_lint.resolve.environment.environment import field_default
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.class_fields import annotated_fields
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.inherited import SCAFFOLDING
from mltradeoff_lint.resolve.objects.outside import written_outside
from mltradeoff_lint.resolve.objects.sources import sources

_PLAIN = SCAFFOLDING | {"typing.NamedTuple", "typing_extensions.NamedTuple"}
"""Library classes whose objects nothing but a call of the class makes: others are filled from data as well."""

_DECORATORS = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "s", "final", "total_ordering"})
"""Decorators that keep no class: any other may be a registry, from which objects are made unseen."""


def passed_objects(resolver: Resolver, construction: Construction, ref: ClassRef, name: str) -> Values | None:
    """The objects that all constructions of a class give a field together; None when they are not all known."""
    if name not in annotated_fields(resolver, ref):
        return None
    return resolver.program.ask("passed-objects", (ref, name), lambda: _passed(resolver, construction, ref, name))


def _passed(resolver: Resolver, construction: Construction, ref: ClassRef, name: str) -> Values | None:
    declared = resolver.annotated(*annotated_fields(resolver, ref)[name])
    if not any(isinstance(one, Instance) for one in declared):
        return None
    constructions = resolver.constructions(ref) or ()
    if any(not is_plain(resolver, one.ref) or construction.constructor(one.ref) is not None for one in constructions):
        return None
    found: dict[Instance, None] = {}
    given = (held for made in constructions for held in _given(resolver, construction, made, name))
    for held in chain(given, _set(resolver, ref, name, declared) if constructions else ()):
        objects = [value for value in held if isinstance(value, Instance)]
        found.update(dict.fromkeys(objects))
        # what is no object of the repository may be anything, such as an object that a library brought back
        is_known = bool(held) and all(isinstance(value, Instance) or is_none(value) for value in held)
        if not is_known or len({one.ref for one in found}) > MAX_VALUES:
            return None
    return _few(tuple(found)) or None


def _given(resolver: Resolver, construction: Construction, made: Instance, name: str) -> Iterator[Values]:
    """What a construction gives a field, from each place where it is written; empty values where nobody can tell."""
    passed = construction.passed(made, name)
    if passed is None:
        yield _default(resolver, made, name)
        return
    path, expr, _ = passed
    for place in sources(resolver, path, expr):
        yield () if place is None else resolver.values(*place)


def _set(resolver: Resolver, ref: ClassRef, name: str, declared: Values) -> Iterator[Values]:
    """What other code sets a field to; empty where that may be meant for another class, or nobody can tell."""
    classes = {one.ref for one in declared if isinstance(one, Instance)}
    for held in written_outside(resolver, ref, name):
        objects = [value for value in held if isinstance(value, Instance)]
        yield held if all(classes.intersection(resolver.lineage(one.ref)) for one in objects) else ()


def is_plain(resolver: Resolver, ref: ClassRef) -> bool:
    """Whether only calls of a class make its objects."""
    facts = resolver.facts(ref.path)
    decorators = (facts.exprs[one] for one in facts.classes[ref.number].decorators)
    names = {last_name(facts.exprs[facts.calls[one[1]].function] if one[0] == "call" else one) for one in decorators}
    return names <= _DECORATORS and _PLAIN.issuperset(resolver.library_bases(ref))


def _few(objects: tuple[Instance, ...]) -> Values:
    """The objects, and of too many objects their classes alone."""
    if len(objects) <= MAX_VALUES:
        return objects
    return tuple(dict.fromkeys(Instance(one.ref, is_derived=one.is_derived) for one in objects))


def _default(resolver: Resolver, made: Instance, name: str) -> Values:
    """What a field holds that a call leaves out; empty when it has no default, or splats may bring it."""
    call = resolver.call(made.made.call) if made.made is not None else None
    if call is None or made.made is None or any(key is None for key, _ in call.keywords):
        return ()
    exprs = resolver.facts(made.made.call.path).exprs
    if any(exprs[one][0] == "star" for one in call.arguments):
        return ()
    for ref in resolver.lineage(made.ref):
        facts = resolver.facts(ref.path)
        for index in facts.scopes[facts.classes[ref.number].scope].finals.get(name, ()):
            definition = facts.definitions[index]
            held = resolver.values(ref.path, definition.value) if definition.kind == "assign" else ()
            return field_default(resolver, held)
    return ()
