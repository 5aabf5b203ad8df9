from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.finding import Coverage, Finding, Notification, Run
from mltradeoff_lint.model.source import Location
from mltradeoff_lint.report import text
from tests.conftest import Golden
from tests.report.sample import RUN, STALE, UNVERSIONED, place

GOLDEN = Path(__file__).parent / "golden"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def run_of(*findings: Finding) -> Run:
    return replace(RUN, findings=findings, hidden={}, notifications=(), coverage=Coverage())


def block(finding: Finding) -> list[str]:
    return text.render(run_of(finding)).split("\n\n")[0].split("\n")


def test_text_report_matches_its_golden_file(golden: Golden) -> None:
    golden(GOLDEN / "report.txt", text.render(RUN))


def test_text_report_with_suppressed_findings_matches_its_golden_file(golden: Golden) -> None:
    golden(GOLDEN / "report-suppressed.txt", text.render(RUN, show_suppressed=True))


def test_colour_changes_nothing_but_the_escape_sequences() -> None:
    coloured = text.render(RUN, colour=True)
    assert coloured != text.render(RUN)
    assert ANSI.sub("", coloured) == text.render(RUN)


def test_a_run_without_findings_still_says_what_it_read() -> None:
    quiet = replace(RUN, findings=(), hidden={}, notifications=(), coverage=Coverage(files={"python": 1}))
    assert text.render(quiet) == "no findings\nread 1 file (1 python), as of 2026-11-21\n"


def test_the_sixth_related_place_is_counted_and_not_shown() -> None:
    lines = block(UNVERSIONED)
    assert lines[lines.index("  also:") + 6] == "    and 1 more"


@pytest.mark.parametrize(
    ("line", "mark", "underlined"),
    [
        ("x = call(1)", (4, 11), "    ^^^^^^^"),
        ("\tx = call(1)", (5, 12), "        ^^^^^^^"),
        ("名前 = call(1)", (5, 12), "       ^^^^^^^"),
        ("a\x00b = 1", (2, 3), "     ^"),
        ("x = 名前", (4, 90), "    ^^^^"),
    ],
    ids=["plain", "tab", "wide characters", "escaped character", "mark beyond the line"],
)
def test_the_caret_stands_under_the_region(line: str, mark: tuple[int, int], underlined: str) -> None:
    assert block(replace(STALE, location=Location("a.py", 3, 1, 3, 2, line, "", mark)))[4] == f"  | {underlined}"


def test_a_line_whose_region_cannot_be_shown_has_no_caret() -> None:
    lines = block(replace(STALE, location=Location("a.py", 3, 1, 3, 2, "key = ***"), trace=()))
    assert lines[3:] == ["3 | key = ***", f"  remedy: {STALE.remedy}"]


def test_a_line_of_ten_megabytes_is_shown_as_a_window_around_the_region() -> None:
    line = "x = '" + "a" * 10_000_000 + "'; call(1)"
    location = Location("a.py", 1, 1, 1, 2, line, "", (len(line) - 7, len(line)))
    shown = block(replace(STALE, location=location))[3]
    assert len(shown) < 200
    assert shown.endswith("call(1)")
    assert "…" in shown


def test_a_path_is_never_wrapped_or_cut() -> None:
    path = "deep/" * 60 + "a.py"
    assert block(replace(STALE, location=replace(STALE.location, path=path)))[1] == f" --> {path}:7:9"


@pytest.mark.parametrize("hostile", ["\x1b]0;owned\x07", "\x9b31m", "a\u202eb", "a\u2028b", "\x00", "\ud800", "a\rb"])
def test_repository_text_cannot_control_the_terminal(hostile: str) -> None:
    location = Location(f"dir/{hostile}.py", 1, 1, 1, 3, f"{hostile} = 1", hostile)
    finding = replace(STALE, claim=hostile, remedy=hostile, owner=hostile, location=location)
    said = text.render(replace(run_of(finding), notifications=(Notification("warning", hostile, location),)))
    assert all(character == "\n" or character.isprintable() for character in said)


@given(st.text(st.characters()))
def test_escaped_text_is_printable_and_keeps_what_was_printable(raw: str) -> None:
    escaped = text.escape(raw)
    assert all(character.isprintable() or character.isspace() for character in escaped)
    assert "\n" not in escaped
    if raw.isprintable():
        assert escaped == raw


def test_a_claim_of_several_lines_becomes_one_header_line() -> None:
    assert block(replace(STALE, claim="first\n  second"))[0].endswith("first second (medium confidence)")


def test_the_cell_of_a_notebook_is_named_beside_the_place() -> None:
    assert block(replace(STALE, location=place("blend.py", "scores", note="cell 3")))[1] == " --> blend.py:1:1 (cell 3)"


def test_alike_notes_are_shown_a_few_times_and_then_counted() -> None:
    notes = tuple(Notification("note", "data, not settings", Location(f"{n}.json", 1, 1, 1, 1)) for n in range(7))
    said = text.render(replace(RUN, findings=(), notifications=notes))
    assert said.count("data, not settings") == 4
    assert "note: 4 more places: data, not settings (JSON and SARIF list them all)" in said


def test_warnings_are_never_folded() -> None:
    notes = tuple(Notification("warning", "not UTF-8", Location(f"{n}.json", 1, 1, 1, 1)) for n in range(7))
    assert text.render(replace(RUN, findings=(), notifications=notes)).count("not UTF-8") == 7
