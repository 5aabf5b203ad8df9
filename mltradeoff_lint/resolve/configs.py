"""Values of configuration files: what `yaml.safe_load(open(path))` and its kin give."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    Hole,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import pick

FORMATS = frozenset({"yaml", "json", "toml", "ini"})
"""Formats whose files are read as documents."""

MAX_ENTRIES = 3000
MAX_DEPTH = 24
MAX_INTERPOLATION = 8

_EXAMPLE = re.compile(r"(?:^|[._/-])(?:example|sample|template|dist)(?:[._/-]|$)", re.IGNORECASE)
_REFERENCE = re.compile(r"\$\{(?:oc\.env:|env:)?([\w.:-]+)\}")
_OPENERS = ("builtins.open()", "pathlib.Path().open()", "io.open()", "codecs.open()")


class Configs:
    """Finds the file a parser reads and gives its content as values."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def parsed(self, value: Library, site: CallRef, frame: Frame | None) -> Values | None:
        """What a call of a configuration parser gives; None when the call is no such parser or no file is found."""
        for meaning in self._resolver.program.meanings("calls", value.path):
            if (
                meaning.kind == "dataset-read"
                and meaning.literal("holds") == "config"
                and meaning.literal("format") in FORMATS
            ):
                found = [
                    content
                    for name in self._names(meaning, site, frame)
                    if (content := self.content(site.path, name, "omegaconf" in value.path)) is not None
                ]
                return union(*found) if found else None
        return None

    def _names(self, meaning: Meaning, site: CallRef, frame: Frame | None) -> Iterator[str]:
        """The file names among the values of the location: texts, and the names of opened handles."""
        facts = self._resolver.facts(site.path)
        for selector in meaning.selectors("location"):
            expr = pick(facts, site, selector)
            if expr >= 0:
                for value in self._resolver.values(site.path, expr, frame):
                    yield from self._name(value)

    def _name(self, value: Value) -> Iterator[str]:
        if isinstance(value, Literal) and isinstance(value.value, str):
            yield value.value
        elif isinstance(value, Template):
            yield value.text
        elif isinstance(value, Library) and value.made and value.path.startswith(_OPENERS):
            made = value.made[-1]
            call = self._resolver.call(made.call)
            function = self._resolver.facts(made.call.path).exprs[call.function]
            of_path = value.path.startswith("pathlib.") and function[0] == "attr"
            exprs = (function[1],) if of_path else call.arguments[:1]
            for expr in exprs:
                for inner in self._resolver.values(made.call.path, expr, made.frame):
                    if not isinstance(inner, Library):
                        yield from self._name(inner)

    def content(self, importer: str, name: str, interpolated: bool = False) -> Values | None:
        """The content of a configuration file named in a module; None when it is not in the repository."""
        for path in self._candidates(importer, name):
            file = self._resolver.program.file(path)
            if file is not None and isinstance(file.content, Documents) and file.content.roots:
                provenance = "example" if _EXAMPLE.search(posixpath.basename(path)) else "configured"
                return _Converter(self._resolver, file.content.roots[0], provenance, interpolated).root()
        return None

    def _candidates(self, importer: str, name: str) -> Iterator[str]:
        """Where a relative name may lie: beside the module, in a folder above it, or at the only place its end fits."""
        tail = name.rpartition("}")[2].lstrip("/")
        if tail == name and not posixpath.isabs(name):
            folder = posixpath.dirname(importer)
            while True:
                yield posixpath.normpath(posixpath.join(folder, name))
                if not folder:
                    break
                folder = posixpath.dirname(folder)
        if tail and "/" not in tail.strip("/") and tail == name:
            return
        project = self._resolver.program.modules.project_of(importer)
        fitting = self._resolver.program.documents_ending(tail.removeprefix("./"), project) if tail else ()
        if len(fitting) == 1:
            yield fitting[0]


class _Converter:
    """Turns one document into values, within a budget, with `${...}` references when the parser knows them."""

    def __init__(self, resolver: Resolver, root: Entry, provenance: str, interpolated: bool) -> None:
        self._resolver = resolver
        self._root = root
        self._provenance = provenance
        self._interpolated = interpolated
        self._left = MAX_ENTRIES

    def root(self) -> Values:
        return self._entry(self._root, 0, 0)

    def _entry(self, entry: Entry, depth: int, references: int) -> Values:
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            return unknown("a configuration file that is too large")
        if entry.kind == "map":
            pairs = tuple((name, self._entry(child, depth + 1, references)) for name, _, child in entry.entries)
            return (Mapping(pairs),)
        if entry.kind == "seq":
            return (Items(tuple(self._entry(child, depth + 1, references) for child in entry.items)),)
        return self._scalar(entry, references)

    def _scalar(self, entry: Entry, references: int) -> Values:
        text = entry.value
        if entry.kind == "null":
            return (Literal(None),)
        if entry.kind == "bool":
            return (Literal(text.lower() in ("true", "yes", "on"), self._provenance),)
        if entry.kind in ("int", "float"):
            try:
                return (Literal(int(text, 0) if entry.kind == "int" else float(text), self._provenance),)
            except ValueError:
                return (Literal(text, self._provenance),)
        if self._interpolated and "${" in text:
            return self._referred(text, references)
        return (Literal(text, self._provenance),)

    def _referred(self, text: str, references: int) -> Values:
        """A text with `${a.b}` references; one that leads back to itself stays a hole."""
        whole = _REFERENCE.fullmatch(text)
        if references >= MAX_INTERPOLATION:
            return (Template((Hole(text),), self._provenance),)
        if whole is not None:
            found = self._root.get(*whole[1].split("."))
            return (
                self._entry(found, 0, references + 1)
                if found is not None
                else (Template((Hole(whole[1]),), self._provenance),)
            )
        parts: list[str | Hole] = []
        end = 0
        for reference in _REFERENCE.finditer(text):
            parts.append(text[end : reference.start()])
            end = reference.end()
            target = self._root.get(*reference[1].split("."))
            values = self._entry(target, 0, references + 1) if target is not None else ()
            literal = values[0] if len(values) == 1 and isinstance(values[0], Literal) else None
            parts.append(str(literal.value) if literal is not None else Hole(reference[1]))
        parts.append(text[end:])
        if all(isinstance(part, str) for part in parts):
            return (Literal("".join(map(str, parts)), self._provenance),)
        return (Template(tuple(part for part in parts if part != ""), self._provenance),)
