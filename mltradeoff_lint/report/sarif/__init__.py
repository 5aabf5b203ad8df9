"""SARIF 2.1.0 as GitHub code scanning, other viewers and the strict validators take it.

The shape follows the OASIS standard "Static Analysis Results Interchange Format 2.1.0 plus errata 01" and the
limits in GitHub's page "SARIF support for code scanning". Suppressed results are left out unless asked for,
because GitHub ignores `suppressions` and would show them as open alerts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from mltradeoff_lint.model.finding import Notification, RuleInfo, Run
from mltradeoff_lint.model.source import Location
from mltradeoff_lint.report.sarif import limits
from mltradeoff_lint.report.sarif.places import SOURCE_ROOT, location
from mltradeoff_lint.report.sarif.results import result
from mltradeoff_lint.report.sarif.rules import (
    TAXONOMY_REFERENCE,
    described,
    descriptor,
    taxonomy,
)

Json = dict[str, Any]
LineHash = Callable[[Location], str]
"""Gives GitHub's `primaryLocationLineHash` of a place, or an empty string when its file is gone."""

SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
INFORMATION_URI = "urn:mltradeoff-lint:documentation"
"""The standard wants an absolute URI here. A name, not an address: reports must not point at a site nobody runs."""


def render(
    run: Run,
    *,
    category: str = "",
    line_hash: LineHash | None = None,
    show_suppressed: bool = False,
) -> str:
    """The run as one SARIF log with one run, ending in a newline.

    `category` keeps two uploads of one commit apart; GitHub takes all before the last slash of the automation id
    as the category, hence the slash at its end. `line_hash` is left out where the caller has no file contents;
    GitHub's upload action then computes it.
    """
    findings = run.findings if show_suppressed else run.shown
    rules = described(run)
    index = {rule.name: position for position, rule in enumerate(rules)}
    kept = findings[: limits.RESULTS]
    results = [result(finding, index[finding.rule], line_hash, show_suppressed) for finding in kept]
    log = {
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [
            _run(
                run,
                rules,
                results,
                [*_notifications(run, index), *limits.cuts(findings)],
                category,
            )
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _run(
    run: Run,
    rules: Sequence[RuleInfo],
    results: list[Json],
    notifications: list[Json],
    category: str,
) -> Json:
    document: Json = {
        "tool": {"driver": _driver(run, rules)},
        "columnKind": "unicodeCodePoints",
        "automationDetails": {"id": f"mltradeoff-lint/{category}/" if category else "mltradeoff-lint/"},
        "originalUriBaseIds": {SOURCE_ROOT: {"description": {"text": "The root folder of the analysed repository."}}},
        "invocations": [
            {
                "executionSuccessful": not run.has_internal_error,
                "toolExecutionNotifications": notifications,
            }
        ],
        "taxonomies": [taxonomy(run.version)],
        "results": results,
        "properties": {
            "asOf": run.as_of,
            "hidden": dict(sorted(run.hidden.items())),
            **_coverage(run),
        },
    }
    provenance = _provenance(run)
    if provenance:
        document["versionControlProvenance"] = [provenance]
    return document


def _driver(run: Run, rules: Sequence[RuleInfo]) -> Json:
    return {
        "name": "mltradeoff-lint",
        "fullName": f"mltradeoff-lint {run.version}",
        "version": run.version,
        "semanticVersion": run.version,
        "informationUri": INFORMATION_URI,
        "organization": "mltradeoff-lint maintainers",
        "shortDescription": {"text": "Finds production trade-offs of machine-learning repositories."},
        "supportedTaxonomies": [TAXONOMY_REFERENCE],
        "rules": [descriptor(rule) for rule in rules],
    }


def _coverage(run: Run) -> Json:
    coverage = run.coverage
    return {
        "coverage": {
            "files": dict(sorted(coverage.files.items())),
            "unread": coverage.unread,
            "unknown": {rule: dict(sorted(why.items())) for rule, why in sorted(coverage.unknown.items())},
            "lines": list(coverage.lines),
        }
    }


def _provenance(run: Run) -> Json | None:
    """Where the analysed files are kept; None when no URI is known. User names and tokens in the URI are dropped."""
    parts = re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*://)(?:[^/@]*@)?([^\s<>\"\\^`{|}]+)", run.repository)
    if parts is None:
        return None
    provenance: Json = {
        "repositoryUri": parts[1] + parts[2],
        "mappedTo": {"uriBaseId": SOURCE_ROOT},
    }
    if run.revision:
        provenance["revisionId"] = run.revision
    return provenance


def _notifications(run: Run, index: dict[str, int]) -> list[Json]:
    return [_notification(notification, index) for notification in run.notifications]


def _notification(notification: Notification, index: dict[str, int]) -> Json:
    level = notification.level if notification.level in ("error", "warning", "note") else "warning"
    entry: Json = {
        "level": level,
        "message": {"text": limits.bounded(notification.message, limits.MESSAGE)},
    }
    if notification.location is not None and notification.location.path:
        entry["locations"] = [location(notification.location)]
    if notification.rule in index:
        entry["associatedRule"] = {
            "id": notification.rule,
            "index": index[notification.rule],
        }
    return entry
