"""Attributes whose names are data: `self.__dict__.update(values)`, `setattr(self, name, value)`."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, Call, PythonFacts
from mltradeoff_lint.resolve.domain import (
    ClassRef,
    Frame,
    FunctionRef,
    Instance,
    Items,
    Mapping,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.values.operators import project


def set_by_name(resolver: Resolver, construction: Construction, receiver: Instance, name: str) -> Values:
    """What methods of an object's classes put under a name that they compute; empty when nothing is known of it."""
    found: list[Values] = []
    for ref in resolver.lineage(receiver.ref):
        for number in _computed(resolver, ref.path).get(ref.number, ()):
            found += _set(resolver, construction, receiver, ref, number, name)
    return union(*found)


def _computed(resolver: Resolver, path: str) -> dict[int, tuple[int, ...]]:
    return resolver.program.ask("computed-attributes", path, lambda: _by_class(resolver, path))


def _by_class(resolver: Resolver, path: str) -> dict[int, tuple[int, ...]]:
    """The calls in methods of each class of a module that set attributes of the receiver by computed names."""
    facts = resolver.facts(path)
    found: dict[int, list[int]] = {}
    for number, call in enumerate(facts.calls):
        scope = facts.scopes[call.scope]
        if scope.owner == NONE or scope.kind != "function" or not scope.parameters or not call.arguments:
            continue
        if _is_update(facts, call, scope.parameters[0].name) or _is_setattr(facts, call, scope.parameters[0].name):
            found.setdefault(scope.owner, []).append(number)
    return {owner: tuple(numbers) for owner, numbers in found.items()}


def _is_update(facts: PythonFacts, call: Call, own: str) -> bool:
    """`self.__dict__.update(values)` and `vars(self).update(values)`."""
    function = facts.exprs[call.function]
    if function[0] != "attr" or function[2] != "update":
        return False
    base = facts.exprs[function[1]]
    if base[0] == "attr" and base[2] == "__dict__":
        return bool(facts.exprs[base[1]][:2] == ("name", own))
    inner = facts.calls[base[1]] if base[0] == "call" else None
    return (
        inner is not None
        and facts.exprs[inner.function][:2] == ("name", "vars")
        and len(inner.arguments) == 1
        and bool(facts.exprs[inner.arguments[0]][:2] == ("name", own))
    )


def _is_setattr(facts: PythonFacts, call: Call, own: str) -> bool:
    is_named = facts.exprs[call.function][:2] == ("name", "setattr") and len(call.arguments) == 3
    return is_named and bool(facts.exprs[call.arguments[0]][:2] == ("name", own))


def _set(
    resolver: Resolver, construction: Construction, receiver: Instance, ref: ClassRef, number: int, name: str
) -> Iterator[Values]:
    facts = resolver.facts(ref.path)
    call = facts.calls[number]
    frame = None
    if facts.scopes[call.scope].name == "__init__":
        frame = construction.frame(receiver, FunctionRef(ref.path, call.scope))
    if len(call.arguments) == 1:
        for value in resolver.values(ref.path, call.arguments[0], frame):
            held = value.at(name) if isinstance(value, Mapping) else None
            yield from [held] if held is not None else []
    else:
        yield from _paired(resolver, ref.path, facts, call, name, frame)


def _paired(
    resolver: Resolver, path: str, facts: PythonFacts, call: Call, name: str, frame: Frame | None
) -> Iterator[Values]:
    """`setattr(self, key, value)`: for a name that is written out, or in a loop over pairs of names and values."""
    key, value = (facts.exprs[one] for one in call.arguments[1:3])
    if key[0] == "const":
        yield from [resolver.values(path, call.arguments[2], frame)] if key[1] == name else []
        return
    loops = [facts.definitions[one[2][0]] for one in (key, value) if one[0] == "name" and len(one[2]) == 1]
    if len(loops) != 2 or any(one.kind != "loop" or one.value != loops[0].value for one in loops):
        return
    for pairs in resolver.values(path, loops[0].value, frame):
        for item in pairs.items if isinstance(pairs, Items) else ():
            if known_texts(project(resolver, item, loops[0].path)) == (name,):
                yield project(resolver, item, loops[1].path)
