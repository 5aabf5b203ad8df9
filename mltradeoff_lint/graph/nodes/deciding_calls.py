"""Where the location of a read is decided when a function is handed it: the call that fills the parameter.

It is told for a location that is put together and stands nowhere as one text, so that no line of a file holds it.
"""

from __future__ import annotations

from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.domain import CallRef, Frame
from mltradeoff_lint.resolve.flow.slices import Hop
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.summaries.model import MAX_HOPS

MAX_LOOKS = 24
"""Calls whose locations are compared with the one that was read; with more of them none is told."""


def deciding_way(work: Workspace, places: Places, read: Use, place: Place) -> tuple[Hop, ...]:
    """The hops from a read to the call that decides its location, which is the last; empty when no call does."""
    role = "artefact-location" if read.meaning.kind == "model-load" else "read-location"
    frames = work.deciders.frames(read, work.reach.holder(read.ref), role, MAX_HOPS)
    if len(frames) <= MAX_LOOKS:
        for frame in dict.fromkeys(part for whole in frames for part in _parts(whole)):
            if not _arrives(work, read.ref, frame):
                continue
            if any(one.identity == place.identity for one in places.at(read, frame)):
                return _hops(work, frame)
    return ()


def _arrives(work: Workspace, ref: CallRef, frame: Frame | None) -> bool:
    """Whether the calls of a frame come to a call: what they pass may keep them out of the branch it stands in."""
    if frame is None:
        return True
    region = work.resolver.call(ref).region
    return work.resolver.is_reached(ref.path, region, frame) and _arrives(work, frame.call, frame.outer)


def _parts(frame: Frame) -> tuple[Frame, ...]:
    """The way over one call, over two, and so on: the first that gives a location is the one that put it together."""
    if frame.outer is None:
        return (frame,)
    return (Frame(frame.function, frame.call), *(Frame(frame.function, frame.call, one) for one in _parts(frame.outer)))


def _hops(work: Workspace, frame: Frame) -> tuple[Hop, ...]:
    here = Hop(work.site(frame.call), f"`{work.function_name(frame.function)}` is given the location")
    return (here,) if frame.outer is None else (here, *_hops(work, frame.outer))
