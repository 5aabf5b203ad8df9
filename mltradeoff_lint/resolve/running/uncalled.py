"""Functions that no run enters: their module is loaded by code in use, which names them nowhere.

Names decide, as for classes of which no object is made (`objects/unmade.py`): whatever stands for a name that may be
the function counts as a use, also in a test, a text or a configuration. An import alone, by name or of all names, is
none, and neither is what the function itself says, or another one that nothing uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from mltradeoff_lint.catalog.served_names import served_names
from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import MAX_VALUES, Function, FunctionRef
from mltradeoff_lint.resolve.folders import is_tutorial
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.looked_up import looked_up
from mltradeoff_lint.resolve.running.roles import Roles

MAX_TOGETHER = 20
"""Functions that only use one another; more count as used."""

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
        together = [top]
        for one in together:
            if len(together) > MAX_TOGETHER or not self._is_plain(one):
                return False
            for user in self._users(one):
                if user is None:
                    return False
                together += [] if user in together else [user]
        return True

    def _top(self, path: str, scope: int) -> FunctionRef | None:
        """The function of a module in which a scope stands; None where something else may run it or what is around."""
        scopes = self._resolver.facts(path).scopes
        while scope > 0:
            one = scopes[scope]
            if one.owner != NONE or one.decorators:
                return None
            if one.parent == 0:
                return FunctionRef(path, scope) if one.kind == "function" else None
            scope = one.parent
        return None

    def _is_plain(self, function: FunctionRef) -> bool:
        """Whether a function is run by nothing but code that names it, and its module is loaded by what is in use."""
        facts, name = self._resolver.facts(function.path), self._resolver.scope(function).name
        is_looked_up = name.startswith("__") or name in {row.function for row in served_names()}
        if is_looked_up or any(one.parent == function.scope and one.decorators for one in facts.scopes):
            return False
        loading = self._roles.loading(function.path)
        return (
            loading is not None
            and not is_tutorial(loading.site.path)
            and function.path.endswith(".py")
            and function.path not in looked_up(self._resolver)
        )

    def _users(self, function: FunctionRef) -> Iterator[FunctionRef | None]:
        """The other functions that may use a function by its name; None for a use outside of functions."""
        name = self._resolver.scope(function).name
        if name in self._resolver.program.ask("names-outside-code", "", self._outside, sorted):
            yield None
        for path, expr in self._mentions().get(name, ()):
            user = self._top(path, self._resolver.facts(path).expr_scopes[expr])
            if user != function and self._may_be(path, expr, function):
                yield user

    def _may_be(self, path: str, expr: int, function: FunctionRef) -> bool:
        """Whether a name may stand for a function; a text with the name in it may."""
        if self._resolver.facts(path).exprs[expr][0] == "const":
            return True
        values = self._resolver.values(path, expr)
        is_open = not values or len(values) >= MAX_VALUES or any(isinstance(one, Unknown) for one in values)
        return is_open or any(isinstance(one, Function) and one.ref == function for one in values)

    def _mentions(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Name of a function of a module -> where code writes such a name, or a text with it."""
        return self._resolver.program.ask("function-mentions", "", self._all_mentions, lambda one: sorted(one.items()))

    def _all_mentions(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        names, found = self._names(), dict[str, list[tuple[str, int]]]()
        for path in self._resolver.program.python_paths():
            for index, expr in enumerate(self._resolver.facts(path).exprs):
                is_text = expr[0] == "const" and isinstance(expr[1], str)
                for name in (_named(str(expr[1])) if is_text else {last_name(expr)}) & names:
                    found.setdefault(name, []).append((path, index))
        return {name: tuple(places) for name, places in found.items()}

    def _names(self) -> Set[str]:
        modules = map(self._resolver.facts, self._resolver.program.python_paths())
        return {one.name for facts in modules for one in facts.scopes if one.kind == "function" and one.parent == 0}

    def _outside(self) -> Set[str]:
        """The names that are handed out under others or to whoever imports a package, or stand in configuration."""
        program, names = self._resolver.program, self._names()
        texts = [word for one in program.declarations() if isinstance(one, Command) for word in one.words]
        texts += [word for _, shell in program.shells() for one in shell.commands for word in one.words]
        for path in program.documents_inside(""):
            texts += [text for root in program.roots(path) for _, one in root.walk() for text in (one.value, one.tag)]
        found = {name for text in texts for name in _named(text) & names}
        for path in program.python_paths():
            found |= _handed_out(path, self._resolver.facts(path)) & names
        return frozenset(found)


def _handed_out(path: str, facts: PythonFacts) -> Set[str]:
    """The names that a package takes up for those who import it, and those that a module binds to other names."""
    is_package = path.endswith("__init__.py")
    taken = {one.name for one in facts.imports if one.name and (is_package or one.bound != one.name)}
    return taken | set(facts.module_all or ())


def _named(text: str) -> Set[str]:
    """The names that a text can stand for: what a path in it ends in, and what it calls as code."""
    return {re.split(r"[.:=]", text.strip())[-1], *(_CALLED.findall(text) if "(" in text else ())}
