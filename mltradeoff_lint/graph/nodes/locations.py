"""From the location argument of a read or write to the identity of a dataset."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.declarations import Command, DatasetDeclaration
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Items, Library, Literal, Mapping, Template, Value, Values
from mltradeoff_lint.resolve.sites import Use, has_splat

REMOTE_SCHEMES = ("http", "s3", "gs", "azure", "hdfs", "dbfs", "sql", "table", "hub", "feature-store", "registry")


@dataclass(frozen=True, slots=True)
class Place:
    """What a location argument means: one dataset."""

    identity: str
    """Canonical: a URI, a path from the repository root, a hub or registry name; with `{holes}` when they are left."""
    label: str
    scheme: str
    pin: Pin
    provenance: str = "literal"
    is_known: bool = True
    is_home: bool = False
    is_convention: bool = False
    is_tracked: bool = False

    @property
    def is_remote(self) -> bool:
        """Whether it lies outside the repository and the machine."""
        return self.scheme in REMOTE_SCHEMES


class Places:
    """Turns location values into places, knowing what git, DVC and the catalogs of the repository hold."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._declared: dict[str, DatasetDeclaration] = {}
        self._folders: list[str] = []
        for one in work.resolver.program.declarations():
            if isinstance(one, DatasetDeclaration) and one.is_path and one.pin != "unknown":
                self._declared.setdefault(one.path.rstrip("/"), one)
            elif isinstance(one, Command) and one.cwd:
                self._folders.append(one.cwd)
        self._tracked_folders = {folder for path in work.repository.tracked for folder in _above(path)}

    def of(self, use: Use) -> tuple[Place, ...]:
        """The places a catalogued read or write means; one with `is_known` false when it did not resolve."""
        meaning = use.meaning
        label = posixpath.basename(meaning.path)
        fixed = meaning.literal("pin")
        if meaning.literal("scheme") == "loader" or (fixed and not meaning.selectors("location")):
            name = f"{meaning.path}()"
            return (Place(f"loader:{name}", name, "loader", Pin(fixed or "content-pinned", "it ships with the library")),)
        values = self._work.sites.setting(use, "location")
        builder = meaning.literal("builder")
        if builder and any(isinstance(v, Literal) and v.value in _words(builder) for v in values):
            values = _flat(self._work.sites.setting(use, "files"))
        places = [self._place(use, value) for value in _flat(values)]
        return tuple(dict.fromkeys(places)) or (self._lost(f"the argument of {label}"),)

    def _place(self, use: Use, value: Value) -> Place:
        if isinstance(value, Literal) and isinstance(value.value, str):
            return self._text(use, value.value, value.provenance, False)
        if isinstance(value, Template):
            return self._text(use, value.text, value.provenance, True)
        reason = value.reason if isinstance(value, Unknown) else "the location is no text"
        return self._lost(reason)

    def _lost(self, reason: str) -> Place:
        return Place("", "", "unknown", Pin("unknown", reason), is_known=False)

    def _text(self, use: Use, text: str, provenance: str, has_holes: bool) -> Place:
        scheme = use.meaning.literal("scheme", "file") or "file"
        if scheme == "sql":
            return self._query(text, provenance)
        if scheme in ("hub", "table", "registry", "feature-store"):
            if scheme == "hub" and self._is_local(use, text):
                return self._local(use, text, provenance, has_holes)
            return self._named(use, scheme, text, provenance, has_holes)
        written = pins.scheme_of(text)
        if written != "file":
            pin = self._versioned(use) or pins.remote_pin(text)
            if has_holes and pin.state in ("mutable-implicit", "mutable-explicit") and _hole_decides(text):
                pin = Pin("unknown", f"`{text}` has a part that did not resolve")
            return Place(text, _short(text), written, pin, provenance)
        if scheme in ("s3", "gs", "azure", "http"):
            pin = self._versioned(use) or pins.remote_pin(f"{scheme}://{text}")
            return Place(f"{scheme}://{text}", _short(text), scheme, pin, provenance, is_known=not has_holes)
        return self._local(use, text, provenance, has_holes)

    # -- names in a registry, and SQL

    def _named(self, use: Use, scheme: str, text: str, provenance: str, has_holes: bool) -> Place:
        pin = self._versioned(use)
        if pin is None:
            state = use.meaning.literal("pin") or use.meaning.literal("unversioned", "mutable-implicit")
            words = "no version is named" if state.startswith("mutable") else "the library's default names a version"
            fix = "pass the commit hash as `revision=`" if scheme == "hub" else "name the version"
            pin = Pin(state, words, fix)
        if has_holes:
            pin = Pin("unknown", f"`{text}` has a part that did not resolve")
        return Place(f"{scheme}:{text}", text, scheme, pin, provenance)

    def _versioned(self, use: Use) -> Pin | None:
        """The pin that a version argument gives; a variable one is configurable, which is no absence."""
        if not use.meaning.selectors("version"):
            return None
        values = self._work.sites.setting(use, "version")
        for value in values:
            if isinstance(value, Literal) and value.value not in (None, ""):
                return pins.revision_pin(str(value.value))
            if not isinstance(value, Literal):
                return Pin("unknown", "the version is configured elsewhere")
        facts = self._work.resolver.facts(use.ref.path)
        if not values and has_splat(facts, use.ref):
            return Pin("unknown", "the version may come with `**` arguments")
        return None

    def _query(self, text: str, provenance: str) -> Place:
        words = text.split()
        if len(words) == 1:
            return Place(f"table:{text}", text, "sql", Pin("mutable-implicit", "a table is read as it is now", _TABLE_FIX), provenance)
        from mltradeoff_lint.model.facts import Sql
        from mltradeoff_lint.readers import read_text

        content = read_text("sql", text, "query.sql").content
        statements = content.statements if isinstance(content, Sql) else ()
        tables = sorted({table.name for one in statements for table in one.tables if table.mode == "reads"})
        if not tables or any("{" in name for name in tables):
            return self._lost("a query whose tables did not resolve")
        if any(one.time_travel for one in statements):
            return Place(f"table:{tables[0]}", tables[0], "sql", Pin("pinned-expiring", "the query names a point in time"), provenance)
        if pins.is_dated(text):
            return Place(f"table:{tables[0]}", tables[0], "sql", Pin("partition-pinned", "the query names a date"), provenance)
        pin = Pin("mutable-implicit", "the query reads the table as it is now", _TABLE_FIX)
        return Place(f"table:{', '.join(tables)}", ", ".join(tables), "sql", pin, provenance)

    # -- paths

    def _is_local(self, use: Use, text: str) -> bool:
        if text.startswith((".", "/", "~")) or "\\" in text or text.count("/") > 1:
            return True
        return any(self._known(path) for path in pins.local_candidates(text, self._seen_from(use)))

    def _known(self, path: str) -> bool:
        return path in self._work.repository.present or path in self._tracked_folders or self._declaration(path) is not None

    def _seen_from(self, use: Use) -> tuple[str, ...]:
        project = self._work.resolver.program.modules.project_of(use.ref.path)
        return tuple(dict.fromkeys((posixpath.dirname(use.ref.path), project, "", *self._folders)))

    def _declaration(self, path: str) -> DatasetDeclaration | None:
        """The declaration of a path or of a folder above it."""
        for one in (path, *_above(path)):
            if one in self._declared:
                return self._declared[one]
        return None

    def _local(self, use: Use, text: str, provenance: str, has_holes: bool) -> Place:
        candidates = pins.local_candidates(text, self._seen_from(use))
        for path in candidates:
            declared = self._declaration(path)
            if declared is not None:
                return Place(path, path, "file", Pin(declared.pin, declared.how), provenance)
            if path in self._work.repository.tracked or path in self._tracked_folders:
                return Place(path, path, "file", Pin("content-pinned", "it is committed to git"), provenance, is_tracked=True)
        identity = candidates[0] if candidates else text
        if pins.has_hash(text):
            pin = Pin("content-pinned", "the name holds a content hash")
        elif pins.is_dated(text):
            pin = Pin("partition-pinned", "the path names a dated partition")
        elif has_holes:
            pin = Pin("unknown", f"`{text}` has a part that did not resolve")
        else:
            pin = Pin("mutable-implicit", "the file is not tracked by git, DVC or LFS", f"`dvc add {text}`, or commit it when it is small")
        return Place(
            identity, text, "file", pin, provenance, is_home=pins.is_home(text), is_convention=pins.is_competition_input(text)
        )


_TABLE_FIX = "read a snapshot table, or add a time-travel clause for the version that was evaluated"


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(","))


def _flat(values: Values) -> tuple[Value, ...]:
    """The single locations among values: lists and dicts of files are taken apart."""
    flat: list[Value] = []
    for value in values:
        if isinstance(value, Items):
            flat += [one for item in value.items for one in _flat(item)]
        elif isinstance(value, Mapping):
            flat += [one for _, item in value.entries for one in _flat(item)]
        elif isinstance(value, Library) and value.path.startswith(("builtins.open", "pathlib.Path().open", "io.")):
            flat.append(Unknown("an open file"))
        elif not (isinstance(value, Literal) and value.value is None):
            flat.append(value)
    return tuple(flat)


def _above(path: str) -> list[str]:
    folders = []
    folder = posixpath.dirname(path)
    while folder:
        folders.append(folder)
        folder = posixpath.dirname(folder)
    return folders


def _hole_decides(text: str) -> bool:
    """Whether an unresolved part could hold the version: a hole in the path, not only in the bucket."""
    return "{" in text.partition("://")[2].partition("/")[2] or text.partition("://")[2].startswith("{")


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:38]}...{text[-38:]}"
