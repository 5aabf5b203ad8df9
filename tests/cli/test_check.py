from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from mltradeoff_lint.cli.colour import wants_colour
from mltradeoff_lint.cli.outputs import write_file
from mltradeoff_lint.model.finding import Confidence, Coverage, Finding, Notification, Severity
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.report import json_report, text
from tests.cli.conftest import Cli
from tests.report.sample import RUN, STALE, SUPPRESSED, UNVERSIONED

CHECKOUT = Path(__file__).parents[2]
FORMATS = ("text", "json", "sarif")


@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize(
    ("findings", "options", "status"),
    [
        ((UNVERSIONED,), (), 1),
        ((STALE,), (), 0),
        ((STALE,), ("--fail-on", "medium"), 1),
        ((STALE,), ("--fail-on", "note"), 1),
        ((UNVERSIONED,), ("--fail-on", "never"), 0),
        ((UNVERSIONED,), ("--exit-zero",), 0),
        ((replace(SUPPRESSED, severity=Severity.HIGH),), (), 0),
        ((), (), 0),
    ],
)
def test_the_exit_status_says_what_was_found_in_every_format(
    findings: tuple[Finding, ...], options: tuple[str, ...], status: int, output_format: str,
    cli: Cli, canned: SimpleNamespace,
) -> None:  # fmt: skip
    canned.run = replace(RUN, findings=findings)
    assert cli("check", "--output-format", output_format, *options).status == status


def test_an_unread_file_fails_a_strict_run_only(cli: Cli, canned: SimpleNamespace) -> None:
    canned.run = replace(RUN, findings=(), coverage=Coverage(unread=1))
    assert cli("check").status == 0
    assert cli("check", "--strict").status == 2


def test_an_internal_error_is_status_2_even_with_exit_zero(cli: Cli, canned: SimpleNamespace) -> None:
    canned.run = replace(RUN, notifications=(Notification("error", "broke", None, "unversioned-data"),))
    assert cli("check", "--exit-zero").status == 2


@pytest.mark.usefixtures("canned")
def test_one_run_writes_several_reports(cli: Cli, folder: Path) -> None:
    said = cli("check", "--output", "json=a.json", "--output", "sarif=b.sarif", "--output", "text=c.txt")
    assert said.out == text.render(RUN)
    assert (folder / "a.json").read_text("utf-8") == json_report.render(RUN)
    assert (folder / "c.txt").read_text("utf-8") == text.render(RUN)
    assert json.loads((folder / "b.sarif").read_text("utf-8"))["version"] == "2.1.0"


@pytest.mark.usefixtures("canned")
def test_sarif_carries_the_line_hash_that_github_compares(cli: Cli) -> None:
    log = json.loads(cli("check", "--output-format", "sarif", "--sarif-category", "/nightly/").out)
    assert log["runs"][0]["automationDetails"]["id"] == "mltradeoff-lint/nightly/"
    hashes = [result["partialFingerprints"]["primaryLocationLineHash"] for result in log["runs"][0]["results"]]
    assert all(value.endswith(":1") for value in hashes)
    assert len(set(hashes)) == 2


def test_options_stand_above_the_settings_file(cli: Cli, folder: Path, canned: SimpleNamespace) -> None:
    (folder / "pyproject.toml").write_text("[tool.mltradeoff-lint]\nfail-on = 'low'\nmin-confidence = 'high'\n")
    names = "unused-suppression, unknown-suppression"
    cli("check", "--fail-on", "never", "--select", names, "--select", "build-vs-buy", "--pedantic")
    assert canned.settings.fail_on is None
    assert canned.settings.min_confidence is Confidence.HIGH
    assert canned.settings.select == ("unused-suppression", "unknown-suppression", "build-vs-buy")
    assert (canned.settings.pedantic, canned.settings.include_examples) == (True, False)


def test_a_named_settings_file_replaces_those_of_the_repository(
    cli: Cli, folder: Path, canned: SimpleNamespace
) -> None:
    (folder / "mltradeoff.toml").write_text("fail-on = 'low'\n")
    (folder / "strict.toml").write_text("fail-on = 'note'\n")
    cli("check", "churn", "--config", "strict.toml")
    assert canned.settings.fail_on is Severity.NOTE


@pytest.mark.usefixtures("canned")
def test_a_settings_file_that_is_passed_over_is_told_on_stderr(cli: Cli, folder: Path) -> None:
    (folder / "mltradeoff.toml").write_text("fail-on = 'low'\n")
    (folder / "pyproject.toml").write_text("[tool.mltradeoff-lint]\nfail-on = 'note'\n")
    said = cli("check", "--output-format", "json")
    assert said.err == "note: mltradeoff.toml is used; [tool.mltradeoff-lint] in pyproject.toml is passed over\n"
    assert json.loads(said.out)["schema"] == "mltradeoff-lint/1"


@pytest.mark.parametrize(
    ("file", "rules"),
    [
        ("churn/train.py", ["unversioned-data"]),
        ("churn/serve.py", ["stale-features-realtime"]),
        ("notes/broken nb.ipynb", []),
    ],
)
@pytest.mark.usefixtures("canned")
def test_report_only_keeps_the_findings_that_touch_the_files(file: str, rules: list[str], cli: Cli) -> None:
    document = json.loads(cli("check", "--report-only", file, "--output-format", "json").out)
    assert [finding["rule"] for finding in document["findings"]] == rules
    assert document["summary"]["hidden"]["outside the given files"] == 2 - len(rules)


def test_report_only_keeps_a_finding_whose_path_goes_through_a_file(cli: Cli, canned: SimpleNamespace) -> None:
    canned.run = replace(RUN, findings=(replace(STALE, location=UNVERSIONED.location),))
    document = json.loads(cli("check", "--report-only", "churn/serve.py", "--output-format", "json").out)
    assert len(document["findings"]) == 1


def test_report_only_does_not_fail_for_findings_elsewhere(cli: Cli, canned: SimpleNamespace) -> None:
    assert cli("check", "--report-only", "churn/serve.py").status == 0


@pytest.mark.usefixtures("canned")
def test_why_not_prints_the_answers_about_a_line(cli: Cli) -> None:
    said = cli("check", "churn", "--why-not", "train.py:4")
    assert said.out == "train.py:4 nothing was a candidate\n"
    assert cli("check", "--why-not", "churn/train.py:4").out == "churn/train.py:4 nothing was a candidate\n"


@pytest.mark.usefixtures("canned")
def test_suppressed_findings_are_shown_when_asked_for(cli: Cli) -> None:
    assert "retired in March" not in cli("check").out
    assert "retired in March" in cli("check", "--show-suppressed").out


def test_dated_facts_are_judged_as_of_the_given_day_or_today(cli: Cli, canned: SimpleNamespace) -> None:
    cli("check", "--as-of", "2026-03-01")
    assert canned.options["as_of"] == "2026-03-01"
    assert "unversioned-data-dependency" in {rule.name for rule in canned.options["rules"]}
    cli("check")
    assert canned.options["as_of"] == datetime.date.today().isoformat()


@pytest.mark.usefixtures("canned")
def test_colour_can_be_forced(cli: Cli) -> None:
    assert "\x1b[" not in cli("check").out
    assert "\x1b[" in cli("check", "--color", "always").out


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "coloured"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "0"}, True, True),
        ("auto", {"FORCE_COLOR": "1", "CI": "true"}, False, True),
        ("auto", {"CI": "true"}, True, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_one_function_decides_on_colour(
    choice: str, environment: dict[str, str], terminal: bool, coloured: bool
) -> None:
    assert wants_colour(choice, environment, terminal) is coloured


def test_a_report_that_cannot_be_finished_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "lint.json"
    target.write_text("old")

    def refuse(source: object, destination: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(UsageError, match=r"cannot write .*lint\.json: Permission denied"):
        write_file(target, "new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_report_through_a_link_replaces_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_file(tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such devices")
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_file(Path(os.devnull), "new")
    assert not Path(os.devnull).is_file()


def test_a_reader_that_closes_the_pipe_early_causes_no_noise(folder: Path) -> None:
    program = f"PYTHONPATH={CHECKOUT} {sys.executable} -m mltradeoff_lint rules | true"
    done = subprocess.run(["sh", "-c", program], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
