"""Whether a token or cost record exists for a model call, searched outward in eight scopes.

The ladder: S1 keywords of the call, S2 a splatted dict, S3 the enclosing function, S4 the wrapper's callers and the
runs of graphs and chains it is a part of, S5 the client's constructor, S6 module and class, S7 the whole process, S8
deployment configuration. The search stops at the first scope that records tokens or cost. `unknown` is not `absent`:
a doubt of any scope (`search.Search.doubts`) stands against the claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mltradeoff_lint.catalog.tables import Tables
from mltradeoff_lint.graph.facets.metering.arguments import Arguments
from mltradeoff_lint.graph.facets.metering.attached import Attached
from mltradeoff_lint.graph.facets.metering.callers_records import CallersRecords, recorded_ways
from mltradeoff_lint.graph.facets.metering.constructors import Constructors
from mltradeoff_lint.graph.facets.metering.delivery import Deliveries, is_streamed
from mltradeoff_lint.graph.facets.metering.escape import Escape
from mltradeoff_lint.graph.facets.metering.gateways import GatewayTable
from mltradeoff_lint.graph.facets.metering.handed_down import HandedDown
from mltradeoff_lint.graph.facets.metering.library_profile import LibraryProfile
from mltradeoff_lint.graph.facets.metering.model_addresses import ModelAddresses
from mltradeoff_lint.graph.facets.metering.own_scopes import OwnScopes
from mltradeoff_lint.graph.facets.metering.probes import PROBED, is_probe
from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.graph.facets.metering.search import Search
from mltradeoff_lint.graph.facets.metering.standing import Standing
from mltradeoff_lint.graph.facets.metering.usage_reads import UsageRead, UsageReads
from mltradeoff_lint.graph.facets.metering.written_answers import WrittenAnswers
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import FunctionRef
from mltradeoff_lint.resolve.folders import is_aside
from mltradeoff_lint.resolve.running.uncalled import Uncalled
from mltradeoff_lint.resolve.selectors import has_splat
from mltradeoff_lint.resolve.sites import Use

WRAPPER_HOPS = 4
"""How far up the callers a record of the call is looked for."""


@dataclass(slots=True)
class Verdict:
    """Whether a call is metered: `state` is satisfied, absent or unknown."""

    state: str
    facets: tuple[str, ...] = ()
    how: str = ""
    site: Site | None = None
    branches: tuple[str, ...] = ()
    """The constructors that are not metered, where others reach the call too."""
    runs: tuple[str, ...] = ()
    """The places of the runs without callbacks, where others that lead to the call have some."""
    is_usage_lost: bool = False
    """Usage is read from a stream that was not asked for it."""
    through: frozenset[FunctionRef] | None = None
    """The callers that keep the record, where the call is metered for the ways through them alone."""
    is_partial: bool = False
    """Whether callers that are operated record the call, so that only the ways around them are not metered."""


class Metering:
    """Verdicts for model calls."""

    def __init__(self, work: Workspace, reads: UsageReads, deliveries: Deliveries, tables: Tables) -> None:
        self._work = work
        self._reads = reads
        self._deliveries = deliveries
        self.attached = Attached(work)
        self.standing = Standing(work, self.attached)
        gateways = GatewayTable(tables.gateways, work.declared.gateway)
        addresses = ModelAddresses(tables)
        self._arguments = Arguments(work, self.attached, gateways, addresses)
        self._runs = HandedDown(work, self._arguments)
        self._constructors = Constructors(work, self.attached, self._arguments, addresses)
        self._own = OwnScopes(work, self.attached)
        self._escape = Escape(work, reads)
        self._written = WrittenAnswers(work, deliveries)
        self._profile = LibraryProfile(work, tables.provider_distributions)
        self._uncalled = Uncalled(work.resolver, work.roles)

    def verdict(self, use: Use, provider: str, is_around_callers: bool = False) -> Verdict:
        """Search the ladder for one call, without what its callers record where it is run around them."""
        search, callers = Search(), CallersRecords()
        self._default_tracing(use, search)
        self._call_keywords(use, search)
        is_lost = self._responses(use, search, callers)
        self._callers(use, search, callers)
        if self._counts(use, callers) and not search.is_satisfied and not is_around_callers:
            first = callers.found[0]
            facets = tuple(dict.fromkeys(facet for one in callers.found for facet in one.facets))
            return Verdict("satisfied", facets, first.how, first.site, through=frozenset(callers.covered))
        runs = () if search.is_satisfied else self._runs.judge(use, search)
        search.note(self.standing.covering(use, provider))
        unmetered = () if search.is_satisfied else self._constructors.judge(use, search)
        if search.is_satisfied:
            first = search.facets.get("tokens") or search.facets["cost"]
            return Verdict("satisfied", tuple(search.facets), first.how, first.site)
        for one in self.standing.doubts(use, provider):
            search.doubt(one.how, one.site)
        if not search.doubts:
            self._outside(use, search)
        if search.doubts:
            reason, site = next(iter(search.doubts.items()))
            return Verdict("unknown", tuple(search.facets), reason, site)
        words = "no scope from the call to the deployment records tokens or cost"
        facets, is_partial = tuple(search.facets), callers.is_operated
        return Verdict("absent", facets, words, None, unmetered, runs, is_usage_lost=is_lost, is_partial=is_partial)

    def _default_tracing(self, use: Use, search: Search) -> None:
        """A library that records by itself, unless the repository switches that off."""
        facets = tuple(one.strip() for one in use.meaning.literal("default_tracing").split(",") if one.strip())
        if facets and not self.standing.is_switched_off(use.meaning.library):
            site = self._work.site(use.ref)
            search.note([Recorded(use.meaning.library, facets, "the library traces by default", site)])

    # -- S1, S2: keywords of the call

    def _call_keywords(self, use: Use, search: Search) -> None:
        self._arguments.keywords(use.ref, search)
        site = self._work.site(use.ref)
        for selector in use.meaning.selectors("url"):
            for expr in self._work.sites.select(use.ref, (selector,)):
                self._arguments.address(self._work.resolver.values(use.ref.path, expr), site, search)
        if use.value.path.startswith("langchain") and use.meaning.selectors("callbacks"):
            call = self._work.resolver.call(use.ref)
            configs = [expr for name, expr in call.keywords if name == "config"] or list(call.arguments[1:2])
            for expr in configs:
                self._arguments.config(self._work.resolver.values(use.ref.path, expr), site, search)

    # -- S3: what is done with the response

    def _responses(self, use: Use, search: Search, callers: CallersRecords) -> bool:
        """Note the reads of the response's usage; True when they read what the stream does not carry."""
        reads = self._reads.by_call.get(use.ref, ())
        is_field = any(read.kind == "field" for read in reads)
        if is_field and all(_is_of_chunks(read) for read in reads) and self._is_silent_stream(use):
            return True
        of_client = [read for made in use.value.made for read in self._reads.by_client.get(made.call, ())]
        for read in (*reads, *of_client):
            recorded = Recorded("usage of the response", read.facets, read.how, read.site)
            self._kept(use, recorded, read.recorders, search, callers)
        for one in self._written.of(use):
            if one.is_dump:
                search.note([Recorded("whole response", ("tokens",), one.how, one.site)])
            else:
                search.doubt(one.how, one.site)
        if not search.is_satisfied:
            escape = self._escape.of(use)
            if escape is not None:
                search.doubt(*escape)
        return False

    def _kept(
        self, use: Use, recorded: Recorded, recorders: Sequence[FunctionRef], search: Search, callers: CallersRecords
    ) -> None:
        """Note what functions record: for every way to a call, or for those through the callers they stand in."""
        holder, is_record = self._work.reach.holder(use.ref), "tokens" in recorded.facets or "cost" in recorded.facets
        ways = [recorded_ways(self._work, holder, one) if is_record else None for one in recorders]
        if not ways or any(one is None for one in ways):
            search.note([recorded])
            return
        for recorder, covered in zip(recorders, ways, strict=True):
            callers.note(recorded, covered or frozenset(), recorder)

    def _counts(self, use: Use, callers: CallersRecords) -> bool:
        """Whether callers record a call; what is there to try things out records nothing for code that others run."""
        if not callers.found or callers.is_operated or is_aside(use.ref.path):
            return bool(callers.found)
        holder = self._work.reach.holder(use.ref)
        return all(is_aside(one.path) for one in self._work.reach.ancestors(holder) if one != holder)

    def _is_silent_stream(self, use: Use) -> bool:
        """Whether a stream surely carries no usage: the provider's own address, always streamed, and not asked for."""
        facts = self._work.resolver.facts(use.ref.path)
        names = {name for name, _ in facts.calls[use.ref.call].keywords}
        asks = self._deliveries.usage(use).asks
        if not asks or asks.partition("=")[0] in names or has_splat(facts, use.ref):
            return False
        addressed = any(
            name in ("base_url", "azure_endpoint", None)
            for made in use.value.made
            for name, _ in self._work.resolver.call(made.call).keywords
        )
        return bool(use.value.made) and not addressed and is_streamed(self._work, use) is True

    # -- S3, S4: decorators and contexts of the function and its callers

    def _callers(self, use: Use, search: Search, callers: CallersRecords) -> None:
        holder = self._work.reach.holder(use.ref)
        region = self._work.resolver.call(use.ref).region
        search.note(self.attached.around(use.ref.path, region))
        self._own.around(use.ref, use, search)
        for function, way in self._work.reach.ancestors(holder).items():
            if self._depth(holder, function) > WRAPPER_HOPS:
                continue
            for recorded in self.attached.decorating(function):
                self._kept(use, recorded, (function,), search, callers)
            for reason, site in self._own.decorating(function):
                search.doubt(reason, site)
            if way is not None and way.ref is not None:
                for recorded in self.attached.around(way.ref.path, self._work.resolver.call(way.ref).region):
                    self._kept(use, recorded, (function,), search, callers)
                self._own.around(way.ref, use, search)

    def _depth(self, holder: FunctionRef, function: FunctionRef) -> int:
        return len(self._work.reach.path_down(function, holder))

    # -- what lies outside: files that could not be read, users of a library, and of what nothing here uses

    def _outside(self, use: Use, search: Search) -> None:
        holder = self._work.reach.holder(use.ref)
        names = {self._work.resolver.scope(holder).name}
        owner = self._work.resolver.scope(holder).owner
        if owner != NONE:
            names.add(self._work.resolver.facts(holder.path).classes[owner].name)
        for path, words in self._work.repository.mentions.items():
            if names & words:
                reason = f"`{path}` could not be read and mentions `{min(names & words)}`"
                search.doubt(reason, Site(path, self._work.site(use.ref).span))
        reason = PROBED if is_probe(self._work, use) else self._profile.of(holder)
        if reason:
            search.doubt(reason, self._work.site(use.ref))
        elif self._uncalled.is_uncalled(holder):
            search.doubt(f"nothing here calls `{self._work.function_name(holder)}`", self._work.function_site(holder))


def _is_of_chunks(read: UsageRead) -> bool:
    """Whether a read depends on what the stream itself tells of its tokens."""
    return read.kind != "estimate" and read.facets == ("tokens",)
