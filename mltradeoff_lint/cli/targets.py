"""What a `check` is about: the analysed folder, and the files a report is limited to."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from mltradeoff_lint.model.finding import Finding, Run
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.spelling import did_you_mean

OUTSIDE = "outside the given files"
"""The reason under which findings that `--report-only` leaves out are counted."""


def folder(path: str) -> Path:
    """The folder to analyse; `UsageError` with the nearest existing name when there is none."""
    root = Path(path)
    if root.is_dir():
        return root
    if root.exists():
        raise UsageError(f"{path} is a file; give its folder, or name files after --report-only")
    raise UsageError(f"{path} does not exist{_nearest(root)}")


def _nearest(path: Path) -> str:
    try:
        return did_you_mean(path.name, os.listdir(path.parent))
    except OSError:
        return ""


def reported_files(root: Path, files: Sequence[str]) -> frozenset[str]:
    """The given files as paths from the root, with forward slashes; `UsageError` for a missing or outside one.

    A deleted file is passed over by git hooks themselves, so a missing one is a typo.
    """
    if not files:
        raise UsageError("--report-only needs the files to report on")
    top = root.resolve()
    found: set[str] = set()
    for name in files:
        path = Path(name)
        if not path.exists() and not path.is_symlink():
            raise UsageError(f"{name} does not exist{_nearest(path)}")
        try:
            found.add((path.parent.resolve() / path.name).relative_to(top).as_posix())
        except ValueError:
            raise UsageError(f"{name} is not inside {root}") from None
    return frozenset(found)


def touching(run: Run, files: Collection[str]) -> Run:
    """The run with only the findings that stand in, pass through or point at one of the files.

    The whole repository was analysed; what is left out is counted as hidden.
    """
    kept = tuple(finding for finding in run.findings if _touches(finding, files))
    left_out = len(run.shown) - sum(finding.suppressed is None for finding in kept)
    hidden = {**run.hidden, OUTSIDE: left_out} if left_out else run.hidden
    return replace(run, findings=kept, hidden=hidden)


def _touches(finding: Finding, files: Collection[str]) -> bool:
    places = (finding.location, *(step.location for step in (*finding.trace, *finding.related)))
    return any(place.path in files for place in places)


def line_of_file(text: str, root: Path, option: str = "--why-not") -> tuple[str, int]:
    """`train.py:12` as a path from the root and a line; `UsageError` when it is neither."""
    path, colon, line = text.rpartition(":")
    if not colon or not line.isascii() or not line.isdigit() or int(line) < 1:
        raise UsageError(f"{option} wants FILE:LINE, such as train.py:12, not {text}")
    base = _seen_from(root, path)
    found = next(iter(reported_files(root, [str(base)])))
    if not base.is_file():
        raise UsageError(f"{option} wants FILE:LINE, such as train.py:12, not {text}")
    lines = len(base.read_bytes().splitlines())
    if int(line) > max(lines, 1):
        raise UsageError(f"{option}: {path} has {lines} line{'s'[: lines != 1]}, and no line {line}")
    return found, int(line)


def _seen_from(root: Path, path: str) -> Path:
    """A path from the working directory, as every other one of the command line, else from the root.

    What the working directory holds under it outside of the root is meant only where the root has no such path.
    """
    here = Path(path)
    is_inside = here.exists() and here.resolve().is_relative_to(root.resolve())
    return here if is_inside or (here.exists() and not (root / path).exists()) else root / path


def place(text: str, root: Path, option: str = "--why") -> tuple[str, int | None]:
    """A line, a file or a folder: `train.py:12`, `train.py`, `api/`; the root is empty, `.` always means it."""
    _, colon, tail = text.rpartition(":")
    if colon and tail.isascii() and tail.isdigit():
        return line_of_file(text, root, option)
    base = _seen_from(root, text) if text != "." else root
    if not base.exists():
        raise UsageError(f"{option} wants FILE:LINE, FILE or a folder, not {text}{_nearest(base)}")
    path = next(iter(reported_files(root, [str(base)])))
    return ("" if path == "." else path), None
