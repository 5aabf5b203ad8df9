"""What a callback class of the repository does with the end of a call: it records it, may record it, or does not.

A hook alone is no record. One that flushes a stream or closes a message reads nothing of the response it is passed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mltradeoff_lint.graph.facets.metering.given_values import GivenValues, Keepers
from mltradeoff_lint.graph.facets.metering.read_origins import is_content
from mltradeoff_lint.graph.facets.metering.usage_scopes import reads_usage
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.arity import decorator_names
from mltradeoff_lint.resolve.domain import ClassRef, Function, FunctionRef, Instance, Library, Value
from mltradeoff_lint.resolve.flow.flow_steps import is_pure

RECORDS, OPEN, NOTHING = "records", "open", "nothing"

_MARKS = frozenset({"override"})
"""Decorators that say something of a method and change nothing."""


class HandlerBodies:
    """Looks into callback classes."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._given = GivenValues(work)

    def outcome(self, owner: ClassRef, hooks: Collection[str], base: str) -> str:
        """What a class does in the hooks that see the end of a call; `base` is the handler class of the library."""
        if any(reads_usage(self._work, one) for one in self._methods(owner)):
            return RECORDS
        if any(
            self._is_foreign(value)
            for ref in self._work.resolver.lineage(owner)
            for value in self._work.resolver.bases(ref)
        ):
            return OPEN
        seen = [one for name in hooks for one in self._work.resolver.member(Instance(owner), name)]
        own = [one.ref for one in seen if isinstance(one, Function)]
        return OPEN if any(self._may_record(one, base) for one in own) else NOTHING

    def _is_foreign(self, base: Value) -> bool:
        """Whether a base class may have hooks of its own: nobody knows it."""
        if isinstance(base, Library):
            known = self._work.resolver.program.meanings
            return not (known("classes", base.path) or known("calls", base.path) or is_pure(base.path))
        return isinstance(base, Unknown)

    def _methods(self, owner: ClassRef) -> Iterator[FunctionRef]:
        for ref in self._work.resolver.lineage(owner):
            for number, scope in enumerate(self._work.resolver.facts(ref.path).scopes):
                if scope.kind == "function" and scope.owner == ref.number:
                    yield FunctionRef(ref.path, number)

    def _may_record(self, hook: FunctionRef, base: str) -> bool:
        """Whether a hook hands the response on to something that does not show."""
        scope = self._work.resolver.scope(hook)
        if decorator_names(self._work.resolver, hook.path, scope) - _MARKS or not scope.parameters:
            return True
        same = frozenset((f"{base}.{scope.name}", f"{base}().{scope.name}"))
        keepers = Keepers(is_content, lambda value: value.path in same)
        taken = [number for number, one in enumerate(scope.parameters) if number and one.kind not in ("keyword", "**")]
        first = taken[:1] or list(range(1, len(scope.parameters)))
        stars = [number for number in taken[1:] if scope.parameters[number].kind == "*"]
        return any(self._given.is_kept(hook, one, keepers) for one in (*first, *stars))
