"""`mltradeoff-lint rules`: what can be found, by name and trade-off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from mltradeoff_lint.cli.catalogue import Entry, entries
from mltradeoff_lint.cli.names import Word
from mltradeoff_lint.cli.outputs import write_stdout

_COLUMNS = ("name", "group", "severity", "persona", "summary")


@click.command("rules")
@click.option("--output-format", type=Word("text", "json"), default="text", help="Format on standard output.")
def command(output_format: str) -> int:
    """List all rules.

    Each with its trade-off, severity and audience. Rules of the working directory's .mltradeoff/rules are included.
    """
    known = entries(Path())
    write_stdout(_json(known) if output_format == "json" else _table(known))
    return 0


def _json(known: Sequence[Entry]) -> str:
    import json

    rows = [{name: getattr(entry, name) for name in _COLUMNS} for entry in known]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _table(known: Sequence[Entry]) -> str:
    """Columns as wide as their longest word; the summary, being last, as long as it is."""
    from mltradeoff_lint.report.text import escape

    rows = [_COLUMNS, *(tuple(escape(getattr(entry, name)) for name in _COLUMNS) for entry in known)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in rows
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)
