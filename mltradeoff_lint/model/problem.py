"""Everything that went wrong in a run, and whose fault it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mltradeoff_lint.model.source import WHOLE_FILE, Site, Span


class ProblemKind(StrEnum):
    """What kind of thing went wrong."""

    UNREADABLE = "unreadable"
    """The bytes could not be decoded or parsed; absences this file could refute are unknown."""
    PARTIAL = "partial"
    """Part of the file was read, for example a notebook with one broken cell."""
    SKIPPED = "skipped"
    """The file was left out on purpose (too large, generated, a link out of the root)."""
    TEMPLATE = "template"
    """The file is a template of a file (cookiecutter, Helm, Jinja) and is no code of its own."""
    CRASH = "crash"
    """Our own code failed on this file or rule."""


class UsageError(Exception):
    """The user asked for something that does not exist; printed as one line, exit status 2."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong, with its place and the words a user reads."""

    kind: ProblemKind
    site: Site
    message: str
    rule: str = ""
    """The rule that crashed, when a rule did."""

    @classmethod
    def of_file(cls, kind: ProblemKind, path: str, message: str, span: Span = WHOLE_FILE) -> Problem:
        """A problem of a whole file, or of `span` in it."""
        return cls(kind, Site(path, span), message)
