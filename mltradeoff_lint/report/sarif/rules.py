"""Rules as SARIF reporting descriptors, and the six trade-offs as a taxonomy they point into."""

from __future__ import annotations

from typing import Any

from mltradeoff_lint.model.finding import Persona, RuleInfo, Run, Severity
from mltradeoff_lint.model.rule import GROUPS
from mltradeoff_lint.model.suppression import SUPPRESSION_RULES
from mltradeoff_lint.report.sarif import limits

Json = dict[str, Any]
TAXONOMY_NAME = "mltradeoff"
TAXONOMY_GUID = "7c0d3c50-4e5b-4c6f-9a35-6a8f6a3d0a11"
TAXONOMY_REFERENCE = {"name": TAXONOMY_NAME, "index": 0, "guid": TAXONOMY_GUID}

LEVELS = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.NOTE: "note",
}
_PROBLEM_SEVERITY = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "recommendation",
    Severity.NOTE: "recommendation",
}
_PRECISIONS = ("very-high", "high", "medium", "low")


def described(run: Run) -> tuple[RuleInfo, ...]:
    """The rules of the run and those of its other findings, sorted by name.

    Findings about suppressions belong to no rule folder. A finding of a rule that nobody describes gets a minimal
    entry, as a result without a rule would be refused.
    """
    known = {rule.name: rule for rule in run.rules}
    others = {rule.name: rule for rule in SUPPRESSION_RULES}
    for finding in run.findings:
        if finding.rule not in known:
            words = f"Findings named {finding.rule}."
            undescribed = RuleInfo(finding.rule, finding.group, finding.severity, finding.persona, words, words, words)
            known[finding.rule] = others.get(finding.rule, undescribed)
    return tuple(sorted(known.values(), key=lambda rule: rule.name))


def descriptor(rule: RuleInfo) -> Json:
    """One rule; its id is the rule's name, its SARIF name the same words in Pascal case."""
    summary = _sentence(rule.summary or rule.name)
    entry: Json = {
        "id": rule.name,
        "name": limits.bounded(rule.pascal_name, limits.RULE_NAME),
        "shortDescription": {"text": limits.bounded(summary, limits.DESCRIPTION)},
        "fullDescription": {"text": limits.bounded(_sentence(rule.description or summary), limits.DESCRIPTION)},
        "help": {
            "text": rule.description or summary,
            "markdown": rule.help_markdown or summary,
        },
        "messageStrings": {"default": {"text": "'{0}'."}},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": _tags(rule),
            "precision": rule.precision if rule.precision in _PRECISIONS else "medium",
            "problem.severity": _PROBLEM_SEVERITY[rule.severity],
        },
    }
    if rule.group in GROUPS:
        target = {
            "id": rule.group,
            "index": list(GROUPS).index(rule.group),
            "toolComponent": TAXONOMY_REFERENCE,
        }
        entry["relationships"] = [{"target": target, "kinds": ["superset"]}]
    return entry


def taxonomy(version: str) -> Json:
    """The six trade-offs, each with the question it asks of a repository."""
    return {
        "name": TAXONOMY_NAME,
        "guid": TAXONOMY_GUID,
        "version": version,
        "organization": "mltradeoff-lint maintainers",
        "shortDescription": {"text": "Six production trade-offs of machine-learning systems."},
        "isComprehensive": True,
        "taxa": [{"id": name, "shortDescription": {"text": question}} for name, question in GROUPS.items()],
    }


def _tags(rule: RuleInfo) -> list[str]:
    tags = ["machine-learning", "maintainability", rule.group]
    if rule.persona is Persona.PEDANTIC:
        tags.append("pedantic")
    return [tag for tag in tags if tag][: limits.TAGS]


def _sentence(text: str) -> str:
    """One line that ends in a full stop."""
    line = " ".join(text.split())
    return line if line.endswith((".", "?", "!")) else line + "."
