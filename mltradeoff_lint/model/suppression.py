"""The findings about suppressions themselves, which no rule file describes; settings and triage both name them."""

from __future__ import annotations

from mltradeoff_lint.model.finding import Persona, RuleInfo, Severity

GROUP = "complexity-vs-maintainability"
"""The trade-off these findings belong to: a suppression nobody can explain is maintenance nobody planned."""

_SYNTAX = "Write `# mltradeoff: ignore[rule-name] reason`."


def _info(name: str, summary: str, why: str) -> RuleInfo:
    return RuleInfo(
        name=name,
        group=GROUP,
        severity=Severity.LOW,
        persona=Persona.REGULAR,
        summary=summary,
        description=f"{why} {_SYNTAX}",
        help_markdown=f"# {name}\n\n{summary}\n\n{why}\n\n{_SYNTAX}\n",
        precision="very-high",
    )


UNEXPLAINED = _info(
    "unexplained-suppression",
    "A suppression comment gives no reason.",
    "A suppression without a reason cannot be reviewed and does not suppress anything.",
)
UNKNOWN = _info(
    "unknown-suppression",
    "A suppression comment names no rule that exists.",
    "A misspelt suppression looks like a decision and hides nothing.",
)
UNUSED = _info(
    "unused-suppression",
    "A suppression comment covers no finding.",
    "A suppression that outlived its finding will hide the next one at that place.",
)

SUPPRESSION_RULES: tuple[RuleInfo, ...] = (UNEXPLAINED, UNKNOWN, UNUSED)
"""All findings about suppressions, sorted by name."""
