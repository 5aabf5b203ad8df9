"""What the code of a repository writes itself: intermediate files, tables, and the copies of its downloads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.nodes.fetch_lines import name_in
from mltradeoff_lint.graph.nodes.local_files import SCRATCH, is_bare, is_open, is_seen_from_here, tail_of
from mltradeoff_lint.graph.nodes.locations import Places
from mltradeoff_lint.graph.nodes.made_locations import is_before, maker_of
from mltradeoff_lint.graph.nodes.own_writes import OwnWrites
from mltradeoff_lint.graph.nodes.places import Maker, Place
from mltradeoff_lint.graph.nodes.stored_copies import StoredCopies
from mltradeoff_lint.graph.nodes.unpacked import (
    Unpacked,
    Writing,
    brings_folders,
    fills_here,
    is_copying,
    is_named,
    is_named_by_address,
)
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.repository_path import folders_above
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Literal, is_text, known_texts, text_of
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.sites import Use

MAX_CALLERS = 200
"""Calls of a writing function that are told apart; with more of them all are looked at as one."""

MAX_DECIDING = 24
"""Ways to a function over its callers and theirs that are told apart; each is one more look at the location."""

_WRITING_METHODS = frozenset(
    {"to_csv", "to_parquet", "to_pickle", "to_feather", "to_json", "to_hdf", "to_excel", "to_stata", "write_csv",
     "write_parquet", "save_to_disk", "save", "savez", "export", "tofile", "dump"}
)  # fmt: skip
"""Methods that write their first argument, by name alone: enough to doubt that a file comes from outside."""

_SAVES = ("dataset-write", "model-save")


class Doubts:
    """Local paths that something writes, as far as they are told: enough to doubt that a file comes from outside.

    The same path may be written `../data/a.csv` here and `data/a.csv` there, so that only the tails are compared.
    """

    def __init__(self) -> None:
        self._tails: set[str] = set()
        self._folders: set[str] = set()
        self._open_folders: set[str] = set()

    def note(self, text: str) -> None:
        """Keep a path that is written; of one with open parts its folder, of one without a suffix all that is in it."""
        tail = tail_of(text)
        folder, name = posixpath.split(tail)
        if is_open(name):
            self._open_folders |= {folder} if folder and not is_open(folder) else set()
        elif tail and not is_open(folder):
            self._tails.add(tail)
            self._folders.add(folder)
            self._open_folders |= {tail} if "." not in name else set()

    def may_be(self, place: Place) -> bool:
        """Whether a place that is read may be one of them."""
        tail = tail_of(place.text)
        folder, name = posixpath.split(tail)
        if tail in self._open_folders:
            return True
        return tail in self._tails or folder in self._open_folders or (is_open(name) and folder in self._folders)


class WrittenFiles:
    """The writes of a repository by what they write."""

    def __init__(self, work: Workspace, places: Places) -> None:
        self._work = work
        self._places = places
        self._by_identity: dict[str, dict[Writing, None]] = {}
        self._folders: dict[str, dict[Writing, None]] = {}
        self._here: dict[str, dict[Writing, None]] = {}
        self._made: dict[tuple[str, int], dict[Writing, Maker]] = {}
        self._filled: dict[str, dict[Writing, None]] = {}
        self._doubts = Doubts()
        self._copies = StoredCopies(work, places.files)
        self._own = OwnWrites(work, places)
        self._unpacked = Unpacked(places)
        for use in work.sites.uses:
            if not is_test(use.ref.path):
                self._add(use)
        self._note_unresolved()

    def of(self, place: Place, reader: str) -> tuple[Writing, ...]:
        """The writes of a place that a file reads: of its own identity, or of the folder it was unpacked into.

        What is written where a step of a workflow stores a folder is what is read in the copy of it.
        """
        found = self._whole(place, reader)
        if place.pin == SCRATCH:
            found = _of_one_file(found, reader)
        return self._of_member(place, found or self._unpacked.told_apart(place, self._in_folder(place, reader)))

    def _of_member(self, place: Place, found: tuple[Writing, ...]) -> tuple[Writing, ...]:
        """Of several downloads that each take one file, those that take the one which is read, packed or not."""
        if len(found) < 2:
            return found
        name = posixpath.basename(place.text)
        setting = self._work.sites.setting
        taken = [known_texts(setting(one.use, "member", one.frame)) for one in found]
        own = [one for one, texts in zip(found, taken, strict=True) if {name, f"{name}.zip"}.intersection(texts)]
        return tuple(own) if own and all(taken) else found

    def is_one_of_several(self, place: Place, reader: str) -> bool:
        """Whether a file may come from any of several archives that are unpacked into its folder."""
        return not self._whole(place, reader) and self._unpacked.is_open(place, self._in_folder(place, reader))

    def sources_of(self, place: Place, writing: Writing, sources: Sequence[Place]) -> tuple[Place, ...]:
        """Of what a write copies in a loop under many names, what a place is a copy of."""
        name = place.text.rpartition("/")[2]
        named = tuple(one for one in sources if name and one.text.rpartition("/")[2] == name)
        found = named or self._unpacked.fitting(place, writing, sources)
        return tuple(dict.fromkeys(self._folder_of(one, writing) for one in found))

    def _folder_of(self, source: Place, writing: Writing) -> Place:
        """The folder that files are copied from under names that did not resolve; any other source as it is."""
        folder, name = posixpath.split(source.text)
        is_filling = is_copying(writing.use) and source.is_known and not source.is_remote
        if not is_filling or not folder or is_open(folder) or not is_open(name):
            return source
        return self._places.files.place(folder, writing.use.ref.path, source.provenance)

    def _whole(self, place: Place, reader: str) -> tuple[Writing, ...]:
        """The writes of the very place, file or folder."""
        made = self._made_before(place)
        if made:
            return made
        stored, paths = self._paths(place, reader)
        found: dict[Writing, None] = {}
        for path in paths if place.is_whole or stored else ():
            found |= self._by_identity.get(path, {}) or self._filled.get(path, {})
        return tuple(found)

    def _paths(self, place: Place, reader: str) -> tuple[bool, tuple[str, ...]]:
        """The paths that a place may be written under, and whether it is a copy of what a step stores there."""
        stored = self._copies.originals(place, reader)
        return bool(stored), stored or (place.identity, *place.candidates)

    def _in_folder(self, place: Place, reader: str) -> tuple[Writing, ...]:
        """The writes of a whole folder that a place lies in."""
        if place.is_remote or not place.is_known:
            return ()
        found: dict[Writing, None] = {}
        for path in self._paths(place, reader)[1]:
            for folder in folders_above(path):
                found |= self._folders.get(folder, {})
        here = self._here.get(reader, {}) if is_seen_from_here(place.text) else {}
        found |= {one: None for one in here if is_bare(place.text) or brings_folders(one.use)}
        return _of_one_file(tuple(found), reader)

    def is_made_here(self, place: Place) -> bool:
        """Whether what is read is what the repository writes, by a location that one expression makes for both."""
        return bool(self._made_before(place))

    def is_put_here(self, place: Place, reader: str) -> bool:
        """Whether a module itself writes what it reads, where what git tracks of that name stands elsewhere."""
        if not place.is_tracked or place.identity in place.candidates:
            return False
        return any(one.use.ref.path == reader for path in place.candidates for one in self._by_identity.get(path, {}))

    def may_write(self, place: Place) -> bool:
        """Whether a local place may be one that is written, by a write that cannot be told from others."""
        return not place.is_remote and self._doubts.may_be(place)

    def _add(self, use: Use) -> None:
        kind = use.meaning.kind
        if kind in _SAVES:
            self._record(use, "location", is_download=False)
        elif kind == "dataset-read":
            if use.meaning.selectors("into"):
                self._record(use, "into", is_download=True)
                if not self._places.values.may_be_given(use, "into"):
                    self._record_here(use)
            if self._work.sites.writes(use):
                self._record(use, "location", is_download=False)

    def _record(self, use: Use, setting: str, *, is_download: bool) -> None:
        for frame in self.frames(use):
            for place in self._places.at(use, frame, setting):
                if place.is_known and not place.is_remote:
                    self._doubts.note(place.text)
                if place.is_whole:
                    self._keep(Writing(use, frame, is_download), place)
                elif place.is_known and not (is_download and is_copying(use)):
                    self._keep_made(Writing(use, frame, is_download), setting)
                elif place.is_known:
                    self._keep_filled(Writing(use, frame, is_download), place)

    def _record_here(self, use: Use) -> None:
        """Record what a call that is told no file or folder leaves in the folder that the code runs in."""
        path = use.ref.path
        for frame in self.frames(use) if fills_here(use) or is_named_by_address(use) else ():
            writing = Writing(use, frame, is_download=True)
            if fills_here(use):
                self._here.setdefault(path, {})[writing] = None
                continue
            names = (name_in(place.identity) for place in self._places.at(use, frame) if place.is_whole)
            for name in filter(None, names):
                self._keep(writing, self._places.files.place(name, path))

    def _keep_filled(self, writing: Writing, place: Place) -> None:
        """Keep a copy under an open name by the folders that it fills."""
        folder, name = posixpath.split(place.text)
        if not folder or is_open(folder) or not is_open(name):
            return
        for path in self._places.files.candidates(folder, writing.use.ref.path) or (folder,):
            self._folders.setdefault(path, {})[writing] = None
            for one in (path, *folders_above(path)):
                self._filled.setdefault(one, {})[writing] = None

    def _keep_made(self, writing: Writing, setting: str) -> None:
        """Keep a write to a location with open parts by the expression that makes it."""
        maker = maker_of(self._work, writing.use, writing.frame, setting)
        if maker is not None:
            self._made.setdefault((maker.path, maker.expr), {})[writing] = maker

    def _made_before(self, place: Place) -> tuple[Writing, ...]:
        """The writes of a location with open parts that surely come before it is read."""
        if place.maker is None:
            return ()
        written = self._made.get((place.maker.path, place.maker.expr), {})
        return tuple(one for one, maker in written.items() if is_before(self._work.resolver, maker, place.maker))

    def _keep(self, writing: Writing, place: Place) -> None:
        own = writing.use.ref.path
        paths = (place.identity, *place.candidates)
        # `__file__` is what the interpreter was given, mostly the bare name
        paths += tuple(path.replace(own, posixpath.basename(own)) for path in paths if own in path)
        if not is_named(place):
            self._here.setdefault(own, {})[writing] = None
            return
        for path in dict.fromkeys(paths):
            self._by_identity.setdefault(path, {})[writing] = None
            if "." not in posixpath.basename(path):
                self._folders.setdefault(path, {})[writing] = None

    def _note_unresolved(self) -> None:
        """Keep what `x.to_csv(...)` and its kin write where nothing is known of `x`."""
        resolver = self._work.resolver
        for path in resolver.program.python_paths():
            facts = resolver.facts(path)
            for number, call in enumerate(facts.calls):
                expr = facts.exprs[call.function]
                is_write = expr[0] == "attr" and expr[2] in _WRITING_METHODS and call.arguments
                if is_write and not self._work.sites.at(CallRef(path, number)):
                    self._note_unresolved_write(path, call.arguments[0])

    def _note_unresolved_write(self, path: str, expr: int) -> None:
        for value in self._work.resolver.values(path, expr):
            if is_text(value) and pins.scheme_of(text_of(value)) == "file":
                self._doubts.note(text_of(value))

    def frames(self, use: Use) -> Iterator[Frame | None]:
        """A look at a read or write through each call of its function, so that values and names stay together."""
        holder = self._work.reach.holder(use.ref)
        scope = self._work.resolver.scope(holder)
        callers = self._work.resolver.callers(holder) if scope.kind == "function" and scope.parameters else ()
        if 0 < len(callers) <= MAX_CALLERS:
            further = self._deciding(use, holder)
            frames = [one for call in callers for one in further.get(call) or [Frame(holder, call)]]
            yield from frames if self._is_read(use) else self._own.apart(use, frames)
        else:
            yield None

    def _deciding(self, use: Use, holder: FunctionRef) -> dict[CallRef, list[Frame]]:
        """The ways on from the calls that hand on one of several names they are given, where these are told apart.

        A way whose names are not all written out is no better than a look at the call alone, which then stands for it.
        """
        role = "read-location" if self._is_read(use) else "write-location"
        frames = self._work.deciders.frames(use, holder, role)
        found: dict[CallRef, dict[Frame, None]] = {}
        for frame in frames if len(frames) <= MAX_DECIDING else ():
            values = self._places.values.of(use, frame)
            is_closed = bool(values) and all(isinstance(value, Literal) for value in values)
            found.setdefault(frame.call, {})[frame if is_closed else Frame(holder, frame.call)] = None
        return {call: list(ways) for call, ways in found.items() if len(ways) > 1}

    def _is_read(self, use: Use) -> bool:
        return use.meaning.kind == "dataset-read" and not self._work.sites.writes(use)

    # -- what a write is made of

    def sources(self, writing: Writing) -> tuple[int, ...]:
        """The expressions that a write puts down."""
        use = writing.use
        exprs = self._work.sites.select(use.ref, use.meaning.selectors("value"))
        exprs += (
            self._work.sites.select(use.ref, use.meaning.selectors("model")) if use.meaning.kind == "model-save" else ()
        )
        if exprs or use.meaning.kind == "dataset-read":
            return exprs
        facts = self._work.resolver.facts(use.ref.path)
        function = facts.exprs[facts.calls[use.ref.call].function]
        return (function[1],) if function[0] == "attr" and function[1] != NONE else ()


def _of_one_file(found: tuple[Writing, ...], reader: str) -> tuple[Writing, ...]:
    """The writes of the reading file itself, else those of another where it is the only one."""
    own = tuple(one for one in found if one.use.ref.path == reader)
    return own or (found if len({one.use.ref.path for one in found}) == 1 else ())
