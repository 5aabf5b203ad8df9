"""Whether the response of a model call leaves what the repository shows, so that somebody unseen may read its usage."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.kept_bodies import filled_classes, returns_one
from mltradeoff_lint.graph.facets.metering.usage_reads import UsageReads
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import ClassRef, FunctionRef, Library
from mltradeoff_lint.resolve.sites import Use

MAX_HOPS = 4
BODIES = ("json()", "model_dump()", "dict()", "to_dict()")
"""Methods that give a whole response as a dict."""

QUEUES = frozenset({"put", "put_nowait", "send", "send_nowait", "emit", "publish", "set_result"})
"""Methods that hand a value to whoever waits for it."""


class Escape:
    """Follows response objects outward; a part of a response (its text) is no response."""

    def __init__(self, work: Workspace, reads: UsageReads) -> None:
        self._work = work
        self._has_loose = reads.has_loose
        self._handed_out = reads.handed_out
        self._usage_is_read = bool(reads.open)
        """Whether some read of usage in the repository could not be followed to a call."""

    def of(self, use: Use) -> tuple[str, Site] | None:
        """How the response of a call, or its usage, gets out of sight, in words and with the place; None if not."""
        if use.ref in self._handed_out:
            return self._handed_out[use.ref]
        result = self._work.resolver.program.catalog.called(use.value.path)
        if self._usage_is_read and self._is_in_lambda(use):
            return "the response is returned by a lambda that is handed on", self._work.site(use.ref)
        level = [self._work.reach.holder(use.ref)]
        seen, classes = set(level), frozenset[ClassRef]()
        for _ in range(MAX_HOPS):
            following: list[FunctionRef] = []
            for function in level:
                lost = self._handed_on(function, result)
                if lost is not None:
                    return lost
                classes |= self._filled(function, result)
                if not self._returns(function, result) and not returns_one(self._work, function, classes):
                    continue
                callers = [way.caller for way in self._work.reach.incoming(function) if way.how == "calls"]
                if not callers and not self._work.entries.by_function.get(function):
                    name = self._work.function_name(function)
                    return f"`{name}` returns the whole response and nothing here calls it", self._work.function_site(
                        function
                    )
                following += [one for one in callers if one not in seen]
                seen.update(callers)
            level = following
        return None

    def _is_in_lambda(self, use: Use) -> bool:
        """`run(lambda: client.create(...))`: what runs the lambda gives its value back."""
        scopes = self._work.resolver.facts(use.ref.path).scopes
        return scopes[self._work.resolver.call(use.ref).scope].kind == "lambda"

    def _returns(self, function: FunctionRef, result: str) -> bool:
        scope = self._work.resolver.scope(function)
        return any(
            self._is_response(function.path, one.value, result)
            for one in (*scope.returns, *scope.yields)
            if one.value != NONE
        )

    def _filled(self, function: FunctionRef, result: str) -> frozenset[ClassRef]:
        """The classes of the objects that a function fills with the whole response, or with its body."""
        bodies = {result, *(f"{result}.{form}" for form in BODIES)}
        return filled_classes(
            self._work, function, lambda expr: any(one in bodies for one in self._paths(function.path, expr))
        )

    def _handed_on(self, function: FunctionRef, result: str) -> tuple[str, Site] | None:
        """Where the response, or an event of it, goes out of sight, in a repository that reads usage elsewhere."""
        if not self._has_loose:
            return None
        facts = self._work.resolver.facts(function.path)
        for call in facts.calls:
            if call.scope != function.scope:
                continue
            given = (*call.arguments, *(expr for _, expr in call.keywords))
            if any(self._is_part(function.path, expr, result) for expr in given):
                callee = self._work.resolver.values(function.path, call.function)
                name = facts.exprs[call.function][2] if facts.exprs[call.function][0] == "attr" else ""
                is_lost = self._usage_is_read and any(isinstance(value, Unknown) for value in callee)
                if is_lost or name in QUEUES:
                    return "the response is handed to a function that could not be resolved", Site(
                        function.path, call.span
                    )
        return None

    def _is_response(self, path: str, expr: int, result: str) -> bool:
        return any(one.removesuffix("[]") == result for one in self._paths(path, expr))

    def _is_part(self, path: str, expr: int, result: str) -> bool:
        """The response, or an element of it: a chunk of a stream."""
        return any(
            one.startswith(result) and not one[len(result) :].replace("[]", "").replace(".get()", "")
            for one in self._paths(path, expr)
        )

    def _paths(self, path: str, expr: int) -> Iterator[str]:
        for value in self._work.resolver.values(path, expr):
            if isinstance(value, Library):
                yield value.path
