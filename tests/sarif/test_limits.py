"""Every fault the limits checker exists for: a good report, one mutation, the words it must say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.sarif.limits import violations
from tests.sarif.test_validators import REPORTS

Json = dict[str, Any]
Mutation = Callable[[Json], object]


def result(log: Json) -> Json:
    first: Json = log["runs"][0]["results"][0]
    return first


def rule(log: Json) -> Json:
    first: Json = log["runs"][0]["tool"]["driver"]["rules"][0]
    return first


def physical(log: Json) -> Json:
    place: Json = result(log)["locations"][0]["physicalLocation"]
    return place


MUTANTS: dict[str, tuple[Mutation, str]] = {
    "no schema": (lambda log: log.pop("$schema"), "no $schema"),
    "too many runs": (lambda log: log.update(runs=log["runs"] * 21), "21 runs"),
    "no rules": (lambda log: log["runs"][0]["tool"]["driver"].update(rules=[]), "driver has no rules"),
    "too many results": (
        lambda log: log["runs"][0].update(results=[{"ruleId": "x", "message": {"text": "x"}}] * 25_001),
        "25001 results",
    ),
    "no category": (lambda log: log["runs"][0].pop("automationDetails"), "no category"),
    "too many tags": (lambda log: rule(log)["properties"].update(tags=["t"] * 11), "more than 10 tags"),
    "worded security-severity": (
        lambda log: rule(log)["properties"].update({"security-severity": "high"}),
        "security-severity",
    ),
    "numeric security-severity": (
        lambda log: rule(log)["properties"].update({"security-severity": 7.5}),
        "security-severity",
    ),
    "long rule name": (lambda log: rule(log).update(name="N" * 256), "name is too long"),
    "long description": (
        lambda log: rule(log)["fullDescription"].update(text="d" * 1_025),
        "fullDescription.text is too",
    ),
    "no description": (lambda log: rule(log).pop("fullDescription"), "no fullDescription.text"),
    "no help": (lambda log: rule(log).pop("help"), "no help.text"),
    "no message": (lambda log: result(log)["message"].pop("text"), "no message.text"),
    "no line hash": (lambda log: result(log).pop("partialFingerprints"), "no primaryLocationLineHash"),
    "no location": (lambda log: result(log).update(locations=[]), "no location"),
    "too many related": (
        lambda log: result(log).update(relatedLocations=result(log)["relatedLocations"] * 20),
        "more than 100 locations",
    ),
    "dangling link": (lambda log: result(log)["message"].update(text="See [it](99)."), "link to 99"),
    "long flow": (
        lambda log: result(log)["codeFlows"][0]["threadFlows"][0].update(
            locations=result(log)["codeFlows"][0]["threadFlows"][0]["locations"] * 400
        ),
        "more than 1000 flow locations",
    ),
    "absolute uri": (
        lambda log: physical(log)["artifactLocation"].update(uri="file:///tmp/a.py"),
        "is not a relative path",
    ),
    "uri outside": (
        lambda log: physical(log)["artifactLocation"].update(uri="../a.py"),
        "not a file of the repository",
    ),
    "missing file": (
        lambda log: physical(log)["artifactLocation"].update(uri="gone.py"),
        "not a file of the repository",
    ),
    "missing number": (lambda log: physical(log)["region"].pop("endColumn"), "lacks one of its four numbers"),
    "inverted region": (lambda log: physical(log)["region"].update(endColumn=1), "ends before it starts"),
    "line outside": (lambda log: physical(log)["region"].update(endLine=99), "is outside the file"),
    "column outside": (lambda log: physical(log)["region"].update(endColumn=999), "is outside the file"),
    "wrong snippet": (lambda log: physical(log)["region"]["snippet"].update(text="x"), "not the text of its region"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutated_report_is_refused_for_its_fault(name: str, repository: Path) -> None:
    mutate, words = MUTANTS[name]
    log = json.loads(REPORTS["full"])
    mutate(log)
    assert any(words in fault for fault in violations(json.dumps(log), repository))


def test_a_file_above_ten_megabytes_compressed_is_refused(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.sarif.limits.FILE_BYTES", 1_000)
    assert violations(REPORTS["full"], repository) == ["file is above 10 MB when compressed"]
