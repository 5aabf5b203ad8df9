"""Our SARIF passes the schema, Microsoft's validator with GitHub's rules, and our own checker."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from mltradeoff_lint.model.source import Location
from mltradeoff_lint.report import sarif
from tests.report.sample import RUN, UNVERSIONED
from tests.sarif import multitool
from tests.sarif.limits import violations

SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text("utf-8"))
PLAIN = replace(UNVERSIONED, trace=(), related=(), owner="", facts=(), variant="")


def line_hash(location: Location) -> str:
    return f"{location.line:016x}:1"


REPORTS = {
    "full": sarif.render(RUN, category="nightly", line_hash=line_hash),
    "suppressed": sarif.render(RUN, line_hash=line_hash, show_suppressed=True),
    "empty": sarif.render(replace(RUN, findings=(), notifications=(), repository=""), line_hash=line_hash),
    "plain": sarif.render(replace(RUN, findings=(PLAIN,)), line_hash=line_hash),
}


@pytest.mark.parametrize("name", REPORTS)
def test_reports_pass_the_json_schema(name: str) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(REPORTS[name]))


@pytest.mark.parametrize("name", REPORTS)
def test_reports_keep_the_limits_of_github(name: str, repository: Path) -> None:
    assert violations(REPORTS[name], repository) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_reports_have_no_errors_and_no_warnings_in_the_multitool(name: str, validator: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.sarif"
    file.write_text(REPORTS[name], "utf-8")
    found = multitool.faults(validator, file, tmp_path / "faults.sarif")
    assert [fault for fault in found if fault.level != "note"] == []


@pytest.mark.slow
def test_the_multitool_sees_a_fault_that_the_schema_does_not(validator: Path, tmp_path: Path) -> None:
    log = json.loads(REPORTS["full"])
    log["runs"][0]["results"][0]["ruleIndex"] = 99
    file = tmp_path / "report.sarif"
    file.write_text(json.dumps(log), "utf-8")
    assert any(fault.rule == "SARIF1009" for fault in multitool.faults(validator, file, tmp_path / "faults.sarif"))
