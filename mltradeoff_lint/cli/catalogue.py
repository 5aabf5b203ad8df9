"""The rules a user can name: those we ship, those of the repository, and those about suppressions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.spelling import did_you_mean
from mltradeoff_lint.model.suppression import SUPPRESSION_RULES

if TYPE_CHECKING:
    from mltradeoff_lint.model.rule import Rule

OWN_RULES = Path(".mltradeoff/rules")
"""Where a repository keeps rules of its own, from its root."""


def known_rules(root: Path) -> tuple[Rule, ...]:
    """The rules that a run over `root` can choose from, ours and its own; `UsageError` when a rule file is wrong."""
    from mltradeoff_lint.query.load import bundled_folder, load_rules

    return load_rules((bundled_folder(), root / OWN_RULES))


class Entry(NamedTuple):
    """One rule as `rules` lists it and `explain` prints it."""

    name: str
    group: str
    severity: str
    persona: str
    summary: str
    page: str


def entries(root: Path) -> Sequence[Entry]:
    """All rules that a run over `root` knows, sorted by name; `UsageError` when a rule file is wrong."""
    rules = [
        Entry(rule.name, rule.group, rule.severity.word, rule.persona.value, rule.summary, rule.page)
        for rule in known_rules(root)
    ]
    about_suppressions = [
        Entry(info.name, info.group, info.severity.word, info.persona.value, info.summary, info.help_markdown)
        for info in SUPPRESSION_RULES
    ]
    return sorted([*rules, *about_suppressions])


def find(name: str, known: Sequence[Entry]) -> Entry:
    """The rule of this name; `UsageError` with the nearest one when there is none."""
    for entry in known:
        if entry.name == name:
            return entry
    near = did_you_mean(name, (entry.name for entry in known)) or " (see mltradeoff-lint rules)"
    raise UsageError(f"no such rule: {name}{near}")
