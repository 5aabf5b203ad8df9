"""What the handlers of a repository reach on a request: model calls, predictions, artefacts loaded, clients built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE, PythonFacts, Scope
from mltradeoff_lint.model.source import WHOLE_FILE, Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.decorated import decorating
from mltradeoff_lint.resolve.calls.first_time import is_first_time
from mltradeoff_lint.resolve.domain import Class, ClassRef, Frame, Function, FunctionRef, Instance
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.running.entries import Entries, Entry
from mltradeoff_lint.resolve.running.loaded_objects import Contents
from mltradeoff_lint.resolve.running.open_ways import Hops, OpenWays, region_of
from mltradeoff_lint.resolve.running.reach import Reach
from mltradeoff_lint.resolve.running.served_names import pages
from mltradeoff_lint.resolve.sites import Sites, Use

REACHED = {
    "model-call": "calls a model",
    "prediction": "predicts",
    "model-load": "loads an artefact",
    "client": "builds a client",
}
"""The meanings that make a handler worth listing, in the order they are told, and the words for each."""


class Reached(NamedTuple):
    """Calls of one kind in one function that run on a request, and the hops that lead there from the handler."""

    uses: tuple[Use, ...]
    """In source order; what keeps their results is the same for all."""
    hops: Hops
    kept: str
    """What keeps the result for later requests, in words; empty when it is made anew for each."""
    is_model: bool = True
    """False for a file of any objects when nothing shows that they are a model."""

    @property
    def use(self) -> Use:
        """The first of the calls."""
        return self.uses[0]

    @property
    def kind(self) -> str:
        """The meaning that is reached."""
        return self.use.meaning.kind


class Handler(NamedTuple):
    """A function that answers requests, with what it reaches, model calls first, then nearest first."""

    entry: Entry
    reached: tuple[Reached, ...]


class Handlers:
    """Joins the entries of a repository with what its libraries do, over the call graph."""

    def __init__(
        self,
        resolver: Resolver,
        sites: Sites,
        reach: Reach,
        entries: Entries,
        counts: Callable[[Use, Frame | None], bool] = lambda use, frame: True,
    ) -> None:
        """`counts` says whether a catalogued call is what it may be: a request to an address may be no model call.

        It is asked once without a frame, and for calls with an address again in the frame of each handler.
        """
        self._resolver = resolver
        self._counts = counts
        self.sites = sites
        self._contents = Contents(resolver, sites, reach)
        self._reach = reach
        self._ways = OpenWays(reach)
        self._entries = entries
        self._cached = frozenset(
            mark.function for mark in sites.marked if mark.meaning.kind == "cache" and mark.function is not None
        )
        self._uses: dict[FunctionRef, list[Use]] | None = None

    def all(self) -> tuple[Handler, ...]:
        """Every handler outside tests, in path and source order, also those that reach nothing."""
        entries = [one for one in self._entries.of_kind("endpoint", "queue") if not is_test(one.function.path)]
        entries += [
            Entry("endpoint", FunctionRef(path, 0), Site(path, WHOLE_FILE), path, framework, interface="ui")
            for path, framework in pages(self._resolver)
            if not is_test(path)
        ]
        ordered = sorted(dict.fromkeys(entries), key=lambda one: (one.function, one.site, one.label, one.method))
        return tuple(Handler(entry, self.reached(entry.function)) for entry in ordered)

    def at(self, path: str, line: int) -> tuple[Handler, ...]:
        """The handlers whose decorators or `def` line stand on a line."""
        return tuple(one for one in self.all() if one.entry.function.path == path and self._is_at(one.entry, line))

    def _is_at(self, entry: Entry, line: int) -> bool:
        facts = self._resolver.facts(entry.function.path)
        first, last = definition_line(facts, facts.scopes[entry.function.scope])
        return first <= line <= last

    def reached(self, function: FunctionRef) -> tuple[Reached, ...]:
        """What a function reaches, each call once, by the surest shortest way; alike calls of one function together."""
        found: list[Reached] = []
        for holder, uses in self._by_holder().items():
            if function not in self._reach.ancestors(holder):
                continue
            alike: dict[tuple[str, str, bool, Hops], list[Use]] = {}
            for use in uses:
                hops = self._ways.down(function, self._reach.path_down(function, holder), use.ref)
                if hops is None or (use.meaning.selectors("url") and not self._counts(use, self._ways.frame(hops))):
                    continue
                key = (use.meaning.kind, self._kept(use, holder, hops), self._contents.is_model(use), hops)
                alike.setdefault(key, []).append(use)
            found += [Reached(tuple(ones), hops, kept, is_model) for (_, kept, is_model, hops), ones in alike.items()]
        order = list(REACHED)
        return tuple(sorted(found, key=lambda one: (order.index(one.kind), len(one.hops), one.use.order)))

    def _by_holder(self) -> dict[FunctionRef, list[Use]]:
        """The calls worth telling by the function they stand in; module code counts for a page only."""
        if self._uses is None:
            index: dict[FunctionRef, list[Use]] = {}
            for use in self.sites.of_kind(*REACHED):
                holder = self._reach.holder(use.ref)
                if not is_test(use.ref.path) and _is_worth_telling(use.meaning) and self._counts(use, None):
                    told = index.setdefault(holder, [])
                    if all(one.ref != use.ref or one.meaning.kind != use.meaning.kind for one in told):
                        told.append(use)
            self._uses = index
        return self._uses

    # -- what is made once

    def _kept(self, use: Use, holder: FunctionRef, hops: Hops) -> str:
        """What keeps a result for later requests: a cache around it, or a test that it is not there yet."""
        for function in (*(way.caller for _, way in hops), holder):
            if function in self._cached:
                return f"`{self._resolver.scope(function).qualname}` is cached"
            if self._is_singleton(function):
                return "made once for the process"
        if use.meaning.kind not in ("model-load", "client"):
            # a condition around a call or prediction says nothing of what becomes of the answer
            return ""
        regions = [(use.ref.path, self._resolver.call(use.ref).region)]
        regions += [(way.site.path, region_of(self._resolver, way)) for _, way in hops]
        for path, region in regions:
            if region != NONE and is_first_time(self._resolver.facts(path), region):
                return "only when it is not there yet"
        names = [name for function in (*(way.caller for _, way in hops), holder) for name in self._wrapped_by(function)]
        return f"perhaps kept by `@{names[0]}`" if names and hops else ""

    def _wrapped_by(self, function: FunctionRef) -> Iterator[str]:
        """The decorators of a function that are the repository's own or did not resolve: they may keep its results."""
        facts = self._resolver.facts(function.path)
        for decorator in facts.scopes[function.scope].decorators:
            expr = decorating(facts, decorator)
            values = self._resolver.values(function.path, expr)
            if any(isinstance(value, (Function, Class, Instance, Unknown)) for value in values):
                one = facts.exprs[expr]
                yield str(one[1] if one[0] == "name" else one[2] if one[0] == "attr" else "...")

    def _is_singleton(self, function: FunctionRef) -> bool:
        """Whether a constructor runs once: `__new__`, or the metaclass, makes an object only when there is none."""
        scope = self._resolver.scope(function)
        if scope.owner == NONE or scope.name not in ("__init__", "__new__"):
            return False
        owner = ClassRef(function.path, scope.owner)
        makers = [(one, "__new__") for one in self._resolver.lineage(owner)]
        for name, expr in self._resolver.class_fact(owner).keywords:
            values = self._resolver.values(owner.path, expr) if name == "metaclass" else ()
            makers += [(value.ref, "__call__") for value in values if isinstance(value, Class)]
        return any(self._makes_one(ref, name) for ref, name in makers)

    def _makes_one(self, ref: ClassRef, name: str) -> bool:
        facts = self._resolver.facts(ref.path)
        for index in facts.scopes[facts.classes[ref.number].scope].finals.get(name, ()):
            scope = facts.definitions[index].value
            regions = [number for number, one in enumerate(facts.regions) if one.scope == scope]
            if any(is_first_time(facts, number) for number in regions):
                return True
        return False


def _is_worth_telling(meaning: Meaning) -> bool:
    """Whether a row says what a request costs: no bytes read again, no record of a run, no carrier of callbacks."""
    carries = meaning.kind == "client" and set(meaning.settings) <= {"callbacks", "wraps", "default"}
    return meaning.literal("source") != "memory" and meaning.literal("holds") != "record" and not carries


def definition_lines(facts: PythonFacts) -> Iterator[tuple[int, int]]:
    """The first and last line of the decorators and `def` of every function."""
    return (definition_line(facts, scope) for scope in facts.scopes if scope.kind == "function")


def definition_line(facts: PythonFacts, scope: Scope) -> tuple[int, int]:
    """The first and last line of the decorators and `def` of a function."""
    return facts.first_line(scope), scope.name_span.line
