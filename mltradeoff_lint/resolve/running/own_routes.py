"""Route decorators of a repository: a factory whose inner wrapper is registered and calls what it decorates."""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.resolve.domain import CallRef, Frame, Function, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver


class OwnRoute(NamedTuple):
    """A function behind a decorator of the repository, and the frame in which that decorator's arguments are read."""

    function: FunctionRef
    frame: Frame


class OwnRoutes:
    """Finds the functions that stand behind a registered wrapper."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._decorated: dict[FunctionRef, list[OwnRoute]] | None = None

    def behind(self, wrapper: FunctionRef) -> tuple[OwnRoute, ...]:
        """The functions decorated by the factory that a wrapper is nested in; empty when it is nested in none."""
        facts = self._resolver.facts(wrapper.path)
        scope, found = facts.scopes[wrapper.scope].parent, []
        while scope > 0 and facts.scopes[scope].kind == "function":
            found += self._index().get(FunctionRef(wrapper.path, scope), [])
            scope = facts.scopes[scope].parent
        return tuple(found)

    def _index(self) -> dict[FunctionRef, list[OwnRoute]]:
        """Decorated functions by the repository function whose call decorates them."""
        if self._decorated is None:
            index: dict[FunctionRef, list[OwnRoute]] = {}
            for path in self._resolver.program.python_paths():
                facts = self._resolver.facts(path)
                for number, scope in enumerate(facts.scopes):
                    for decorator in scope.decorators:
                        expr = facts.exprs[decorator]
                        if expr[0] != "call":
                            continue
                        ref = CallRef(path, expr[1])
                        for value in self._resolver.values(path, facts.calls[expr[1]].function):
                            if isinstance(value, Function):
                                route = OwnRoute(FunctionRef(path, number), Frame(value.ref, ref))
                                index.setdefault(value.ref, []).append(route)
            self._decorated = index
        return self._decorated
