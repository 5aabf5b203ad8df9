"""Functions that look an answer up in a cache first and put what they compute into it: they compute it once."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import Function, FunctionRef
from mltradeoff_lint.resolve.sites import Use


class KeptAnswers:
    """Answers which functions keep what is made of a call in a cache that they ask before."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._by_function: dict[FunctionRef, tuple[Use, ...]] | None = None

    def keeps(self, function: FunctionRef, use: Use) -> bool:
        """Whether a function returns what a cache holds, and puts into the same cache what is made of a call."""
        returned = tuple(self._returned(function))
        for write in self._writes().get(function, ()):
            exprs = self._work.sites.select(write.ref, write.meaning.selectors("value"))
            is_same = any(set(read.value.made) & set(write.value.made) for read in returned)
            if is_same and use in self._work.flow.backward(function.path, exprs, cautious=True).uses:
                return True
        return False

    def keeps_around(self, top: FunctionRef, way: tuple[FunctionRef, ...], use: Use) -> bool:
        """Whether a helper that is handed the computation, or a decorator of a function on the way, keeps a call."""
        decorators = {one for function in way for one in self._decorators(function)}
        return any(
            (not decorators.isdisjoint(self._around(one)) or self._work.reach.path_down(top, one))
            and self.keeps(one, use)
            for one in self._writes()
        )

    def _decorators(self, function: FunctionRef) -> Iterator[FunctionRef]:
        """The functions of the repository that decorate one."""
        for expr in self._work.resolver.scope(function).decorators:
            values = self._work.resolver.values(function.path, expr)
            yield from (value.ref for value in values if isinstance(value, Function))

    def _around(self, function: FunctionRef) -> Iterator[FunctionRef]:
        """A function and those it is written in."""
        scopes, scope = self._work.resolver.facts(function.path).scopes, function.scope
        while scope > 0:
            yield FunctionRef(function.path, scope)
            scope = scopes[scope].parent

    def _returned(self, function: FunctionRef) -> Iterator[Use]:
        """The look-ups in caches that the results of a function are made of."""
        if not self._writes().get(function):
            return
        exprs = tuple(one.value for one in self._work.resolver.scope(function).returns if one.value != NONE)
        yield from (use for use, _ in self._work.flow.backward(function.path, exprs).of_kind("cache-look-up"))

    def _writes(self) -> dict[FunctionRef, tuple[Use, ...]]:
        if self._by_function is None:
            found: dict[FunctionRef, list[Use]] = {}
            for use in self._work.sites.of_kind("cache-write"):
                found.setdefault(self._work.reach.holder(use.ref), []).append(use)
            self._by_function = {function: tuple(uses) for function, uses in found.items()}
        return self._by_function
