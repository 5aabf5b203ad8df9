"""What is not known of the functions that a handler runs: calls whose callee did not resolve, and inherited methods."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.call_names import is_super
from mltradeoff_lint.resolve.calls.injection import dependencies
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance, Library, Value
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.resolve.summaries.callees import Callees

_BUILT_IN = frozenset(
    name for one in (str, bytes, list, dict, set, tuple, int, float) for name in dir(one) if not name.startswith("_")
)
"""Methods of Python's own types: of a receiver that is not known they are taken for these."""

_SILENT_BASES = (
    "object", "abc.", "Exception", "builtins.", "typing.", "enum.", "collections.", "threading.local",
    "pydantic.", "pydantic_settings.", "sqlmodel.", "sqlalchemy.", "django.db.", "mongoengine.", "peewee.", "tortoise.",
)  # fmt: skip
"""Beginnings of base classes that hold data, or run nothing of their own."""


class Unseen(NamedTuple):
    """Calls that may run more than is known, those of the nearest functions first."""

    unresolved: tuple[CallRef, ...]
    inherited: tuple[CallRef, ...]
    """Methods that a class of the repository has from a library, which may call others of the same object."""

    def __bool__(self) -> bool:
        return bool(self.unresolved or self.inherited)


class _Inside(NamedTuple):
    """What one function runs, and which of its calls say too little."""

    runs: tuple[FunctionRef, ...]
    unresolved: tuple[CallRef, ...]
    inherited: tuple[CallRef, ...]


class UnseenCalls:
    """Walks the call graph downwards; each function is looked at once."""

    def __init__(self, resolver: Resolver, sites: Sites, callees: Callees) -> None:
        self._resolver = resolver
        self._sites = sites
        self._callees = callees
        self._inside: dict[FunctionRef, _Inside] = {}
        self._defined: frozenset[str] | None = None
        self._below: dict[ClassRef, list[ClassRef]] | None = None

    def below(self, top: FunctionRef) -> Unseen:
        """What is not known of a function and all it runs."""
        unresolved: list[CallRef] = []
        inherited: list[CallRef] = []
        seen = {top}
        pending = deque(seen)
        while pending:
            one = self._of(pending.popleft())
            unresolved += one.unresolved
            inherited += one.inherited
            following = [each for each in one.runs if each not in seen and not is_test(each.path)]
            seen.update(following)
            pending += following
        return Unseen(tuple(unresolved), tuple(inherited))

    def _of(self, function: FunctionRef) -> _Inside:
        found = self._inside.get(function)
        if found is None:
            found = self._inside[function] = self._find(function)
        return found

    def _find(self, function: FunctionRef) -> _Inside:
        runs = dict.fromkeys((*self._callees.of(function), *(one for one, _ in dependencies(self._resolver, function))))
        unresolved: list[CallRef] = []
        inherited: list[CallRef] = []
        for number in self._callees.anatomy(function).calls:
            ref = CallRef(function.path, number)
            if not self._resolver.is_reached(ref.path, self._resolver.call(ref).region, None):
                continue
            values = self._resolver.values(ref.path, self._resolver.call(ref).function)
            runs |= dict.fromkeys(self._run(values))
            is_known = bool(self._sites.at(ref))
            if all(isinstance(one, Unknown) or _is_found(one) for one in values):
                unresolved += [] if is_known or self._is_certain(ref) else [ref]
            elif self._hands_on(ref) or (not is_known and self._is_inherited(ref, values)):
                inherited.append(ref)
        return _Inside(tuple(runs), tuple(unresolved), tuple(inherited))

    def _is_certain(self, ref: CallRef) -> bool:
        """Whether what did not resolve is surely nobody's code here.

        Such is a method with a name of Python's own types that nothing here has, and a constructor of a library's base.
        """
        facts = self._resolver.facts(ref.path)
        function = facts.exprs[self._resolver.call(ref).function]
        if function[0] == "attr" and function[2] == "__init__" and is_super(facts, function[1]):
            return True
        if self._defined is None:
            modules = map(self._resolver.facts, self._resolver.program.python_paths())
            self._defined = frozenset(scope.name for facts in modules for scope in facts.scopes)
        return function[0] == "attr" and function[2] in _BUILT_IN - self._defined

    # -- classes

    def _run(self, values: Sequence[Value]) -> Iterator[FunctionRef]:
        """The functions among values, and what overrides them where the class of the object is not known for sure."""
        for value in values:
            if not isinstance(value, Function):
                continue
            yield value.ref
            if isinstance(value.receiver, Instance) and value.receiver.is_derived:
                yield from self._overriding(value.ref)

    def _overriding(self, method: FunctionRef) -> Iterator[FunctionRef]:
        scope = self._resolver.scope(method)
        for one in self._derived().get(ClassRef(method.path, scope.owner), ()) if scope.owner != NONE else ():
            for found in self._resolver.member(Instance(one), scope.name):
                if isinstance(found, Function):
                    yield found.ref

    def _derived(self) -> dict[ClassRef, list[ClassRef]]:
        """The classes that derive from each class of the repository, directly or not."""
        if self._below is None:
            self._below = {}
            for path in self._resolver.program.python_paths():
                for number, one in enumerate(self._resolver.facts(path).classes):
                    ref = ClassRef(path, number)
                    for base in self._resolver.lineage(ref)[1:] if one.bases else ():
                        self._below.setdefault(base, []).append(ref)
        return self._below

    def _is_inherited(self, ref: CallRef, values: Sequence[Value]) -> bool:
        """Whether a call runs a method that a class of the repository has from a library."""
        if any(isinstance(one, Instance) for one in values):
            return not self._callees.called(ref).targets and any(map(self._is_template, values))
        facts = self._resolver.facts(ref.path)
        call = self._resolver.call(ref)
        if not any(isinstance(one, Library) for one in values):
            return False
        function = facts.exprs[call.function]
        if function[0] == "attr" and is_super(facts, function[1]):
            return not function[2].startswith("__")
        return self._is_of_template(ref.path, call.function)

    def _hands_on(self, ref: CallRef) -> bool:
        """Whether a call is given such a method to run it: `add_task(agent.invoke, text)`."""
        return any(self._is_of_template(ref.path, expr) for expr in self._resolver.call(ref).arguments)

    def _is_of_template(self, path: str, expr: int) -> bool:
        """Whether an attribute is a library's method of an object of such a class, or of what such a method gave."""
        one = self._resolver.facts(path).exprs[expr]
        found = (
            [each for each in self._resolver.values(path, expr) if isinstance(each, Library)]
            if one[0] == "attr"
            else []
        )
        if not found or any(each.path.endswith("()") for each in found):
            return False
        calls = {made.call for each in found for made in each.made}
        makers = [self._resolver.values(each.path, self._resolver.call(each).function) for each in calls]
        return any(map(self._is_template, (*chain.from_iterable(makers), *self._resolver.values(path, one[1]))))

    def _is_template(self, value: Value) -> bool:
        """Whether a class of the repository fills in parts of a library's: a constructor, or methods of its own."""
        if not isinstance(value, (Class, Instance)):
            return False
        if all(one.startswith(_SILENT_BASES) for one in self._resolver.library_bases(value.ref)):
            return False
        owners = [(one.path, self._resolver.class_fact(one).scope) for one in self._resolver.lineage(value.ref)]
        return any(
            scope.kind == "function" and scope.parent == body and not scope.decorators
            for path, body in owners
            for scope in self._resolver.facts(path).scopes
        )


def _is_found(value: Value) -> bool:
    """Whether a library finds a function at run time: an element of what it gives, or a part of a module by name."""
    if not isinstance(value, Library):
        return False
    return value.path.removesuffix("()").endswith("[]") or value.path.startswith("importlib.import_module()")
