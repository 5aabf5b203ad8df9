"""dbt property files: the sources and models of a warehouse, and whom exposures and groups name as owners."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import DatasetDeclaration, Declaration, OwnerDeclaration
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.source import Site

PLATFORM = "dbt"
_SECTIONS = ("sources", "models", "exposures", "groups")
_OWNERS = (("owner",), ("meta", "owner"), ("config", "meta", "owner"), ("config", "owner"))


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document is a dbt property file: named entries in lists under sources, models, exposures or groups."""
    if not isinstance(facts.content, Documents) or not path.endswith((".yml", ".yaml")):
        return False
    return any(_is_properties(root) for root in facts.content.roots)


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """Tables of sources, models, and owners; names are `database.schema.table` as far as they are written."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        if not _is_properties(root):
            continue
        for source in _named(root, "sources"):
            found += _source(facts.path, source)
        for model in _named(root, "models"):
            name = model.text("name") or ""
            how, site = f"model of {facts.path}", Site(facts.path, model.span)
            found.append(DatasetDeclaration(name, False, "generated", how, site, PLATFORM, "writes", name))
            found += _owner(facts.path, name, model)
        for section in ("exposures", "groups"):
            for entry in _named(root, section):
                found += _owner(facts.path, entry.text("name") or "", entry)
    return tuple(found)


def _is_properties(root: Entry) -> bool:
    if root.text("version") not in ("2", None) or root.get("apiVersion") is not None:
        return False
    if root.text("version") is None:
        return any(source.get("tables") is not None for source in _named(root, "sources"))
    return any(next(_named(root, section), None) is not None for section in _SECTIONS)


def _named(root: Entry, section: str) -> Iterator[Entry]:
    listed = root.get(section)
    for item in listed.items if listed is not None else ():
        if item.kind == "map" and item.text("name"):
            yield item


def _source(path: str, source: Entry) -> Iterator[Declaration]:
    name = source.text("name") or ""
    yield from _owner(path, name, source)
    spaces = [part for part in (source.text("database"), source.text("schema") or name) if part]
    for table in _named(source, "tables"):
        own = table.text("name") or ""
        full = ".".join([*(part for part in spaces if "${" not in part), table.text("identifier") or own])
        how, site = f"source {name}.{own} of {path}", Site(path, table.span)
        yield DatasetDeclaration(full, False, "unknown", how, site, PLATFORM, "reads", f"{name}.{own}")
        yield from _owner(path, f"{name}.{own}", table)


def _owner(path: str, subject: str, entry: Entry) -> Iterator[OwnerDeclaration]:
    for route in _OWNERS:
        owner = entry.get(*route)
        if owner is None:
            continue
        named = owner if owner.kind != "map" else (owner.get("name") or owner.get("email"))
        if named is not None and named.kind == "str" and named.value:
            yield OwnerDeclaration(named.value, subject, Site(path, named.span), PLATFORM)
            return
