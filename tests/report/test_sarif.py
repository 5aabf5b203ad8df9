from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mltradeoff_lint.model.finding import Notification, Run, Severity, Step
from mltradeoff_lint.model.source import Location
from mltradeoff_lint.report import sarif
from mltradeoff_lint.report.sarif import limits
from tests.conftest import Golden
from tests.report.sample import RUN, STALE, UNVERSIONED

GOLDEN = Path(__file__).parent / "golden"


def line_hash(location: Location) -> str:
    return f"{location.line:016x}:1"


def first_run(run: Run, **options: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(sarif.render(run, **options))["runs"][0]
    return document


def test_sarif_report_matches_its_golden_file(golden: Golden) -> None:
    golden(GOLDEN / "report.sarif", sarif.render(RUN, category="nightly", line_hash=line_hash))


def test_suppressed_results_are_left_out_because_github_would_show_them_as_open() -> None:
    assert [result["ruleId"] for result in first_run(RUN)["results"]] == ["unversioned-data", "stale-features-realtime"]


def test_asked_for_suppressed_results_carry_their_justification_and_open_ones_an_empty_list() -> None:
    results = first_run(RUN, show_suppressed=True)["results"]
    assert [len(result["suppressions"]) for result in results] == [0, 0, 1]
    assert results[2]["suppressions"][0]["justification"] == "retired in March"
    assert results[2]["suppressions"][0]["kind"] == "inSource"


def test_the_first_sentence_of_the_message_is_the_claim() -> None:
    message = first_run(RUN)["results"][1]["message"]
    assert message["text"].startswith(f"{STALE.claim}. ")
    assert message["arguments"] == [STALE.claim]


def test_a_claim_that_looks_like_a_link_does_not_become_one() -> None:
    finding = replace(UNVERSIONED, claim="reads [here](http://evil.example)", related=())
    text = first_run(replace(RUN, findings=(finding,)))["results"][0]["message"]["text"]
    assert text.startswith("reads \\[here\\](http://evil.example).")


@pytest.mark.parametrize(("category", "identity"), [("", "mltradeoff-lint/"), ("api", "mltradeoff-lint/api/")])
def test_the_category_stands_before_the_last_slash_of_the_automation_id(category: str, identity: str) -> None:
    assert first_run(RUN, category=category)["automationDetails"] == {"id": identity}


def test_unreadable_files_are_notifications_and_no_failure_of_the_tool() -> None:
    invocation = first_run(RUN)["invocations"][0]
    assert invocation["executionSuccessful"] is True
    place = invocation["toolExecutionNotifications"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "notes/broken%20nb.ipynb"


def test_an_internal_error_is_a_failure_of_the_tool() -> None:
    broken = replace(RUN, notifications=(Notification("error", "check failed", None, "unversioned-data"),))
    assert first_run(broken)["invocations"][0]["executionSuccessful"] is False


def test_a_repository_address_loses_its_user_and_token() -> None:
    assert first_run(RUN)["versionControlProvenance"][0]["repositoryUri"] == "https://git.example.org/acme/churn.git"


@pytest.mark.parametrize("address", ["", "git@git.example.org:acme/churn.git", "https://a b"])
def test_an_address_that_is_no_uri_gives_no_provenance(address: str) -> None:
    assert "versionControlProvenance" not in first_run(replace(RUN, repository=address))


def test_more_results_than_github_takes_are_cut_and_the_cut_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.RESULTS == 25_000
    monkeypatch.setattr(limits, "RESULTS", 3)
    run = first_run(replace(RUN, findings=(UNVERSIONED, STALE, STALE, STALE, STALE)))
    assert len(run["results"]) == 3
    assert "2 results beyond the first 3" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_a_longer_path_than_is_shown_keeps_both_ends_and_the_cut_is_said() -> None:
    steps = tuple(Step(STALE.location, str(number)) for number in range(1_500))
    run = first_run(replace(RUN, findings=(replace(STALE, trace=steps),)))
    flow = run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    words = [step["location"]["message"]["text"] for step in flow]
    assert (len(words), words[0], words[-1]) == (1_000, "0", "1499")
    assert "500 steps" in run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]


def test_a_region_over_its_whole_line_has_no_context_region() -> None:
    whole = Location("blend.py", 1, 1, 1, 6, "a = b", "", (0, 5))
    physical = first_run(replace(RUN, findings=(replace(STALE, location=whole),)))["results"][0]["locations"][0]
    assert physical["physicalLocation"]["region"]["snippet"] == {"text": "a = b"}
    assert "contextRegion" not in physical["physicalLocation"]


@pytest.mark.parametrize(
    ("rule", "help_text"),
    [("unused-suppression", "A suppression that outlived its finding"), ("own-rule", "Findings named own-rule.")],
)
def test_a_finding_of_a_rule_without_a_page_still_has_a_descriptor(rule: str, help_text: str) -> None:
    run = first_run(replace(RUN, findings=(replace(STALE, rule=rule, severity=Severity.LOW),)))
    described = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert described["id"] == rule
    assert described["help"]["text"].startswith(help_text)


def test_no_line_hash_is_given_for_a_file_that_is_gone() -> None:
    result = first_run(RUN, line_hash=lambda place: "")["results"][0]
    assert result["partialFingerprints"] == {"mltradeoff/v1": UNVERSIONED.fingerprint}
