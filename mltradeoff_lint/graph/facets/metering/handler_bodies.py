"""What a callback class of the repository does with the end of a call: it records it, may record it, or does not.

A hook alone is no record. One that flushes a stream or closes a message reads nothing of the response it is passed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.given_values import GivenValues, Keepers
from mltradeoff_lint.graph.facets.metering.read_origins import is_content
from mltradeoff_lint.graph.facets.metering.usage_scopes import reads_usage
from mltradeoff_lint.graph.facets.metering.words import COST_FIELDS, TOKEN_FIELDS, TOKEN_FUNCTION
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.arity import decorator_names
from mltradeoff_lint.resolve.domain import CallRef, ClassRef, Function, FunctionRef, Instance, Library, Value
from mltradeoff_lint.resolve.flow.flow_steps import is_pure

RECORDS, OPEN, NOTHING = "records", "open", "nothing"

_MARKS = frozenset({"override"})
"""Decorators that say something of a method and change nothing."""


class HandlerBodies:
    """Looks into callback classes."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._given = GivenValues(work)

    def outcome(self, owner: ClassRef, meaning: Meaning) -> str:
        """What a class does in the hooks that see the end of a call; `meaning` is the row of the library's class."""
        seen = [one for name in _words(meaning, "methods") for one in self._work.resolver.member(Instance(owner), name)]
        does = {self._does(one.ref, meaning) for one in seen if isinstance(one, Function)}
        if RECORDS in does:
            return RECORDS
        is_foreign = any(
            self._is_foreign(value)
            for ref in self._work.resolver.lineage(owner)
            for value in self._work.resolver.bases(ref)
        )
        # a usage that is read elsewhere may be what another hook was told of the call
        is_open = OPEN in does or is_foreign or any(reads_usage(self._work, one) for one in self._methods(owner))
        return OPEN if is_open else NOTHING

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

    def _does(self, hook: FunctionRef, meaning: Meaning) -> str:
        """Whether a hook reads the usage of what it is passed, or hands that on to something that does not show."""
        scope, base = self._work.resolver.scope(hook), meaning.path
        same = frozenset((f"{base}.{scope.name}", f"{base}().{scope.name}"))
        keepers = Keepers(is_content, lambda value: value.path in same, is_told=self._tells)
        apart = _words(meaning, "apart")
        taken = [at for at, one in enumerate(scope.parameters) if at and one.name not in apart]
        kept = [self._given.is_kept(hook, one, keepers) for one in taken or range(len(scope.parameters))]
        if keepers.told:
            return RECORDS
        is_marked = bool(decorator_names(self._work.resolver, hook.path, scope) - _MARKS)
        return OPEN if is_marked or not kept or any(kept) else NOTHING

    def _tells(self, name: str, ref: CallRef | None) -> bool:
        """Whether a field holds usage, or a function that is called with a response records or prices it."""
        if ref is None:
            return name in TOKEN_FIELDS or name in COST_FIELDS
        is_counted = any(use.meaning.kind == "usage" for use in self._work.sites.at(ref))
        return is_counted or TOKEN_FUNCTION.search(name) is not None


def _words(meaning: Meaning, key: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in meaning.literal(key).split(",") if one.strip())
