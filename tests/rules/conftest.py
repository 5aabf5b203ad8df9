"""How a case of a rule page is run: the whole program over a tree in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.model.declared import Declarations, RolePath
from mltradeoff_lint.model.finding import Confidence, Finding
from mltradeoff_lint.model.graph import GraphView
from mltradeoff_lint.model.rule import Rule
from mltradeoff_lint.query.pages import PageCase
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree

AS_OF = "2026-01-01"
"""The date of a case that sets none, so that a dated table gives the same answer every day."""


class CaseResult(NamedTuple):
    """What one case of a page gave."""

    findings: tuple[Finding, ...]
    view: GraphView
    rules: Mapping[str, Rule]
    crashes: tuple[str, ...]
    """Messages of our own failures, which no mark excuses."""


RunCase = Callable[[PageCase], CaseResult]


@pytest.fixture
def run_case() -> RunCase:
    """Runs a case as a user's default run would, with the settings of the case on top."""

    def run(case: PageCase) -> CaseResult:
        untracked = [path.strip() for path in case.settings.get("untracked", "").split(",") if path.strip()]
        tree = MemoryTree(case.files, untracked)
        analysis = analyse(tree, _settings(case.settings), as_of=case.settings.get("as-of", AS_OF))
        crashes = tuple(each.message for each in analysis.run.notifications if each.level == "error")
        rules = {rule.name: rule for rule in analysis.outcomes}
        return CaseResult(analysis.run.findings, analysis.graph, rules, crashes)

    return run


def _settings(given: Mapping[str, str]) -> Settings:
    roles = (RolePath("**", given["role"]),) if "role" in given else ()
    return Settings(
        min_confidence=Confidence[given.get("min-confidence", "medium").upper()],
        pedantic=given.get("pedantic") == "true",
        include_examples=given.get("include-examples") == "true",
        declare=Declarations(roles=roles, freshness=_freshness(given.get("freshness", ""))),
    )


def _freshness(given: str) -> dict[str, int]:
    name, _, seconds = given.rpartition("=")
    return {name: int(seconds)} if name else {}
