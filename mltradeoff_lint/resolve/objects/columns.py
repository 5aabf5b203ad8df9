"""Columns of tables that classes describe: on an object they read as what its row holds, which nobody writes down.

`name = CharField(default="small")` is a description on the class and a text on an object. What a row holds is a hole
named after class and column, beside the default, which rows are made with that leave the column out.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import replace

from mltradeoff_lint.model.catalog import Meaning, Selector
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    Class,
    ClassRef,
    Function,
    Hole,
    Instance,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Template,
    Value,
    Values,
    is_none,
    known_texts,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.class_fields import annotated_fields
from mltradeoff_lint.resolve.objects.new_rows import changed_in_place, is_told
from mltradeoff_lint.resolve.objects.outside import is_set_outside, set_outside
from mltradeoff_lint.resolve.selectors import pick

_SELF = "self"
"""The name by which a table refers to itself."""

_TEXT = "str"
_AROUND_TEXT = frozenset({_TEXT, "Mapped", "Optional", "Union", "Annotated", "None"})
"""The names of an annotation that leaves nothing but a text, or nothing at all."""

_EMPTY: Table[str, Value] = {
    "builtins.dict": Mapping(()),
    "builtins.list": Items(()),
    "builtins.set": Items((), is_set=True),
}
"""What classes give that a column calls for its default."""


def of_row(resolver: Resolver, receiver: Instance, name: str, values: Values) -> Values:
    """What an attribute of an object reads where its class describes a column; other values stay as they are."""
    found: list[Values] = []
    for value in values:
        meaning = _column(resolver, receiver.ref, value) if isinstance(value, Library) and value.made else None
        if isinstance(value, Library) and meaning is not None:
            found.append(_read(resolver, receiver, name, value.made[-1], meaning))
        else:
            found.append((value,))
    return union(*found)


def _column(resolver: Resolver, owner: ClassRef, value: Library) -> Meaning | None:
    """What the catalog says of the column that a value describes."""
    for meaning in resolver.program.meanings("calls", value.path.removesuffix("()")):
        only = meaning.literal("only")
        if meaning.kind == "column" and (not only or _is_said(resolver, owner, only)):
            return meaning
    return None


def _is_said(resolver: Resolver, owner: ClassRef, keyword: str) -> bool:
    """Whether a class statement has a keyword that is not false."""
    given = (expr for name, expr in resolver.class_fact(owner).keywords if name == keyword)
    return any(resolver.values(owner.path, expr) != (Literal(False),) for expr in given)


def _read(resolver: Resolver, receiver: Instance, name: str, made: Made, meaning: Meaning) -> Values:
    if _is_left_empty(resolver, receiver, name, made, meaning):
        return (Literal(None, "default"),)
    if meaning.selectors("class"):
        return _referred(resolver, receiver.ref, made, meaning) or unknown(f"a row that {name} refers to")
    default = tuple(_defaults(resolver, made, meaning))
    if receiver.made is None and receiver.given is None:
        default = tuple(one for one in default if not isinstance(one, (Items, Mapping)))
        return union(default, _held(resolver, receiver, name, made, meaning))
    if not default:
        return _held(resolver, receiver, name, made, meaning)
    if not _may_be_changed(resolver, receiver, name, default):
        return default
    return union(default, set_outside(resolver, receiver.ref, name), _held(resolver, receiver, name, made, meaning))


def _is_left_empty(resolver: Resolver, receiver: Instance, name: str, made: Made, meaning: Meaning) -> bool:
    """Whether the call that makes a row gives a column nothing, and the column says that it then has no value."""
    if receiver.made is None or not is_told(resolver, receiver.made):
        return False
    if any(key == f"{name}_id" for key, _ in resolver.call(receiver.made.call).keywords):
        # a row is referred to by its key as well
        return False
    default = _picked(resolver, made, meaning.selectors("default"))
    return all(map(is_none, default or _empty(resolver, made, meaning)))


def _empty(resolver: Resolver, made: Made, meaning: Meaning) -> Values:
    """None where a column without a default may be left without a value, else what is not known."""
    allowed = _picked(resolver, made, meaning.selectors("empty")) == (Literal(True),)
    return (Literal(None),) if allowed else unknown("a column without a default")


def _may_be_changed(resolver: Resolver, receiver: Instance, name: str, default: Values) -> bool:
    """Whether a new row may hold something else by the time it is read, since the order of changes is not told."""
    if receiver.made is not None and not is_told(resolver, receiver.made):
        return True
    is_container = any(isinstance(one, (Items, Mapping)) for one in default)
    is_grown = is_container and name in changed_in_place(resolver)
    return is_grown or is_set_outside(resolver, receiver.ref, name)


def _held(resolver: Resolver, receiver: Instance, name: str, made: Made, meaning: Meaning) -> Values:
    """What any row of a table may hold in a column."""
    note = annotated_fields(resolver, receiver.ref).get(name)
    noted = resolver.annotated(*note) if note is not None else ()
    objects = tuple(one for one in noted if not isinstance(one, Unknown))
    if objects:
        return objects
    title = f"{resolver.class_fact(receiver.ref).name}.{name}"
    is_text = _is_text(resolver, made, meaning, note)
    return (Template((Hole(title),)),) if is_text else unknown(f"what a row holds in {title}")


def _picked(resolver: Resolver, made: Made, selectors: tuple[Selector, ...]) -> Values:
    facts = resolver.facts(made.call.path)
    picked = (pick(facts, made.call, one) for one in selectors)
    return union(*(resolver.values(made.call.path, expr, made.frame) for expr in picked if expr != NONE))


def _referred(resolver: Resolver, owner: ClassRef, made: Made, meaning: Meaning) -> Values:
    """An object of the class that a column refers to; empty where the class is not told."""
    found: list[Value] = []
    for value in _picked(resolver, made, meaning.selectors("class")):
        named = known_texts((value,))
        classes: Values = (Class(owner),) if named == (_SELF,) else (value,)
        if named and named != (_SELF,):
            classes = resolver.global_name(made.call.path, named[0]) or ()
        found += [Instance(one.ref) for one in classes if isinstance(one, Class)]
    return union(tuple(found))


def _defaults(resolver: Resolver, made: Made, meaning: Meaning) -> Iterator[Value]:
    """What a row holds that leaves the column out, where it is written; None is no value yet."""
    for value in _picked(resolver, made, meaning.selectors("default")):
        given = resolver.called(value, made.call, made.frame) if isinstance(value, Function) else (value,)
        for one in given:
            if isinstance(one, (Literal, Template)) and not is_none(one):
                yield replace(one, provenance="default")
            elif isinstance(one, (Items, Mapping)):
                yield one
            elif isinstance(one, Library) and one.path in _EMPTY:
                yield _EMPTY[one.path]


def _is_text(resolver: Resolver, made: Made, meaning: Meaning, note: tuple[str, int] | None) -> bool:
    """Whether a column holds texts: by its kind, by the type it is given, or by its annotation."""
    if meaning.literal("holds"):
        return meaning.literal("holds") == "text"
    texts = {one.strip() for one in meaning.literal("texts").split(",")}
    given = _picked(resolver, made, meaning.selectors("type"))
    types = {one.path.rstrip("()").rpartition(".")[2] for one in given if isinstance(one, Library)}
    if not types.isdisjoint(texts):
        return True
    return note is not None and not types and _is_text_note(resolver, *note)


def _is_text_note(resolver: Resolver, path: str, note: int) -> bool:
    """Whether an annotation is `str`, or that inside `Mapped[...]` and `Optional[...]`."""
    exprs = resolver.facts(path).exprs
    pending, names = [note], set[str]()
    while pending:
        expr = exprs[pending.pop()]
        if expr[0] in ("name", "attr"):
            names.add(last_name(expr))
        elif expr[0] == "item":
            pending += [one for one in expr[1:3] if one != NONE]
        elif expr[0] == "tuple":
            pending += expr[1]
        elif expr[:2] == ("binop", "|"):
            pending += expr[2:4]
        else:
            names.add(str(expr[1]) if expr[0] == "const" else "")
    return _TEXT in names and names <= _AROUND_TEXT
