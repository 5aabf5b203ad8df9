"""feature_store.yaml: where a Feast repository keeps the definitions that serving reads."""

from __future__ import annotations

from mltradeoff_lint.model.declarations import DatasetDeclaration, Declaration
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site

PLATFORM = "feast"


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file is a feature_store.yaml."""
    return isinstance(facts.content, Documents) and path.rsplit("/", 1)[-1] in (
        "feature_store.yaml",
        "feature_store.yml",
    )


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The registry: rewritten by every `feast apply`, so it moves by design."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        registry = root.get("registry")
        place = registry if registry is None or registry.kind != "map" else registry.get("path")
        if place is None or place.kind != "str":
            continue
        inside = from_folder(folder_of(facts.path), place.value)
        found.append(
            DatasetDeclaration(
                inside or place.value,
                inside is not None,
                "mutable-by-design",
                "registry of feature_store.yaml",
                Site(facts.path, place.span),
                PLATFORM,
                job=root.text("project") or "",
            )
        )
    return tuple(found)
