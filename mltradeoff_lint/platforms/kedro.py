"""Kedro data catalogues: the datasets a project names, and which of them it versions."""

from __future__ import annotations

import re
from dataclasses import replace

from mltradeoff_lint.model.declarations import DatasetDeclaration, Declaration
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.source import Site

PLATFORM = "kedro"
_PATH = re.compile(r"(?P<project>(?:.*/)?)conf/(?:[^/]+/)+(?:catalog[^/]*|catalog/.+)\.ya?ml")
_FILES = (("filepath",), ("path",), ("dataset", "filepath"), ("dataset", "path"))
_TABLES = (("table_name",), ("table",))
_SPACES = (("project",), ("catalog",), ("dataset",), ("database",), ("schema",), ("load_args", "schema"))
"""What stands in front of the name of a table, outermost first."""
_IN_MEMORY = frozenset({"MemoryDataset", "MemoryDataSet", "SharedMemoryDataset", "SharedMemoryDataSet"})
_LIBRARY = "kedro_datasets."
"""Where Kedro looks for a type of two names, `langchain.ChatOpenAIDataset`."""
_QUERIES = re.compile(r"(?:Query|SQL)Data[Ss]et$")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file stands where Kedro looks for its catalogue: `conf/<environment>/catalog*`."""
    return isinstance(facts.content, Documents) and _PATH.fullmatch(path) is not None


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """A dataset an entry with a `type`; the job is its name in the catalogue. Paths are from the project's root.

    `versioned: true` makes Kedro load the newest version unless a run names one, so the pin is `run-bound`.
    """
    match = _PATH.fullmatch(facts.path)
    if not isinstance(facts.content, Documents) or match is None:
        return ()
    project = match["project"].rstrip("/")
    found: list[Declaration] = []
    for root in facts.content.roots:
        for name, _, entry in root.entries:
            if entry.text("type") and not name.startswith("_"):
                found.append(_dataset(facts.path, project, name, entry))
    return tuple(found)


def _dataset(path: str, project: str, name: str, entry: Entry) -> DatasetDeclaration:
    versioned = entry.is_true("versioned")
    how = f"versioned: true of {name}" if versioned else f"{name} in {path} is not versioned"
    pin = "run-bound" if versioned else "unknown"
    kind = (entry.text("type") or "").rpartition(".")[2]

    def made(written: str, site: Entry, holds: str, *, is_path: bool = False) -> DatasetDeclaration:
        return DatasetDeclaration(written, is_path, pin, how, Site(path, site.span), PLATFORM, job=name, holds=holds)

    if kind in _IN_MEMORY:
        return made(name, entry, "memory")
    query = _text(entry, ("sql",))
    if query is not None:
        return made(query.value, query, "query")
    for route in _FILES:
        place = _text(entry, route)
        if place is not None:
            is_written = not _is_open(place.value)
            inside = from_folder(project, place.value) if is_written else None
            is_query = bool(_QUERIES.search(kind)) and place.value.endswith(".sql")
            return made(inside or place.value, place, "query-file" if is_query else "", is_path=bool(inside))
    for route in _TABLES:
        table = _text(entry, route)
        if table is not None:
            spaces = (_text(entry, space) for space in _SPACES)
            return made(".".join([*(one.value for one in spaces if one is not None), table.value]), table, "table")
    url = _text(entry, ("url",))
    if url is not None:
        return made(url.value, url, "")
    return replace(made(name, entry, "elsewhere"), loads=_class(entry.text("type") or ""))


def _class(written: str) -> str:
    """The full name of a type: one of two names is a data set of `kedro-datasets`."""
    return _LIBRARY + written if written.count(".") == 1 and not written.startswith(_LIBRARY) else written


def _is_open(written: str) -> bool:
    """Whether a text has parts that are filled when the catalogue is loaded: references, or fields of a factory."""
    return "{" in written


def _text(entry: Entry, route: tuple[str, ...]) -> Entry | None:
    found = entry.get(*route)
    return found if found is not None and found.kind == "str" and found.value else None
