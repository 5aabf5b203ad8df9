"""Whether a token or cost record exists for a model call, searched outward in eight scopes.

The ladder: S1 keywords of the call, S2 a splatted dict, S3 the enclosing function, S4 the wrapper's callers,
S5 the client's constructor, S6 module and class, S7 the whole process, S8 deployment configuration. The
search stops at the first scope that records tokens or cost. `unknown` is not `absent`: see `_Doubts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.escape import Escape
from mltradeoff_lint.graph.facets.metering.gateways import GatewayTable
from mltradeoff_lint.graph.facets.metering.instruments import Instruments
from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.facets.metering.usage_reads import UsageReads
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    FunctionRef,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Template,
    Value,
    Values,
)
from mltradeoff_lint.resolve.sites import Use, has_splat

WRAPPER_HOPS = 4
"""How far up the callers a record of the call is looked for."""

_CALLBACKS = ("callbacks", "callback_manager")


@dataclass(slots=True)
class Verdict:
    """Whether a call is metered: `state` is satisfied, absent or unknown."""

    state: str
    facets: tuple[str, ...] = ()
    how: str = ""
    site: Site | None = None
    branches: tuple[str, ...] = ()
    """The constructors that are not metered, where several reach the call."""


@dataclass(slots=True)
class _Search:
    """What a search has found so far: facets with their evidence, and reasons to doubt an absence."""

    facets: dict[str, Recorded] = field(default_factory=dict)
    doubts: dict[str, Site] = field(default_factory=dict)

    def note(self, recorded: Iterable[Recorded]) -> None:
        for one in recorded:
            for facet in one.facets:
                self.facets.setdefault(facet, one)

    @property
    def is_satisfied(self) -> bool:
        return "tokens" in self.facets or "cost" in self.facets


class Branch(NamedTuple):
    """One construction that reaches a call, with the verdict of its own rung."""

    label: str
    search: _Search

    @property
    def is_open(self) -> bool:
        """Whether nothing can be claimed of this construction: it is metered, or it may be."""
        return self.search.is_satisfied or bool(self.search.doubts)


class Metering:
    """Verdicts for model calls."""

    def __init__(self, work: Workspace, reads: UsageReads, instruments: Instruments, gateways: GatewayTable) -> None:
        self._work = work
        self._reads = reads
        self._instruments = instruments
        self._gateways = gateways
        self._escape = Escape(work, bool(reads.open))

    def verdict(self, use: Use, provider: str) -> Verdict:
        """Search the ladder for one call."""
        search = _Search()
        self._call_keywords(use, search)
        self._responses(use, search)
        self._callers(use, search)
        search.note(self._instruments.covering(use.ref.path, provider, use.value.path))
        branches: list[Branch] = []
        if not search.is_satisfied:
            branches = self.branches(use)
            self._constructors(use, search, branches)
        if search.is_satisfied:
            return self._satisfied(search)
        for one in self._instruments.doubts(use.ref.path, provider, use.value.path):
            search.doubts.setdefault(one.how, one.site)
        if not search.doubts:
            self._unread_files(use, search)
        if search.doubts:
            reason, site = next(iter(search.doubts.items()))
            return Verdict("unknown", how=reason, site=site)
        unmetered = tuple(dict.fromkeys(one.label for one in branches if not one.is_open))
        named = unmetered if len({one.label for one in branches}) > 1 else ()
        words = "no scope from the call to the deployment records tokens or cost"
        return Verdict("absent", tuple(search.facets), words, branches=named)

    def _satisfied(self, search: _Search) -> Verdict:
        first = search.facets.get("tokens") or search.facets["cost"]
        return Verdict("satisfied", tuple(search.facets), first.how, first.site)

    # -- S1, S2: keywords of the call

    def _call_keywords(self, use: Use, search: _Search) -> None:
        facts = self._work.resolver.facts(use.ref.path)
        for name, expr in facts.calls[use.ref.call].keywords:
            values = self._work.resolver.values(use.ref.path, expr)
            site = self._work.site(use.ref)
            if name in _CALLBACKS:
                self._callbacks(values, site, search, "an unresolved callback object is attached to the call")
            elif name == "config" and use.value.path.startswith("langchain"):
                self._config(values, site, search)
            elif name in ("api_base", "base_url", "openai_api_base"):
                self._address(values, site, search)
            elif name is None and use.value.path.startswith("litellm."):
                self._splat(values, site, search)
        call = facts.calls[use.ref.call]
        if use.value.path.startswith("langchain") and len(call.arguments) > 1:
            self._config(self._work.resolver.values(use.ref.path, call.arguments[1]), self._work.site(use.ref), search)

    def _config(self, values: Values, site: Site, search: _Search) -> None:
        """A LangChain config: its callbacks, or a config handed in from outside that may hold some."""
        for value in values:
            if isinstance(value, Mapping):
                inner = value.get("callbacks")
                if inner is not None:
                    self._callbacks(inner, site, search, "an unresolved callback object is attached to the call")
                elif value.is_open:
                    search.doubts.setdefault("the config of the call is handed in and may hold callbacks", site)
            elif value != Literal(None):
                search.doubts.setdefault("the config of the call is handed in and may hold callbacks", site)

    def _callbacks(self, values: Values, site: Site, search: _Search, doubt: str) -> None:
        for value in values:
            members = [one for item in value.items for one in item] if isinstance(value, Items) else [value]
            for one in members:
                recorded = self._instruments.callback(one)
                if recorded is not None:
                    search.note([recorded])
                elif one != Literal(None) and not (isinstance(one, Items) and not one.items):
                    search.doubts.setdefault(doubt, site)

    def _splat(self, values: Values, site: Site, search: _Search) -> None:
        for value in values:
            if isinstance(value, Mapping):
                for key in (*_CALLBACKS, "success_callback"):
                    inner = value.get(key)
                    if inner is not None:
                        self._callbacks(inner, site, search, "an unresolved callback object is attached to the call")
                for key in ("api_base", "base_url"):
                    inner = value.get(key)
                    if inner is not None:
                        self._address(inner, site, search)

    # -- S3: what is done with the response

    def _responses(self, use: Use, search: _Search) -> None:
        for read in self._reads.by_call.get(use.ref, ()):
            search.note([Recorded("usage of the response", read.facets, read.how, read.site)])
        if search.is_satisfied:
            return
        escape = self._escape.of(use)
        if escape is not None:
            search.doubts.setdefault(*escape)

    # -- S3, S4: decorators and contexts of the function and its callers

    def _callers(self, use: Use, search: _Search) -> None:
        holder = self._work.reach.holder(use.ref)
        region = self._work.resolver.call(use.ref).region
        search.note(self._instruments.around(use.ref.path, region))
        for function, way in self._work.reach.ancestors(holder).items():
            if self._depth(holder, function) > WRAPPER_HOPS:
                continue
            search.note(self._instruments.decorating(function))
            if way is not None:
                search.note(self._instruments.around_site(way.site))

    def _depth(self, holder: FunctionRef, function: FunctionRef) -> int:
        return len(self._work.reach.path_down(function, holder))

    # -- S5: the constructors of the client

    def _constructors(self, use: Use, search: _Search, branches: list[Branch]) -> None:
        """A call is metered when every construction that reaches it is, and in doubt when no other is left."""
        if branches and all(one.search.is_satisfied for one in branches):
            for one in branches:
                search.facets.update(one.search.facets)
        elif branches and all(one.is_open for one in branches):
            for one in branches:
                search.doubts.update(one.search.doubts)
        elif not branches and self._needs_constructor(use):
            words = "the client is handed in from code that is not in the repository"
            search.doubts.setdefault(words, self._work.site(use.ref))

    def _needs_constructor(self, use: Use) -> bool:
        """Whether the receiver is an object whose construction nobody saw."""
        return "()" in use.value.path

    def branches(self, use: Use) -> list[Branch]:
        """The constructions that reach a call, each with what it records by itself."""
        found: list[Branch] = []
        for made in use.value.made:
            search = _Search()
            self._one_constructor(made, search)
            found.append(Branch(self._label(made), search))
        return found

    def _label(self, made: Made) -> str:
        facts = self._work.resolver.facts(made.call.path)
        expr = facts.exprs[facts.calls[made.call.call].function]
        return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "client")

    def _one_constructor(self, made: Made, search: _Search) -> None:
        facts = self._work.resolver.facts(made.call.path)
        site = self._work.site(made.call)
        search.note(self._instruments.at_call(made.call))
        for name, expr in facts.calls[made.call.call].keywords:
            values = self._work.resolver.values(made.call.path, expr, made.frame)
            if name in _CALLBACKS:
                self._callbacks(values, site, search, "an unresolved callback object is attached to the client")
            elif name in ("base_url", "api_base", "openai_api_base", "azure_endpoint", "endpoint_url", "http_options", "endpoint"):
                self._address(values, site, search)
            elif name == "http_client":
                continue
        if has_splat(facts, made.call):
            self._constructor_splat(facts, made, search, site)

    def _constructor_splat(self, facts: PythonFacts, made: Made, search: _Search, site: Site) -> None:
        for name, expr in facts.calls[made.call.call].keywords:
            if name is None:
                for value in self._work.resolver.values(made.call.path, expr, made.frame):
                    if isinstance(value, Mapping):
                        self._splat((value,), site, search)
                        if value.is_open:
                            search.doubts.setdefault("the client is made with arguments that could not be resolved", site)
                    else:
                        search.doubts.setdefault("the client is made with arguments that could not be resolved", site)

    def _address(self, values: Values, site: Site, search: _Search) -> None:
        """A base URL: a metering gateway records; an address nobody can read may be one."""
        for value in values:
            gateway = self._gateways.find(_text(value))
            if gateway is not None and not gateway.is_unknown:
                search.note([self._gateways.recorded(gateway, site)])
            elif gateway is not None or (isinstance(value, (Template, Unknown)) and not _is_plain_provider(value)):
                search.doubts.setdefault(f"the client's address comes from {_source(value)} and may be a metering gateway", site)

    # -- files that could not be read

    def _unread_files(self, use: Use, search: _Search) -> None:
        holder = self._work.reach.holder(use.ref)
        names = {self._work.resolver.scope(holder).name}
        owner = self._work.resolver.scope(holder).owner
        if owner != NONE:
            names.add(self._work.resolver.facts(holder.path).classes[owner].name)
        for path, words in self._work.repository.mentions.items():
            if names & words:
                search.doubts.setdefault(
                    f"`{path}` could not be read and mentions `{min(names & words)}`", Site(path, self._work.site(use.ref).span)
                )


def _text(value: Value) -> str:
    if isinstance(value, Literal) and isinstance(value.value, str):
        return value.value
    return value.text if isinstance(value, Template) else ""


def _is_plain_provider(value: Value) -> bool:
    """A template whose host is literal is a known address whatever the rest of it is."""
    text = _text(value)
    host = text.partition("://")[2].partition("/")[0]
    return bool(host) and "{" not in host


def _source(value: Value) -> str:
    text = _text(value)
    return text.replace("{env:", "the environment variable ").replace("}", "") if "{env:" in text else "an unresolved value"

