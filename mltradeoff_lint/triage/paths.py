"""Findings that the settings hide by path, each with the reason written there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mltradeoff_lint.model.finding import Finding, Suppression
from mltradeoff_lint.settings import PathIgnore


def mark_ignored(findings: Sequence[Finding], ignores: Sequence[PathIgnore]) -> tuple[Finding, ...]:
    """The findings, those under a `per-path-ignores` pattern marked with its reason.

    Patterns have gitignore syntax and are matched against the primary location only; the first entry that matches
    wins, and a finding that is already suppressed keeps its reason.
    """
    if not ignores:
        return tuple(findings)
    import pathspec

    specs = [(pathspec.GitIgnoreSpec.from_lines([ignore.pattern]), ignore) for ignore in ignores]
    marked: list[Finding] = []
    for finding in findings:
        for spec, ignore in specs:
            covers = not ignore.rules or finding.rule in ignore.rules
            if finding.suppressed is None and covers and spec.match_file(finding.location.path):
                finding = replace(finding, suppressed=Suppression("settings", ignore.reason))
        marked.append(finding)
    return tuple(marked)
