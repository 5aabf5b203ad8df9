"""Entries of a data catalogue by name, with what their references and the fields of a dataset factory stand for.

Kedro loads `conf/base` and the environment of the run over it: an entry of another environment may replace one of the
base, so all of them count. References are those of its OmegaConf loader and of the templated loader before it:
`${globals:bucket}`, `${_template}`, `${runtime_params:day}`, `${bucket}`
(https://docs.kedro.org/en/stable/configuration/advanced_configuration.html). An entry whose name has fields,
`"{region}_orders"`, is a factory for every name that fits it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.declarations import DatasetDeclaration
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.repository_path import folders_above
from mltradeoff_lint.resolve.configuration.config_documents import document
from mltradeoff_lint.resolve.domain import Hole, Literal, Mapping, Template, Value, Values, known_texts, union
from mltradeoff_lint.resolve.environment.environment import environment_value
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.strings import concatenate

MAX_HOPS = 8
"""References that lead to references further than this stay holes."""

_CONF = "conf/"
_PLATFORM = "kedro"
_REFERENCE = re.compile(r"\$\{([^${}]{1,300})\}")
_FIELD = re.compile(r"(?<!\$)\{([A-Za-z_]\w*)\}")
_CREDENTIALS = ("credentials.yml", "credentials.yaml")
_CLIENTS = (("fs_args", "client_kwargs"), ("fs_args",), ("credentials", "client_kwargs"))
"""Where an entry says how the store is reached that it lies in."""
_GLOBALS = ("globals.yml", "globals.yaml")


class CatalogueEntry(NamedTuple):
    """What an entry declares, and the values of its location; a path is from the root of the repository's project."""

    declaration: DatasetDeclaration
    location: Values
    project: str
    """The folder that its paths are relative to."""


class DataCatalogue:
    """Finds the entries that a name means in the project a file stands in."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._exact: dict[tuple[str, str], list[DatasetDeclaration]] = {}
        self._factories: dict[str, list[DatasetDeclaration]] = {}
        self._files: dict[str, dict[str, None]] = {}
        for one in resolver.program.declarations():
            if isinstance(one, DatasetDeclaration) and one.platform == _PLATFORM and _is_used(one.site.path):
                project = _project(one.site.path)
                self._files.setdefault(project, {})[one.site.path] = None
                if _FIELD.search(one.job):
                    self._factories.setdefault(project, []).append(one)
                else:
                    self._exact.setdefault((project, one.job), []).append(one)

    @property
    def declared(self) -> tuple[DatasetDeclaration, ...]:
        """All entries, exact ones first."""
        return tuple(one for several in (*self._exact.values(), *self._factories.values()) for one in several)

    def entries(self, name: str, seen_from: str) -> tuple[CatalogueEntry, ...]:
        """The entries of a name in the nearest project around a file, one an environment; none when it has none."""
        for project in sorted({"", *folders_above(seen_from)}, key=len, reverse=True):
            found = self._exact.get((project, name), [])
            if found:
                return tuple(dict.fromkeys(self._entry(one, project, {}) for one in found))
            factory = self._factory(name, project)
            if factory is not None:
                return (self._entry(factory[0], project, factory[1]),)
        return ()

    def entry_at(self, entry: CatalogueEntry, *route: str) -> Entry | None:
        """What stands under some keys of an entry; None when nothing does."""
        roots = self._resolver.program.roots(entry.declaration.site.path)
        return next((one for root in roots if (one := root.get(entry.declaration.job, *route)) is not None), None)

    def text(self, entry: CatalogueEntry, *route: str) -> Values:
        """The values of a text under some keys of an entry, its references filled; empty when there is none."""
        found = self.entry_at(entry, *route)
        written = found.text() if found is not None else None
        return () if written is None else self._again(written, entry.project, entry.declaration.site.path, 0)

    def endpoint(self, entry: CatalogueEntry) -> Values:
        """The address of the store an entry goes to, where it or its credentials name one."""
        found = [self.text(entry, *route, "endpoint_url") for route in _CLIENTS]
        for root, path in self.credentials(entry):
            written = (root.text("client_kwargs", "endpoint_url"), root.text("endpoint_url"))
            found += [self._again(one, entry.project, path, 0) for one in written if one is not None]
        return union(*found)

    def credentials(self, entry: CatalogueEntry) -> Iterator[tuple[Entry, str]]:
        """What the files of credentials hold under the name that an entry gives, each with its file."""
        name = self.entry_at(entry, "credentials")
        if name is None or name.kind != "str":
            return
        program = self._resolver.program
        for path in (one for tail in _CREDENTIALS for one in program.documents_ending(tail, entry.project)):
            for root in program.roots(path):
                found = root.get(name.value)
                if found is not None:
                    yield found, path

    def _factory(self, name: str, project: str) -> tuple[DatasetDeclaration, dict[str, str]] | None:
        """The factory a name fits, with its fields: the one with most text of its own, as Kedro chooses."""
        for one in sorted(self._factories.get(project, ()), key=_specificity):
            match = _pattern(one.job).fullmatch(name)
            if match is not None:
                return one, match.groupdict()
        return None

    def _entry(self, declared: DatasetDeclaration, project: str, fields: dict[str, str]) -> CatalogueEntry:
        written = _FIELD.sub(lambda match: fields.get(match[1], match[0]), declared.path)
        if not _REFERENCE.search(written):
            return CatalogueEntry(declared, (_with_holes(written),), project)
        return CatalogueEntry(declared, self._filled(written, project, declared.site.path, 0), project)

    # -- references

    def _filled(self, text: str, project: str, path: str, hops: int) -> Values:
        pieces: list[tuple[Values, str]] = []
        end = 0
        for reference in _REFERENCE.finditer(text):
            name = reference[1].strip()
            pieces.append(((Literal(text[end : reference.start()], "configured"),), ""))
            pieces.append((self._referred(name, project, path, hops), name))
            end = reference.end()
        pieces.append(((Literal(text[end:], "configured"),), ""))
        return concatenate(pieces)

    def _referred(self, reference: str, project: str, path: str, hops: int) -> Values:
        """What a reference stands for; a hole named for it when nothing says."""
        kind, colon, rest = reference.partition(":") if ":" in reference.partition(",")[0] else ("", "", reference)
        name, comma, default = (part.strip() for part in rest.partition("," if colon else "|"))
        fallback: Values = (Literal(default.strip("'\""), "default"),) if comma else ()
        if kind in ("oc.env", "env"):
            return environment_value(self._resolver, name, fallback, path)
        if kind == "runtime_params":
            return fallback or (Template((Hole(f"option:{name}"),), "configured"),)
        found: list[Values] = []
        if not kind:
            found += [held for one in self._files.get(project, ()) if (held := self._at(one, name)) is not None]
        if not found and kind in ("", "globals"):
            found += [held for one in self._globals(project) if (held := self._at(one, name)) is not None]
        values = union(*(self._again(text, project, path, hops) for one in found for text in _texts(one)))
        return values or fallback or (Template((Hole(name),), "configured"),)

    def _again(self, text: str, project: str, path: str, hops: int) -> Values:
        if not _REFERENCE.search(text):
            return (Literal(text, "configured"),)
        return self._filled(text, project, path, hops + 1) if hops < MAX_HOPS else ()

    def _globals(self, project: str) -> Iterator[str]:
        inside = f"{project}/{_CONF}" if project else _CONF
        for tail in _GLOBALS:
            for path in self._resolver.program.documents_ending(tail, project):
                if path.startswith(inside) and _is_used(path):
                    yield path

    def _at(self, path: str, name: str) -> Values | None:
        """What stands under a dotted name in a configuration file; None when nothing does."""
        roots = self._resolver.program.roots(path)
        if not roots:
            return None
        values: Values = document(roots[0], "configured")
        for step in name.split("."):
            held = [found for one in values if isinstance(one, Mapping) and (found := one.get(step)) is not None]
            if not held:
                return None
            values = union(*held)
        return values


def _project(path: str) -> str:
    return path[: path.rfind(_CONF)].rstrip("/")


def _is_used(path: str) -> bool:
    """Whether a file of a configuration is no environment for tests."""
    return not is_test(path[path.rfind(_CONF) :])


def _texts(values: Values) -> tuple[str, ...]:
    numbers = (str(one.value) for one in values if isinstance(one, Literal) and type(one.value) in (int, float))
    return (*known_texts(values), *numbers)


def catalogue_of(resolver: Resolver) -> DataCatalogue:
    """The data catalogues of a repository, read once."""
    return resolver.program.ask("data-catalogue", "", lambda: DataCatalogue(resolver), lambda one: one.declared)


def stored_name(name: str) -> str:
    """The name under which data is kept that steps read and write in several ways: `table` of `table@spark`."""
    return name.partition("@")[0]


def _specificity(one: DatasetDeclaration) -> tuple[int, int, str]:
    """Kedro's order of factories: most characters outside fields, then most fields, then by name."""
    fields = _FIELD.findall(one.job)
    return -len(_FIELD.sub("", one.job)), -len(fields), one.job


def _pattern(name: str) -> re.Pattern[str]:
    """The names that fit a factory; a field that stands twice must be the same twice."""
    pieces: list[str] = []
    end, seen = 0, set[str]()
    for field in _FIELD.finditer(name):
        pieces.append(re.escape(name[end : field.start()]))
        pieces.append(f"(?P={field[1]})" if field[1] in seen else f"(?P<{field[1]}>.+?)")
        seen.add(field[1])
        end = field.end()
    return re.compile("".join([*pieces, re.escape(name[end:])]))


def _with_holes(text: str) -> Value:
    """A text as a value; a field that nothing fills stays open."""
    parts: list[str | Hole] = []
    end = 0
    for field in _FIELD.finditer(text):
        parts += [text[end : field.start()], Hole(field[1])]
        end = field.end()
    if not parts:
        return Literal(text, "configured")
    return Template(tuple(part for part in (*parts, text[end:]) if part), "configured")
