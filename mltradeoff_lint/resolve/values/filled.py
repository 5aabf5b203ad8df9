"""What is put into a dict or list that outlives a call: tables of a module, containers that objects keep, registries.

A change where a name is bound makes a version of the name. These are the others: `TABLE[key] = value` in a function,
`self.clients[key] = value`, `REGISTRY[name] = cls` in a decorator. Their order is not known, so all of them count.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.decorations import Decorations
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    FunctionRef,
    Items,
    Literal,
    Mapping,
    Module,
    Value,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver

MAX_PUTS = 60
"""Changes of one container that are looked at."""

_ADDING = frozenset({"append", "add", "appendleft", "extend", "insert", "setdefault", "update"})
_WHOLE = frozenset({"extend", "update"})
_VERSIONS = frozenset({"item", "attribute", "method", "phi", "injected"})


class _Put(NamedTuple):
    """A value put into a container; `key` is NONE when it is added to a list."""

    path: str
    base: int
    key: int
    value: int
    is_whole: bool
    """Whether the value is a container of which everything is put in."""


class Filled:
    """Answers what containers hold besides what they were made with."""

    def __init__(self, resolver: Resolver, decorations: Decorations) -> None:
        self._resolver = resolver
        self._decorations = decorations

    def of_global(self, path: str, name: str, values: Values) -> Values:
        """What a name of a module holds, with what functions and other modules put in."""
        if not _has_container(values):
            return values
        return self._with(values, [one for one in self._puts(name, path) if self._is_global(one, path, name)])

    def of_attribute(self, owner: ClassRef, lineage: tuple[ClassRef, ...], name: str, values: Values) -> Values:
        """What an attribute of objects of a class holds, with what methods and users of the class put in."""
        if not _has_container(values):
            return values
        return self._with(values, [one for one in self._puts(name, owner.path) if self._is_of(one, lineage)])

    def under(self, path: str, name: str, key: int | str) -> Iterator[tuple[str, int]]:
        """The (path, expression) of what is put under a key of a container that a name of a module holds."""
        for put in self._puts(name, path):
            is_key = put.key != NONE and self._resolver.facts(put.path).exprs[put.key] == ("const", key)
            if is_key and not put.is_whole and self._is_global(put, path, name):
                yield put.path, put.value

    def _puts(self, name: str, path: str) -> tuple[_Put, ...]:
        found = self._resolver.program.ask("container-changes", "", self._by_name).get(name, ())
        return in_use(path, found[:MAX_PUTS])

    def _with(self, values: Values, puts: list[_Put]) -> Values:
        entries: dict[str, Values] = {}
        rest: Values = ()
        for put in puts:
            for key, held in self._held(put):
                kept = tuple(value for value in held if not isinstance(value, Unknown))
                if key is None:
                    rest = union(rest, kept)
                else:
                    entries[key] = union(entries.get(key, ()), kept)
        if not entries and not rest:
            return values
        return tuple(_grown(one, entries, rest) for one in values)

    def _held(self, put: _Put) -> Iterator[tuple[str | None, Values]]:
        """The (key, values) of a change; the key is None when it is not known."""
        facts = self._resolver.facts(put.path)
        pairs = list(self._registered(put, facts))
        if pairs:
            yield from pairs
            return
        values = self._resolver.values(put.path, put.value)
        if not put.is_whole:
            yield from ((key, values) for key in self._keys(put, None))
            return
        for value in values:
            if isinstance(value, Mapping):
                yield from value.entries
                yield None, value.rest
            elif isinstance(value, Items):
                yield None, value.every

    def _registered(self, put: _Put, facts: PythonFacts) -> Iterator[tuple[str | None, Values]]:
        """`TABLE[key] = decorated` inside a decorator: a pair for each thing it decorates."""
        expr = facts.exprs[put.value]
        for index in expr[2] if expr[0] == "name" else ():
            definition = facts.definitions[index]
            if definition.kind != "param":
                continue
            function = FunctionRef(put.path, definition.scope)
            for one in self._decorations.of(function):
                frame = self._setting(function, one.setting)
                yield from ((key, (one.thing,)) for key in self._keys(put, frame))

    def _setting(self, function: FunctionRef, setting: CallRef | None) -> Frame | None:
        """The frame of the call that made a decorator, in which the key stands."""
        parent = self._resolver.scope(function).parent
        if setting is None or self._resolver.facts(function.path).scopes[parent].kind != "function":
            return None
        return Frame(FunctionRef(function.path, parent), setting)

    def _keys(self, put: _Put, frame: Frame | None) -> tuple[str | None, ...]:
        keys = self._resolver.values(put.path, put.key, frame) if put.key != NONE else ()
        texts = known_texts(keys)
        numbers = [str(one.value) for one in keys if isinstance(one, Literal) and not isinstance(one.value, str)]
        return (*texts, *numbers) if len(texts) + len(numbers) == len(keys) and keys else (None,)

    # -- which container

    def _is_global(self, put: _Put, path: str, name: str) -> bool:
        facts = self._resolver.facts(put.path)
        expr = facts.exprs[put.base]
        if expr[0] == "attr":
            return Module(path) in self._resolver.values(put.path, expr[1])
        definitions = _bindings(facts, expr[2]) or _outward(facts, expr)
        if put.path == path:
            return bool(definitions) and all(one.scope == 0 and one.kind != "import" for one in definitions)
        imports = [facts.imports[one.value] for one in definitions if one.kind == "import"]
        return any(
            one.name == name and self._resolver.program.module(put.path, one.module, one.level) == path
            for one in imports
        )

    def _is_of(self, put: _Put, lineage: tuple[ClassRef, ...]) -> bool:
        facts = self._resolver.facts(put.path)
        expr = facts.exprs[put.base]
        if expr[0] != "attr":
            return False
        owner = _owner(facts, facts.exprs[expr[1]])
        if owner != NONE:
            own = ClassRef(put.path, owner)
            return own in lineage or lineage[0] in self._resolver.lineage(own)
        written = facts.exprs[expr[1]]
        if written[0] not in ("name", "attr"):
            return False
        values = self._resolver.values(put.path, expr[1])
        return any(isinstance(value, Class) and value.ref in lineage for value in values)

    def _by_name(self) -> dict[str, tuple[_Put, ...]]:
        """Changes by the name of the container: an attribute, or a name that is not bound where it is changed."""
        index: dict[str, list[_Put]] = {}
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for put in _changes(path, facts):
                expr = facts.exprs[put.base]
                if expr[0] == "attr":
                    index.setdefault(expr[2], []).append(put)
                elif expr[0] == "name" and all(one.kind == "import" for one in _bindings(facts, expr[2])):
                    index.setdefault(expr[1], []).append(put)
        return {name: tuple(puts) for name, puts in index.items()}


def _changes(path: str, facts: PythonFacts) -> Iterator[_Put]:
    for write in facts.writes:
        if write.kind == "item" and not write.operator and not write.path:
            yield _Put(path, write.base, write.key, write.value, False)
    for call in facts.calls:
        expr = facts.exprs[call.function]
        if expr[0] != "attr" or expr[2] not in _ADDING or not call.arguments:
            continue
        key = call.arguments[0] if expr[2] == "setdefault" and len(call.arguments) > 1 else NONE
        yield _Put(path, expr[1], key, call.arguments[-1], expr[2] in _WHOLE)


def _bindings(facts: PythonFacts, indices: tuple[int, ...]) -> list[Definition]:
    """The definitions that bind a name, versions made by changes in place left out; none for a name from outside."""
    pending, seen = list(indices), set(indices)
    found: list[Definition] = []
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind not in _VERSIONS:
            found.append(one)
            continue
        pending += [each for each in one.previous if each not in seen]
        seen.update(one.previous)
    return found


def _outward(facts: PythonFacts, name: Expr) -> list[Definition]:
    """The definitions of a name that its own scope does not bind, in the nearest scope around."""
    scope = name[3]
    while scope > 0:
        scope = facts.scopes[scope].parent
        if facts.scopes[scope].kind != "class" and name[1] in facts.scopes[scope].finals:
            return [facts.definitions[index] for index in facts.scopes[scope].finals[name[1]]]
    return []


def _owner(facts: PythonFacts, name: Expr) -> int:
    """The class whose method has a name as its receiver; NONE for any other expression."""
    scope = name[3] if name[0] == "name" else NONE
    while scope > 0:
        one = facts.scopes[scope]
        if one.owner != NONE and one.kind == "function":
            return one.owner if one.parameters and one.parameters[0].name == name[1] else NONE
        scope = one.parent
    return NONE


def _has_container(values: Values) -> bool:
    return any(isinstance(value, (Mapping, Items)) for value in values)


def _grown(container: Value, entries: dict[str, Values], rest: Values) -> Value:
    if isinstance(container, Mapping):
        merged = dict(container.entries)
        for key, held in entries.items():
            merged[key] = union(merged.get(key, ()), held)
        return Mapping(tuple(merged.items()), container.is_open or bool(rest), union(container.rest, rest))
    if isinstance(container, Items):
        more = tuple(one for one in (*entries.values(), rest) if one)
        return Items(tuple(dict.fromkeys((*container.items, *more))), True, container.fewest, container.is_set)
    return container
