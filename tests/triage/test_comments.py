"""Suppression comments: what they cover, and what is said about them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mltradeoff_lint.model.finding import Finding, Severity, Step
from mltradeoff_lint.model.source import Location
from mltradeoff_lint.triage.comments import apply

from .conftest import Files, Read

RULES = ("a-rule", "b-rule")
META = ("unexplained-suppression", "unknown-suppression", "unused-suppression")
Make = Callable[..., Finding]


def _apply(found: Files, *findings: Finding, ran: tuple[str, ...] = RULES + META) -> tuple[Finding, ...]:
    return apply(findings, found.facts, found.locator, RULES, ran)


def _state(results: tuple[Finding, ...]) -> list[tuple[str, str | None]]:
    return [(item.rule, item.suppressed.reason if item.suppressed else None) for item in results]


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("a.py", "x = load()  # mltradeoff: ignore[a-rule] known\n", 1),
        ("a.py", "x = load()  # noqa: X1  # mltradeoff: ignore[b-rule, a-rule] known # more\n", 1),
        ("a.py", "# mltradeoff: ignore[a-rule]: known\n\n# other\nx = load()\n", 4),
        ("a.yaml", "a:\n  b: 1 # mltradeoff: ignore[a-rule] known\n", 2),
        ("a.toml", "# mltradeoff: ignore[a-rule] known\na = 1\n", 2),
        ("Dockerfile", "# mltradeoff: ignore[a-rule] known\nFROM x:latest\n", 2),
        ("a.sql", "SELECT 1 -- mltradeoff: ignore[a-rule] known\n", 1),
    ],
)
def test_a_comment_hides_a_finding_on_its_line_or_below_it(
    files: Read, finding: Make, path: str, text: str, line: int
) -> None:
    found = files({path: text})
    results = _apply(found, finding("a-rule", found.at(path, line)), ran=("a-rule",))
    assert _state(results) == [("a-rule", "known")]
    assert results[0].suppressed is not None
    assert results[0].suppressed.kind == "comment"


def test_a_comment_does_not_reach_past_the_next_code_line(files: Read, finding: Make) -> None:
    found = files({"a.py": "# mltradeoff: ignore[a-rule] known\nx = 1\ny = load()\n"})
    assert _state(_apply(found, finding("a-rule", found.at("a.py", 3)))) == [
        ("a-rule", None),
        ("unused-suppression", None),
    ]


def test_a_comment_behind_code_does_not_cover_the_next_line(files: Read, finding: Make) -> None:
    found = files({"a.py": "x = 1  # mltradeoff: ignore[a-rule] known\ny = load()\n"})
    assert _state(_apply(found, finding("a-rule", found.at("a.py", 2))))[0] == ("a-rule", None)


def test_a_comment_covers_only_the_rules_it_names(files: Read, finding: Make) -> None:
    found = files({"a.py": "x = load()  # mltradeoff: ignore[a-rule] known\n"})
    place = found.at("a.py", 1)
    assert _state(_apply(found, finding("a-rule", place), finding("b-rule", place))) == [
        ("a-rule", "known"),
        ("b-rule", None),
    ]


def test_a_comment_at_a_step_of_the_trace_hides_the_finding(files: Read, finding: Make) -> None:
    found = files({"a.py": "x = load()\n", "b.py": "\ny = 1  # mltradeoff: ignore[a-rule] known\n"})
    step = Step(found.at("b.py", 2), "argument")
    for part in ("trace", "related"):
        assert _state(_apply(found, finding("a-rule", found.at("a.py", 1), **{part: (step,)}))) == [("a-rule", "known")]


HEADER = """\
@app.post(
    "/score",
)
@traced  # mltradeoff: ignore[a-rule] known
def score(
    body: dict,  # every key
) -> float:
    return model(body)
"""


@pytest.mark.parametrize(("line", "reason"), [(1, "known"), (5, "known"), (7, "known"), (8, None)])
def test_a_comment_in_a_header_covers_the_whole_header(
    files: Read, finding: Make, line: int, reason: str | None
) -> None:
    found = files({"a.py": HEADER})
    assert _state(_apply(found, finding("a-rule", found.at("a.py", line))))[0] == ("a-rule", reason)


def test_a_comment_above_a_decorator_covers_the_function(files: Read, finding: Make) -> None:
    found = files({"a.py": "# mltradeoff: ignore[a-rule] known\n@a\n@b\ndef f():\n    pass\n\n\ndef g():\n    pass\n"})
    assert _state(_apply(found, finding("a-rule", found.at("a.py", 4)))) == [("a-rule", "known")]
    assert _state(_apply(found, finding("a-rule", found.at("a.py", 8))))[0] == ("a-rule", None)


def test_a_comment_in_a_function_does_not_cover_the_next_one_with_its_decorator(files: Read, finding: Make) -> None:
    found = files({"a.py": "@a\ndef f():\n    x()  # mltradeoff: ignore[a-rule] known\n\n\n@a\ndef g():\n    pass\n"})
    assert _state(_apply(found, finding("a-rule", found.at("a.py", 3)))) == [("a-rule", "known")]
    assert _state(_apply(found, finding("a-rule", found.at("a.py", 7))))[0] == ("a-rule", None)


def test_a_comment_behind_the_end_of_a_call_covers_its_first_line(files: Read, finding: Make) -> None:
    found = files({"a.py": 'x = load(\n    "y",\n)  # mltradeoff: ignore[a-rule] known\n'})
    assert _state(_apply(found, finding("a-rule", found.call("a.py")))) == [("a-rule", "known")]


@pytest.mark.parametrize("style", [{"indent": 1}, {}])
def test_a_comment_in_a_notebook_covers_its_own_line_only(files: Read, finding: Make, style: dict[str, int]) -> None:
    comment = "# mltradeoff: ignore[a-rule]"
    lines = ["import x\n", f"first()  {comment} known\n", "second()\n", f"{comment} why\n", "third()"]
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": lines}
    text = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, **style)  # type: ignore[arg-type]
    found = files({"n.ipynb": text})
    results = _apply(found, *(finding("a-rule", found.call("n.ipynb", index)) for index in range(3)))
    assert _state(results) == [("a-rule", "known"), ("a-rule", None), ("a-rule", "why")]


def test_a_comment_without_a_reason_hides_nothing_and_is_a_finding(files: Read, finding: Make) -> None:
    found = files({"a.py": "x = load()  # mltradeoff: ignore[a-rule] ...\n"})
    results = _apply(found, finding("a-rule", found.at("a.py", 1)))
    assert _state(results) == [("a-rule", None), ("unexplained-suppression", None)]
    about = results[1]
    assert (about.severity, about.group) == (Severity.LOW, "complexity-vs-maintainability")
    assert (about.location.line, about.location.column, about.location.end_column) == (1, 15, 45)


def test_an_unknown_rule_is_a_finding_with_the_nearest_name(files: Read) -> None:
    found = files({"a.py": "x = load()  # mltradeoff: ignore[a-ruel] known\n"})
    (about,) = _apply(found)
    assert (about.rule, about.remedy) == ("unknown-suppression", "Write `a-rule`.")


@pytest.mark.parametrize("directive", ["ignore known reason", "ignore[] known"])
def test_a_comment_that_names_no_rule_is_a_finding(files: Read, finding: Make, directive: str) -> None:
    found = files({"a.py": f"x = load()  # mltradeoff: {directive}\n"})
    results = _apply(found, finding("a-rule", found.at("a.py", 1)))
    assert _state(results) == [("a-rule", None), ("unknown-suppression", None)]


def test_a_comment_that_covers_nothing_is_a_finding_unless_its_rule_did_not_run(files: Read) -> None:
    found = files({"a.py": "x = 1  # mltradeoff: ignore[a-rule, b-rule] known\n"})
    (about,) = _apply(found, ran=("a-rule", *META))
    assert about.rule == "unused-suppression"
    assert "`a-rule`" in about.claim
    assert _apply(found, ran=("a-rule",)) == ()


def test_findings_about_comments_keep_their_fingerprint_when_lines_move(files: Read) -> None:
    line = "x = 1  # mltradeoff: ignore[a-rule] known\n"
    (before,) = _apply(files({"a.py": line}))
    (after,) = _apply(files({"a.py": "\n\n" + line}))
    assert before.fingerprint == after.fingerprint
    assert before.location.line != after.location.line
    first, second = _apply(files({"a.py": line * 2}))
    assert first.fingerprint != second.fingerprint


def test_another_directive_of_the_same_marker_is_left_alone(files: Read) -> None:
    assert _apply(files({"a.py": "x = 1  # mltradeoff: ignored-by-design\n"})) == ()


def test_an_unrelated_finding_is_returned_as_it_is(files: Read, finding: Make) -> None:
    found = files({"a.py": "x = 1\n"})
    given = finding("a-rule", Location("elsewhere.py", 1, 1, 1, 2))
    assert _apply(found, given) == (given,)
