"""Which of the objects of a class can run a method: one that stays in a local name runs what is called on it there.

`report = Report(engine, [digest])` and then `report.summary()` runs `summary` and what that calls on `self`; what the
construction passes never comes to `Report.features`. An object that is given back, kept, passed on or captured as a
whole may run anything, and so may one whose own methods hand `self` on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from mltradeoff_lint.model.expressions import BOUND, heads_and_results, last_name, parts
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.calls.hanging import becoming, methods_of
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, FunctionRef, Instance, Value, Values, union
from mltradeoff_lint.resolve.folders import in_use
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction
from mltradeoff_lint.resolve.objects.passed_objects import is_plain

MAX_OBJECTS = 12
"""Constructions of a class that are told apart."""

MAX_METHODS = 60
"""Methods of one object that are followed."""

_TAKING = frozenset({"with", "loop", "case"})
"""Kinds of regions that do something with what they are about, other than asking whether it is true."""

_DECORATORS = frozenset({"property", "cached_property", "staticmethod", "classmethod", "abstractmethod", "override"})
"""Decorators that call nothing of the object but what they decorate."""

_DISPLAYS = frozenset({"const", "list", "dict", "set"})
"""Kinds of expressions in a class body that are no function."""


class _Uses(NamedTuple):
    """What a module does with its expressions: the attributes it reads of them, how often it does something else."""

    attributes: Mapping[int, Set[str]]
    others: Mapping[int, int]


class LocalObjects:
    """Answers which objects a method is run on, and what their fields hold."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._construction = Construction(resolver)
        self._uses: dict[str, _Uses] = {}

    def left(self, path: str, base: Expr, own: Value, name: str, values: Values) -> Values:
        """What a field is that is read in a method; `own` is its object and `values` what all of the class hold."""
        if base[0] != "name" or not isinstance(own, Instance) or not own.is_derived or own.made is not None:
            return values
        methods = methods_of(self._resolver.facts(path), base)
        # while a question waits for itself not all calls may be known yet
        if len(methods) != 1 or not self._resolver.program.cycles.is_free:
            return values
        method = FunctionRef(path, *methods)
        if ClassRef(path, self._resolver.scope(method).owner) != own.ref:
            return values
        objects = self._resolver.program.ask("local-objects", method, lambda: self._running(method, own.ref))
        found = union(*(self._resolver.member(one, name) for one in objects))
        # values are only taken away: an object that is looked at by its own construction may be told otherwise
        return found if found and set(found) < set(values) else values

    def _running(self, method: FunctionRef, owner: ClassRef) -> tuple[Instance, ...]:
        """The objects that may run a method; nothing where that is all of them, or none is known to."""
        constructor = self._construction.constructor(owner)
        sites = in_use(method.path, self._resolver.callers(constructor)) if constructor is not None else ()
        if constructor is None or not 1 < len(sites) <= MAX_OBJECTS:
            return ()
        name = self._resolver.scope(method).name
        away = [site for site in sites if not self._may_run(site, owner, name)]
        made = self._resolver.constructions(owner) if 0 < len(away) < len(sites) else None
        if made is None or any(one.ref != owner for one in made) or self._is_configured(constructor):
            return ()
        return tuple(one for one in made if one.made is not None and one.made.call not in away)

    def _is_configured(self, constructor: FunctionRef) -> bool:
        count = len(self._resolver.scope(constructor).parameters)
        return any(self._resolver.instantiated(constructor, one) for one in range(1, count))

    def _may_run(self, site: CallRef, owner: ClassRef, name: str) -> bool:
        called = self._called(site)
        if called is None or name in called or not all(map(self._is_plain, self._resolver.lineage(owner))):
            return True
        key, ask = (owner, *sorted(called)), self._resolver.program.ask
        run = ask("local-runs", key, lambda: self._run(owner, called), lambda names: sorted(names or ()))
        return run is None or name in run

    def _is_plain(self, ref: ClassRef) -> bool:
        """Whether nothing but what is written runs methods of a class: no library it derives from, no class of it."""
        one = self._resolver.class_fact(ref)
        bases = (value for base in one.bases for value in self._resolver.values(ref.path, base))
        return not one.keywords and is_plain(self._resolver, ref) and not any(isinstance(b, Unknown) for b in bases)

    # -- what is done with an object where it is made

    def _called(self, site: CallRef) -> frozenset[str] | None:
        """The attributes that are read of a new object; None when more is done with it."""
        facts, call = self._resolver.facts(site.path), self._resolver.call(site)
        index = next((n for n, one in enumerate(facts.exprs) if one[:2] == ("call", site.call)), NONE)
        uses = self._uses_of(site.path)
        if not uses.others.get(index, 0):
            return frozenset(uses.attributes.get(index, ())) or None
        held = [n for n, one in enumerate(facts.definitions) if one.value == index and one.kind == "assign"]
        bound = facts.definitions[held[0]] if len(held) == 1 and uses.others[index] == 1 else None
        if bound is None or bound.path or facts.scopes[bound.scope].kind != "function" or bound.scope != call.scope:
            return None
        return self._read(site.path, held[0])

    def _read(self, path: str, number: int) -> frozenset[str] | None:
        """The attributes that are read of what a version of a name holds; None when more is done with it."""
        facts, uses = self._resolver.facts(path), self._uses_of(path)
        found: set[str] = set()
        for index in _loads(facts, number):
            if uses.others.get(index, 0):
                return None
            found |= uses.attributes.get(index, set())
        return frozenset(found)

    def _uses_of(self, path: str) -> _Uses:
        found = self._uses.get(path)
        if found is None:
            facts = self._resolver.facts(path)
            attributes: dict[int, set[str]] = {}
            for expr in facts.exprs:
                if expr[0] == "attr":
                    attributes.setdefault(expr[1], set()).add(expr[2])
            found = self._uses[path] = _Uses(attributes, Counter(_others(facts)))
        return found

    # -- what its methods run on it

    def _run(self, owner: ClassRef, called: Set[str]) -> frozenset[str] | None:
        """The names of all methods that run on an object of which some are called; None when it is handed on."""
        lineage = self._resolver.lineage(owner)
        names = {name for ref in lineage for name in self._finals(ref) if name.startswith("__")}
        pending, seen = [*called, *names], {*called, *names}
        while pending and len(seen) <= MAX_METHODS:
            name = pending.pop()
            for ref in lineage:
                further = self._of_class(ref, name)
                if further is None:
                    return None
                pending += further - seen
                seen |= further
        return frozenset(seen) if len(seen) <= MAX_METHODS else None

    def _of_class(self, ref: ClassRef, name: str) -> set[str] | None:
        """What is read of `self` in what a class has by a name; None when more is done with it, or nobody can tell."""
        facts = self._resolver.facts(ref.path)
        found: set[str] = set()
        for number in self._finals(ref).get(name, ()):
            one = facts.definitions[number]
            further: Set[str] | None = set()
            if one.kind == "function":
                further = self._of_method(ref.path, one.value)
            elif one.kind != "declare" and (one.kind != "assign" or facts.exprs[one.value][0] not in _DISPLAYS):
                further = None
            if further is None:
                return None
            found |= further
        return found

    def _of_method(self, path: str, method: int) -> Set[str] | None:
        facts = self._resolver.facts(path)
        scope = facts.scopes[method]
        marks = {last_name(facts.exprs[one]) for one in scope.decorators}
        if "staticmethod" in marks:
            return set()
        if not marks <= _DECORATORS or not scope.parameters or scope.parameters[0].kind in ("*", "**"):
            return None
        own = next(
            (n for n, one in enumerate(facts.definitions) if (one.kind, one.scope, one.value) == ("param", method, 0)),
            NONE,
        )
        found = self._read(path, own) if own != NONE else None
        inside = (one for one in facts.exprs if one[0] == "attr" and is_super(facts, one[1]))
        return None if found is None else found | {one[2] for one in inside}

    def _finals(self, ref: ClassRef) -> Mapping[str, Sequence[int]]:
        facts = self._resolver.facts(ref.path)
        return facts.scopes[facts.classes[ref.number].scope].finals


def _loads(facts: PythonFacts, number: int) -> Iterator[int]:
    """Where a version of a name is read, or one that it may have become, also in the functions inside."""
    bound, versions = facts.definitions[number], becoming(facts, number)
    for index, expr in enumerate(facts.exprs):
        if expr[0] == "name" and expr[1] == bound.name:
            is_open = not expr[2] and _is_inside(facts, expr[3], bound.scope)
            if is_open or not versions.isdisjoint(expr[2]):
                yield index


def _is_inside(facts: PythonFacts, scope: int, outer: int) -> bool:
    while scope > 0 and scope != outer:
        scope = facts.scopes[scope].parent
    return scope == outer


def _others(facts: PythonFacts) -> Iterator[int]:
    """The expressions with which something is done other than reading an attribute, once for each time."""
    for expr in facts.exprs:
        if expr[0] != "attr":
            yield from (one for one in parts(facts, expr) if one != NONE)
    yield from (one.value for one in facts.definitions if one.kind in BOUND)
    for write in facts.writes:
        yield from (write.value, write.key) if write.kind == "item" else (write.value,)
    yield from (one.test for one in facts.regions if one.kind in _TAKING)
    yield from heads_and_results(facts)
