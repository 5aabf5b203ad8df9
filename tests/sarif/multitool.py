"""Runs Microsoft's sarif-multitool, the validator with the ingestion rules of GitHub code scanning."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

BINARY = Path("build/npm/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool")
"""Where `.ci/run` installs it, from the root of the checkout."""


class Fault(NamedTuple):
    """One thing the validator says about a file."""

    level: str
    rule: str
    words: str


def binary(checkout: Path) -> Path | None:
    """The installed validator, or None."""
    path = checkout / BINARY
    return path if path.is_file() else None


def is_required() -> bool:
    """Whether its absence is a failure: in CI nothing is skipped."""
    return os.environ.get("CI", "").lower() in ("1", "true")


def faults(tool: Path, file: Path, output: Path) -> Sequence[Fault]:
    """Errors, warnings and notes about a SARIF file.

    They are read from the file the tool writes: it exits with 0 for most faults it finds.
    """
    command = [
        str(tool), "validate", str(file), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning;Note",
        "--output", str(output), "--log", "ForceOverwrite",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if not output.is_file():
        raise RuntimeError(f"sarif-multitool wrote nothing: {done.stdout}{done.stderr}")
    run = json.loads(output.read_text("utf-8-sig"))["runs"][0]
    return [
        Fault(entry.get("level", "warning"), entry["ruleId"], " ".join(entry["message"].get("arguments", ())))
        for entry in run.get("results", [])
    ]
