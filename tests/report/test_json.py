from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

from mltradeoff_lint.model.finding import Finding
from mltradeoff_lint.report import json_report
from tests.conftest import Golden
from tests.report.sample import RUN

GOLDEN = Path(__file__).parent / "golden"
DOCUMENT = Path(__file__).parents[2] / "docs" / "json-report.md"


def test_json_report_matches_its_golden_file(golden: Golden) -> None:
    golden(GOLDEN / "report.json", json_report.render(RUN))


def test_suppressed_findings_appear_only_when_asked_for_and_with_their_reason() -> None:
    shown = json.loads(json_report.render(RUN))["findings"]
    every = json.loads(json_report.render(RUN, show_suppressed=True))["findings"]
    assert [finding["suppressed"] for finding in shown] == [None, None]
    assert every[2]["suppressed"]["reason"] == "retired in March"


def test_every_field_of_a_finding_is_reported() -> None:
    finding = json.loads(json_report.render(RUN))["findings"][0]
    assert set(finding) == {field.name for field in fields(Finding)}


def test_every_key_of_the_document_is_described() -> None:
    described = DOCUMENT.read_text("utf-8")
    document = json.loads(json_report.render(RUN))
    finding = document["findings"][0]
    keys = [*document, *finding, *finding["location"], *finding["trace"][0], *document["rules"][0]]
    assert [key for key in keys if f"`{key}`" not in described] == []
