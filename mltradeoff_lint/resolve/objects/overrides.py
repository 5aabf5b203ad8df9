"""Classes that derive from a class: what a method or attribute can be when only a base class of its object is known."""

from __future__ import annotations

from dataclasses import replace

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import method_around
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    FunctionRef,
    Instance,
    Library,
    Value,
    Values,
    unknown,
)
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.inherited import SCAFFOLDING
from mltradeoff_lint.resolve.objects.unmade import is_never_made

MAX_OVERRIDES = 8
"""A name that more classes than this define anew is looked up in the base class alone."""

MAX_SUBCLASSES = 200

PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
_ABSTRACT = frozenset({"abstractmethod", "abstractproperty"})


class Overrides:
    """Answers which classes of the repository derive from a class, doubles in tests left out."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._unfinished: dict[str, frozenset[int]] = {}

    def subclasses(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """The classes that derive from a class, directly or not, in path and source order."""
        return self._resolver.program.ask("subclasses", ref, lambda: self._subclasses(ref))

    def may_be(self, ref: ClassRef, other: ClassRef) -> bool:
        """Whether an object of a class, or of one that derives from it, can be of another class: a mixin joins two."""
        lineage = self._resolver.lineage
        return ref in lineage(other) or any(other in lineage(one) for one in (ref, *self.subclasses(ref)))

    def _subclasses(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        derived = self._derived()
        found: set[ClassRef] = set()
        names = [self._resolver.class_fact(ref).name]
        seen = set(names)
        while names and len(found) < MAX_SUBCLASSES:
            for one in derived.get(names.pop(), ()):
                if one in found or one == ref or ref not in self._resolver.lineage(one):
                    continue
                is_double = is_test(one.path) and not is_test(ref.path)
                if not is_double and not is_never_made(self._resolver, one):
                    found.add(one)
                name = self._resolver.class_fact(one).name
                if name not in seen:
                    seen.add(name)
                    names.append(name)
        return tuple(sorted(found))

    def _derived(self) -> dict[str, tuple[ClassRef, ...]]:
        """Name of a class -> the classes that name it, or an import of it, as a base."""
        return self._resolver.program.ask("derived-classes", "", self._by_base)

    def _by_base(self) -> dict[str, tuple[ClassRef, ...]]:
        index: dict[str, list[ClassRef]] = {}
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            renamed = {one.bound: one.name for one in facts.imports if one.name and one.name != one.bound}
            for number, one in enumerate(facts.classes):
                for base in one.bases:
                    name = _last(facts, base)
                    for spelling in {name, renamed.get(name, name)}:
                        index.setdefault(spelling, []).append(ClassRef(path, number))
        return {name: tuple(refs) for name, refs in index.items()}

    def is_protocol(self, ref: ClassRef) -> bool:
        """Whether a class only says what methods an object must have."""
        facts, one = self._resolver.facts(ref.path), self._resolver.class_fact(ref)
        named = (_last(facts, base) == "Protocol" for base in one.bases)
        return any(named) and bool(PROTOCOLS & set(self._resolver.library_bases(ref)))

    def is_abstract(self, function: FunctionRef) -> bool:
        """Whether a function only stands for the ones that override it: it returns nothing and says so."""
        scope = self._resolver.scope(function)
        if scope.yields or any(not self._is_empty(function.path, one.value) for one in scope.returns):
            return False
        if function.scope in self._refusing(function.path) or self._is_marked(function):
            return True
        return scope.owner != NONE and self.is_protocol(ClassRef(function.path, scope.owner))

    def _is_empty(self, path: str, value: int) -> bool:
        if value == NONE:
            return True
        expr = self._resolver.facts(path).exprs[value]
        return expr == ("const", None) or (expr[0] == "name" and expr[1] in ("NotImplemented", "NotImplementedError"))

    def _is_marked(self, function: FunctionRef) -> bool:
        facts = self._resolver.facts(function.path)
        return any(_last(facts, index) in _ABSTRACT for index in facts.scopes[function.scope].decorators)

    def _refusing(self, path: str) -> frozenset[int]:
        """The scopes of a module that mention `NotImplementedError`."""
        found = self._unfinished.get(path)
        if found is None:
            facts = self._resolver.facts(path)
            found = self._unfinished[path] = frozenset(
                expr[3] for expr in facts.exprs if expr[0] == "name" and expr[1] == "NotImplementedError"
            )
        return found


def seen_from_above(resolver: Resolver, site: CallRef, frame: Frame | None) -> Values:
    """What `super()` gives at a call: the object whose method this is, its names looked up in the base classes."""
    facts = resolver.facts(site.path)
    scope = method_around(facts, facts.calls[site.call].scope)
    if scope <= 0:
        return unknown("super() outside a class")
    has_self = bool(facts.scopes[scope].parameters)
    seen = resolver.parameter(FunctionRef(site.path, scope), 0, frame) if has_self else ()
    own = [one for one in seen if isinstance(one, Instance)]
    found: list[Value] = []
    bases = resolver.bases(ClassRef(site.path, facts.scopes[scope].owner))
    for base in [one for one in bases if not _is_scaffolding(one)] or bases:
        if isinstance(base, Class):
            found += [replace(one, above=base.ref) for one in own] or [Instance(base.ref)]
        else:
            found.append(Library(resolver.program.catalog.called(base.path)) if isinstance(base, Library) else base)
    return tuple(found) or unknown("super() of an unresolved base")


def _is_scaffolding(base: Value) -> bool:
    """Whether a base has no methods of its own: of several bases another one has what is looked up."""
    return isinstance(base, Library) and base.path.removesuffix("[]") in SCAFFOLDING


def _last(facts: PythonFacts, expr: int) -> str:
    """The last name of a name, attribute, call or subscripted type."""
    one = facts.exprs[expr]
    if one[0] == "call":
        one = facts.exprs[facts.calls[one[1]].function]
    if one[0] == "item":
        one = facts.exprs[one[1]]
    return str(one[1] if one[0] == "name" else one[2] if one[0] == "attr" else "")
