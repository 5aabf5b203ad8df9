"""What a constructing call gives fields of dataclasses, models and settings: classes without their own constructor."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import Call
from mltradeoff_lint.resolve.domain import Instance, Items, Mapping, Values, union, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.brought_objects import is_brought
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.model_data import aliases, field_of_data
from mltradeoff_lint.resolve.objects.passed_objects import passed_objects
from mltradeoff_lint.resolve.objects.passed_texts import passed_texts
from mltradeoff_lint.resolve.objects.validators import validated

_UNSEEN = Mapping((), is_open=True)
"""Data of which nothing is known: it may hold any field, so that no default is certain."""


def given_field(resolver: Resolver, construction: Construction, value: Instance, name: str) -> Values | None:
    """A field as the object was given it and keeps it; None when it was not, so that its default holds."""
    found = _given(resolver, construction, value, name)
    return None if found is None else validated(resolver, value.ref, name, found)


def _given(resolver: Resolver, construction: Construction, value: Instance, name: str) -> Values | None:
    if is_brought(value):
        return None
    if value.given is not None:
        held = field_of_data(resolver, value.ref, value.given, name)
        return held if held is not None or value.copy_of is None else resolver.member(value.copy_of, name)
    if value.made is None:
        objects = passed_objects(resolver, construction, value.ref, name)
        return objects if objects is not None else passed_texts(resolver, construction, value.ref, name)
    passed = construction.passed(value, name)
    if passed is not None:
        return resolver.values(*passed)
    if construction.constructor(value.ref) is not None:
        return None
    call = resolver.call(value.made.call)
    if all(key is not None for key, _ in call.keywords) and not call.arguments:
        return _by_alias(resolver, value, call, name)
    found = [*_by_place(resolver, construction, value, call, name), *_by_data(resolver, value, call, name)]
    return union(*found) if found else _by_alias(resolver, value, call, name)


def _by_alias(resolver: Resolver, value: Instance, call: Call, name: str) -> Values | None:
    """`Model(path=...)` of a field whose description says that it is called `path` outside."""
    named = {key: expr for key, expr in call.keywords if key is not None}
    made = value.made
    if made is None or not named:
        return None
    for alias in aliases(resolver, value.ref, name):
        if alias in named:
            return resolver.values(made.call.path, named[alias], made.frame)
    return None


def _by_data(resolver: Resolver, value: Instance, call: Call, name: str) -> Iterator[Values]:
    """What `**data` holds of a field: what is not known may hold it."""
    made = value.made
    for key, expr in call.keywords if made is not None else ():
        if key is None and made is not None:
            given = resolver.values(made.call.path, expr, made.frame)
            data = [one if isinstance(one, Mapping) else _UNSEEN for one in given]
            found = [field_of_data(resolver, value.ref, one, name) for one in data]
            held = [values for values in found if values is not None]
            yield from held
            if held and len(held) < len(found):
                yield unknown(f"{name} of data that may lack it")


def _by_place(
    resolver: Resolver, construction: Construction, value: Instance, call: Call, name: str
) -> Iterator[Values]:
    """What `*values` brings to a field: the element at its place, or anything when they are not known."""
    made = value.made
    names = construction.fields(value.ref)
    if made is None or name not in names:
        return
    exprs = resolver.facts(made.call.path).exprs
    index = names.index(name)
    for place, argument in enumerate(call.arguments[: index + 1]):
        if exprs[argument][0] != "star":
            continue
        for held in resolver.values(made.call.path, exprs[argument][1], made.frame):
            if not isinstance(held, Items) or held.is_open:
                yield unknown(f"`{name}` of values that are not visible here")
            elif index - place < len(held.items):
                yield held.items[index - place]
        return
