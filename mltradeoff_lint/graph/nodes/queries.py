"""The tables that a query reads, and whether it asks for a fixed state of them."""

from __future__ import annotations

import re

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.nodes.places import Place, lost, short
from mltradeoff_lint.model.facts import Sql, Statement
from mltradeoff_lint.readers import read_text

FIX = "read a snapshot table, or add a time-travel clause"
_HOLE = re.compile(r"\{([^{}]*)\}")
_MARK = "hole_of_the_query"
_MOVING = re.compile(
    r"current_?(?:date|timestamp|time)|\bnow\s*\(|getdate|sysdate|\binterval\b|date_sub|dateadd", re.IGNORECASE
)
_UNQUOTED = str.maketrans("`[]", "   ")
"""Takes the marks off quoted names, which would hide a date at their end; `"` stands around texts as well."""
_FILE_READERS = ("duckdb.",)
_FILE = re.compile(r"\.(?:csv|parquet|json|jsonl|arrow|feather)(?:\.gz)?$|[*/]")


def query_place(text: str, provenance: str, made_here: frozenset[str]) -> Place:
    """The place a query reads; `made_here` are the names of variables and views that code of the repository makes.

    A hole for a date names a partition; any other hole may hold the version, so that nothing can be said.
    """
    if len(text.split()) == 1:
        return table_place(text, provenance, made_here)
    content = read_text("sql", _HOLE.sub(_MARK, text), "query.sql").content
    statements = content.statements if isinstance(content, Sql) else ()
    return _place(statements, _query_pin(text, statements), provenance, text, made_here)


def queried_file(text: str, library: str) -> str:
    """The only file that a query reads, in a database that reads files named in its queries; empty for others."""
    if not library.startswith(_FILE_READERS):
        return ""
    content = read_text("sql", _HOLE.sub(_MARK, text), "query.sql").content
    statements = content.statements if isinstance(content, Sql) else ()
    names = {table.name for one in statements for table in one.tables}
    name = names.pop() if len(names) == 1 else ""
    return name if _FILE.search(name) and _MARK not in name else ""


def query_file_place(content: Sql, file: Place) -> Place:
    """The place that the query in a file of the repository reads.

    Its text is not at hand, and may name a date: only a point in time that a clause names is told.
    """
    pin = _query_pin("", content.statements)
    if pin.state.startswith("mutable"):
        pin = Pin("unknown", "what the query asks for stands in its file")
    return _place(content.statements, pin, file.provenance, file.text, frozenset())


def _place(statements: tuple[Statement, ...], pin: Pin, provenance: str, text: str, made_here: frozenset[str]) -> Place:
    tables = sorted({table.name for one in statements for table in one.tables if table.mode == "reads"})
    if not tables or any(_MARK in name or "{" in name for name in tables):
        return lost("a query whose tables did not resolve")
    if any(name.lower() in made_here for name in tables):
        return lost("a query of what the code made before")
    if any(_FILE.search(name) for name in tables):
        return lost("a query of files")
    label = ", ".join(tables)
    return Place(f"table:{label}", short(label), "sql", pin, provenance, text)


def _query_pin(text: str, statements: tuple[Statement, ...]) -> Pin:
    travel = " ".join(one.time_travel for one in statements if one.time_travel)
    if travel and not _MOVING.search(travel):
        return Pin("pinned-expiring", "the query names a point in time")
    if not travel and _is_dated(text, statements):
        return Pin("partition-pinned", "the query names a date")
    if pins.has_version_hole(text):
        return Pin("run-bound", "the version in the query comes from the run")
    if _HOLE.search(text):
        return Pin("unknown", "a part of the query is not known")
    words = (
        "the point in time that the query names moves with the clock"
        if travel
        else "the query reads the table as it is now"
    )
    return Pin("mutable-implicit", words, FIX)


def _is_dated(text: str, statements: tuple[Statement, ...]) -> bool:
    """Whether a query names a date that holds for all that it reads: not one in the name of one table of several."""
    plain = text.translate(_UNQUOTED)
    if not pins.is_dated(plain):
        return False
    names = {table.name for one in statements for table in one.tables if table.mode == "reads"}
    if all(not table_place(name, "").pin.state.startswith("mutable") for name in names):
        return True
    for name in names:
        plain = re.sub(rf"\b{re.escape(name.rpartition('.')[2])}(?!\w)", " ", plain)
    return pins.is_dated(plain)


def table_place(text: str, provenance: str, made_here: frozenset[str] = frozenset()) -> Place:
    """The place of a table that is named by itself."""
    written, text = text, text.replace("`", "")
    if text.lower() in made_here:
        return lost("a table that the code made before")
    if "{" in text:
        known = pins.is_dated(text) or pins.has_version_hole(text)
        pin = (
            Pin("partition-pinned", "the table names a dated partition")
            if known
            else Pin("unknown", "a part of the table's name is not known")
        )
        return Place(f"table:{text}", short(text), "table", pin, provenance, written)
    if pins.is_dated(text) or re.search(r"[$_@](?:19|20)\d{6}$|@\d{10,}$", text):
        pin = Pin("partition-pinned", "the table names a date")
    elif re.search(r"(?:^|[._])v\d+$|@v?\d+$", text):
        pin = Pin("version-pinned", "the table names a version")
    else:
        pin = Pin("mutable-implicit", "a table is read as it is now", FIX)
    return Place(f"table:{text}", short(text), "table", pin, provenance, written)
