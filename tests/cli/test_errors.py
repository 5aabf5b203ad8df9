"""What a user got wrong is said in one line on stderr, with the nearest valid name, and exit status 2."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import Cli

WRONG = {
    ("chek",): "no such command: chek; did you mean check?",
    ("check", "--formt", "json"): "no such option: --formt; did you mean --output-format?",
    ("check", "churm"): "churm does not exist; did you mean churn?",
    ("check", "blend.py"): "blend.py is a file; give its folder, or name files after --report-only",
    ("check", ".", "churn"): "check takes one folder; to limit the report to files, add --report-only",
    ("check", "--report-only"): "--report-only needs the files to report on",
    ("check", "--report-only", "blent.py"): "blent.py does not exist; did you mean blend.py?",
    ("check", "--report-only", "/"): "/ is not inside .",
    ("check", "--fail-on", "hihg"): "invalid value for '--fail-on': 'hihg'; did you mean high?",
    ("check", "--output-format", "x"): "invalid value for '--output-format': 'x'; one of text, sarif, json",
    ("check", "--output", "sarf=x"): "no such format: sarf; did you mean sarif?",
    ("check", "--output", "x.sarif"): "--output wants FORMAT=PATH, such as sarif=lint.sarif, not x.sarif",
    ("check", "--output", "json=gone/x.json"): "folder gone does not exist, so x.json cannot be written there",
    ("check", "--output", "json=churn"): "churn is a folder, not a file to write",
    ("check", "--as-of", "2026-02-30"): "--as-of wants a day as YYYY-MM-DD, not 2026-02-30",
    ("check", "--why-not", "blend.py"): "--why-not wants FILE:LINE, such as train.py:12, not blend.py",
    ("check", "--why-not", "gone.py:3"): "gone.py does not exist",
    ("check", "--why-not", "churn:3"): "--why-not wants FILE:LINE, such as train.py:12, not churn:3",
    ("graph", "--why", "blend.py:900"): "--why: blend.py has 1 line, and no line 900",
    ("check", "--sarif-category", "a b"): "--sarif-category wants a name without spaces, not a b",
    ("check", "--config", "gone.toml"): "settings file gone.toml does not exist",
    ("check", "--select", "unused-supression"): (
        "command line: unknown rule or group 'unused-supression' in select; did you mean unused-suppression?"
    ),
    ("check", "--ignore", "batch-vs-realtme"): (
        "command line: unknown rule or group 'batch-vs-realtme' in ignore; did you mean batch-vs-realtime?"
    ),
    ("explain", "unused-supression"): "no such rule: unused-supression; did you mean unused-suppression?",
    ("explain",): "missing argument 'RULE' (see mltradeoff-lint explain --help)",
    ("graph", "--kind", "Datset"): "no such kind of node: Datset; did you mean Dataset?",
    ("graph", "--format", "dott"): "invalid value for '--format': 'dott'; did you mean dot?",
    ("graph", "gone"): "gone does not exist",
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_a_wrong_command_line_is_one_line_and_status_2(arguments: tuple[str, ...], cli: Cli) -> None:
    said = cli(*arguments)
    assert (said.status, said.out, said.err) == (2, "", f"error: {WRONG[arguments]}\n")


@pytest.mark.usefixtures("canned")
def test_an_unknown_setting_names_its_file_and_the_nearest_key(cli: Cli, folder: Path) -> None:
    (folder / "mltradeoff.toml").write_text("fail-onn = 'low'\n")
    said = cli("check")
    assert (said.status, said.err) == (2, "error: mltradeoff.toml: unknown key fail-onn; did you mean fail-on?\n")


@pytest.mark.usefixtures("canned")
def test_isolated_passes_a_wrong_settings_file_over(cli: Cli, folder: Path) -> None:
    (folder / "mltradeoff.toml").write_text("fail-onn = 'low'\n")
    assert cli("check", "--isolated").status == 1


@pytest.mark.usefixtures("canned")
def test_a_missing_output_folder_is_found_before_the_analysis(cli: Cli, canned: SimpleNamespace) -> None:
    cli("check", "--output", "json=gone/x.json")
    assert canned.settings is None


def test_an_error_repeats_no_control_characters(cli: Cli) -> None:
    assert cli("check", "a\x1b[31mb").err == "error: a\\x1b[31mb does not exist\n"


def test_a_failure_of_our_own_shows_where_and_is_status_2(
    cli: Cli, canned: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    canned.run = None
    said = cli("check")
    assert said.status == 2
    assert "Traceback" in said.err
    assert said.err.split("\n")[-2].startswith("error: internal error: ")
