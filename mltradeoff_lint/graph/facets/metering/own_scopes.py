"""Decorators and contexts of the repository around a call: a record where they are followed to one, else a doubt."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.attached import Attached
from mltradeoff_lint.graph.facets.metering.given_values import GivenValues, Keepers
from mltradeoff_lint.graph.facets.metering.own_contexts import SPAN, Manager, OwnContexts
from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.facets.metering.search import Search
from mltradeoff_lint.graph.facets.metering.told import Told
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library
from mltradeoff_lint.resolve.sites import Use

RECORDER = re.compile(
    r"usage|tokens?(?!ize)|(?:^|_)costs?(?:_|$)|spend|billing|budget|credits?(?:_|$)|quota|llm_?(?:log|trac|track|observ)|"
    r"(?:^|_)generation(?:_|$)|instrument",
    re.IGNORECASE,
)
"""Names that promise a record of a model call. A name proves nothing, and so it only forbids to claim an absence."""

_LOCKS = frozenset(
    f"{module}.{name}"
    for module in ("asyncio", "threading", "multiprocessing", "anyio")
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "CapacityLimiter")
)
"""Objects that hold calls back and keep nothing of them."""

_ERRORS = frozenset(
    f"builtins.{name}" for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, Exception)
)
"""Errors that are raised with words about a call that is not made."""

MAX_DEPTH = 3
"""How many contexts are followed into one another."""


class OwnScopes:
    """Finds what encloses a call and is called like a recorder, is told of the call, or opens a span."""

    def __init__(self, work: Workspace, attached: Attached) -> None:
        self._work = work
        self._attached = attached
        self._contexts = OwnContexts(work)
        self._told = Told(work)
        self._given = GivenValues(work)

    def around(self, ref: CallRef, use: Use, search: Search) -> None:
        """The `with` blocks that enclose a model call, or the call of a wrapper that leads to it."""
        path, region = ref.path, self._work.resolver.call(ref).region
        for reason, place in (*self._named(path, region), *self._spans(path, region)):
            search.doubt(reason, place)
        for manager in self._contexts.around(path, region):
            search.note(self._records(manager))
            reason = self._doubt(manager, use, ref == use.ref)
            if reason:
                search.doubt(reason, self._work.site(manager.ref))

    def _named(self, path: str, region: int) -> Iterator[tuple[str, Site]]:
        """`with usage_collector(...)` blocks that enclose a region."""
        facts = self._work.resolver.facts(path)
        while region != NONE:
            one = facts.regions[region]
            if one.kind == "with" and one.test != NONE and facts.exprs[one.test][0] == "call":
                ref = CallRef(path, facts.exprs[one.test][1])
                name = _name(facts, facts.calls[ref.call].function)
                if RECORDER.search(name) and not self._is_known(path, facts.calls[ref.call].function):
                    yield f"the call stands inside `{name}()`, which may record it", self._work.site(ref)
            region = one.parent

    def _spans(self, path: str, region: int) -> Iterator[tuple[str, Site]]:
        """`with tracer.start_as_current_span(...)` blocks around a region, of a tracer that nobody saw made."""
        for ref in self._contexts.opened(path, region):
            call = self._work.resolver.call(ref)
            name = _name(self._work.resolver.facts(path), call.function)
            values = self._work.resolver.values(path, call.function) if SPAN.search(name) else ()
            if any(isinstance(value, Unknown) for value in values):
                yield f"the call stands inside `{name}()` of a tracer that is handed in", self._work.site(ref)

    def _doubt(self, manager: Manager, use: Use, is_direct: bool) -> str:
        """Why a context of the repository may record a call; empty when it has nothing to do with it."""
        is_told = self._told.is_told(manager.ref, manager.functions[0], self._told.subject(use), is_direct)
        if is_told and self._keeps(manager):
            return f"the call stands inside `{manager.name}()`, which is told its model and may record it"
        if self._contexts.opens_span(manager) or self._yields_in_recorder(manager, 0):
            return f"the call stands inside `{manager.name}()`, which opens a span and may record it"
        return ""

    def _keeps(self, manager: Manager) -> bool:
        """Whether a context may keep what it is told: it stores it, or hands it to code that does not show."""
        function, resolver = manager.functions[0], self._work.resolver
        keepers = Keepers(is_harmless=self._keeps_nothing, is_result_kept=False)
        return any(
            self._given.is_kept(function, position, keepers)
            for position in range(len(resolver.scope(function).parameters))
            if resolver.argument(manager.ref, function, position) is not None
        )

    def _keeps_nothing(self, value: Library) -> bool:
        """Whether a function of a library is one that records no model call."""
        found = self._work.resolver.program.meanings("calls", value.path)
        is_client = bool(found) and all(one.kind == "client" for one in found)
        return is_client or value.path in _LOCKS or value.path in _ERRORS

    def _yields_in_recorder(self, manager: Manager, depth: int) -> bool:
        """Whether a context hands over inside another one that is called like a recorder."""
        return any(
            any(self._named(path, region))
            or (
                depth < MAX_DEPTH
                and any(self._yields_in_recorder(inner, depth + 1) for inner in self._contexts.around(path, region))
            )
            for path, region in self._handing_over(manager)
        )

    def _records(self, manager: Manager, depth: int = 0) -> tuple[Recorded, ...]:
        """The instruments inside which a context hands over, wherever it does."""
        found: tuple[Recorded, ...] = ()
        for path, region in self._handing_over(manager):
            here = [*self._attached.around(path, region)]
            for inner in self._contexts.around(path, region) if depth < MAX_DEPTH else ():
                here += self._records(inner, depth + 1)
            if not any("tokens" in one.facets or "cost" in one.facets for one in here):
                return ()
            found = found or tuple(here)
        return found

    def _handing_over(self, manager: Manager) -> Iterator[tuple[str, int]]:
        """Where a generator that is a context gives the word to its block: (path, region) of each `yield`."""
        for function in manager.functions:
            for one in self._work.resolver.scope(function).yields:
                yield function.path, one.region

    def decorating(self, function: FunctionRef) -> Iterator[tuple[str, Site]]:
        """`@track_usage` on a function."""
        facts = self._work.resolver.facts(function.path)
        for index in facts.scopes[function.scope].decorators:
            expr = facts.exprs[index]
            target = facts.calls[expr[1]].function if expr[0] == "call" else index
            name = _name(facts, target)
            if RECORDER.search(name) and not self._is_known(function.path, target):
                yield f"`@{name}` may record what the function calls", self._work.function_site(function)

    def _is_known(self, path: str, expr: int) -> bool:
        """Whether the catalog says what a thing records."""
        program = self._work.resolver.program
        return any(
            isinstance(value, Library)
            and (program.meanings("decorators", value.path) or program.meanings("calls", value.path))
            for value in self._work.resolver.values(path, expr)
        )


def _name(facts: PythonFacts, index: int) -> str:
    expr = facts.exprs[index]
    return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "")
