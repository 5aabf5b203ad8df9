"""Functions and classes that no run enters: code in use names them nowhere, though it may load their module.

Names decide, as for classes of which no object is made (`objects/unmade.py`): whatever stands for a name that may be
the function counts as a use, also in a test, a text or a configuration. An import alone, by name or of all names, is
none, also where a package of an application takes names up, and neither is what the function itself says, or another
one that nothing uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from typing import TypeAlias

from mltradeoff_lint.catalog.served_names import served_names
from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import MAX_VALUES, Class, ClassRef, Function, FunctionRef
from mltradeoff_lint.resolve.folders import is_tutorial
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.unmade import SEEN_BY_BASE
from mltradeoff_lint.resolve.running.looked_up import looked_up
from mltradeoff_lint.resolve.running.roles import Roles
from mltradeoff_lint.resolve.running.taken_up import listed_names, only_takes_up
from mltradeoff_lint.resolve.running.unloaded import is_unloaded

MAX_TOGETHER = 20
"""Functions that only use one another; more count as used."""

_Named: TypeAlias = FunctionRef | ClassRef

_FREE = frozenset({"staticmethod", "classmethod"})
"""Marks of methods that another decorator can register without an object."""

_PLAIN_BASES = frozenset(
    ("abc.ABC", "object", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol", "builtins.object")
)

_CALLED = re.compile(r"\b(\w+)\s*\(")


class Uncalled:
    """Judges functions of modules that an entry of the repository is known to load.

    What no entry loads may be started by hand, or by a server that looks its functions up by their names.
    """

    def __init__(self, resolver: Resolver, roles: Roles) -> None:
        self._resolver = resolver
        self._roles = roles

    def is_uncalled(self, function: FunctionRef) -> bool:
        """Whether nothing in the repository runs a function, or what it stands in, but that itself."""
        return self._resolver.program.ask("uncalled", function, lambda: self._judge(function))

    def _judge(self, function: FunctionRef) -> bool:
        top = self._top(function.path, function.scope)
        if top is None or self._roles.entries_above(function):
            return False
        together: list[_Named] = [top]
        for one in together:
            if len(together) > MAX_TOGETHER or not self._is_plain(one):
                return False
            for user in self._users(one):
                if user is None:
                    return False
                together += [] if user in together else [user]
        return True

    def _top(self, path: str, scope: int) -> _Named | None:
        """The function or class of a module in which a scope stands; None where something else may run it."""
        facts = self._resolver.facts(path)
        scopes = facts.scopes
        while scope > 0:
            one = scopes[scope]
            if one.owner != NONE:
                body = facts.classes[one.owner].scope
                is_free = len(one.decorators) > 1 and {last_name(facts.exprs[mark]) for mark in one.decorators} & _FREE
                return ClassRef(path, one.owner) if scopes[body].parent == 0 and not is_free else None
            if one.decorators:
                return None
            if one.parent == 0:
                return FunctionRef(path, scope) if one.kind == "function" else None
            scope = one.parent
        return None

    def _is_plain(self, one: _Named) -> bool:
        """Whether something is run by code that names it only, and its module by what is in use or by nothing."""
        facts, name = self._resolver.facts(one.path), self._name(one)
        is_looked_up = name.startswith("__") or name in {row.function for row in served_names()}
        if is_looked_up or (isinstance(one, ClassRef) and not self._is_plain_class(one)):
            return False
        if isinstance(one, FunctionRef) and any(
            inner.parent == one.scope and inner.decorators for inner in facts.scopes
        ):
            return False
        loading = self._roles.loading(one.path)
        if loading is None:
            is_dead = self._roles.is_of_application() and is_unloaded(self._resolver, one.path)
        else:
            is_dead = not is_tutorial(loading.site.path)
        return is_dead and one.path.endswith(".py") and one.path not in looked_up(self._resolver)

    def _is_plain_class(self, ref: ClassRef) -> bool:
        """Whether no library, decorator or base class gets hold of a class that is not named."""
        resolver = self._resolver
        one = resolver.class_fact(ref)
        if one.decorators or one.keywords or set(resolver.library_bases(ref)) - _PLAIN_BASES:
            return False
        if any(isinstance(value, Unknown) for value in resolver.bases(ref)):
            return False
        return not resolver.program.ask("subclasses-are-found", "", self._finds_subclasses)

    def _finds_subclasses(self) -> bool:
        """Whether some base class learns of what derives from it."""
        modules = map(self._resolver.facts, self._resolver.program.python_paths())
        return any(
            any(last_name(expr) in SEEN_BY_BASE for expr in facts.exprs)
            or any(scope.name in SEEN_BY_BASE for scope in facts.scopes)
            for facts in modules
        )

    def _name(self, one: _Named) -> str:
        if isinstance(one, ClassRef):
            return self._resolver.class_fact(one).name
        return self._resolver.scope(one).name

    def _users(self, function: _Named) -> Iterator[_Named | None]:
        """The other functions and classes that may use one by its name; None for a use outside of these."""
        name = self._name(function)
        if name in self._resolver.program.ask("names-outside-code", "", self._outside, sorted):
            yield None
        for path, expr in self._mentions().get(name, ()):
            user = self._top(path, self._resolver.facts(path).expr_scopes[expr])
            if user != function and self._may_be(path, expr, function):
                yield user

    def _may_be(self, path: str, expr: int, function: _Named) -> bool:
        """Whether a name may stand for a function or class; a text with the name in it may."""
        if self._resolver.facts(path).exprs[expr][0] == "const":
            return True
        values = self._resolver.values(path, expr)
        is_open = not values or len(values) >= MAX_VALUES or any(isinstance(one, Unknown) for one in values)
        return is_open or any(isinstance(one, Function | Class) and one.ref == function for one in values)

    def _mentions(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Name of a function or class of a module -> where code writes such a name, or a text with it."""
        return self._resolver.program.ask("function-mentions", "", self._all_mentions, lambda one: sorted(one.items()))

    def _all_mentions(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        names, found = self._names(), dict[str, list[tuple[str, int]]]()
        for path in self._resolver.program.python_paths():
            facts = self._resolver.facts(path)
            listed = listed_names(facts) if only_takes_up(self._resolver, self._roles, path) else ()
            for index, expr in enumerate(facts.exprs):
                if index in listed:
                    continue
                is_text = expr[0] == "const" and isinstance(expr[1], str)
                for name in (_named(str(expr[1])) if is_text else {last_name(expr)}) & names:
                    found.setdefault(name, []).append((path, index))
        return {name: tuple(places) for name, places in found.items()}

    def _names(self) -> Set[str]:
        modules = map(self._resolver.facts, self._resolver.program.python_paths())
        return {one.name for facts in modules for one in facts.scopes if one.parent == 0 and one.kind != "module"}

    def _outside(self) -> Set[str]:
        """The names that are handed out under others or to whoever imports a package, or stand in configuration."""
        program, names = self._resolver.program, self._names()
        texts = [word for one in program.declarations() if isinstance(one, Command) for word in one.words]
        texts += [word for _, shell in program.shells() for one in shell.commands for word in one.words]
        for path in program.documents_inside(""):
            texts += [text for root in program.roots(path) for _, one in root.walk() for text in (one.value, one.tag)]
        found = {name for text in texts for name in _named(text) & names}
        for path in program.python_paths():
            is_own = only_takes_up(self._resolver, self._roles, path)
            found |= _handed_out(path, self._resolver.facts(path), is_own) & names
        return frozenset(found)


def _handed_out(path: str, facts: PythonFacts, is_own: bool) -> Set[str]:
    """The names that a package takes up for others who import it, and those that a module binds to other names."""
    is_package = path.endswith("__init__.py") and not is_own
    taken = {one.name for one in facts.imports if one.name and (is_package or one.bound != one.name)}
    return taken | set(() if is_own else facts.module_all or ())


def _named(text: str) -> Set[str]:
    """The names that a text can stand for: what a path in it ends in, and what it calls as code."""
    return {re.split(r"[.:=]", text.strip())[-1], *(_CALLED.findall(text) if "(" in text else ())}
