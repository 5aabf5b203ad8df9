"""From the location argument of a read or write to the identity of a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.facets.digests import Digests, Held
from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.nodes import catalogue_places
from mltradeoff_lint.graph.nodes.dbt_relations import DBT, DbtRelations
from mltradeoff_lint.graph.nodes.framed_slices import FramedSlices
from mltradeoff_lint.graph.nodes.keyed_entries import INTAKE, Keyed, catalogue_uses, intake_location, keyed_entry
from mltradeoff_lint.graph.nodes.loaders import fetched
from mltradeoff_lint.graph.nodes.local_files import LocalFiles, is_word
from mltradeoff_lint.graph.nodes.location_values import LocationValues, flat, is_named_by_data
from mltradeoff_lint.graph.nodes.named_versions import OBJECT_STORES, NamedVersions
from mltradeoff_lint.graph.nodes.other_repositories import elsewhere
from mltradeoff_lint.graph.nodes.places import Place, brought_by, is_rooted, lost, of_file, reason_of_hole, short
from mltradeoff_lint.graph.nodes.queries import queried_file, query_place, table_place
from mltradeoff_lint.graph.nodes.temporary_tables import TemporaryTables
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.configuration.data_catalogue import CatalogueEntry, catalogue_of
from mltradeoff_lint.resolve.configuration.named_data import CATALOGUE
from mltradeoff_lint.resolve.domain import Frame, Library, Literal, Value, is_text, text_of
from mltradeoff_lint.resolve.flow.slices import Slice
from mltradeoff_lint.resolve.sites import Use
from mltradeoff_lint.resolve.values.brought import source_of
from mltradeoff_lint.resolve.values.strings import REPOSITORY, provenance_of

READS = frozenset({"dataset-read", "feature-read"})

MAX_NESTED = 3
"""How many reads inside a location are followed: a table of a stream of a download."""

MAX_PLACES_INSIDE = 8
"""Places that one location can stand for, as there are values of one expression."""

_LOCAL_DATABASES = ("sqlite", "duckdb")
_LOCAL_ADDRESSES = ("sqlite://", "duckdb://")
_QUERY = re.compile(r"[\s(]*(?:select|with)\s", re.IGNORECASE)
"""How a query begins that stands where a table may be named as well."""

_NOT_STORED = {
    "memory": "data that a pipeline keeps in memory",
    "elsewhere": "an entry of the catalogue that does not tell where it lies",
}
_OF_DIGESTS = {
    Held.FIXED: Pin("content-pinned", "its digest is checked after the read"),
    Held.OPEN: Pin("unknown", "its digest is computed, and nothing tells whether it is compared"),
}
_NAMED = ("hub", "registry", "feature-store", "market")


class Places:
    """Turns location arguments into places, knowing what git, DVC and the catalogues of the repository hold."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self.values = LocationValues(work)
        self._versions = NamedVersions(work, self.values, READS)
        self.files = LocalFiles(work)
        self._digests = Digests(work)
        self._temporary = TemporaryTables(work)
        self._catalogue = catalogue_of(work.resolver)
        self.relations = DbtRelations(work)
        self._has_fetches = any(_fetches(use) for use in work.sites.uses)
        self._slices = FramedSlices(work, READS)
        self._memo: dict[tuple[Use, Frame | None, str, int], tuple[Place, ...]] = {}

    def of(self, use: Use, frames: Iterable[Frame | None] = (None,), depth: int = 0) -> tuple[Place, ...]:
        """The places a catalogued read or write means; one with `is_known` false where it did not resolve."""
        return tuple(dict.fromkeys(place for frame in frames for place in self.at(use, frame, depth=depth)))

    def at(self, use: Use, frame: Frame | None, setting: str = "location", depth: int = 0) -> tuple[Place, ...]:
        """The places that one setting of a call means, in one frame."""
        # what was looked at near the limit of depth says less than a look from the top
        key = (use, frame, setting, depth)
        if key not in self._memo:
            self._memo[key] = (lost("a location with a recursive definition"),)
            self._memo[key] = self._find(use, frame, setting, depth)
        return self._memo[key]

    def _find(self, use: Use, frame: Frame | None, setting: str, depth: int) -> tuple[Place, ...]:
        if setting == "location" and use.meaning.literal("scheme") == "loader":
            return self._loader(use, frame)
        if setting == "location" and use.meaning.literal("scheme") in (INTAKE, CATALOGUE):
            is_taken = any(one.role == "self" for one in use.meaning.selectors("location"))
            keyed = keyed_entry(self._work, use, frame) if is_taken else None
            if keyed is not None:
                return self._keyed(use, keyed, frame)
        values = flat(self.values.of(use, frame, setting))
        if setting == "location" and self._is_builder(use, values):
            return self._files_of_builder(use, frame)
        texts = [one for one in values if is_text(one)]
        if setting == "into":
            return tuple(self._local(use, text_of(one), provenance_of(one), "{" in text_of(one), None) for one in texts)
        places = self._texts(use, texts, frame, depth)
        others = [one for one in values if not is_text(one)]
        if any(map(is_named_by_data, others)):
            places.append(lost("a name that is put together from data"))
        elif others or not values:
            places += self._inside(use, frame, depth) or [lost(self._reason(one)) for one in others]
        return tuple(dict.fromkeys(places)) or (lost(f"{use.value.path} without a location"),)

    def _texts(self, use: Use, texts: Iterable[Value], frame: Frame | None, depth: int) -> list[Place]:
        """The places of some texts; what lies in a folder that a download made is that download."""
        if use.meaning.literal("scheme") == DBT:
            relations = self.relations
            return [relations.place(text_of(one), provenance_of(one), use.ref.path) for one in texts]
        if use.meaning.literal("scheme") == CATALOGUE:
            return [place for one in texts for place in self._entries(use, one, frame)]
        places = []
        for one in texts:
            is_open = self._has_fetches and not is_rooted(one)
            found = self._inside(use, frame, depth, is_fetched=True) if is_open else []
            known = [place for place in found if place.is_known]
            places += known or [of_file(self._text(use, one, frame), use.ref.path)]
        return places

    def _is_builder(self, use: Use, values: tuple[Value, ...]) -> bool:
        names = {name.strip() for name in use.meaning.literal("builder").split(",")} - {""}
        return any(isinstance(one, Literal) and one.value in names for one in values)

    def _files_of_builder(self, use: Use, frame: Frame | None) -> tuple[Place, ...]:
        """The files that a builder such as `json` is pointed at; a bare name is no file."""
        places = []
        for value in flat(self.values.of(use, frame, "files")):
            text = text_of(value)
            if pins.scheme_of(text) != "file":
                places.append(self._text(use, value, frame))
            elif "." in text.rpartition("/")[2] or self.files.known(text, use.ref.path):
                places.append(self._local(use, text, provenance_of(value), "{" in text, frame))
        return tuple(dict.fromkeys(places)) or (lost("the files of a builder"),)

    def _loader(self, use: Use, frame: Frame | None) -> tuple[Place, ...]:
        """Data that ships with a library, or that its loader fetches by a name the library fixes."""
        state = use.meaning.literal("pin") or use.meaning.literal("unversioned", "content-pinned")
        pin = self._versions.pin(use, frame) or Pin(state, "it ships with the library")
        if pin.state == "unknown" or not pin.state.startswith("mutable"):
            pin = Pin("content-pinned" if pin.state == "unknown" else pin.state, pin.how)
        found = fetched(use, self.values.of(use, frame), is_given=self.values.may_be_given(use))
        return tuple(Place(f"loader:{one.identity}", one.label, "loader", pin, text=one.label) for one in found)

    def _inside(self, use: Use, frame: Frame | None, depth: int, *, is_fetched: bool = False) -> list[Place]:
        """The places behind a location that is no text: the path of an open file, the address of a download."""
        exprs = self.values.exprs(use)
        if depth >= MAX_NESTED or not exprs:
            return []
        places: list[Place] = []
        piece = self._slices.of(use, exprs, frame, lambda found: any(one.ref != use.ref for one in found.uses))
        for inner in piece.uses:
            if (
                inner.ref != use.ref
                and inner.meaning.kind == "dataset-read"
                and inner.meaning.literal("holds") != "config"
                and (not is_fetched or _fetches(inner))
            ):
                places += self.of(inner, piece.frames[inner], depth + 1)
        if use.meaning.literal("scheme") == "sql":
            places = [catalogue_places.asked(self._work, place) for place in places]
        # what is made of this much is no one of them
        return places if len(set(places)) <= MAX_PLACES_INSIDE else []

    def _reason(self, value: Value) -> str:
        if isinstance(value, Unknown):
            return value.reason
        if isinstance(value, Library):
            source = source_of(self._work.resolver, value)
            return brought_by(source) if source.startswith("run:") else f"a location from `{short(value.path)}`"
        return "a location that is no text"

    # -- texts

    def _text(self, use: Use, value: Value, frame: Frame | None) -> Place:
        text, provenance = text_of(value), provenance_of(value)
        scheme = use.meaning.literal("scheme", "file") or "file"
        nothing = reason_of_hole(value)
        has_version = scheme in ("sql", "table") or bool(use.meaning.selectors("repository"))
        named = self._versions.pin(use, frame, text) if has_version else None
        if nothing or (scheme not in ("sql", "table") and self.files.is_placeholder(text, use.ref.path)):
            return lost(nothing or "a placeholder that a user replaces")
        if scheme == "file":
            scheme = self.values.scheme_of_filesystem(use, frame)
        if scheme == "unknown" and pins.scheme_of(text) == "file":
            return lost("a path on a filesystem that did not resolve")
        there = elsewhere(self.values, use, text, provenance, frame, named)
        if there is not None:
            return there
        if scheme in ("sql", "table"):
            place = _named(self._stored(use, text, provenance, frame), named)
        elif "\n" in text or len(text) > 1000 or text[:1] in ("[", "<") or text.strip() in ("", ".", "-"):
            return lost("data that stands in the code")
        elif pins.scheme_of(text) != "file":
            place = self._remote(use, text, provenance, frame)
        elif scheme in _NAMED and not (scheme == "hub" and self._is_local(use, text)):
            place = self._name(use, scheme, text, provenance, frame)
        elif scheme in OBJECT_STORES:
            place = self._remote(use, f"{scheme}://{text.lstrip('/')}", provenance, frame)
        elif scheme == "http" and use.meaning.literal("base"):
            address = f"{use.meaning.literal('base')}{text}"
            place = replace(self._remote(use, address, provenance, frame), text=text)
        elif scheme == "http":
            return lost("an address that did not resolve")
        elif use.meaning.kind == "dataset-read" and is_word(text) and not self.files.known(text, use.ref.path):
            return lost("a word that may be no file name")
        else:
            return _named(self._local(use, text, provenance, "{" in text, frame), named)
        held = self._digests.of(use) if place.pin.state.startswith("mutable") else Held.NOWHERE
        return replace(place, pin=_OF_DIGESTS[held]) if held in _OF_DIGESTS else place

    def _remote(self, use: Use, text: str, provenance: str, frame: Frame | None) -> Place:
        pin = self._versions.pin(use, frame, text) or pins.remote_pin(text)
        rest = text.partition("://")[2] or text.partition(":/")[2]
        if pin.state.startswith("mutable") and (
            "{" in rest.partition("/")[2] or rest.startswith("{") or "{" in text.partition(":")[0]
        ):
            pin = Pin("unknown", "a part of the address is not known")
        return Place(text, short(text), pins.scheme_of(text), pin, provenance, text)

    def _keyed(self, use: Use, keyed: Keyed, frame: Frame | None) -> tuple[Place, ...]:
        """What the entries mean that a receiver was taken out of a catalogue by."""
        names = [one for one in keyed.names if is_text(one)]
        if use.meaning.literal("scheme") == CATALOGUE:
            return tuple(place for one in names for place in self._entries(use, one, frame)) or (lost("an entry"),)
        files = [place for one in catalogue_uses(self._work, use, keyed, frame) for place in self.of(one, (frame,))]
        places = [
            self._remote(use, text_of(one), provenance_of(one), frame)
            if pins.scheme_of(text_of(one)) != "file"
            else self._local(use, text_of(one), provenance_of(one), "{" in text_of(one), frame)
            for file in files
            for name in names
            for one in intake_location(self._work, file.identity, text_of(name))
            if text_of(one)
        ]
        return tuple(dict.fromkeys(places)) or (lost("a source of a catalogue that did not resolve"),)

    def _entries(self, use: Use, name: Value, frame: Frame | None) -> list[Place]:
        """What the entries of a name in a data catalogue mean; what stands in none is handed on in memory."""
        nothing = reason_of_hole(name)
        found = () if nothing else self._catalogue.entries(text_of(name), use.ref.path)
        of_entry = catalogue_places.of_entry
        places = [
            of_entry(self._catalogue, entry, self._entry(use, entry, one, frame))
            for entry in found
            for one in entry.location
        ]
        return places or [lost(nothing or "data that a pipeline keeps in memory")]

    def _entry(self, use: Use, entry: CatalogueEntry, value: Value, frame: Frame | None) -> Place:
        declared, text, provenance = entry.declaration, text_of(value), provenance_of(value)
        nothing = _NOT_STORED.get(declared.holds) or reason_of_hole(value)
        if nothing or not text:
            return lost(nothing or "an entry of the catalogue whose location did not resolve")
        if declared.holds == "table":
            place = table_place(text, provenance)
        elif declared.holds == "query":
            place = query_place(text, provenance, frozenset())
        elif pins.scheme_of(text) != "file":
            place = self._remote(use, text, provenance, frame)
        else:
            inside = text if declared.is_path else None if text[:1] == "{" else from_folder(entry.project, text)
            place = self._local(use, f"{{{REPOSITORY}}}/{inside}" if inside else text, provenance, "{" in text, frame)
            place = catalogue_places.asked(self._work, place) if declared.holds == "query-file" else place
        if declared.pin != "unknown" and place.is_known:
            return replace(place, pin=Pin(declared.pin, declared.how))
        return place

    # -- names in a hub or registry

    def _name(self, use: Use, scheme: str, text: str, provenance: str, frame: Frame | None) -> Place:
        pin = self._versions.pin(use, frame, text) or self._name_pin(use, scheme, text)
        if "{" in text and pin.state.startswith("mutable"):
            pin = Pin("unknown", "a part of the name is not known")
        is_convention = "competition" in use.value.path or text.startswith("c/")
        return Place(f"{scheme}:{text}", short(text), scheme, pin, provenance, text, is_convention=is_convention)

    def _name_pin(self, use: Use, scheme: str, text: str) -> Pin:
        if scheme == "registry" and ":" in text:
            return pins.registry_pin(text)
        if pins.is_versioned_name(text, use.value.path):
            return Pin("version-pinned", "the name holds a version")
        state = use.meaning.literal("pin") or use.meaning.literal("unversioned", "mutable-implicit")
        if not state.startswith("mutable"):
            return Pin(state, "the library's default names a version")
        words = "without a version the newest is read" if state == "mutable-explicit" else "no version is named"
        return Pin(state, words, pins.fix_of_name(use.value.path, scheme))

    # -- databases

    def _stored(self, use: Use, text: str, provenance: str, frame: Frame | None) -> Place:
        if file := queried_file(text, use.value.path):
            if pins.scheme_of(file) != "file":
                return self._remote(use, file, provenance, frame)
            return self._local(use, file, provenance, False, frame)
        local = self._database(use, frame)
        if local is not None:
            return local
        made = self._temporary.names(use)
        if _QUERY.match(text):
            return query_place(text, provenance, made)
        if use.meaning.literal("scheme") == "table":
            return table_place(text, provenance, made)
        return query_place(text, provenance, made)

    def _tells_database(self, piece: Slice) -> bool:
        """Whether a slice holds an embedded database, by its library or its address."""
        return any(one.meaning.literal("format") in _LOCAL_DATABASES for one in piece.uses) or any(
            str(self._work.resolver.facts(path).exprs[expr][1]).startswith(_LOCAL_ADDRESSES)
            for path, expr in piece.constants
        )

    def _database(self, use: Use, frame: Frame | None) -> Place | None:
        """The file of an embedded database that a query goes to."""
        facts = self._work.resolver.facts(use.ref.path)
        call = facts.calls[use.ref.call]
        function = facts.exprs[call.function]
        location = self.values.exprs(use)
        exprs = [one for one in (*call.arguments, *(expr for _, expr in call.keywords)) if one not in location]
        exprs += [function[1]] if function[0] == "attr" else []
        piece = self._slices.of(use, tuple(exprs), frame, self._tells_database)
        for one in piece.uses:
            if one.meaning.literal("format") in _LOCAL_DATABASES and one.ref != use.ref:
                return next((place for place in self.of(one, piece.frames[one], MAX_NESTED)), lost("a local database"))
        for path, expr in piece.constants:
            text = str(self._work.resolver.facts(path).exprs[expr][1])
            if text.startswith(_LOCAL_ADDRESSES):
                name = text.partition("://")[2].lstrip("/")
                return (
                    self._local(use, name, "literal", False, frame)
                    if name and name != ":memory:"
                    else lost("a database in memory")
                )
        return None

    # -- paths

    def _is_local(self, use: Use, text: str) -> bool:
        if (
            text.startswith((".", "/", "~", "{"))
            or "\\" in text
            or (text.count("/") > 1 and not pins.is_versioned_name(text, use.value.path))
        ):
            return True
        return self.files.known(text, use.ref.path)

    def _local(self, use: Use, text: str, provenance: str, has_holes: bool, frame: Frame | None) -> Place:
        if text == ":memory:" or text.startswith("file:"):
            text = text.removeprefix("file://").removeprefix("file:")
        place = self.files.place(text, use.ref.path, provenance, has_holes=has_holes)
        is_judged = place.pin.state.startswith("mutable") and not place.is_convention
        if is_judged and self.values.is_optional(use, frame, place.text):
            return replace(place, pin=Pin("unknown", "a copy that is taken when it is there"))
        return place


def _named(place: Place, version: Pin | None) -> Place:
    """A place of which the call names the version, where nothing else fixes it."""
    return replace(place, pin=version) if version is not None and place.pin.state.startswith("mutable") else place


def _fetches(use: Use) -> bool:
    """Whether a read leaves a file or folder behind and gives its path."""
    scheme = use.meaning.literal("scheme")
    is_download = bool(use.meaning.selectors("into")) and scheme not in ("", "file")
    is_copy = is_download or scheme == "hub" or use.meaning.literal("gives") == "path"
    return use.meaning.kind == "dataset-read" and is_copy
