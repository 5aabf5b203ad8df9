"""Backstage catalogue files: who owns the component whose folder the file stands in."""

from __future__ import annotations

from mltradeoff_lint.model.declarations import Declaration, OwnerDeclaration
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.source import Site

PLATFORM = "backstage"


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document has an `apiVersion` of Backstage."""
    return isinstance(facts.content, Documents) and any(
        (root.text("apiVersion") or "").startswith("backstage.io/") for root in facts.content.roots
    )


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """An owner an entity; it holds for the folder of the file, hence strength `directory`."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        owner = root.get("spec", "owner")
        if owner is None or not owner.value or "${" in owner.value:
            continue
        if not (root.text("apiVersion") or "").startswith("backstage.io/"):
            continue
        subject = root.text("metadata", "name") or facts.path
        found.append(OwnerDeclaration(owner.value, subject, Site(facts.path, owner.span), PLATFORM, "directory"))
    return tuple(found)
