"""Objects taken apart into their fields: `asdict(settings)`, `replace(settings, path=...)`, items of named tuples."""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import (
    Function,
    Instance,
    Items,
    Literal,
    Mapping,
    Value,
    Values,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.class_fields import fields
from mltradeoff_lint.resolve.objects.inherited import SCAFFOLDING
from mltradeoff_lint.resolve.objects.overrides import Overrides

_KEYED = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_ORDERED = frozenset({"typing.NamedTuple", "typing_extensions.NamedTuple"})

_FIELDLESS = _KEYED | _ORDERED | SCAFFOLDING | {"pydantic.BaseModel", "sqlmodel.SQLModel", "msgspec.Struct"}
"""Library classes that bring no fields of their own."""

MAX_FIELDS = 60
"""Fields of one object of which the values are looked up when somebody runs over them."""


def as_mapping(value: Value) -> Value:
    """An object as the dict of its fields; any other value stays as it is."""
    return Mapping((), is_open=True, of=value) if isinstance(value, Instance) else value


def at_key(resolver: Resolver, mapping: Mapping, key: str) -> Values | None:
    """What a mapping holds under a key; an object in the dict of an object is a dict too."""
    found = mapping.get(key)
    if found is not None or mapping.of is None or key not in fields(resolver, mapping.of.ref):
        return found
    return tuple(_plain(one) for one in resolver.member(mapping.of, key))


def unfolded(resolver: Resolver, value: Value) -> Value:
    """A dict of the fields of an object with each of them as an entry, to run over; any other value stays as it is.

    What is put in later stands behind them. A class of a library or one that derives may bring fields that do not show.
    """
    if not isinstance(value, Mapping) or value.of is None:
        return value
    names = fields(resolver, value.of.ref)
    held = {
        name: (at_key(resolver, value, name) if at < MAX_FIELDS else None) or unknown(f"field {name}")
        for at, name in enumerate(names)
    }
    held.update(value.entries)
    rest = value.rest if _has_all_fields(resolver, value.of) else union(value.rest, unknown("a further field"))
    return Mapping(tuple(held.items()), is_open=True, rest=rest)


def _has_all_fields(resolver: Resolver, value: Instance) -> bool:
    """Whether an object has no fields but those that its class and the bases of it show."""
    bases = set(resolver.library_bases(value.ref))
    return bases <= _FIELDLESS and not (value.is_derived and Overrides(resolver).subclasses(value.ref))


def _plain(value: Value) -> Value:
    if isinstance(value, Items):
        return Items(tuple(tuple(_plain(one) for one in item) for item in value.items), value.is_open, value.least)
    return as_mapping(value)


def changed(value: Instance, changes: Mapping) -> Instance:
    """A copy of an object with some fields replaced.

    Where it is not known which, and in a copy of a copy, no field is certain: code that changes an object in a loop
    would make ever more of them.
    """
    if not changes.entries and not changes.is_open:
        return value
    if changes.is_open or value.copy_of is not None:
        return Instance(value.ref, given=Mapping((), is_open=True))
    return Instance(value.ref, given=changes, copy_of=value)


def item_of(resolver: Resolver, value: Instance, keys: Values) -> Values:
    """`object[key]`: a field of a typed dict or named tuple, or what `__getitem__` looks up for the key."""
    bases = set(resolver.library_bases(value.ref))
    if bases & _ORDERED:
        names = fields(resolver, value.ref)
        places = [key.value for key in keys if isinstance(key, Literal) and isinstance(key.value, int)]
        if len(places) == len(keys) == 1 and -len(names) <= places[0] < len(names):
            return resolver.member(value, names[places[0]])
    texts = known_texts(keys)
    if bases & _KEYED and len(texts) == len(keys) == 1:
        return resolver.member(value, texts[0])
    return union(*(_looked_up(resolver, value, text) for text in texts)) or unknown("an item of an object")


def _looked_up(resolver: Resolver, value: Instance, text: str) -> Values:
    """What `return self.values[key]` of a `__getitem__` gives for a key that is written out."""
    found: list[Values] = []
    for method in resolver.member(value, "__getitem__"):
        scope = resolver.scope(method.ref) if isinstance(method, Function) else None
        if not isinstance(method, Function) or scope is None or len(scope.parameters) != 2 or len(scope.returns) != 1:
            continue
        facts = resolver.facts(method.ref.path)
        own, key = (one.name for one in scope.parameters)
        expr = facts.exprs[scope.returns[0].value] if scope.returns[0].value >= 0 else ("none",)
        if expr[0] != "item" or expr[2] < 0 or facts.exprs[expr[2]][:2] != ("name", key):
            continue
        held = facts.exprs[expr[1]]
        if held[0] == "attr" and facts.exprs[held[1]][:2] == ("name", own):
            for inner in resolver.member(value, held[2]):
                found.append((inner.get(text) or inner.rest) if isinstance(inner, Mapping) else ())
    return union(*found)
