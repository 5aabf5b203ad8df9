"""Where the repository reads the usage or works out the cost of model calls, and which calls these are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.constant_counts import are_constant
from mltradeoff_lint.graph.facets.metering.counted_inputs import CountedInputs
from mltradeoff_lint.graph.facets.metering.delivery import Deliveries, is_streamed
from mltradeoff_lint.graph.facets.metering.dropped_usage import USED, DroppedUsage
from mltradeoff_lint.graph.facets.metering.line_reads import named_lines
from mltradeoff_lint.graph.facets.metering.read_origins import Origin, ReadOrigins
from mltradeoff_lint.graph.facets.metering.text_sizes import NO_SIZE
from mltradeoff_lint.graph.facets.metering.words import (
    COST_FIELDS,
    COST_FUNCTION,
    COST_SUBJECT,
    KEPT_COSTS,
    TOKEN_FIELDS,
    TOKEN_FUNCTION,
)
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE, Call, PythonFacts
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Library
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use


class UsageRead(NamedTuple):
    """One read of usage: where, what it gives, and the words for it."""

    site: Site
    facets: tuple[str, ...]
    how: str
    kind: str = "field"
    """`field` of an object, `price` a library tells of one, `function` of the repository, `estimate` of a text, `line`
    of a remedy."""
    is_told: bool = False
    """Whether the response itself or a part of it is read, and no object of the repository that keeps what it told."""
    recorders: tuple[FunctionRef, ...] = ()
    """The function that reads it, or the callers that use what it returns."""


@dataclass(slots=True)
class UsageReads:
    """Reads of usage by the model call they are about, and those that could not be followed to one."""

    by_call: dict[CallRef, list[UsageRead]] = field(default_factory=dict)
    by_client: dict[CallRef, list[UsageRead]] = field(default_factory=dict)
    """Reads from the object that makes the calls, by its construction: `crew.usage_metrics`."""
    handed_out: dict[CallRef, tuple[str, Site]] = field(default_factory=dict)
    """Calls whose usage may be read, or is returned to callers that are not known: why that is open, and where."""
    open: list[UsageRead] = field(default_factory=list)
    has_loose: bool = False
    """Whether some read of token counts belongs to no call in sight: of a row, a message, an event of a queue."""


class _Anchor(NamedTuple):
    path: str
    exprs: tuple[int, ...]
    scope: int
    read: UsageRead
    value: int = NONE
    """The expression that holds what is read, where it counts only when something is done with it."""
    key: str = ""
    """The key under which it is read: what a record holds under other keys is not read."""
    size: str = NO_SIZE
    """What of the size of a text it is, which counts only where it is kept."""

    def by(self, work: Workspace, users: Collection[FunctionRef]) -> UsageRead:
        """The read with who records it: the callers that use what is returned to them, else the function around it."""
        recorders = tuple(sorted(users)) or (work.reach.function_of(self.path, self.scope),)
        return self.read._replace(recorders=recorders)

    def origin(self, origins: ReadOrigins) -> Origin:
        """The model calls that what is read comes from."""
        if self.read.kind != "field":
            return origins.of_any(self.path, self.exprs)
        return origins.of_field(self.path, self.exprs[0], self.value if not self.key else NONE, self.key)

    def paths(self, work: Workspace) -> frozenset[str]:
        """The access paths of what is read, where libraries gave it."""
        values = [value for one in self.exprs for value in work.resolver.values(self.path, one)]
        return frozenset(value.path for value in values if isinstance(value, Library))


def find_usage_reads(work: Workspace, deliveries: Deliveries) -> UsageReads:
    """Follow every read of usage backwards to the model calls whose response it reads."""
    found, dropped, origins, inputs = UsageReads(), DroppedUsage(work), ReadOrigins(work), CountedInputs(work)
    for path in work.resolver.program.python_paths():
        if is_test(path):
            continue
        for anchor in _anchors(work, path, work.resolver.facts(path)):
            told, piece, doubt = anchor.origin(origins)
            told = inputs.told(told, path, anchor.exprs) if anchor.size else told
            calls = [use.ref for use in told if not _is_untold(work, deliveries, anchor, use)]
            if told and not calls:
                continue
            clients = [use.ref for use in piece.uses if use.meaning.kind == "client"] if not calls else []
            is_followed = anchor.value != NONE and bool(calls or clients)
            fate = dropped.fate(path, anchor.value, anchor.size) if is_followed else USED
            read = _told(work, anchor.by(work, fate.users), anchor, told)
            for ref in calls:
                if doubt and not fate.is_dropped:
                    found.handed_out.setdefault(ref, (f"{anchor.read.how} {doubt}", anchor.read.site))
                elif not fate.is_dropped and not fate.reason:
                    found.by_call.setdefault(ref, []).append(read)
                elif fate.site is not None:
                    found.handed_out.setdefault(ref, (fate.reason, fate.site))
            for ref in clients if not fate.is_dropped else ():
                found.by_client.setdefault(ref, []).append(read)
            found.has_loose = found.has_loose or (not calls and "tokens" in anchor.read.facets)
            if not calls and "tokens" in anchor.read.facets and (piece.unknown or piece.parameters):
                found.open.append(anchor.read)
    _note_lines(work, deliveries, dropped, found)
    return found


def _note_lines(work: Workspace, deliveries: Deliveries, dropped: DroppedUsage, found: UsageReads) -> None:
    """Add what functions read of calls in the very words of their remedies."""
    for use in work.sites.of_kind("model-call"):
        if use.ref in found.by_call or is_test(use.ref.path):
            continue
        for line in named_lines(work, deliveries, use):
            fate = dropped.fate(use.ref.path, line.expr)
            if not fate.is_dropped and not fate.reason:
                site = work.line_site(use.ref.path, line.expr)
                users = tuple(sorted(fate.users)) or (work.reach.holder(use.ref),)
                read = UsageRead(site, ("tokens",), f"`{line.text}` is read", "line", recorders=users)
                found.by_call.setdefault(use.ref, []).append(read)


def _is_untold(work: Workspace, deliveries: Deliveries, anchor: _Anchor, use: Use) -> bool:
    """Whether a read asks a stream itself for what only its events, chunks or final message tell."""
    if anchor.read.kind not in ("field", "price") or not is_streamed(work, use):
        return False
    response = work.resolver.program.catalog.called(use.value.path)
    return deliveries.usage(use).is_of_stream and response in anchor.paths(work)


def _told(work: Workspace, read: UsageRead, anchor: _Anchor, uses: Sequence[Use]) -> UsageRead:
    """The read, with whether it is one of a response of these calls."""
    paths = anchor.paths(work) if uses and anchor.read.kind in ("field", "price") else frozenset()
    responses = tuple(work.resolver.program.catalog.called(use.value.path) for use in uses)
    return read._replace(is_told=any(path.startswith(responses) for path in paths))


def _anchors(work: Workspace, path: str, facts: PythonFacts) -> Iterator[_Anchor]:
    discarded = set(facts.discarded)
    for index, expr in enumerate(facts.exprs):
        name, base = None, -1
        if expr[0] == "attr":
            name, base = expr[2], expr[1]
        elif expr[0] == "item" and expr[2] >= 0 and facts.exprs[expr[2]][0] == "const":
            name, base = facts.exprs[expr[2]][1], expr[1]
        if name is None or not isinstance(name, str) or index in discarded:
            continue
        facets = _field_facets(name) or _kept_costs(work, path, name, base)
        if facets:
            read = UsageRead(work.line_site(path, index), facets, f"`{name}` is read")
            yield _Anchor(path, (base,), facts.expr_scopes[index], read, index, name if expr[0] == "item" else "")
    for number in range(len(facts.calls)):
        counted = tuple(_catalogued(work, CallRef(path, number)))
        yield from counted
        if not any(one.read.kind == "price" for one in counted):
            yield from _call_anchors(work, path, facts, number)


def _catalogued(work: Workspace, ref: CallRef) -> Iterator[_Anchor]:
    """Calls of libraries that count or price tokens."""
    for use in work.sites.at(ref):
        if use.meaning.kind == "usage":
            of = work.sites.select(ref, use.meaning.selectors("of"))
            call = work.resolver.call(ref)
            exprs = of or (*call.arguments, *(expr for _, expr in call.keywords))
            facets = tuple(facet.strip() for facet in use.meaning.literal("facets").split(","))
            how = f"`{use.meaning.path.rpartition('.')[2]}()` of {use.meaning.library} tells the usage"
            if exprs:
                size = use.meaning.literal("estimate")
                read = UsageRead(work.site(ref), facets, how, "estimate" if size else "price")
                value = work.resolver.facts(ref.path).exprs.index(("call", ref.call)) if size else NONE
                yield _Anchor(ref.path, exprs, call.scope, read, value, size=size)


def _field_facets(name: str) -> tuple[str, ...]:
    if name in TOKEN_FIELDS:
        return ("tokens",)
    return ("cost",) if name in COST_FIELDS else ()


def _kept_costs(work: Workspace, path: str, name: str, base: int) -> tuple[str, ...]:
    """What a key tells of an object, if that is what a client keeps of its calls."""
    kept = KEPT_COSTS.get(name)
    values = work.resolver.values(path, base) if kept is not None else ()
    return ("cost",) if kept and any(isinstance(one, Library) and one.path.startswith(kept) for one in values) else ()


def _call_anchors(work: Workspace, path: str, facts: PythonFacts, number: int) -> Iterator[_Anchor]:
    call = facts.calls[number]
    function = facts.exprs[call.function]
    name = function[1] if function[0] == "name" else function[2] if function[0] == "attr" else ""
    site = Site(path, call.span)
    if name in ("get", "pop", "getattr") and call.arguments:
        position = 1 if name == "getattr" else 0
        key = facts.exprs[call.arguments[position]] if position < len(call.arguments) else ("other",)
        if key[0] == "const" and isinstance(key[1], str) and _field_facets(key[1]):
            base = call.arguments[0] if name == "getattr" else function[1]
            read = UsageRead(site, _field_facets(key[1]), f"`{key[1]}` is read")
            yield _Anchor(
                path,
                (base,),
                call.scope,
                read,
                facts.exprs.index(("call", number)),
                key[1] if name != "getattr" else "",
            )
        return
    arguments = (*call.arguments, *(expr for _, expr in call.keywords))
    if not arguments:
        return
    if COST_FUNCTION.search(name) and (
        COST_SUBJECT.search(" ".join((name, *_words(facts, call))))
        or any(_is_response(work, path, one) for one in arguments)
    ):
        yield _Anchor(
            path, arguments, call.scope, UsageRead(site, ("cost",), f"`{name}()` works out the cost", "function")
        )
    elif TOKEN_FUNCTION.search(name) and not are_constant(work, path, arguments):
        yield _Anchor(
            path, arguments, call.scope, UsageRead(site, ("tokens",), f"`{name}()` records the usage", "function")
        )


def _words(facts: PythonFacts, call: Call) -> Iterator[str]:
    """The names a call writes in its arguments: keywords, variables and attributes."""
    pending = [*call.arguments, *(expr for _, expr in call.keywords)]
    yield from (name for name, _ in call.keywords if name)
    while pending:
        expr = facts.exprs[pending.pop()]
        if expr[0] == "name":
            yield str(expr[1])
        elif expr[0] in ("attr", "item", "await"):
            yield str(expr[2]) if expr[0] == "attr" else ""
            pending.append(expr[1])


def _is_response(work: Workspace, path: str, expr: int) -> bool:
    """Whether an argument is the whole response of a model call."""
    return any(
        isinstance(value, Library)
        and value.path.endswith("()")
        and any(one.kind == "model-call" for one in work.resolver.program.meanings("calls", value.path[:-2]))
        for value in work.resolver.values(path, expr)
    )
