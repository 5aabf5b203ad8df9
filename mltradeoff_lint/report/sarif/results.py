"""Findings as SARIF results: message, code flow, related locations, fingerprints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from mltradeoff_lint.model.finding import Finding, Step, Suppression
from mltradeoff_lint.model.source import Location
from mltradeoff_lint.report.sarif import limits
from mltradeoff_lint.report.sarif.places import location
from mltradeoff_lint.report.sarif.rules import LEVELS

Json = dict[str, Any]
_LINKED = 5


def result(
    finding: Finding,
    index: int,
    line_hash: Callable[[Location], str] | None,
    show_suppressed: bool,
) -> Json:
    """One result. `index` is the position of its rule among the driver's rules.

    With `show_suppressed` every result carries `suppressions`, empty when it is open: the standard wants all
    results of a run to have the property or none (section 3.27.23).
    """
    related = finding.related[: limits.RELATED]
    entry: Json = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {
            "text": _message(finding, related),
            "id": "default",
            "arguments": [_claim(finding)],
        },
        "locations": [location(finding.location)],
        "partialFingerprints": _fingerprints(finding, line_hash),
        "properties": _properties(finding),
    }
    if len(finding.trace) > 1:
        steps = [{"location": location(step.location, step.text)} for step in _shortened(finding.trace)]
        entry["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    if related:
        entry["relatedLocations"] = [
            location(step.location, step.text, number) for number, step in enumerate(related, 1)
        ]
    if show_suppressed:
        entry["suppressions"] = [] if finding.suppressed is None else [_suppression(finding.suppressed)]
    return entry


def _claim(finding: Finding) -> str:
    return limits.bounded(" ".join(finding.claim.split()).rstrip("."), limits.MESSAGE)


def _message(finding: Finding, related: Sequence[Step]) -> str:
    """The claim as the first sentence, then the remedy, then links to the related locations.

    Where space is short only the first sentence is shown; related locations are reachable only through links.
    """
    parts = [_plain(_claim(finding)) + "."]
    if finding.remedy:
        parts.append(_plain(" ".join(finding.remedy.split()).rstrip(".")) + ".")
    if related:
        links = ", ".join(
            f"[{_link_text(step.text or step.location.path)}]({number})"
            for number, step in enumerate(related[:_LINKED], 1)
        )
        more = f" and {len(related) - _LINKED} more" if len(related) > _LINKED else ""
        parts.append(f"See also {links}{more}.")
    return " ".join(parts)


def _plain(text: str) -> str:
    """Text of the repository that must not turn into a link: `[x](y)` is a link in a SARIF message."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _link_text(text: str) -> str:
    line = limits.bounded(" ".join(text.split()), 200)
    return line.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _shortened(trace: Sequence[Step]) -> Sequence[Step]:
    """The trace, or its first and last halves when it is longer than what is shown."""
    if len(trace) <= limits.FLOW_LOCATIONS:
        return trace
    half = limits.FLOW_LOCATIONS // 2
    return [*trace[:half], *trace[-half:]]


def _fingerprints(finding: Finding, line_hash: Callable[[Location], str] | None) -> dict[str, str]:
    """GitHub's line hash, which it alone reads, and our own identity of the cause, which survives edits of the line."""
    fingerprints = {"mltradeoff/v1": finding.fingerprint}
    code = line_hash(finding.location) if line_hash is not None else ""
    return {"primaryLocationLineHash": code, **fingerprints} if code else fingerprints


def _properties(finding: Finding) -> Json:
    properties: Json = {
        "severity": finding.severity.word,
        "confidence": finding.confidence.word,
        "tags": [finding.group],
    }
    for name, value in (
        ("variant", finding.variant),
        ("owner", finding.owner),
        ("remedy", finding.remedy),
    ):
        if value:
            properties[name] = value
    if finding.facts:
        properties["facts"] = dict(finding.facts)
    return properties


def _suppression(suppression: Suppression) -> Json:
    entry: Json = {
        "kind": "inSource" if suppression.kind == "comment" else "external",
        "status": "accepted",
        "justification": suppression.reason,
    }
    if suppression.location is not None:
        entry["location"] = location(suppression.location)
    return entry
