"""`mltradeoff-lint check`: analyse a repository, write the reports, and say by the exit status what was found."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from mltradeoff_lint.cli import targets
from mltradeoff_lint.cli.colour import CHOICES, wants_colour
from mltradeoff_lint.cli.names import Word
from mltradeoff_lint.cli.outputs import FORMATS, parse_output, write_file, write_note, write_stdout
from mltradeoff_lint.model.finding import Confidence, Run, Severity
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.source import Location

_SEVERITIES = tuple(severity.word for severity in sorted(Severity, reverse=True))
_CONFIDENCES = tuple(confidence.word for confidence in sorted(Confidence, reverse=True))


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options of one `check` as they were given; None or empty means not given."""

    paths: tuple[str, ...]
    output_format: str
    outputs: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str | None
    min_confidence: str | None
    pedantic: bool | None
    include_examples: bool | None
    as_of: str | None
    config: str | None
    isolated: bool
    strict: bool
    exit_zero: bool
    color: str
    report_only: bool
    why_not: str | None
    sarif_category: str
    show_suppressed: bool


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]")
@click.option("--output-format", type=Word(*FORMATS), default="text", help="Format on standard output.")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT=PATH", help="Also write a report; repeatable.")
@click.option("--select", multiple=True, metavar="NAMES", help="Run only these rules or groups; comma separated.")
@click.option("--ignore", multiple=True, metavar="NAMES", help="Leave these rules or groups out; comma separated.")
@click.option("--fail-on", type=Word(*_SEVERITIES, "never"), help="Lowest severity that fails; high by default.")
@click.option("--min-confidence", type=Word(*_CONFIDENCES), help="Lowest confidence shown; medium by default.")
@click.option("--pedantic", is_flag=True, default=None, help="Also run rules that ask for more than most want.")
@click.option("--include-examples", is_flag=True, default=None, help="Also report example and tutorial code.")
@click.option("--as-of", metavar="DATE", help="Judge dated facts as on this day (YYYY-MM-DD); today by default.")
@click.option("--config", metavar="FILE", help="Settings file to use instead of the repository's own.")
@click.option("--isolated", is_flag=True, help="Ignore all settings files.")
@click.option("--strict", is_flag=True, help="Exit with 2 when a file could not be read.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--color", type=Word(*CHOICES), default="auto", help="Colour the text report.")
@click.option("--report-only", is_flag=True, help="Take PATHs as files: report only findings that touch them.")
@click.option("--why-not", metavar="FILE:LINE", help="Say which clause silenced the candidates of a line.")
@click.option("--sarif-category", default="", metavar="NAME", help="Keeps two SARIF uploads of a commit apart.")
@click.option("--show-suppressed", is_flag=True, help="Include suppressed findings, with their reasons.")
def command(**values: Any) -> int:
    """Report the trade-offs of a repository.

    PATH is its folder, by default the working directory.

    Exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage, settings or internal error.
    """
    return check(CheckOptions(**values))


def check(options: CheckOptions) -> int:
    """Run one check and return the exit status; raises UsageError for what the user has to mend."""
    if len(options.paths) > 1 and not options.report_only:
        raise UsageError("check takes one folder; to limit the report to files, add --report-only")
    root = targets.folder("." if options.report_only or not options.paths else options.paths[0])
    files = targets.reported_files(root, options.paths) if options.report_only else None
    line = targets.line_of_file(options.why_not, root) if options.why_not else None
    outputs = [parse_output(value) for value in options.outputs]
    as_of = _date(options.as_of)
    category = _category(options.sarif_category)

    from mltradeoff_lint.analysis import analyse, why_nothing
    from mltradeoff_lint.cli.preparing import line_hasher, prepared

    tree, settings, rules = prepared(root, config=options.config, isolated=options.isolated, **_overrides(options))
    for note in settings.notes:
        write_note(note)
    analysis = analyse(tree, settings, as_of=as_of, rules=rules, is_kept=line is not None)
    if line is not None:
        answers = analysis.why_not(*line) or why_nothing(tree, settings, analysis, *line)
        write_stdout("".join(f"{answer}\n" for answer in answers))
        return 0
    run = analysis.run if files is None else targets.touching(analysis.run, files)
    reports = _Reports(run, category, options, line_hasher(tree))
    for output in outputs:
        write_file(output.path, reports.render(output.format, colour=False))
    colour = wants_colour(options.color, os.environ, sys.stdout.isatty())
    write_stdout(reports.render(options.output_format, colour=colour))
    return exit_status(run, settings.fail_on, strict=options.strict, exit_zero=options.exit_zero)


def exit_status(run: Run, fail_on: Severity | None, *, strict: bool, exit_zero: bool) -> int:
    """2 when we failed or, with `strict`, could not read something; 1 for findings that fail; else 0."""
    if run.has_internal_error or (strict and run.coverage.unread):
        return 2
    failing = fail_on is not None and any(finding.severity >= fail_on for finding in run.shown)
    return 1 if failing and not exit_zero else 0


class _Reports:
    """Renders one run in any format; a reporter is imported when its format is asked for."""

    def __init__(self, run: Run, category: str, options: CheckOptions, line_hash: Callable[[Location], str]) -> None:
        self._run = run
        self._category = category
        self._show_suppressed = options.show_suppressed
        self._line_hash = line_hash

    def render(self, name: str, *, colour: bool) -> str:
        if name == "sarif":
            from mltradeoff_lint.report import sarif

            return sarif.render(
                self._run,
                category=self._category,
                line_hash=self._line_hash,
                show_suppressed=self._show_suppressed,
            )
        if name == "json":
            from mltradeoff_lint.report import json_report

            return json_report.render(self._run, show_suppressed=self._show_suppressed)
        from mltradeoff_lint.report import text

        return text.render(self._run, colour=colour, show_suppressed=self._show_suppressed)


def _overrides(options: CheckOptions) -> Mapping[str, object]:
    """The options that stand above the settings file, by the setting's name."""
    return {
        "select": _names(options.select),
        "ignore": _names(options.ignore),
        "fail_on": options.fail_on,
        "min_confidence": options.min_confidence,
        "pedantic": options.pedantic,
        "include_examples": options.include_examples,
    }


def _names(values: tuple[str, ...]) -> tuple[str, ...] | None:
    """`("a,b", "c")` as `("a", "b", "c")`; None when the option was not given."""
    names = tuple(name.strip() for value in values for name in value.split(",") if name.strip())
    return names or None


def _date(text: str | None) -> str:
    """The day as given, or today; `UsageError` when it is no calendar day."""
    if text is None:
        return datetime.date.today().isoformat()
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"--as-of wants a day as YYYY-MM-DD, not {text}") from None


def _category(text: str) -> str:
    """The category without slashes at its ends; `UsageError` when it cannot stand in an automation id."""
    category = text.strip().strip("/")
    if any(not character.isprintable() or character.isspace() for character in category):
        raise UsageError(f"--sarif-category wants a name without spaces, not {text}")
    return category
