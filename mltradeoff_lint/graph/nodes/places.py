"""What a location means: the dataset it names, and how firmly that is fixed."""

from __future__ import annotations

from dataclasses import dataclass

from mltradeoff_lint.graph.facets.pins import Pin

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

    @property
    def is_remote(self) -> bool:
        """Whether it lies outside the repository and the machine."""
        return self.scheme in REMOTE_SCHEMES

    @property
    def is_whole(self) -> bool:
        """Whether no part of the identity is left open, so that equal identities are one dataset."""
        return self.is_known and "{" not in self.identity and "*" not in self.identity


def lost(reason: str) -> Place:
    """A location that nobody could tell."""
    return Place("", "", "unknown", Pin("unknown", reason), is_known=False)


def short(text: str) -> str:
    """A location as a message shows it."""
    return text if len(text) <= 80 else f"{text[:38]}...{text[-38:]}"
