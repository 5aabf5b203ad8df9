"""Members of enumerations: a member stands for its value, and `Stage.RAW.name` is what it is called."""

from __future__ import annotations

from collections.abc import Sequence

from mltradeoff_lint.model.facts import Expr
from mltradeoff_lint.resolve.domain import Class, ClassRef, Items, Library, Literal, Values, known_texts, union, unknown
from mltradeoff_lint.resolve.interface import Resolver

BASES = ("enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag")
_PARTS = frozenset({"name", "_name_", "value", "_value_"})
_AUTO = Library("enum.auto()")


def is_enumeration(resolver: Resolver, ref: ClassRef) -> bool:
    """Whether a class of the repository is an enumeration."""
    return any(base in BASES for base in resolver.library_bases(ref))


def part(resolver: Resolver, path: str, exprs: Sequence[Expr], expr: Expr) -> Values:
    """`Stage.RAW.name` and `Stage.RAW.value`; empty for the attribute of anything else."""
    member = exprs[expr[1]]
    if expr[2] not in _PARTS or member[0] not in ("attr", "item"):
        return ()
    owners = resolver.values(path, member[1])
    classes = [one.ref for one in owners if isinstance(one, Class) and is_enumeration(resolver, one.ref)]
    if not classes or len(classes) != len(owners):
        return ()
    names = (member[2],) if member[0] == "attr" else known_texts(resolver.values(path, member[2]))
    defined = [(ref, name) for ref in classes for name in names if name in _members(resolver, ref)]
    if len(names) != 1 or len(defined) != len(classes):
        return ()
    if expr[2] in ("name", "_name_"):
        return (Literal(names[0]),)
    return union(*(value(resolver, ref, name) for ref, name in defined))


def value(resolver: Resolver, ref: ClassRef, name: str) -> Values:
    """The value of a member; what `auto()` makes is only told for texts."""
    found = resolver.member(Class(ref), name)
    if not any(isinstance(one, Library) and one.path == _AUTO.path for one in found):
        return found
    is_text = "enum.StrEnum" in resolver.library_bases(ref)
    return (Literal(name.lower()),) if is_text else unknown("a number that an enumeration counts")


def listed(resolver: Resolver, ref: ClassRef) -> Items:
    """What iterating over an enumeration gives: its members, as their values."""

    def find() -> Items:
        return Items(tuple(value(resolver, ref, name) for name in _members(resolver, ref)))

    return resolver.program.ask("enumeration", ref, find)


def opened(resolver: Resolver, values: Values) -> Values:
    """Iterables, with each enumeration as the list of its members."""
    return tuple(
        listed(resolver, one.ref) if isinstance(one, Class) and is_enumeration(resolver, one.ref) else one
        for one in values
    )


def looked_up(resolver: Resolver, ref: ClassRef, keys: Values) -> Values:
    """`Stage["RAW"]`; any member where the name is not known."""
    names = known_texts(keys)
    if len(names) == len(keys) and set(names) <= set(_members(resolver, ref)):
        return union(*(value(resolver, ref, name) for name in names))
    return listed(resolver, ref).every


def _members(resolver: Resolver, ref: ClassRef) -> tuple[str, ...]:
    """The names that the body of an enumeration assigns, in source order."""
    facts = resolver.facts(ref.path)
    scope = facts.scopes[facts.classes[ref.number].scope]
    return tuple(
        name
        for name, finals in scope.finals.items()
        if not name.startswith("_") and any(facts.definitions[index].kind == "assign" for index in finals)
    )
