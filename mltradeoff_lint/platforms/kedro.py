"""Kedro data catalogues: the datasets a project names, and which of them it versions."""

from __future__ import annotations

import re

from mltradeoff_lint.model.declarations import DatasetDeclaration, Declaration
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.source import Site

PLATFORM = "kedro"
_PATH = re.compile(r"(?P<project>(?:.*/)?)conf/(?:[^/]+/)+(?:catalog[^/]*|catalog/.+)\.ya?ml")
_FILES = (("filepath",), ("path",), ("dataset", "filepath"), ("dataset", "path"))
_NAMES = (("table_name",), ("table",), ("url",))


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
    for route in _FILES + _NAMES:
        place = entry.get(*route)
        if place is None or place.kind != "str":
            continue
        inside = from_folder(project, place.value) if route in _FILES and "${" not in place.value else None
        site = Site(path, place.span)
        return DatasetDeclaration(inside or place.value, bool(inside), pin, how, site, PLATFORM, job=name)
    return DatasetDeclaration(name, False, pin, how, Site(path, entry.span), PLATFORM, job=name)
