"""What an entry of a data catalogue says of a place beside its location: the line, and whether its store is local."""

from __future__ import annotations

import re
from dataclasses import replace

from mltradeoff_lint.graph.nodes.places import Place, lost
from mltradeoff_lint.graph.nodes.queries import query_file_place
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.facts import Sql
from mltradeoff_lint.resolve.configuration.data_catalogue import CatalogueEntry, DataCatalogue
from mltradeoff_lint.resolve.domain import known_texts

_LOCAL = re.compile(
    r"\w+://(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|host\.docker\.internal|\[::1\])(?:[:/]|$)", re.IGNORECASE
)
"""Addresses of the machine that runs the code."""


def of_entry(catalogue: DataCatalogue, entry: CatalogueEntry, place: Place) -> Place:
    """A place with what its entry says of it beside the location."""
    if not place.is_known:
        return place
    is_local = any(_LOCAL.match(text) for text in known_texts(catalogue.endpoint(entry)))
    return replace(place, written_at=entry.declaration.site, is_local=is_local)


def asked(work: Workspace, place: Place) -> Place:
    """What a query reads that stands in a file; any place that is no such file as it is."""
    if not place.identity.endswith(".sql"):
        return place
    file = work.resolver.program.file(place.identity)
    content = file.content if file is not None else None
    if not isinstance(content, Sql):
        return lost("a query in a file that was not read")
    return query_file_place(content, place)
