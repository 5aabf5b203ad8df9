"""Where reports go: standard output, and files that are either the whole report or not touched."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import NamedTuple

from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.spelling import did_you_mean

FORMATS = ("text", "sarif", "json")


class Output(NamedTuple):
    """A report to write: its format and the file that receives it."""

    format: str
    path: Path


def parse_output(value: str) -> Output:
    """`sarif=build/lint.sarif` as an output; `UsageError` when it cannot be written.

    Asked before the analysis, so that minutes of work do not end in a typo of a folder.
    """
    name, equals, path = value.partition("=")
    if not equals or not path:
        raise UsageError(f"--output wants FORMAT=PATH, such as sarif=lint.sarif, not {value}")
    if name not in FORMATS:
        near = did_you_mean(name, FORMATS) or f"; one of {', '.join(FORMATS)}"
        raise UsageError(f"no such format: {name}{near}")
    return Output(name, writable(Path(path)))


def writable(path: Path) -> Path:
    """The path, when a file can be made there; `UsageError` with the reason otherwise."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder, not a file to write")
    if not path.parent.is_dir():
        raise UsageError(f"folder {path.parent} does not exist, so {path.name} cannot be written there")
    return path


def write_file(path: Path, document: str) -> None:
    """Write the document beside its place and rename it there, so that no reader ever sees half of it.

    A link is followed; a device or pipe (`/dev/stdout`) is written to directly, as it cannot be replaced.
    `UsageError` when the system refuses.
    """
    data = encoded(document)
    target = path.resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
        try:
            with beside.open("xb") as stream:
                stream.write(data)
            os.replace(beside, target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def write_stdout(document: str) -> None:
    """Write the document to standard output in UTF-8, whatever the locale of the terminal or CI machine."""
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded(document))
    sys.stdout.buffer.flush()


def write_note(text: str) -> None:
    """Write a line to standard error, where it disturbs no report; control characters in it are escaped."""
    from mltradeoff_lint.report.text import escape

    print(f"note: {escape(' '.join(text.split()))}", file=sys.stderr)


def encoded(document: str) -> bytes:
    """UTF-8; halves of surrogate pairs, which names of broken files hold, become question marks."""
    return document.encode("utf-8", "replace")
