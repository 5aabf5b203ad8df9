"""Attributes that belong to a class itself and are set while a program runs: `cls.model = load()`, `A.model = load()`.

A class that loads its model once keeps it so. Their order is not known, so all of them count beside what the class body
says.
"""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import Class, ClassRef, Instance, Library, Literal, Values, union
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.attribute_writes import attribute_writes
from mltradeoff_lint.resolve.objects.overrides import MAX_OVERRIDES, Overrides
from mltradeoff_lint.resolve.values.operators import project

_TAKING_CLASS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
"""Methods that are class methods without saying so."""

_SEEN_THROUGH = frozenset({"phi", "attribute"})
"""Versions of a name under which the thing itself stays the same."""


class _Write(NamedTuple):
    path: str
    base: int
    value: int
    route: tuple[object, ...]
    owner: ClassRef | None
    """The class whose class method writes to its receiver; None when the base has to be resolved."""


def set_on_class(resolver: Resolver, owner: ClassRef, name: str) -> Values:
    """What is written to an attribute of a class, or of one above it, in code that is no test."""
    writes = resolver.program.ask("class-writes", "", lambda: _by_name(resolver)).get(name, ())
    found: list[Values] = []
    for one in writes:
        if is_test(one.path) and not is_test(owner.path):
            continue
        if _receives(resolver, one, resolver.lineage(owner)):
            found.append(project(resolver, resolver.values(one.path, one.value), one.route))
    return union(*found)


def _receives(resolver: Resolver, write: _Write, lineage: tuple[ClassRef, ...]) -> bool:
    if write.owner is not None:
        return write.owner in lineage
    values = resolver.values(write.path, write.base)
    return any(isinstance(value, Class) and value.ref in lineage for value in values)


def class_of(value: Instance, overrides: Overrides) -> Values:
    """What `object.__class__` is: the class that is known, and those below it where it may be one of them."""
    derived = overrides.subclasses(value.ref) if value.is_derived else ()
    known = (Class(value.ref), *(Class(one) for one in derived))
    return known if len(derived) < MAX_OVERRIDES else ()


def type_of(resolver: Resolver, values: Values) -> Values:
    """What `type(x)` gives: the classes of objects of the repository, and nothing that is known for anything else."""
    found = (resolver.member(value, "__class__") for value in values if isinstance(value, Instance))
    return union(*found) or (Library("builtins.type()"),)


def name_of_class(resolver: Resolver, ref: ClassRef, attribute: str) -> Values:
    """`__name__` and `__qualname__` of a class; empty for other attributes."""
    fact = resolver.class_fact(ref)
    return {"__name__": (Literal(fact.name),), "__qualname__": (Literal(fact.qualname),)}.get(attribute, ())


def _by_name(resolver: Resolver) -> dict[str, tuple[_Write, ...]]:
    """Writes to attributes of what can be a class, by the name of the attribute."""
    index: dict[str, list[_Write]] = {}
    for path, facts, write in attribute_writes(resolver):
        base = facts.exprs[write.base]
        holder = _owner(facts, base)
        if holder == NONE and not _may_be_class(facts, base):
            continue
        owner = ClassRef(path, holder) if holder != NONE else None
        index.setdefault(str(write.key), []).append(_Write(path, write.base, write.value, write.path, owner))
    return {name: tuple(writes) for name, writes in index.items()}


def _owner(facts: PythonFacts, base: Expr) -> int:
    """The class whose method has an expression as its class: `cls`, `self.__class__`, `type(self)`; NONE for others."""
    taking_class = True
    if base[0] == "attr" and base[2] == "__class__":
        base, taking_class = facts.exprs[base[1]], False
    elif base[0] == "call":
        call = facts.calls[base[1]]
        if len(call.arguments) == 1 and facts.exprs[call.function][:2] == ("name", "type"):
            base, taking_class = facts.exprs[call.arguments[0]], False
    if base[0] != "name":
        return NONE
    number = base[3]
    while number > 0:
        scope = facts.scopes[number]
        if scope.owner != NONE and scope.kind == "function":
            is_first = bool(scope.parameters) and scope.parameters[0].name == base[1]
            return scope.owner if is_first and _takes_class(facts, number) == taking_class else NONE
        number = scope.parent
    return NONE


def _takes_class(facts: PythonFacts, number: int) -> bool:
    scope = facts.scopes[number]
    decorators = [facts.exprs[one] for one in scope.decorators]
    return scope.name in _TAKING_CLASS or any(one[:2] == ("name", "classmethod") for one in decorators)


def _may_be_class(facts: PythonFacts, base: Expr) -> bool:
    """Whether a name is bound by a class statement or an import, here or outside; a chain of names when its head is."""
    while base[0] == "attr":
        base = facts.exprs[base[1]]
    if base[0] != "name":
        return False
    pending, seen = list(base[2]), set(base[2])
    while pending:
        one = facts.definitions[pending.pop()]
        if one.kind in _SEEN_THROUGH:
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
        elif one.kind not in ("class", "import"):
            return False
    return True
