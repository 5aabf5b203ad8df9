"""Findings hidden by path."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mltradeoff_lint.model.finding import Finding, Suppression
from mltradeoff_lint.model.source import Location
from mltradeoff_lint.settings import PathIgnore
from mltradeoff_lint.triage.paths import mark_ignored

IGNORES = (PathIgnore("tests/**", ("a-rule",), "fixtures"), PathIgnore("*.ipynb", (), "sketches"))


@pytest.mark.parametrize(
    ("rule", "path", "reason"),
    [
        ("a-rule", "tests/x/y.py", "fixtures"),
        ("b-rule", "tests/x/y.py", None),
        ("b-rule", "tests/x/y.ipynb", "sketches"),
        ("a-rule", "src/tests.py", None),
    ],
)
def test_a_path_pattern_hides_its_rules_with_its_reason(
    finding: Callable[..., Finding], rule: str, path: str, reason: str | None
) -> None:
    (marked,) = mark_ignored([finding(rule, Location(path, 1, 1, 1, 2))], IGNORES)
    assert marked.suppressed == (Suppression("settings", reason) if reason else None)


def test_a_finding_that_is_already_suppressed_keeps_its_reason(finding: Callable[..., Finding]) -> None:
    before = finding("a-rule", Location("tests/a.py", 1, 1, 1, 2), suppressed=Suppression("comment", "known"))
    assert mark_ignored([before], IGNORES) == (before,)
