"""The tables that `dbt.ref` and `dbt.source` of a Python model mean, by what the project declares and holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.nodes.places import Place, lost
from mltradeoff_lint.graph.nodes.queries import table_place
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.declarations import DatasetDeclaration
from mltradeoff_lint.model.facts import Sql
from mltradeoff_lint.model.repository_path import folder_of, folders_above
from mltradeoff_lint.model.source import Site

DBT = "dbt"
"""The scheme of a read by the name of a model, or of a source and its table."""

_PROJECT_FILES = ("dbt_project.yml", "dbt_project.yaml")
_MODELS = (".sql", ".py")
_TABLES = ("table", "sql")
"""Schemes of a table that is named, or the only one that a query reads."""


class DbtRelations:
    """Finds what the names of a dbt project stand for, in the nearest project around a file."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        program = work.resolver.program
        self._projects = frozenset(
            folder_of(path) for name in _PROJECT_FILES for path in program.documents_ending(name, "")
        )
        self._sources: dict[tuple[str, str], DatasetDeclaration] = {}
        self._models: dict[tuple[str, str], str] = {}
        self._by_name: dict[str, list[str]] = {}
        if self._projects:
            self._index()

    def _index(self) -> None:
        for one in self._work.resolver.program.declarations():
            if isinstance(one, DatasetDeclaration) and one.platform == DBT and one.mode == "reads":
                self._sources.setdefault((self._project(one.site.path) or "", one.job), one)
        for path in sorted(self._work.repository.present):
            name, ending = posixpath.splitext(posixpath.basename(path))
            project = self._project(path) if ending in _MODELS else None
            if project is not None:
                self._models.setdefault((project, name), path)
                self._by_name.setdefault(name.lower(), []).append(path)

    def _project(self, path: str) -> str | None:
        return next((folder for folder in (*folders_above(path), "") if folder in self._projects), None)

    def sources(self, place: Place, seen_from: str) -> Iterator[tuple[Place, Site]]:
        """What the SQL of a model that a place stands for reads, with the line that says so."""
        path = self.model(place, seen_from)
        file = self._work.resolver.program.file(path) if path is not None else None
        if path is None or file is None or not isinstance(file.content, Sql):
            return
        for table in (table for one in file.content.statements for table in one.tables):
            if table.mode != "reads" or "{" in table.name:
                continue
            kind, colon, name = table.name.partition(":")
            name = name.rpartition(".")[2] if kind == "ref" else name.replace(".", "/", 1)
            source = self.place(name, "literal", path) if colon else table_place(table.name, "literal")
            if source.is_known:
                yield source, Site(path, table.span)

    def model(self, place: Place, seen_from: str) -> str | None:
        """The file of the model that builds the table of a place: of its own project, else the only one of its name.

        Code outside of dbt reads what dbt builds by the name of the model, below any schema.
        """
        if place.scheme not in _TABLES:
            return None
        project = self._project(seen_from)
        own = self._models.get((project, place.text)) if project is not None else None
        table = place.identity.removeprefix("table:").lower()
        is_source = any(one.path.lower() == table for one in self._sources.values())
        found = [] if is_source else self._by_name.get(table.rpartition(".")[2], [])
        return own or (found[0] if len(found) == 1 else None)

    def place(self, text: str, provenance: str, seen_from: str) -> Place:
        """The table of a model, built by the project itself, or of `source/table` under the name it has outside."""
        project = self._project(seen_from)
        source, slash, table = text.partition("/")
        if project is None:
            return lost("a dbt model outside of a dbt project")
        if slash:
            declared = self._sources.get((project, f"{source}.{table}"))
            is_told = declared is not None and "{{" not in declared.path
            return table_place(declared.path, "configured") if declared and is_told else lost("a dbt source")
        if (project, text) not in self._models:
            return lost("a dbt model that the project does not hold")
        how = f"dbt builds it from {self._models[(project, text)]}"
        return replace(table_place(text, provenance), pin=Pin("generated", how))
