"""The sizes that GitHub accepts or shows, and the notifications that say what was cut to keep them.

Source: GitHub documentation, "SARIF support for code scanning" and "SARIF results exceed one or more limits".
A cut is always said: a report that is shorter than the analysis must not look complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mltradeoff_lint.model.finding import Finding

RESULTS = 25_000
"""Results of a run; a file with more is rejected."""
FLOW_LOCATIONS = 1_000
"""Locations of a code flow that are shown."""
RELATED = 100
"""Related locations of a result that are stored."""
TAGS = 10
"""Tags of a rule that are shown."""
RULE_NAME = 255
DESCRIPTION = 1_024
"""Characters of a rule's short and of its full description."""
MESSAGE = 4_000
"""Characters of one of our messages: long enough for any claim, short enough for 25,000 of them."""
SNIPPET = 1_000
"""Characters of a source line that are carried."""


def bounded(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis, at most `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def cuts(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Notifications for everything that the limits remove from these findings; empty when nothing is."""
    kept = findings[:RESULTS]
    counted = (
        (
            len(findings) - len(kept),
            f"results beyond the first {RESULTS}, least severe last, are left out",
        ),
        (
            sum(max(len(finding.trace) - FLOW_LOCATIONS, 0) for finding in kept),
            f"steps of code flows longer than {FLOW_LOCATIONS} are left out; the first and last steps are kept",
        ),
        (
            sum(max(len(finding.related) - RELATED, 0) for finding in kept),
            f"related locations beyond {RELATED} of one result are left out",
        ),
    )
    return [{"level": "warning", "message": {"text": f"{number} {words}."}} for number, words in counted if number]
