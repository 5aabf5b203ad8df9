"""Which calls make the objects of a class that has no constructor of its own: a dataclass.

A class is a value too: a parameter may hold it, as its default or because a call hands it on, and be called. What a
library does with a class that it is handed nobody sees, so then not all calls are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.calls.call_names import CallNames
from mltradeoff_lint.resolve.calls.handed import passed_names
from mltradeoff_lint.resolve.domain import CallRef, Class, ClassRef, Function, FunctionRef, Instance, Library, Made
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.sources import sources

MAX_CANDIDATES = 100
"""Calls of names that may hold a class; of one with more nobody can tell which are calls of it."""

_ASKING = frozenset({"builtins.isinstance", "builtins.issubclass", "builtins.super", "typing.cast",
                     "dataclasses.fields", "dataclasses.is_dataclass"})  # fmt: skip
"""What takes a class and makes no object of it."""


class Constructions:
    """Answers where the objects of a class come from."""

    def __init__(self, resolver: Resolver, names: CallNames) -> None:
        self._resolver = resolver
        self._names = names

    def of(self, ref: ClassRef) -> tuple[Instance, ...] | None:
        """The objects of a class and of those that derive from it, by the calls that make them; None when not all show.

        What tests make are doubles, which count for classes of tests alone.
        """
        name = self._resolver.class_fact(ref).name
        classes = {name, *self._names.subclasses(name)}
        holders = self._holders(classes, is_test(ref.path))
        if holders is None:
            return None
        sites = self._names.sites(self._names.aliases(classes | holders)) | self._names.through_class(classes)
        if len(sites) > MAX_CANDIDATES:
            return None
        found: list[Instance] = []
        for site in sorted(sites):
            made = self._made(site, ref) if self._counts(site, ref) else ()
            if made is None:
                return None
            found += made
        return tuple(found)

    def _counts(self, site: CallRef, ref: ClassRef) -> bool:
        is_double = is_test(site.path) and not is_test(ref.path)
        return not is_double and self._resolver.is_reached(site.path, self._resolver.call(site).region, None)

    def _made(self, site: CallRef, ref: ClassRef) -> tuple[Instance, ...] | None:
        """The objects that one call makes, by the classes it may call; None where what it calls is not written."""
        found: dict[ClassRef, None] = {}
        for place in sources(self._resolver, site.path, self._resolver.call(site).function):
            if place is None:
                return None
            classes = (value.ref for value in self._resolver.values(*place) if isinstance(value, Class))
            found.update(dict.fromkeys(one for one in classes if ref in self._resolver.lineage(one)))
        return tuple([Instance(one, Made(site)) for one in found])

    # -- classes as values

    def _holders(self, classes: Iterable[str], in_tests: bool) -> set[str] | None:
        """The parameters that may hold one of some classes; None when something unseen is handed one."""
        found: set[str] = set()
        for name in sorted(classes):
            found |= self._by_default().get(name, set())
            for site in passed_names(self._resolver).get(name, ()):
                if in_tests or not is_test(site.path):
                    taking = self._taking(site, name)
                    if taking is None:
                        return None
                    found |= taking
        return found

    def _taking(self, site: CallRef, name: str) -> set[str] | None:
        """The parameters by which a call hands on what has a name; None when nobody can tell what comes of it."""
        facts, call = self._resolver.facts(site.path), self._resolver.call(site)
        passed = (*call.arguments, *(expr for _, expr in call.keywords))
        handed = {expr for expr in passed if last_name(facts.exprs[expr]) == name}
        if not any(isinstance(value, Class) for expr in handed for value in self._resolver.values(site.path, expr)):
            # an attribute or a module by the same name
            return set()
        found: set[str] = set()
        for value in self._resolver.values(site.path, call.function):
            if isinstance(value, Function):
                found |= set(self._parameters(site, value.ref, handed))
            elif not (isinstance(value, Library) and value.path in _ASKING):
                return None
        return found

    def _parameters(self, site: CallRef, function: FunctionRef, handed: set[int]) -> Iterator[str]:
        for position, parameter in enumerate(self._resolver.scope(function).parameters):
            given = self._resolver.argument(site, function, position)
            if given is not None and given[1] in handed:
                yield parameter.name

    def _by_default(self) -> dict[str, set[str]]:
        """Name of a thing -> the parameters that have it as their default."""
        return self._resolver.program.ask("default-names", "", self._all_defaults)

    def _all_defaults(self) -> dict[str, set[str]]:
        index: dict[str, set[str]] = {}
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            for scope in facts.scopes:
                for parameter in scope.parameters:
                    name = last_name(facts.exprs[parameter.default]) if parameter.default != NONE else ""
                    if name:
                        index.setdefault(name, set()).add(parameter.name)
        return index
