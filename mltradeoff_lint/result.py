"""Makes the result of a run: findings triaged, problems as notifications, and what was not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mltradeoff_lint import __version__
from mltradeoff_lint.model.finding import Coverage, Finding, Notification, Run
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.model.suppression import SUPPRESSION_RULES
from mltradeoff_lint.query.evaluate import Outcome
from mltradeoff_lint.query.pages import rule_info
from mltradeoff_lint.reading import ReadResult
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import Tree
from mltradeoff_lint.triage import comments, paths
from mltradeoff_lint.triage.locate import Locator

LEVELS = {ProblemKind.SKIPPED: "note", ProblemKind.TEMPLATE: "note", ProblemKind.PARTIAL: "warning",
          ProblemKind.UNREADABLE: "warning", ProblemKind.CRASH: "error"}  # fmt: skip

IN_EXAMPLES = "in examples"
"""What is said instead of the reasons of what is left open in tests and tutorials."""


def assemble(
    tree: Tree,
    settings: Settings,
    as_of: str,
    outcomes: Mapping[Rule, Outcome],
    found: Sequence[Finding],
    read: ReadResult,
    locator: Locator,
    lines: tuple[str, ...],
) -> Run:
    """The run that reporters receive; `lines` are the coverage sentences of the graph."""
    rules = list(outcomes)
    kept, hidden = _triaged(settings, rules, found, read, locator)
    return Run(
        root=tree.name,
        version=__version__,
        as_of=as_of,
        findings=kept,
        hidden=hidden,
        notifications=tuple(_notifications(read.problems, locator)),
        rules=tuple(sorted((*map(rule_info, rules), *SUPPRESSION_RULES), key=lambda info: info.name)),
        coverage=_coverage(read, outcomes, lines, include_examples=settings.include_examples),
        revision=tree.revision,
        repository=tree.remote,
    )


def _triaged(
    settings: Settings, rules: Sequence[Rule], found: Sequence[Finding], read: ReadResult, locator: Locator
) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """The findings, marked where something hides them and worst first, and how many are not shown, by reason."""
    hidden: dict[str, int] = {}
    kept: list[Finding] = []
    for finding in (replace(one, severity=settings.severity.get(one.rule, one.severity)) for one in found):
        if finding.confidence < settings.min_confidence:
            hidden["low confidence"] = hidden.get("low confidence", 0) + 1
        else:
            kept.append(finding)
    known = [*settings.known_rules, *(rule.name for rule in rules)]
    kept = list(comments.apply(kept, read.facts, locator, known, _ran(rules, settings)))
    kept = list(paths.mark_ignored(kept, settings.per_path_ignores))
    for finding in kept:
        if finding.suppressed is not None:
            kind = "examples" if finding.suppressed.kind == "examples" else "suppressed"
            hidden[kind] = hidden.get(kind, 0) + 1
    kept.sort(key=lambda one: (-one.severity, one.location.path, one.location.line, one.rule, one.fingerprint))
    return tuple(kept), hidden


def _ran(rules: Sequence[Rule], settings: Settings) -> list[str]:
    group = "complexity-vs-maintainability"
    about = [info.name for info in SUPPRESSION_RULES if settings.selects(info.name, group)]
    return [*(rule.name for rule in rules), *about]


def _notifications(problems: list[Problem], locator: Locator) -> list[Notification]:
    ordered = sorted(problems, key=lambda one: (one.site.path, one.site.span, one.message))
    return [
        Notification(
            LEVELS[one.kind], one.message, None if one.site.path == "." else locator.locate(one.site), one.rule
        )
        for one in dict.fromkeys(ordered)
    ]


def _coverage(
    read: ReadResult, outcomes: Mapping[Rule, Outcome], lines: tuple[str, ...], *, include_examples: bool
) -> Coverage:
    unread = len({one.site.path for one in read.problems if one.kind is ProblemKind.UNREADABLE})
    left = {rule.name: _left_open(outcome, include_examples) for rule, outcome in outcomes.items()}
    unknown = {rule: reasons for rule, reasons in left.items() if reasons}
    notes = tuple(dict.fromkeys(need.note for outcome in outcomes.values() for need in outcome.notes))
    return Coverage(dict(sorted(read.files.items())), unread, unknown, (*lines, *notes))


def _left_open(outcome: Outcome, include_examples: bool) -> dict[str, int]:
    """The causes in doubt by reason; those of examples are one number where their findings are hidden too."""
    counts = Counter(outcome.unknown)
    hidden = outcome.unknown_in_examples
    counts.update(hidden if include_examples else {IN_EXAMPLES: sum(hidden.values())})
    return dict(sorted((+counts).items()))
