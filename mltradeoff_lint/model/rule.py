"""A rule as it was loaded: what it matches, what silences it, and how it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mltradeoff_lint.model.finding import Confidence, Persona, Severity
from mltradeoff_lint.model.value import Scalar

GROUPS: dict[str, str] = {
    "build-vs-buy": "Is every paid or self-hosted model call metered, attributed, bounded, and on something supported?",
    "complexity-vs-maintainability": "What changes when this changes, is it pinned, and who owns it in a year?",
    "data-quantity-vs-quality": "Is the data that models learn from pinned, checked and wanted?",
    "batch-vs-realtime": "Does an endpoint compute on request what could have been stored?",
    "prompting-vs-finetuning": "Are prompts and outputs engineered before and instead of tuning?",
    "automation-vs-oversight": "What irreversible thing can a model do with no person, threshold or gate in between?",
}
"""The six trade-offs, by group name, with the question each asks of a repository."""


@dataclass(frozen=True, slots=True)
class Test:
    """A test of one property. `operator`: is, in, not, present, missing, unknown, at_least, below, includes_all."""

    property: str
    operator: str
    value: Scalar | tuple[Scalar, ...] = True
    option: str = ""
    """The option of the rule that gives the value, when one does."""


@dataclass(frozen=True, slots=True)
class NodePattern:
    """A kind of node and the tests on its properties; all must hold."""

    kind: str
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgePattern:
    """A kind of edge and the tests on its properties."""

    kind: str
    tests: tuple[Test, ...] = ()


@dataclass(frozen=True, slots=True)
class PathClause:
    """A path between two ends along edge kinds; an end is a variable name or a node pattern.

    An `optional` path never drops a candidate: it is evidence for the trace when it exists.
    """

    name: str
    source: str | NodePattern
    target: str | NodePattern
    along: tuple[EdgePattern, ...]
    hops: int = 8
    avoiding: tuple[NodePattern, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class EdgeClause:
    """One edge between two ends; an end is a variable name or a node pattern."""

    source: str | NodePattern
    target: str | NodePattern
    edge: EdgePattern
    name: str = ""
    """The name under which `report.trace` may show it."""


@dataclass(frozen=True, slots=True)
class UnlessClause:
    """A clause that drops a candidate when it is true; `text` says it in words for `--why-not`.

    Exactly one of the parts is set: `tests` on variables (all must hold), an edge, or a path. `position` is 1-based.
    """

    position: int
    tests: tuple[tuple[str, Test], ...] = ()
    edge: EdgeClause | None = None
    path: PathClause | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """`same`, `differ` (values of two `variable.property` are equal or not) or `distinct` (different nodes)."""

    kind: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Case:
    """A variant of the report, taken by the first case whose tests hold; unset fields keep the rule's own."""

    variant: str
    tests: tuple[tuple[str, Test], ...]
    severity: Severity | None = None
    message: str = ""
    remedy: str = ""
    step_down: bool = True
    """Whether the global step-down by role applies on top."""


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """Where and how a finding is reported; texts hold `{variable.property}` fields."""

    at: str
    message: str
    remedy: str
    trace: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    """`variable` or `variable.property`; bindings with equal causes become one finding."""
    cases: tuple[Case, ...] = ()
    role: str = ""
    """The `variable.property` whose role steps severity down; empty for none."""
    owner: str = ""
    """The variable whose owner is shown."""


@dataclass(frozen=True, slots=True)
class Need:
    """Evidence that must exist in the repository before an absence may be claimed; `note` is said otherwise."""

    evidence: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule: the query and the report; metadata for documentation and selection."""

    name: str
    group: str
    severity: Severity
    confidence: Confidence
    persona: Persona
    since: str
    summary: str
    match: Mapping[str, NodePattern]
    paths: tuple[PathClause, ...]
    edges: tuple[EdgeClause, ...]
    relations: tuple[Relation, ...]
    unless: tuple[UnlessClause, ...]
    needs: tuple[Need, ...]
    report: ReportSpec
    check: str = ""
    options: Mapping[str, Scalar] = field(default_factory=dict)
    on_unknown: str = "drop"
    """`drop`, or `low`: an unknown answer then makes a finding of low confidence."""
    page: str = ""
    """The text of rule.md."""
    origin: str = ""
    """The path of rule.yaml, for errors."""
