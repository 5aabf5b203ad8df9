"""What a run says: findings with their traces, and the result every reporter receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from mltradeoff_lint.model.source import Location


class Severity(IntEnum):
    """How much a finding matters; `--fail-on` compares it."""

    NOTE = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The name in settings, options and reports."""
        return self.name.lower()


class Certainty(IntEnum):
    """How sure one step is; a finding takes the minimum on its trace."""

    GUESSED = 0
    LIKELY = 1
    RESOLVED = 2
    EXACT = 3


class Confidence(IntEnum):
    """How sure a finding is: exact and resolved steps give high, likely medium, guessed low."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @classmethod
    def from_certainty(cls, certainty: Certainty) -> Confidence:
        """The confidence of a finding whose weakest step has this certainty."""
        return {Certainty.GUESSED: cls.LOW, Certainty.LIKELY: cls.MEDIUM}.get(certainty, cls.HIGH)

    @property
    def word(self) -> str:
        """The name in settings, options and reports."""
        return self.name.lower()


class Persona(StrEnum):
    """Who wants to see a rule: everyone, or those who asked with `--pedantic`."""

    REGULAR = "regular"
    PEDANTIC = "pedantic"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trace: a place and the words that say what happens there."""

    location: Location
    text: str


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding is not shown: a comment, a setting or the baseline, with its reason."""

    kind: str
    reason: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, reported once, at the line where the fix is made."""

    rule: str
    group: str
    severity: Severity
    confidence: Confidence
    persona: Persona
    claim: str
    """The first sentence: the whole claim with the names in it."""
    remedy: str
    """One concrete step."""
    location: Location
    fingerprint: str
    """Rule, variant and identity of the cause; stable under line moves and renames of the root."""
    variant: str = ""
    trace: tuple[Step, ...] = ()
    related: tuple[Step, ...] = ()
    owner: str = ""
    suppressed: Suppression | None = None
    facts: tuple[tuple[str, str], ...] = ()
    """Named details for machine formats, such as the pin state or the refresh interval."""


@dataclass(frozen=True, slots=True)
class Notification:
    """A problem as a report shows it: level `error`, `warning` or `note`."""

    level: str
    message: str
    location: Location | None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What a report needs to know of a rule."""

    name: str
    group: str
    severity: Severity
    persona: Persona
    summary: str
    """One sentence: what it flags."""
    description: str
    """One paragraph: why it costs."""
    help_markdown: str
    """The whole rule page."""
    precision: str = "high"
    since: str = "0.1.0"

    @property
    def pascal_name(self) -> str:
        """The name SARIF wants beside the id: `unversioned-data` becomes `UnversionedData`."""
        return "".join(word.capitalize() for word in self.name.split("-"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the run saw and what it could not see; printed always, so that silence is never mistaken for health."""

    files: dict[str, int] = field(default_factory=dict)
    """Files read, by language."""
    unread: int = 0
    unknown: dict[str, dict[str, int]] = field(default_factory=dict)
    """Candidates dropped because an answer is unknown: rule -> reason -> count."""
    lines: tuple[str, ...] = ()
    """Ready sentences, such as `cost evidence: 61 metered, 22 unmetered, 15 unknown of 98 calls`."""


@dataclass(frozen=True, slots=True)
class Run:
    """The result of an analysis: all that reporters know."""

    root: str
    """Name of the analysed folder, never an absolute path."""
    version: str
    as_of: str
    findings: tuple[Finding, ...]
    """All findings, suppressed ones marked, sorted worst first, then by place."""
    hidden: dict[str, int]
    """Findings not shown, by reason: `suppressed`, `pedantic`, `low confidence`, `examples`."""
    notifications: tuple[Notification, ...]
    rules: tuple[RuleInfo, ...]
    """The rules that ran, sorted by name."""
    coverage: Coverage
    revision: str = ""
    repository: str = ""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings a report shows."""
        return tuple(finding for finding in self.findings if finding.suppressed is None)

    @property
    def has_internal_error(self) -> bool:
        """Whether our own code failed somewhere; the exit status is then 2."""
        return any(notification.level == "error" for notification in self.notifications)
