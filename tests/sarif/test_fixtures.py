"""What the program says about our fixture repositories passes every validator, not only hand-built runs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from mltradeoff_lint.cli.main import run
from tests.sarif import multitool
from tests.sarif.limits import violations
from tests.sarif.test_validators import SCHEMA

CHECKOUT = Path(__file__).parents[2]
FIXTURES = sorted(path for path in (CHECKOUT / "fixtures").glob("*/risky") if path.is_dir())
SILENT = ("credit-online-features",)
"""Fixtures that look risky and are not: their features come with the request."""


def report(fixture: Path, folder: Path) -> Path:
    file = folder / "report.sarif"
    assert run(["check", str(fixture), "--exit-zero", "--output", f"sarif={file}"]) == 0
    return file


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.parent.name)
def test_a_faulty_fixture_gives_results_within_schema_and_limits(fixture: Path, tmp_path: Path) -> None:
    text = report(fixture, tmp_path).read_text("utf-8")
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(text))
    assert violations(text, fixture) == []
    assert bool(json.loads(text)["runs"][0]["results"]) == (fixture.parent.name not in SILENT)


@pytest.mark.slow
@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.parent.name)
def test_a_faulty_fixture_has_no_errors_and_no_warnings_in_the_multitool(
    fixture: Path, validator: Path, tmp_path: Path
) -> None:
    found = multitool.faults(validator, report(fixture, tmp_path), tmp_path / "faults.sarif")
    assert [fault for fault in found if fault.level != "note"] == []
