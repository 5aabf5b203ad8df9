"""What a prediction takes from the request, what from storage, and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mltradeoff_lint.graph.facets.refresh import Refresh, Refreshes
from mltradeoff_lint.graph.nodes.features import Features, add_refresh
from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.nodes.whole_rows import whole_row
from mltradeoff_lint.graph.nodes.written_files import WrittenFiles
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.graph import Evidence, Node
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Frame, FunctionRef
from mltradeoff_lint.resolve.flow.dataflow import FlowNode, Hop, Slice
from mltradeoff_lint.resolve.flow.flow_steps import arguments
from mltradeoff_lint.resolve.flow.loaded_tables import UNTOLD
from mltradeoff_lint.resolve.sites import Use

STOP_AT = frozenset({"feature-read", "dataset-read", "request-data", "model-call", "now"})
_NOT_DATA = ("config", "model", "prompt")
_SINGLE = ("image", "document")


@dataclass(slots=True)
class Inputs:
    """What flows into a prediction, in the words of a reader."""

    stored: list[tuple[str, Refresh]] = field(default_factory=list)
    request: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    is_open: bool = False
    """Whether the keys are pairs that no stored table lists."""


class InputReader:
    """Follows the inputs of predictions back to requests and stored data."""

    def __init__(
        self, work: Workspace, features: Features, refreshes: Refreshes, handlers: frozenset[FunctionRef]
    ) -> None:
        self._work = work
        self._features = features
        self._refreshes = refreshes
        self._places = Places(work)
        self._handlers = handlers
        self._written: WrittenFiles | None = None

    def read(self, use: Use, node: Node) -> Inputs:
        """The inputs of one prediction; stored ones are linked to its node."""
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("input"))
        found = Inputs()
        if not exprs:
            found.unknown.append("the input of the prediction did not resolve")
            return found
        piece = self._slice(use.ref.path, exprs)
        self._from_request(piece, found)
        self._from_counted(piece, found)
        row = whole_row(self._work, use.ref.path, exprs)
        tables = self._tables(use.ref.path, exprs, (*piece.lookups.values(), *((row,) if row is not None else ())))
        for read, hops in piece.uses.items():
            if read.meaning.kind == "feature-read":
                self._from_features(read, hops, node, found)
            elif read.meaning.kind == "dataset-read" and (read in tables or not self._is_no_data(read)):
                self._from_file(read, piece.frames[read], node, found)
            elif read.meaning.kind == "now":
                found.request.append(
                    "a random draw" if read.meaning.literal("what") == "random" else "the current time"
                )
            elif read.meaning.kind in ("request-data", "model-call"):
                found.request.append(f"`{read.meaning.path}`")
        lost = (reason for reason in piece.unknown if row is None or reason != UNTOLD)
        found.unknown += [f"the input depends on {reason}" for reason in lost]
        found.unknown += [f"the input depends on {call}, whose values are not shown here" for call in piece.unseen]
        found.is_open = found.is_open or self._is_crossed(piece)
        return found

    def _slice(self, path: str, exprs: tuple[int, ...], frame: Frame | None = None) -> Slice:
        return self._work.flow.backward(
            path, exprs, STOP_AT, lambda function, _: function in self._handlers, cautious=True, frame=frame
        )

    def _from_request(self, piece: Slice, found: Inputs) -> None:
        for function, position in piece.parameters:
            name = self._work.resolver.scope(function).parameters[position].name
            if function in self._handlers:
                found.request.append(f"`{name}` of the request")
            else:
                found.unknown.append(f"the parameter `{name}` has no caller here")
        found.request += [f"`{name}`" for name in piece.requests]

    def _from_counted(self, piece: Slice, found: Inputs) -> None:
        """Add what is counted or tested of a request: the answer does not carry it, and cannot be known before it."""
        pending, seen = [piece], set(piece.uses)
        while pending:
            one = pending.pop()
            for use in (use for use in one.uses if use.meaning.kind == "no-flow"):
                for inner in self._given(use, one):
                    self._from_request(inner, found)
                    found.request += [f"`{read.meaning.path}`" for read, _ in inner.of_kind("request-data")]
                    if not seen.issuperset(inner.uses):
                        pending.append(inner)
                        seen.update(inner.uses)

    def _given(self, use: Use, piece: Slice) -> Iterator[Slice]:
        """What the arguments of a call of a slice are made of, in each way the call was looked at."""
        exprs = tuple(arguments(self._work.resolver.call(use.ref)))
        for frame in piece.frames[use] if exprs else ():
            yield self._slice(use.ref.path, exprs, frame)

    # -- feature stores

    def _from_features(self, read: Use, hops: tuple[Hop, ...], node: Node, found: Inputs) -> None:
        feature_read, views = self._features.read(read)
        evidence = Evidence(self._work.site(read.ref), "the features are looked up in the feature store")
        steps = tuple(Evidence(hop.site, hop.text) for hop in hops)
        self._work.graph.link(node.id, feature_read.id, "takes", evidence, steps)
        if self._work.sites.select(read.ref, read.meaning.selectors("request")):
            found.request.append("features passed with the request")
        if isinstance(views, Unknown):
            found.unknown.append(views.reason)
            return
        found.is_open = found.is_open or _is_cross_product(views)
        for view in views:
            if view.properties.get("on_demand"):
                found.request.append(f"the on-demand view `{view.label}`")
            elif view.properties.get("streaming"):
                found.stored.append((f"`{view.label}`", Refresh(0, "a stream")))
            else:
                found.stored.append((f"`{view.label}`", self._features.refreshes[view.label]))

    # -- files and tables

    def _from_file(self, read: Use, frames: Mapping[Frame | None, tuple[Hop, ...]], node: Node, found: Inputs) -> None:
        if self._is_brought(read):
            found.request.append("a file of the request")
            return
        if read.meaning.literal("holds") in _SINGLE:
            found.unknown.append(f"a single {read.meaning.literal('holds')}, which is no table of keys")
            return
        if read.meaning.literal("scheme") == "stream":
            found.stored.append(("a stream", Refresh(0, "a stream")))
            return
        ways: dict[Place, tuple[Hop, ...]] = {}
        for frame, hops in frames.items():
            ways.update((place, hops) for place in self._places.at(read, frame) if place not in ways)
        for place, hops in ways.items():
            if not place.is_known:
                found.unknown.append(f"a stored input whose location did not resolve ({place.pin.how})")
                continue
            refresh = self._refresh(place, read.ref.path)
            found.stored.append((f"`{place.label}`", refresh))
            site = self._work.site(read.ref)
            dataset = self._work.graph.add(
                "Dataset", place.identity, place.label, site, identity=place.identity, scheme=place.scheme
            )
            steps = tuple(Evidence(hop.site, hop.text) for hop in hops)
            self._work.graph.link(
                node.id, dataset.id, "takes", Evidence(site, f"the input is read from `{place.label}`"), steps
            )
            add_refresh(self._work, dataset, refresh)

    def _is_no_data(self, read: Use) -> bool:
        return read.meaning.literal("holds") in _NOT_DATA or self._work.sites.writes(read) is True

    def _tables(self, path: str, exprs: tuple[int, ...], bases: Iterable[FlowNode]) -> frozenset[Use]:
        """The reads of files that may hold anything, where what they hold is predicted on or looked up by a key."""
        loaded = self._work.flow.loaded
        predicted = (use for one in exprs for use in loaded.held(FlowNode(path, one, None)))
        return frozenset((*predicted, *(use for base in bases for use in loaded.reads(base))))

    def _is_brought(self, read: Use) -> bool:
        """Whether what is read is the request itself: an upload, or a file that its handler has just written."""
        exprs = self._work.sites.select(read.ref, read.meaning.selectors("location"))
        piece = self._slice(read.ref.path, exprs)
        brings = piece.requests or any(use.meaning.kind == "request-data" for use in piece.uses)
        return (
            bool(brings or any(function in self._handlers for function, _ in piece.parameters)) and not piece.constants
        )

    def _refresh(self, place: Place, reader: str) -> Refresh:
        if self._written is None:
            self._written = WrittenFiles(self._work, self._places)
        writers = [writing.use for writing in self._written.of(place, reader)]
        if not writers and self._written.may_write(place):
            return Refresh(None, "a write that did not resolve may refresh it")
        return self._refreshes.of_file(writers, _is_deployed(place))

    # -- keys

    def _is_crossed(self, piece: Slice) -> bool:
        """Whether two stored tables are looked up by different keys: nothing lists the pairs that will be asked for."""
        keys: dict[object, set[object]] = {}
        for (path, expr), base in piece.lookups.items():
            asked = set(self._slice(path, (expr,)).parameters)
            if asked:
                keys.setdefault((base.path, base.expr), set()).update(asked)
        groups = list(keys.values())
        return any(not one & other for index, one in enumerate(groups) for other in groups[index + 1 :])


def _is_deployed(place: Place) -> bool:
    """Whether a place is part of what is deployed: in git, pinned by DVC in git, or shipped with a library."""
    return place.is_tracked or (place.pin.state == "content-pinned" and place.scheme in ("file", "loader"))


def _is_cross_product(views: Iterable[Node]) -> bool:
    """Whether views with different entities are looked up together and none of them lists the pairs."""
    keys = [view.properties.get("entities") for view in views if not view.properties.get("on_demand")]
    sets = [frozenset(one) for one in keys if isinstance(one, tuple) and one]
    union: frozenset[object] = frozenset().union(*sets) if sets else frozenset()
    return len(union) > 1 and union not in sets
