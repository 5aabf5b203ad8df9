"""What the rows are made of that a feature store joins for a training: the frame they are joined to, and the sources.

The store picks the values as they were known at each row's time. That decides which values are taken, not what the
tables hold by then, so each source counts as if the training read it itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from mltradeoff_lint.graph.nodes.declared_views import NOT_RESOLVED, DeclaredViews
from mltradeoff_lint.graph.nodes.local_files import LocalFiles
from mltradeoff_lint.graph.nodes.locations import READS
from mltradeoff_lint.graph.nodes.places import Place, lost
from mltradeoff_lint.graph.nodes.queries import query_place
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.catalog import Selector
from mltradeoff_lint.model.repository_path import folder_of
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, Frame, is_text, known_texts, text_of
from mltradeoff_lint.resolve.flow.slices import Hop, Slice
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.values.strings import provenance_of

Frames = dict[Frame | None, tuple[Hop, ...]]

SOURCES = frozenset({"dataset-read", "request-data"})

KEYS = "keys"
MAX_JOINS = 3
"""Joins that are followed one behind the other: a frame of one is the frame that the next is joined to."""


class Part(NamedTuple):
    """A read that rows are made of, with the hops to it."""

    read: Use
    frames: Frames
    hops: tuple[Hop, ...]
    places: tuple[Place, ...] = ()
    """What it means, where that stands in no location of its own."""
    setting: str = "location"
    """The setting of the call by which it is told what is read."""


class JoinedFeatures:
    """Follows the feature reads of a training to what their rows are made of."""

    def __init__(self, work: Workspace, files: LocalFiles) -> None:
        self._work = work
        self._files = files

    @cached_property
    def _views(self) -> DeclaredViews:
        return DeclaredViews(self._work)

    def parts(self, use: Use, frames: Frames, hops: tuple[Hop, ...], depth: int = 0) -> Iterator[Part]:
        """The frame that a feature read joins to, or the query for it, and what the sources of its views read."""
        if use.meaning.literal("mode") != "offline" or depth >= MAX_JOINS:
            return
        here = (*hops, Hop(self._work.site(use.ref), "joins features to the rows"))
        exprs = self._work.sites.select(use.ref, (*use.meaning.selectors(KEYS), *use.meaning.selectors("view")))
        for frame in frames:
            yield from self._reads(self._work.flow.backward(use.ref.path, exprs, READS, frame=frame), here, depth)
        queries = tuple(dict.fromkeys(one for frame in frames for one in self._queries(use, frame)))
        if queries:
            yield Part(use, frames, hops, queries, KEYS)
        if use.meaning.selectors("features"):
            yield from self._sources(use, frames, hops, here)

    def _reads(self, piece: Slice, hops: tuple[Hop, ...], depth: int) -> Iterator[Part]:
        for read, inner in piece.uses.items():
            if read.meaning.kind == "dataset-read":
                yield Part(read, piece.frames[read], (*hops, *inner))
            elif read.meaning.kind == "feature-read":
                yield from self.parts(read, piece.frames[read], (*hops, *inner), depth + 1)

    def _queries(self, use: Use, frame: Frame | None) -> Iterator[Place]:
        for value in self._work.sites.setting(use, KEYS, frame):
            if is_text(value):
                yield query_place(text_of(value), provenance_of(value), frozenset())

    # -- views

    def _sources(self, use: Use, frames: Frames, hops: tuple[Hop, ...], here: tuple[Hop, ...]) -> Iterator[Part]:
        names = [self._views.names(self._work.sites.setting(use, "features", frame)) for frame in frames]
        reasons = [one.reason for one in (names or [NOT_RESOLVED]) if isinstance(one, Unknown)]
        folders = self._folders(use)
        for name in dict.fromkeys(name for one in names if not isinstance(one, Unknown) for name in one):
            view = self._views.named(name, folders)
            if isinstance(view, Unknown):
                reasons.append(view.reason)
                continue
            step = Hop(self._work.site(view.ref), f"declares the feature view `{name}`")
            parts = list(self._source(view.ref, view.meaning.selectors("source"), (*here, step)))
            reasons += [] if parts else [f"the source of the feature view `{name}` did not resolve"]
            yield from (one for one in parts if one.read.meaning.kind == "dataset-read")
        if reasons:
            yield Part(use, frames, hops, (lost(reasons[0]),))

    def _source(self, ref: CallRef, selectors: tuple[Selector, ...], hops: tuple[Hop, ...]) -> Iterator[Part]:
        """The stored source of a view; a stream is joined from the batch source that keeps what it brought."""
        piece = self._work.flow.backward(ref.path, self._work.sites.select(ref, selectors), SOURCES)
        for read, inner in piece.uses.items():
            if read.meaning.kind == "dataset-read" and read.meaning.literal("scheme") == "stream":
                yield from self._source(read.ref, read.meaning.selectors("batch"), (*hops, *inner))
            elif read.meaning.kind in SOURCES:
                yield Part(read, piece.frames[read], (*hops, *inner))

    def _folders(self, use: Use) -> tuple[str, ...]:
        """The folders of the feature repository that the store is opened on."""
        found: dict[str, None] = {}
        for made in use.value.made:
            for one in self._work.sites.at(made.call):
                if one.meaning.kind == "feature-store":
                    for text in known_texts(self._work.sites.setting(one, "repository")):
                        found.update(dict.fromkeys(self._candidates(text, made.call.path)))
        return tuple(found)

    def _candidates(self, text: str, path: str) -> tuple[str, ...]:
        return self._files.candidates(text.rstrip("/"), path) if text.strip("./") else (folder_of(path),)
