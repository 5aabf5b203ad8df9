"""Objects that usage is put into under a name: a key of a dict, or a field of a dataclass or model.

`{"text": ..., "tokens": reply.usage.total_tokens}` keeps nothing by itself: who takes the text of it alone drops the
count. What an object gives of a name is that name's value, so that a read of another key or field is no use of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

from mltradeoff_lint.graph.value_links import ValueLinks
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Library
from mltradeoff_lint.resolve.objects.class_fields import fields
from mltradeoff_lint.resolve.objects.construction import Construction

_PLAIN = frozenset({"pydantic.BaseModel", "msgspec.Struct", "abc.ABC", "typing.Generic", "builtins.object"})
_KEYED = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_ORDERED = frozenset({"typing.NamedTuple", "typing_extensions.NamedTuple"})
"""Library classes whose objects hold what they are given, and do nothing with it."""

_DECORATORS = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "s", "final"})
"""Decorators that make a class hold what it is given."""

_HOOKS = ("__post_init__", "__attrs_post_init__", "model_post_init", "__new__", "__setattr__")
"""Methods that see what an object is given when it is made."""

_WHOLE = frozenset({"copy", "dict", "model_dump", "model_copy", "_asdict", "to_dict"})
_TEXTS = frozenset({"json", "model_dump_json"})
"""Methods that give an object in another form: as a dict or an object, and as one text."""

_SAME = frozenset({"dataclasses.asdict", "attrs.asdict", "attr.asdict", "copy.copy", "copy.deepcopy"})
_LOOKS = frozenset({"len", "isinstance", "bool", "hasattr"})
"""Functions that give an object in another form, and that read nothing of what it holds."""


class Field(NamedTuple):
    """What an object holds under a name: a field of a class, or a key of a dict where no class is given."""

    name: str
    owner: ClassRef | None = None


Route: TypeAlias = tuple[int | Field, ...]
"""The way from an object to a value in it: places of tuples, and fields; empty for the value itself."""

MAX_ROUTE = 4
"""How deep in objects a value is followed."""

MISSED: Route = (NONE,)
"""No route: what is meant is certainly not taken."""


class After(NamedTuple):
    """What an expression makes of an object in it: the ways to the value in the result, or lost, or used."""

    routes: tuple[Route, ...] = ()
    is_lost: bool = False
    is_used: bool = False


LOST, IS_USED, NOTHING = After(is_lost=True), After(is_used=True), After()


class FilledRecords:
    """Knows the fields of objects that values are put into, and what is read of such objects."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._construction = Construction(work.resolver)

    # -- putting in

    def filled(self, ref: CallRef, expr: int) -> Field | None:
        """The field that a constructing call gives a value; without a name where it may do more, None for others."""
        resolver, call = self._work.resolver, self._work.resolver.call(ref)
        function = resolver.facts(ref.path).exprs[call.function]
        names = [name for name, value in call.keywords if value == expr]
        if function[:2] == ("name", "dict") and names and None not in names:
            return Field(str(names[0])) if len(names) == 1 else Field("")
        classes = [one.ref for one in resolver.values(ref.path, call.function) if isinstance(one, Class)]
        if len(classes) != 1 or len(resolver.values(ref.path, call.function)) != 1:
            return None
        is_keyed = self._holds(classes[0])
        if is_keyed is None:
            return None
        found = self._given(ref, expr, fields(resolver, classes[0])) if not self._is_hooked(classes[0]) else ""
        return Field(found, None if is_keyed else classes[0])

    def _holds(self, ref: ClassRef) -> bool | None:
        """Whether objects of a class are dicts of what they are given; None where they may do something with it."""
        resolver = self._work.resolver
        bases, lineage = set(resolver.library_bases(ref)), resolver.lineage(ref)
        if not bases <= _PLAIN | _KEYED | _ORDERED or self._construction.constructor(ref) is not None:
            return None
        marks = [mark for one in lineage for mark in self._decorators(one)]
        is_made = bases & (_KEYED | _ORDERED | {"pydantic.BaseModel", "msgspec.Struct"}) or marks
        return bool(bases & _KEYED) if is_made and set(marks) <= _DECORATORS else None

    def _decorators(self, ref: ClassRef) -> Sequence[str]:
        facts = self._work.resolver.facts(ref.path)
        exprs = [facts.exprs[one] for one in facts.classes[ref.number].decorators]
        return [last_name(facts.exprs[facts.calls[one[1]].function] if one[0] == "call" else one) for one in exprs]

    def _is_hooked(self, ref: ClassRef) -> bool:
        """Whether methods of a class see what its objects are given when they are made."""
        for one in self._work.resolver.lineage(ref):
            facts = self._work.resolver.facts(one.path)
            body = facts.classes[one.number].scope
            if any(name in facts.scopes[body].finals for name in _HOOKS):
                return True
            # a validator, a serializer or a computed field
            methods = [each for each in facts.scopes if each.parent == body and each.owner == one.number]
            if any("validator" in self._marks(facts, each.decorators) for each in methods):
                return True
        return False

    def _marks(self, facts: PythonFacts, decorators: Sequence[int]) -> str:
        exprs = [facts.exprs[one] for one in decorators]
        return " ".join(
            last_name(facts.exprs[facts.calls[one[1]].function] if one[0] == "call" else one) for one in exprs
        )

    def _given(self, ref: CallRef, expr: int, names: Sequence[str]) -> str:
        """The field that a call without a constructor of one's own gives an expression; empty where none shows."""
        call, exprs = self._work.resolver.call(ref), self._work.resolver.facts(ref.path).exprs
        found = [name for name, value in call.keywords if value == expr]
        for place, value in enumerate(call.arguments):
            if exprs[value][0] == "star":
                return ""
            if value == expr:
                found.append(names[place] if place < len(names) else None)
        name = found[0] if len(found) == 1 else None
        return name if name is not None and name in names else ""

    def local_reads(self, links: ValueLinks, facts: PythonFacts, definition: int) -> Sequence[int] | None:
        """The reads of a dict that a function makes for itself and puts a value into; None for any other object."""
        roots, pending, seen = set[int](), [definition], {definition}
        while pending:
            number = pending.pop()
            one = facts.definitions[number]
            if one.kind == "assign" and not one.path and _is_display(facts, facts.exprs[one.value]):
                roots.add(number)
            elif one.kind not in ("item", "method", "phi") or not one.previous:
                return None
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
        one = facts.definitions[definition]
        if facts.scopes[one.scope].kind != "function" or links.is_read_inside(one):
            return None
        found: dict[int, None] = {}
        for root in roots:
            reads = links.reads(root, ("phi", "item", "method"))
            if reads is None:
                return None
            found.update(dict.fromkeys(reads))
        return list(found)

    # -- taking out

    def taken_out(self, path: str, route: Route) -> Callable[[Definition], bool]:
        """Tells the versions of dicts out of which what is meant was taken."""
        return partial(_is_taken_out, self._work.resolver.facts(path), route)

    def inside(self, path: str, expr: int, outer: Expr, route: Route, is_called: bool) -> After:
        """What an expression makes of an object in it that holds a value under a field."""
        first = route[0]
        assert isinstance(first, Field)
        facts = self._work.resolver.facts(path)
        if outer[0] == "attr":
            return self._attribute(first, route, outer[2], is_called)
        if outer[0] == "item" and outer[1] == expr:
            return _at_key(first, route, facts.exprs[outer[2]] if outer[2] != NONE else ("other",))
        if outer[0] == "call":
            return self._called(CallRef(path, outer[1]), expr, route)
        if outer[0] == "compare":
            return NOTHING if set(outer[1]) <= {"is", "is not"} else LOST
        if outer[0] in ("unary", "fstring"):
            return NOTHING if outer[0] == "unary" else IS_USED
        return LOST

    def _attribute(self, first: Field, route: Route, name: str, is_called: bool) -> After:
        if first.owner is None or is_called:
            is_known = name in _WHOLE | _TEXTS | {"get", "pop", "update", "setdefault", "keys"}
            return After((route,)) if is_called and is_known else LOST
        if name == first.name:
            return After((route[1:],))
        return NOTHING if name in fields(self._work.resolver, first.owner) else LOST

    def _called(self, ref: CallRef, expr: int, route: Route) -> After:
        """What a call of a method of an object gives, or one that the object is passed to."""
        facts, call = self._work.resolver.facts(ref.path), self._work.resolver.call(ref)
        function, first = facts.exprs[call.function], route[0]
        assert isinstance(first, Field)
        if call.function == expr:
            name = last_name(function)
            if name in ("get", "pop", "setdefault") and call.arguments:
                return _at_key(first, route, facts.exprs[call.arguments[0]])
            if name in _WHOLE:
                # a dict of the fields
                return After(((Field(first.name), *route[1:]),)) if "copy" not in name else After((route,))
            return After(((),)) if name in _TEXTS else NOTHING
        if (
            call.arguments[:1] != (expr,)
            or call.arguments.count(expr) > 1
            or any(one == expr for _, one in call.keywords)
        ):
            return IS_USED
        if function[0] == "name" and function[1] in _LOOKS:
            return NOTHING
        values = self._work.resolver.values(ref.path, call.function)
        is_same = bool(values) and all(isinstance(one, Library) and one.path in _SAME for one in values)
        if is_same or function[:2] in (("name", "dict"), ("name", "vars")):
            return After(((Field(first.name), *route[1:]),)) if "copy" not in last_name(function) else After((route,))
        return IS_USED


def _at_key(first: Field, route: Route, key: Expr) -> After:
    if key[0] != "const" or not isinstance(key[1], str) or first.owner is not None:
        return LOST
    return After((route[1:],)) if key[1] == first.name else NOTHING


def _is_display(facts: PythonFacts, expr: Expr) -> bool:
    """Whether an expression makes a new dict of what is written there."""
    if expr[0] == "dict":
        return True
    return expr[0] == "call" and facts.exprs[facts.calls[expr[1]].function][:2] == ("name", "dict")


def _is_taken_out(facts: PythonFacts, route: Route, version: Definition) -> bool:
    """Whether a version of a dict is the one after what is meant was taken out of it: `reply.pop("usage", None)`."""
    if version.kind != "method" or version.path != ("pop",) or facts.exprs[version.value][0] != "call" or not route:
        return False
    given = facts.calls[facts.exprs[version.value][1]].arguments
    key = facts.exprs[given[0]] if given else ("other",)
    return isinstance(route[0], Field) and route[0].owner is None and key[:2] == ("const", route[0].name)


def put(route: Route, step: int | Field | None) -> Route:
    """The way to a value once what it is in is put into an object; all of the object where its place does not show."""
    return (step, *route) if step is not None and len(route) < MAX_ROUTE else ()


def starred_from(step: object) -> int | None:
    """The place from which a starred target takes items; None for a step of another kind."""
    first = step.partition(":")[0] if isinstance(step, str) and ":" in step else ""
    return int(first) if first.isdigit() else None


def within(route: Route, path: Sequence[object]) -> Route | None:
    """What is meant of the item that a target takes; `MISSED` for certainly another item, None for any other way."""
    for step in path:
        if not route:
            return route
        start = starred_from(step)
        if start is not None and isinstance(route[0], int) and route[0] >= 0:
            # how much a starred target takes is known where nothing follows it
            rest = (route[0] - start, *route[1:]) if str(step).endswith(":") else None
            return MISSED if route[0] < start else rest
        if route[0] != step:
            is_other = isinstance(step, int) and step >= 0 and isinstance(route[0], int)
            return MISSED if is_other else None
        route = route[1:]
    return route
