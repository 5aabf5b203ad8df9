"""Every scenario repository gives the findings its `expected.yaml` names, and no other."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.model.finding import Finding
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree

FIXTURES = Path(__file__).parents[2] / "fixtures"
AS_OF = "2026-01-01"
"""The date of the runs, so that a dated table gives the same answer every day."""


class Expected(NamedTuple):
    """What a finding of a scenario must be; `claim_contains` stands in its first sentence."""

    rule: str
    severity: str
    confidence: str
    path: str
    line: int
    claim_contains: str


class Scenario(NamedTuple):
    """One of the twin repositories of a scenario."""

    folder: Path
    findings: tuple[Expected, ...]


def scenarios() -> list[object]:
    found: list[object] = []
    for file in sorted(FIXTURES.glob("*/expected.yaml")):
        for name, twin in yaml.safe_load(file.read_text("utf-8")).items():
            findings = tuple(Expected(**one) for one in twin["findings"])
            found.append(pytest.param(Scenario(file.parent / name, findings), id=f"{file.parent.name}-{name}"))
    return found


def tree(folder: Path) -> MemoryTree:
    """The files of a scenario, all tracked: what git knows of our own checkout plays no part."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return MemoryTree({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def told(finding: Finding) -> Expected:
    where = finding.location
    return Expected(finding.rule, finding.severity.word, finding.confidence.word, where.path, where.line, finding.claim)


def fits(expected: Expected, found: Expected) -> bool:
    return expected[:-1] == found[:-1] and expected.claim_contains in found.claim_contains


def test_every_twin_of_a_scenario_has_its_expectation() -> None:
    folders = {path for path in FIXTURES.glob("*/*") if path.is_dir()}
    assert {case.values[0].folder for case in scenarios()} == folders  # type: ignore[attr-defined]


@pytest.mark.parametrize("scenario", scenarios())
def test_a_scenario_gives_exactly_the_findings_it_names(scenario: Scenario) -> None:
    run = analyse(tree(scenario.folder), Settings(), as_of=AS_OF).run
    assert [one.message for one in run.notifications if one.level == "error"] == []
    found = [told(finding) for finding in run.shown]
    missing = [one for one in scenario.findings if not any(fits(one, other) for other in found)]
    extra = [one for one in found if not any(fits(other, one) for other in scenario.findings)]
    assert (missing, extra) == ([], [])
    assert len(found) == len(scenario.findings)


@pytest.mark.parametrize("scenario", scenarios())
def test_a_finding_of_a_scenario_tells_its_way_through_files_that_exist(scenario: Scenario) -> None:
    for finding in analyse(tree(scenario.folder), Settings(), as_of=AS_OF).run.shown:
        assert len(set(finding.trace)) == len(finding.trace)
        for step in (*finding.trace, *finding.related):
            assert (scenario.folder / step.location.path).is_file()
