"""What keys of a mapping hold that code stores anew, also beneath others: `config["steps"]["train"]["path"] = path`.

A store replaces what stands there where every way to the place leads over one; where some ways pass it by, both count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Index
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.model.facts import Definition, PythonFacts
from mltradeoff_lint.resolve.domain import Mapping, Values, union
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.field_data import at_key

CHANGING = frozenset({"phi", "item", "attribute", "method"})
"""Versions of a name that bind nothing: joins, and changes of what it holds."""

Keys: TypeAlias = tuple[str, ...]
"""The keys on the way to a place in a mapping, the outermost first."""


class Store(NamedTuple):
    """Whether a store is seen at a place at all, and whether nothing that was there before is."""

    is_seen: bool = True
    is_all: bool = True


def written_keys(facts: PythonFacts, change: Definition) -> Keys:
    """The keys on the way of a store beneath other keys, which are written out; empty for a store under one key."""
    expr = facts.exprs[change.path[0]]
    return tuple(str(facts.exprs[one][1]) for one in expr[2]) if expr[:2] == ("other", "keys") else ()


def stores(facts: PythonFacts, index: int, keys: Index[int, Keys]) -> Index[int, Store]:
    """How each store of a key shows at a version of a name; only those that are not the only way to it are told."""
    if not keys or _is_straight(facts, index):
        return {}
    found: dict[int, Store] = {}
    for wanted in set(keys.values()):
        seen, is_open = _reaching(facts, index, keys, wanted)
        of_key = sorted(one for one, each in keys.items() if each == wanted)
        first = next((one for one in of_key if one in seen), None)
        found.update({one: Store(one in seen, one == first and not is_open) for one in of_key})
    return found


def put(resolver: Resolver, held: Values, keys: Keys, value: Values, *, is_all: bool) -> Values:
    """Mappings with a value stored under keys; where it is not all there is, beside what they hold there."""
    return tuple(_put(resolver, one, keys, value, is_all) if isinstance(one, Mapping) else one for one in held)


def _put(resolver: Resolver, mapping: Mapping, keys: Sequence[str], value: Values, is_all: bool) -> Mapping:
    key, inner = keys[0], tuple(keys[1:])
    if inner or not is_all:
        before = at_key(resolver, mapping, key) or mapping.rest
        if inner:
            before = before or (Mapping((), is_open=True),)
            value = put(resolver, before, inner, value, is_all=is_all)
        else:
            value = union(before, value)
    return replace(mapping, entries=(*mapping.entries, (key, value)))


def _reaching(facts: PythonFacts, index: int, keys: Index[int, Keys], wanted: Keys) -> tuple[set[int], bool]:
    """The stores of a key that no later one replaces on some way to a version, and whether a way has none."""
    pending, seen = [index], {index}
    stored, is_open = set[int](), False
    while pending:
        number = pending.pop()
        one = facts.definitions[number]
        own = keys.get(number)
        if own is not None and own == wanted[: len(own)]:
            stored.add(number)
            continue
        before: Iterable[int] = one.previous if one.kind in CHANGING else ()
        is_open = is_open or not before
        pending += [each for each in before if each not in seen]
        seen.update(before)
    return stored, is_open


def _is_straight(facts: PythonFacts, index: int) -> bool:
    """Whether one way alone leads to a version."""
    while facts.definitions[index].kind in CHANGING:
        if len(facts.definitions[index].previous) != 1:
            return False
        (index,) = facts.definitions[index].previous
    return True
