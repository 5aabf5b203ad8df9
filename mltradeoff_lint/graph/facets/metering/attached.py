"""Instruments that somebody attaches: callbacks, wrapped clients, decorators and contexts."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.graph.facets.metering.handler_bodies import OPEN, RECORDS, HandlerBodies
from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Function,
    FunctionRef,
    Instance,
    Items,
    Library,
    Literal,
    Made,
    Value,
    Values,
)
from mltradeoff_lint.resolve.selectors import has_splat
from mltradeoff_lint.resolve.sites import Use

GENERATIONS = frozenset({"generation", "llm", "embedding", "chat_model", "chat"})
"""What the kind of a span says when the library counts its tokens: Langfuse, LangSmith, Opik and MLflow words."""

MAX_CARRIED = 5
"""How deep an object may carry the callbacks that it hands on: context, predictor, model, manager, handler."""


class Attached:
    """Answers what an object, decorator or context records of the calls it is attached to."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._bodies = HandlerBodies(work)
        self._handlers = self._find_handlers()
        self._managers = frozenset(use.ref for use in work.sites.of_kind("client") if _carries_only(use.meaning))
        self._declared = {one.function: one.facets for one in work.declared.meters}

    # -- S5: at the construction of a client

    def at_call(self, ref: CallRef) -> Iterator[Recorded]:
        """Instruments that a call is: `wrap_openai(...)`, a portal client."""
        for use in self._work.sites.at(ref):
            if use.meaning.kind == "instrument" and use.meaning.literal("reach") == "client":
                product = use.meaning.literal("product", use.meaning.library)
                yield Recorded(product, facets_of(use.meaning), f"{product} wraps the client", self._work.site(ref))

    # -- callbacks

    def callback(self, value: Value, site: Site, hops: int = MAX_CARRIED) -> Recorded | None:
        """What a callback records, without facets when it is known to record nothing; None when nobody can tell."""
        if isinstance(value, Library):
            return self._library_callback(value, site, hops)
        if isinstance(value, Instance | Class):
            return self._own_callback(value.ref)
        if isinstance(value, Function):
            name = self._work.resolver.scope(value.ref).qualname
            return Recorded(name, ("tokens", "cost"), f"the callback `{name}` is attached", site)
        if isinstance(value, Literal) and isinstance(value.value, str) and value.value:
            return Recorded(value.value, ("tokens", "cost", "latency"), f"calls are sent to `{value.value}`", site)
        return None

    def _library_callback(self, value: Library, site: Site, hops: int) -> Recorded | None:
        for made in value.made:
            for use in self._work.sites.at(made.call):
                if use.meaning.kind == "instrument":
                    product = use.meaning.literal("product", use.meaning.library)
                    facets = self.facets_at(use.meaning, made.call)
                    return Recorded(product, facets, f"{product} is attached", self._work.site(made.call))
                if use.meaning.kind == "no-flow":
                    return Recorded(value.path, (), f"`{value.path}` is attached", self._work.site(made.call))
                if use.meaning.kind == "client":
                    return self._carried(use, value, site, hops - 1) if hops else None
        return None

    def _carried(self, use: Use, value: Library, site: Site, hops: int) -> Recorded | None:
        """What an object records by the callbacks it was given, or by the clients it wraps.

        A manager of callbacks that is seen to hold none may be given some later, so nobody can tell.
        """
        given = [one for held in self._work.sites.setting(use, "callbacks") for one in _members(held)]
        wrapped = [one for one in self._work.sites.setting(use, "wraps") if not isinstance(one, Literal)]
        found = [self.callback(one, site, hops) for one in (*given, *wrapped) if one != Literal(None)]
        records = [one for one in found if one is not None and one.facets]
        if records:
            return next((one for one in records if {"tokens", "cost"} & set(one.facets)), records[0])
        is_open = has_splat(self._work.resolver.facts(use.ref.path), use.ref)
        if given or None in found or is_open or _carries_only(use.meaning):
            return None
        return Recorded(value.path, (), f"`{value.path}` is attached", self._work.site(use.ref))

    def managers_at(self, made: Made) -> Iterator[Recorded]:
        """What the managers of callbacks record that a call is given under any name."""
        if not self._managers:
            return
        call, site = self._work.resolver.call(made.call), self._work.site(made.call)
        for expr in (*call.arguments, *(expr for name, expr in call.keywords if name is not None)):
            for value in self._work.resolver.values(made.call.path, expr, made.frame):
                if isinstance(value, Library) and any(one.call in self._managers for one in value.made[-1:]):
                    recorded = self.callback(value, site)
                    if recorded is not None:
                        yield recorded

    def _own_callback(self, ref: ClassRef) -> Recorded | None:
        for one in self._work.resolver.lineage(ref):
            if one in self._handlers:
                return self._handlers[one]
        for base in self._work.resolver.library_bases(ref):
            for meaning in self._work.resolver.program.meanings("calls", base):
                if meaning.kind == "instrument":
                    site = Site(ref.path, self._work.resolver.class_fact(ref).name_span)
                    product = meaning.literal("product", meaning.library)
                    return Recorded(product, facets_of(meaning), f"{product} is attached", site)
        return None

    def _find_handlers(self) -> dict[ClassRef, Recorded | None]:
        """Classes of the repository that derive from a callback handler; without facets when they record nothing.

        None stands for one that hands the response on to something that does not show.
        """
        found: dict[ClassRef, Recorded | None] = {}
        for mark in self._work.sites.marked:
            if mark.owner is not None and mark.meaning.kind == "instrument":
                name = self._work.resolver.class_fact(mark.owner).name
                has_hooks = bool(mark.meaning.literal("methods"))
                does = self._bodies.outcome(mark.owner, mark.meaning) if has_hooks else RECORDS
                facets = facets_of(mark.meaning) if does == RECORDS else ()
                recorded = Recorded(name, facets, f"the callback `{name}` is attached", mark.site)
                found[mark.owner] = None if does == OPEN else recorded
        return found

    # -- S3, S4: decorators and contexts

    def decorating(self, function: FunctionRef) -> Iterator[Recorded]:
        """Instruments that decorate a function, and recorders the user declared."""
        yield from self._decorated().get(function, ())
        module = self._work.resolver.program.modules.name_of(function.path)
        name = f"{module}.{self._work.resolver.scope(function).qualname}"
        if name in self._declared:
            site = self._work.function_site(function)
            yield Recorded(name, self._declared[name], f"`{name}` is declared as a meter", site)

    def _decorated(self) -> dict[FunctionRef, list[Recorded]]:
        def find() -> dict[FunctionRef, list[Recorded]]:
            found: dict[FunctionRef, list[Recorded]] = {}
            for mark in self._work.sites.marked:
                if mark.function is not None and mark.meaning.kind == "instrument":
                    product = mark.meaning.literal("product", mark.meaning.library)
                    facets = self.facets_at(mark.meaning, mark.decorator)
                    recorded = Recorded(product, facets, f"{product} decorates the function", mark.site)
                    found.setdefault(mark.function, []).append(recorded)
            return found

        return self._work.resolver.program.ask("instrument-decorators", "", find)

    def around(self, path: str, region: int) -> Iterator[Recorded]:
        """Instrument contexts (`with get_openai_callback()`) that enclose a region."""
        facts = self._work.resolver.facts(path)
        while region != NONE:
            one = facts.regions[region]
            expr = facts.exprs[one.test] if one.kind == "with" and one.test != NONE else ("none",)
            if expr[0] == "call":
                for use in self._work.sites.at(CallRef(path, expr[1])):
                    if use.meaning.kind == "instrument" and self._is_switched(use.ref, use.meaning):
                        product = use.meaning.literal("product", use.meaning.library)
                        facets = self.facets_at(use.meaning, use.ref)
                        yield Recorded(product, facets, f"{product} encloses the call", self._work.site(use.ref))
            region = one.parent

    def _is_switched(self, ref: CallRef, meaning: Meaning) -> bool:
        """Whether the switch of a context is not surely off."""
        exprs = self._work.sites.select(ref, meaning.selectors("enabled"))
        return not exprs or any(not is_empty(self._work.resolver.values(ref.path, expr)) for expr in exprs)

    def facets_at(self, meaning: Meaning, ref: CallRef | None) -> tuple[str, ...]:
        """The facets of a row where it is used: some rows count tokens only when an argument names a generation."""
        facets = facets_of(meaning)
        selectors = meaning.selectors("tokens_when")
        if not selectors:
            return facets
        exprs = self._work.sites.select(ref, selectors) if ref is not None else ()
        values = [value for expr in exprs for value in self._work.resolver.values(ref.path if ref else "", expr)]
        if any(_word(value) in GENERATIONS for value in values):
            return facets
        return tuple(facet for facet in facets if facet not in ("tokens", "cost"))


def _word(value: Value) -> str:
    """The last word of a kind of span: `generation`, or `LLM` of `SpanType.LLM`."""
    if isinstance(value, Literal):
        return str(value.value).lower()
    return value.path.rpartition(".")[2].lower() if isinstance(value, Library) else ""


def _members(value: Value) -> tuple[Value, ...]:
    return tuple(one for item in value.items for one in item) if isinstance(value, Items) else (value,)


def _carries_only(meaning: Meaning) -> bool:
    """Whether a row makes an object that does nothing but carry callbacks."""
    return meaning.kind == "client" and set(meaning.settings) == {"callbacks"}


def facets_of(meaning: Meaning) -> tuple[str, ...]:
    """The facets a row says its instrument records."""
    return tuple(name.strip() for name in meaning.literal("facets").split(",") if name.strip())


def is_empty(values: Values) -> bool:
    """Whether a setting is surely off: an empty list, None, False or an empty string."""
    return bool(values) and all(
        (isinstance(value, Items) and not value.items and not value.is_open)
        or (isinstance(value, Literal) and value.value in (None, False, ""))
        for value in values
    )
