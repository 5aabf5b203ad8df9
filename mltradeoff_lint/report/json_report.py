"""The report for programs of the user's own: one JSON object, stable within a schema number.

`docs/json-report.md` describes every key. Keys are never renamed or removed within one `schema`; new ones may
appear, so readers ignore what they do not know.
"""

from __future__ import annotations

import json
from typing import Any

from mltradeoff_lint.model.finding import (
    Coverage,
    Finding,
    Notification,
    RuleInfo,
    Run,
    Severity,
    Step,
    Suppression,
)
from mltradeoff_lint.model.source import Location

SCHEMA = "mltradeoff-lint/1"
"""Name and number of the document's schema; the number changes when a key changes its meaning or goes."""


def render(run: Run, *, show_suppressed: bool = False) -> str:
    """The run as indented JSON, ending in a newline; suppressed findings only when asked."""
    findings = run.findings if show_suppressed else run.shown
    document = {
        "schema": SCHEMA,
        "version": run.version,
        "root": run.root,
        "repository": run.repository,
        "revision": run.revision,
        "as_of": run.as_of,
        "summary": {
            "shown": _counts(run.shown),
            "hidden": dict(sorted(run.hidden.items())),
        },
        "findings": [_finding(finding) for finding in findings],
        "notifications": [_notification(notification) for notification in run.notifications],
        "rules": [_rule(rule) for rule in run.rules],
        "coverage": _coverage(run.coverage),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    words = [finding.severity.word for finding in findings]
    return {severity.word: words.count(severity.word) for severity in sorted(Severity, reverse=True)}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "group": finding.group,
        "variant": finding.variant,
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "persona": finding.persona.value,
        "claim": finding.claim,
        "remedy": finding.remedy,
        "owner": finding.owner,
        "location": _location(finding.location),
        "trace": [_step(step) for step in finding.trace],
        "related": [_step(step) for step in finding.related],
        "facts": dict(finding.facts),
        "fingerprint": finding.fingerprint,
        "suppressed": None if finding.suppressed is None else _suppression(finding.suppressed),
    }


def _location(location: Location) -> dict[str, Any]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
        "snippet": location.snippet,
        "mark": list(location.mark),
        "note": location.note,
    }


def _step(step: Step) -> dict[str, Any]:
    return {"text": step.text, "location": _location(step.location)}


def _suppression(suppression: Suppression) -> dict[str, Any]:
    location = None if suppression.location is None else _location(suppression.location)
    return {
        "kind": suppression.kind,
        "reason": suppression.reason,
        "location": location,
    }


def _notification(notification: Notification) -> dict[str, Any]:
    location = None if notification.location is None else _location(notification.location)
    return {
        "level": notification.level,
        "message": notification.message,
        "rule": notification.rule,
        "location": location,
    }


def _rule(rule: RuleInfo) -> dict[str, Any]:
    return {
        "name": rule.name,
        "group": rule.group,
        "severity": rule.severity.word,
        "persona": rule.persona.value,
        "summary": rule.summary,
        "precision": rule.precision,
        "since": rule.since,
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "files": dict(sorted(coverage.files.items())),
        "unread": coverage.unread,
        "unknown": {rule: dict(sorted(reasons.items())) for rule, reasons in sorted(coverage.unknown.items())},
        "lines": list(coverage.lines),
    }
