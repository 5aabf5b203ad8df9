"""`mltradeoff-lint explain RULE`: the page of a rule, which is its documentation and its tests."""

from __future__ import annotations

from pathlib import Path

import click

from mltradeoff_lint.cli.catalogue import entries, find
from mltradeoff_lint.cli.outputs import write_stdout


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> int:
    """Print the page of a rule.

    It says what the rule flags, why that costs, how to fix it, and when the rule is silent.
    """
    from mltradeoff_lint.report.text import escape

    entry = find(rule, entries(Path()))
    page = entry.page.strip("\n") or f"# {entry.name}\n\n{entry.summary}"
    write_stdout("".join(f"{escape(line)}\n" for line in page.split("\n")))
    return 0
