"""Which attributes an object is certain to have, or to lack, by its class alone: what `hasattr` says of it.

It has what the body of its class defines, and what each way through its constructor sets, as long as nobody deletes it.
It lacks what no class that it is of defines, where all of them are known, and nobody sets under that name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import method_around, methods_of
from mltradeoff_lint.resolve.domain import Class, ClassRef, Instance, Library
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.inherited import SCAFFOLDING

MAX_CLASSES = 12
"""A class with more classes above it than this is not looked at."""

_MAKING_UP = frozenset({"__getattribute__", "__delattr__"})
"""By what a class answers for, or drops, attributes that it has."""

_ANSWERING = frozenset({"__getattr__", "__getattribute__", "__setattr__"})
"""By what a class may have attributes that nobody sets."""

_RESTORING = frozenset({"__new__", "__getstate__", "__setstate__", "__reduce__", "__reduce_ex__", "__copy__"})
"""By what an object comes about that its constructor did not fill."""

_PLAIN_METHODS = frozenset({"staticmethod", "classmethod", "abstractmethod"})
_WRITTEN = frozenset({"const", "list", "tuple", "set", "dict", "fstring", "lambda", "comp"})
"""Kinds of expressions whose value has no say in how it is read."""

_KEEPING = ("dataclasses.dataclass", "functools.total_ordering", "typing.final")
"""Decorators of classes that give their objects no further attributes."""

_SETTING = frozenset({"setattr", "__setattr__"})
_DELETING = frozenset({"delattr", "__delattr__"})
_FILLING = frozenset({"update", "setdefault"})
ANY = "*"
"""Stands for an attribute whose name is computed."""


class _Changes(NamedTuple):
    """Who sets an attribute: a class that sets it on its own objects, None for anybody else; and which are deleted."""

    writers: dict[str, tuple[ClassRef | None, ...]]
    deleted: tuple[str, ...]


class _Line(NamedTuple):
    """A class and those above it; whether they are all, and whether each has at most one directly above it."""

    classes: tuple[ClassRef, ...]
    is_whole: bool
    is_straight: bool


def has_attribute(resolver: Resolver, value: Instance, name: str) -> bool | None:
    """Whether an object has an attribute; None where its class does not decide that."""
    said = resolver.program.ask("certain-attribute", (value.ref, name), lambda: _said(resolver, value.ref, name))
    if said == "body":
        return True
    is_plain = not value.is_derived and value.given is None and value.copy_of is None
    return said == "constructor" if said and is_plain else None


def _said(resolver: Resolver, ref: ClassRef, name: str) -> str:
    """Where an object has an attribute from: `body`, `constructor`, `nowhere`; empty where that is not certain."""
    if name.startswith("__"):
        return ""
    line = resolver.program.ask("certain-line", ref, lambda: _line(resolver, ref))
    defined = {each for one in line.classes for each in _body(resolver, one)}
    if not _MAKING_UP.isdisjoint(defined):
        return ""
    binding = [one for one in line.classes if name in _body(resolver, one)]
    if binding:
        return "body" if all(_is_bound(resolver, one, name, line) for one in binding) else ""
    if _RESTORING.isdisjoint(defined) and _is_constructed(resolver, line, name):
        deleted = _changes(resolver).deleted
        return "" if name in deleted or ANY in deleted else "constructor"
    if not line.is_whole or not _ANSWERING.isdisjoint(defined):
        return ""
    writers = _changes(resolver).writers
    return "nowhere" if {None, *line.classes}.isdisjoint((*writers.get(name, ()), *writers.get(ANY, ()))) else ""


# -- the classes


def _line(resolver: Resolver, ref: ClassRef) -> _Line:
    found: dict[ClassRef, None] = {}
    pending, is_whole, is_straight = [ref], True, True
    while pending and len(found) < MAX_CLASSES:
        one = pending.pop(0)
        if one in found:
            continue
        found[one] = None
        facts, above = resolver.facts(one.path), 0
        is_whole = is_whole and _is_plain(resolver, one)
        for base in resolver.class_fact(one).bases:
            expr = facts.exprs[base]
            values = resolver.values(one.path, expr[1] if expr[0] == "item" else base)
            if len(values) == 1 and isinstance(values[0], Class):
                pending.append(values[0].ref)
                above += 1
            elif not _is_one_of(values, SCAFFOLDING):
                is_whole, above = False, above + 1
        is_straight = is_straight and above < 2
    return _Line(tuple(found), is_whole and not pending, is_straight and not pending)


def _is_plain(resolver: Resolver, ref: ClassRef) -> bool:
    """Whether nothing but its body says what a class has: no decorator that adds to it, no metaclass of its own."""
    facts, one = resolver.facts(ref.path), resolver.class_fact(ref)
    for index in one.decorators:
        function = facts.calls[facts.exprs[index][1]].function if facts.exprs[index][0] == "call" else index
        if not _is_one_of(resolver.values(ref.path, function), _KEEPING):
            return False
    return all(_is_one_of(resolver.values(ref.path, value), SCAFFOLDING) for _, value in one.keywords)


def _is_one_of(values: Sequence[object], paths: Set[str] | Sequence[str]) -> bool:
    return len(values) == 1 and isinstance(values[0], Library) and not values[0].made and values[0].path in paths


def _body(resolver: Resolver, ref: ClassRef) -> dict[str, tuple[int, ...]]:
    """What the body of a class binds, by name."""
    return resolver.facts(ref.path).scopes[resolver.class_fact(ref).scope].finals


def _is_bound(resolver: Resolver, ref: ClassRef, name: str, line: _Line) -> bool:
    """Whether the body of a class is certain to give its objects an attribute that can be read."""
    facts = resolver.facts(ref.path)
    for number in _body(resolver, ref)[name]:
        one = facts.definitions[number]
        if facts.regions[one.region].kind != "scope":
            return False
        if one.kind == "function":
            marks = {last_name(facts.exprs[index]) for index in facts.scopes[one.value].decorators}
            if not marks <= _PLAIN_METHODS:
                return False
        # a metaclass of a library may take a field out of the body
        elif one.kind != "assign" or not line.is_whole or facts.exprs[one.value][0] not in _WRITTEN:
            return False
    return True


# -- the constructor


def _is_constructed(resolver: Resolver, line: _Line, name: str) -> bool:
    """Whether each way through the constructor of a class sets a name, or through those that it calls above it."""
    # which of several classes comes next is not told
    for ref in line.classes if line.is_straight else line.classes[:1]:
        found = _body(resolver, ref).get("__init__", ())
        if not found:
            continue
        facts = resolver.facts(ref.path)
        one = facts.definitions[found[0]]
        is_plain = len(found) == 1 and one.kind == "function" and facts.regions[one.region].kind == "scope"
        if not is_plain or facts.scopes[one.value].decorators:
            return False
        if _sets(facts, one.value, name):
            return True
        if not _calls_above(facts, one.value):
            return False
    return False


def _sets(facts: PythonFacts, constructor: int, name: str) -> bool:
    own = facts.scopes[constructor].parameters[:1]
    return any(
        one.kind == "attribute"
        and one.key == name
        and one.scope == constructor
        and own
        and facts.exprs[one.base][:2] == ("name", own[0].name)
        and _is_always_run(facts, constructor, one.region, one.span.line)
        for one in facts.writes
    )


def _calls_above(facts: PythonFacts, constructor: int) -> bool:
    """Whether each way through a constructor calls `super().__init__(...)`."""
    for call in facts.calls:
        function = facts.exprs[call.function]
        if call.scope != constructor or function[0] != "attr" or function[2] != "__init__":
            continue
        above = facts.exprs[function[1]]
        is_above = above[0] == "call" and facts.exprs[facts.calls[above[1]].function][:2] == ("name", "super")
        if is_above and _is_always_run(facts, constructor, call.region, call.span.line):
            return True
    return False


def _is_always_run(facts: PythonFacts, scope: int, region: int, line: int) -> bool:
    """Whether each way through a function that ends comes to a line: it is under no test, and nothing returned."""
    while facts.regions[region].kind == "after":
        region = facts.regions[region].parent
    return facts.regions[region].kind == "scope" and all(one.span.line >= line for one in facts.scopes[scope].returns)


# -- who sets and deletes attributes


def _changes(resolver: Resolver) -> _Changes:
    return resolver.program.ask("attribute-changes", "", lambda: _all_changes(resolver))


def _all_changes(resolver: Resolver) -> _Changes:
    """The names of the attributes that code which is no test sets or deletes, with the class whose own they are."""
    program = resolver.program
    writers: dict[str, dict[ClassRef | None, None]] = {}
    deleted: dict[str, None] = {}
    if program.unread_modules():
        writers[ANY] = {None: None}
        deleted[ANY] = None
    for path in program.python_paths():
        if is_test(path):
            continue
        facts = resolver.facts(path)
        for name, owner in _set(facts):
            writers.setdefault(name, {})[None if owner == NONE else ClassRef(path, owner)] = None
        deleted |= {str(facts.exprs[one][2]): None for one in facts.deleted if facts.exprs[one][0] == "attr"}
        deleted |= {name: None for _, name in _by_name(facts, _DELETING)}
    return _Changes({name: tuple(owners) for name, owners in writers.items()}, tuple(deleted))


def _set(facts: PythonFacts) -> Iterator[tuple[str, int]]:
    """The attributes that a module sets, each with the class whose method sets it on its own object, else NONE."""
    for write in facts.writes:
        if write.kind == "attribute":
            yield ANY if write.key == "__dict__" else str(write.key), _owner(facts, write.base)
        elif write.kind == "item" and (held := _held(facts, write.base)) != NONE:
            yield ANY, _owner(facts, held)
    yield from ((name, _owner(facts, thing)) for thing, name in _by_name(facts, _SETTING))
    for call in facts.calls:
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] in _FILLING and (held := _held(facts, function[1])) != NONE:
            yield ANY, _owner(facts, held)


def _by_name(facts: PythonFacts, functions: Set[str]) -> Iterator[tuple[int, str]]:
    """The calls of some functions that take an object, as an expression, and the name of an attribute."""
    for call in facts.calls:
        function = facts.exprs[call.function]
        if last_name(function) not in functions:
            continue
        # a method of the object itself, or of the class above it, takes the name without the object
        is_own = function[0] == "attr" and len(call.arguments) < (3 if function[2] in _SETTING else 2)
        passed = (function[1], *call.arguments) if is_own else call.arguments
        written = facts.exprs[passed[1]] if len(passed) > 1 else ("none",)
        yield passed[0] if passed else NONE, str(written[1]) if written[0] == "const" else ANY


def _held(facts: PythonFacts, index: int) -> int:
    """The object whose attributes an expression holds: `x.__dict__`, `vars(x)`; NONE for any other expression."""
    expr = facts.exprs[index]
    if expr[0] == "attr" and expr[2] == "__dict__":
        return int(expr[1])
    call = facts.calls[expr[1]] if expr[0] == "call" else None
    is_held = call is not None and facts.exprs[call.function][:2] == ("name", "vars") and call.arguments
    return call.arguments[0] if call is not None and is_held else NONE


def _owner(facts: PythonFacts, index: int) -> int:
    """The class whose methods have an expression as their own object; NONE for anything else."""
    expr = facts.exprs[index] if index != NONE else ("none",)
    if expr[0] == "call" and facts.exprs[facts.calls[expr[1]].function][:2] == ("name", "super"):
        return facts.scopes[method_around(facts, facts.expr_scopes[index])].owner
    owners = {facts.scopes[one].owner for one in methods_of(facts, expr)} if expr[0] == "name" else set[int]()
    return owners.pop() if len(owners) == 1 else NONE
