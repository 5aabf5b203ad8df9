"""The scenario repositories of missing-cost-instrumentation give exactly the findings they expect."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree
from tests.graph.metering_repository import RULE

FIXTURES = Path(__file__).parents[2] / "fixtures"
SCENARIOS = ("support-bot-unmetered", "env-only-tracing", "library-profile")


def twins() -> list[tuple[str, str]]:
    return [
        (scenario, twin)
        for scenario in SCENARIOS
        for twin in ("risky", "sound")
        if (FIXTURES / scenario / twin).is_dir()
    ]


@pytest.mark.parametrize(("scenario", "twin"), twins())
def test_a_scenario_has_the_findings_it_expects(scenario: str, twin: str) -> None:
    folder = FIXTURES / scenario / twin
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run = analyse(MemoryTree(files), Settings(select=(RULE,)), as_of="2026-01-01").run
    expected = yaml.safe_load((FIXTURES / scenario / "expected.yaml").read_text())[twin]["findings"]
    found = [(one.severity.word, one.confidence.word, one.location.path, one.location.line) for one in run.shown]
    assert found == [(one["severity"], one["confidence"], one["path"], one["line"]) for one in expected]
    for finding, one in zip(run.shown, expected, strict=True):
        assert one["claim_contains"] in finding.claim
