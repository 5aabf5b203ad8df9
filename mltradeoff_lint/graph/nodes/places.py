"""What a location means: the dataset it names, and how firmly that is fixed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef, Hole, Template, Value
from mltradeoff_lint.resolve.values.brought import ARTIFACT, is_source
from mltradeoff_lint.resolve.values.strings import REPOSITORY

_WRITTEN = re.compile(r"[^\W_]")
_HOLE = re.compile(r"\{([^{}]*)\}")

REMOTE_SCHEMES = frozenset(
    {
        "http",
        "s3",
        "gs",
        "azure",
        "hdfs",
        "dbfs",
        "oss",
        "cos",
        "lakefs",
        "sql",
        "table",
        "hub",
        "feature-store",
        "registry",
        "market",
    }
)


class Maker(NamedTuple):
    """The expression that puts a location together, as one read or write comes to it."""

    path: str
    expr: int
    calls: tuple[CallRef, ...]
    """The calls in which it is evaluated, the innermost first, as far as they are told."""
    way: tuple[CallRef, ...]
    """The read or write, then the calls around it that pass it the location."""
    entered: tuple[FunctionRef, ...]
    """The functions that return the location on the way to the expression, which is in the last of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a location argument means: one dataset."""

    identity: str
    """Canonical: a URI, a path from the repository root, a hub or registry name; with `{holes}` when they are left."""
    label: str
    scheme: str
    pin: Pin
    provenance: str = "literal"
    text: str = ""
    """The location as it is written."""
    candidates: tuple[str, ...] = ()
    """The repository paths that a local one may mean."""
    is_known: bool = True
    is_home: bool = False
    is_convention: bool = False
    is_tracked: bool = False
    is_local: bool = False
    """Whether the store at the address is one of the machine that runs the code."""
    written_at: Site | None = None
    """Where a configuration writes it down; None when the code does."""
    maker: Maker | None = None
    """Of one with open parts, what makes it where it is read; None where that is not asked or more than one may."""

    @property
    def is_remote(self) -> bool:
        """Whether it lies outside the repository and the machine."""
        return self.scheme in REMOTE_SCHEMES and not self.is_local

    @property
    def is_whole(self) -> bool:
        """Whether no part of the identity is left open, so that equal identities are one dataset."""
        return self.is_known and "{" not in self.identity and "*" not in self.identity


def lost(reason: str) -> Place:
    """A location that nobody could tell."""
    return Place("", "", "unknown", Pin("unknown", reason), is_known=False)


def reason_of_hole(value: Value) -> str:
    """Why a text of which no letter is written names no place; empty for any other, and for a variable by its name."""
    if not isinstance(value, Template) or any(isinstance(part, str) and _WRITTEN.search(part) for part in value.parts):
        return ""
    names = [part.name for part in value.parts if isinstance(part, Hole)]
    if any(name.startswith(("env:", "config:")) for name in names):
        return ""
    source = next((name for name in names if is_source(name)), "")
    return brought_by(source) if source else "a location with no known part"


def brought_by(source: str) -> str:
    """Who or what brings a location that stands in no code, in words."""
    kind, _, name = source.partition(":")
    return f"{_BROUGHT[kind]} `{name}`"


def is_rooted(value: Value) -> bool:
    """Whether it is told where a text begins: with something that is written, or that the run brings from outside."""
    first = value.parts[0] if isinstance(value, Template) and value.parts else ""
    if isinstance(first, str) or first.is_wildcard or first.name == REPOSITORY:
        return True
    # a copy begins where it was fetched to, and is what was fetched
    return is_source(first.name) and not first.name.startswith(ARTIFACT)


def of_file(place: Place, path: str) -> Place:
    """A place with an open part that is named for a variable: the same name in another file may be anything else.

    What an option, a setting or the environment fills is the same wherever it is read.
    """
    names = _HOLE.findall(place.identity) if place.is_known else ()
    if all(name == REPOSITORY or (is_source(name) and not name.startswith("run:")) for name in names):
        return place
    return replace(place, identity=f"{path}:{place.identity}")


_BROUGHT = {
    "request": "a request brings",
    "input": "whoever starts the workflow gives",
    "option": "the command line gives",
    "run": "it exists for one run only:",
    "artifact": "it is a copy of the stored artifact",
}


def short(text: str) -> str:
    """A location as a message shows it."""
    return text if len(text) <= 80 else f"{text[:38]}...{text[-38:]}"
