"""Datasets by which parts of a repository hand data to one another: what one piece of code writes and another reads.

Only equal, hole-free and absolute identities that the repository states firmly are one node across project roots.
A local path joins inside its own project root. An identity that was filled from a default or an example is a node of
its own, and says `same_as` with its certainty where both roots are deployed together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from mltradeoff_lint.graph.nodes.functions import add_entries, add_function
from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.nodes.places import Place
from mltradeoff_lint.graph.nodes.shared_deployments import SharedDeployments
from mltradeoff_lint.graph.nodes.written_files import WrittenFiles
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.finding import Certainty
from mltradeoff_lint.model.graph import Evidence, Node, NodeId
from mltradeoff_lint.resolve.domain import Frame, FunctionRef
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use

MOST_CODE = 24
"""A dataset that more functions read or write than this joins nothing: such a name says too little."""

_ABSOLUTE = frozenset({"s3", "gs", "azure", "hdfs", "dbfs", "oss", "cos", "lakefs"})
_SCHEMES = _ABSOLUTE | {"file", ""}
_FIRM = ("literal", "configured")
_NOT_DATA = ("config", "model", "prompt", "document", "image")
_CERTAINTY = {
    "literal": Certainty.EXACT,
    "configured": Certainty.RESOLVED,
    "default": Certainty.LIKELY,
    "example": Certainty.GUESSED,
}


class _Access(NamedTuple):
    """One read or write of a place by a function; `frame` is the call that decides the place, where one does."""

    use: Use
    place: Place
    function: FunctionRef
    frame: Frame | None
    is_write: bool


class Exchanges:
    """Adds the datasets that are both written and read, with the code on both sides."""

    def __init__(self, work: Workspace, places: Places, written: WrittenFiles) -> None:
        self._work = work
        self._places = places
        self._written = written
        self._shared = SharedDeployments(work)

    def add(self) -> None:
        """Add every exchanged dataset."""
        writes: dict[tuple[str, str], list[_Access]] = {}
        for access in self._accesses(is_write=True):
            writes.setdefault(self._key(access), []).append(access)
        if not writes:
            return
        reads: dict[tuple[str, str], list[_Access]] = {}
        for access in self._accesses(is_write=False):
            if self._key(access) in writes:
                reads.setdefault(self._key(access), []).append(access)
        for key, readers in reads.items():
            functions = {one.function for one in (*readers, *writes[key])}
            if len(functions) <= MOST_CODE and any(one.function != readers[0].function for one in writes[key]):
                self._join(key[1], (*writes[key], *readers))

    def _key(self, access: _Access) -> tuple[str, str]:
        """What two accesses must share to be of one dataset: the identity, and for a local path the project root."""
        place = access.place
        return "" if place.scheme in _ABSOLUTE else self._root(access), place.identity

    def _root(self, access: _Access) -> str:
        return self._work.resolver.program.modules.project_of(access.use.ref.path)

    # -- collecting

    def _accesses(self, *, is_write: bool) -> Iterator[_Access]:
        for use in self._work.sites.uses:
            if not is_test(use.ref.path) and self._is_wanted(use, is_write):
                yield from self._of_use(use, is_write)

    def _is_wanted(self, use: Use, is_write: bool) -> bool:
        if use.meaning.literal("scheme", "file") not in _SCHEMES:
            return False
        if use.meaning.kind == "dataset-write":
            return is_write
        if use.meaning.kind != "dataset-read" or use.meaning.literal("holds") in _NOT_DATA:
            return False
        return bool(self._work.sites.writes(use)) == is_write

    def _of_use(self, use: Use, is_write: bool) -> Iterator[_Access]:
        holder = self._work.reach.holder(use.ref)
        seen = self._places.at(use, None)
        own = [place for place in seen if self._is_joinable(place)]
        if len(own) == len(seen) == 1:
            # no caller decides where it goes
            yield _Access(use, own[0], holder, None, is_write)
            return
        for frame in self._written.frames(use):
            for place in self._places.at(use, frame):
                if self._is_joinable(place):
                    is_own = frame is None or [place] == own
                    function = holder if is_own or frame is None else self._work.reach.holder(frame.call)
                    yield _Access(use, place, function, None if is_own else frame, is_write)

    def _is_joinable(self, place: Place) -> bool:
        if not place.is_whole or "{" in place.text or "*" in place.text:
            return False
        return place.scheme in _ABSOLUTE or (place.scheme == "file" and "/" in place.identity)

    # -- adding

    def _join(self, identity: str, accesses: tuple[_Access, ...]) -> None:
        firm = [one for one in accesses if one.place.provenance in _FIRM]
        weak = [one for one in accesses if one.place.provenance not in _FIRM]
        roots = {self._root(one) for one in accesses}
        if len(roots) == 1:
            # inside one project root a default is the same default on both sides
            firm, weak = [*firm, *weak], []
        groups = {identity: firm} if firm else {}
        for one in weak:
            groups.setdefault(f"{identity} in {self._root(one) or '.'}", []).append(one)
        shared = self._shared.of(roots) if len(groups) > 1 else None
        nodes = [
            self._node(key, held)
            for key, held in groups.items()
            if shared is not None or len({access.is_write for access in held}) == 2
        ]
        for first, second in pairwise(nodes):
            if shared is not None:
                words = f"both are named `{first.label}`, from a value that a deployment may replace"
                self._work.graph.link(first.id, second.id, "same_as", Evidence(shared, words, Certainty.LIKELY))

    def _node(self, key: str, accesses: list[_Access]) -> Node:
        place = accesses[0].place
        node = self._work.graph.add(
            "Dataset", key, place.label, None, identity=place.identity, scheme=place.scheme, remote=place.is_remote,
            provenance=place.provenance, tracked=place.is_tracked,
        )  # fmt: skip
        seen: set[tuple[FunctionRef, bool]] = set()
        for one in accesses:
            if (one.function, one.is_write) not in seen:
                self._link(node.id, one)
            seen.add((one.function, one.is_write))
            node.sites.extend([] if self._work.site(one.use.ref) in node.sites else [self._work.site(one.use.ref)])
        node.properties.setdefault("written", any(one.is_write for one in accesses))
        return node

    def _link(self, dataset: NodeId, access: _Access) -> None:
        work = self._work
        add_entries(work, access.function)
        function = add_function(work, access.function)
        site = work.site(access.use.ref)
        verb = "writes" if access.is_write else "reads"
        certainty = _CERTAINTY.get(access.place.provenance, Certainty.GUESSED)
        words = f"`{work.function_name(access.function)}` {verb} `{access.place.label}`"
        if access.frame is None:
            work.graph.link(function, dataset, verb, Evidence(site, words, certainty))
            return
        holder = work.function_name(work.reach.holder(access.use.ref))
        call = Evidence(work.site(access.frame.call), f"{words} through `{holder}`", certainty)
        work.graph.link(function, dataset, verb, call, (Evidence(site, f"`{holder}` {verb} what it is given"),))
