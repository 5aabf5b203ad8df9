"""Helm values: images and variables, only where their shape leaves no doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Declaration, Image, Unit
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.environment import bindings
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.source import Site

PLATFORM = "helm"
_NAME = re.compile(r"(?:.*[-_.])?values(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_ENVIRONMENTS = ("env", "extraenv", "extraenvvars", "envvars", "environment")


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file is named as the values of a chart are."""
    return isinstance(facts.content, Documents) and _NAME.fullmatch(path.rsplit("/", 1)[-1]) is not None


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """Images given as `repository` and `tag`, and variables under `env` and its kin; the job is the key path."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        for route, entry in root.walk():
            if entry.kind == "map" and entry.text("repository") and entry.get("tag") is not None:
                name = _image(entry)
                job = ".".join(part for part in route if part != "image") or facts.path
                found.append(Image(name, job, Site(facts.path, entry.span), PLATFORM))
            elif route and route[-1].lower() in _ENVIRONMENTS:
                found += bindings(entry, facts.path, PLATFORM, "default")
            if entry.kind == "map":
                found += _units(facts.path, route, entry)
    return tuple(found)


def _units(path: str, route: tuple[str, ...], entry: Entry) -> Iterator[Unit]:
    """The workload whose variables stand in a map of values, with its image when that stands beside them."""
    environment = [
        one
        for key, _, child in entry.entries
        if key.lower() in _ENVIRONMENTS
        for one in bindings(child, path, PLATFORM, "default")
    ]
    if environment:
        image = entry.get("image")
        name = ".".join(route) or path
        written = "" if image is None else _image(image) if image.kind == "map" else image.value
        yield Unit(name, Site(path, entry.span), PLATFORM, environment=tuple(environment), image=written)


def _image(entry: Entry) -> str:
    registry, repository, tag = entry.text("registry"), entry.text("repository") or "", entry.text("tag")
    name = f"{registry}/{repository}" if registry else repository
    digest = entry.text("digest")
    return f"{name}@{digest}" if digest else f"{name}:{tag}" if tag else name
