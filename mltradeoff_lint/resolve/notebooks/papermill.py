"""The words of a papermill command line: the notebook it runs, and what it puts in place of the notebook's parameters.

Source: papermill documentation, "Execute via CLI". What is given by `-r` goes over `-p`, that over `-y`, `-f` and `-b`.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.resolve.command_line.signatures import ENDS

_LONG = {
    "--parameters": "-p",
    "--parameters_raw": "-r",
    "--parameters_file": "-f",
    "--parameters_yaml": "-y",
    "--parameters_base64": "-b",
}
_TAKES = {
    "-p": 2, "-r": 2, "-f": 1, "-y": 1, "-b": 1, "-k": 1, "--kernel": 1, "-l": 1, "--language": 1, "--cwd": 1,
    "--engine": 1, "--autosave-cell-every": 1, "--stdout-file": 1, "--stderr-file": 1, "--log-level": 1,
    "--start-timeout": 1, "--start_timeout": 1, "--execution-timeout": 1,
}  # fmt: skip
_WEAKEST_FIRST = ("-b", "-f", "-y", "-p", "-r")
_CONSTANTS = {"True": True, "False": False, "None": None}


class Given(NamedTuple):
    """What one option gives: `-p` and `-r` the value of a name, the others a mapping of values (no name)."""

    flag: str
    name: str
    word: str


def notebook(words: Sequence[str]) -> str:
    """The notebook that the words behind `papermill` run; empty when they name none."""
    return next((word for flag, (word, *_) in _split(words) if not flag and not word.startswith("$")), "")


def parameters(words: Sequence[str]) -> tuple[str, ...]:
    """The options among the words that give parameters."""
    return tuple(word for flag, values in _split(words) if flag in _WEAKEST_FIRST for word in (flag, *values))


def given(words: Sequence[str]) -> tuple[Given, ...]:
    """What gives parameters, what wins last."""
    found = [
        Given(flag, values[0] if len(values) == 2 else "", values[-1])
        for flag, values in _split(words)
        if flag in _WEAKEST_FIRST
    ]
    return tuple(sorted(found, key=lambda one: _WEAKEST_FIRST.index(one.flag)))


def constant(text: str) -> bool | str | None:
    """The value of a word of `-p` that is written as True, False or None; any other word as it is."""
    return _CONSTANTS.get(text, text)


def decoded(text: str) -> str:
    """The text behind `-b`; empty when it is no base64."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _split(words: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(flag, values) of each option and ("", (word,)) of each other word, up to what belongs to the shell."""
    at = 0
    while at < len(words) and words[at] not in ENDS:
        word, at = words[at], at + 1
        if not word.startswith("-") or word == "-":
            yield "", (word,)
            continue
        flag, equals, value = word.partition("=")
        flag = _LONG.get(flag, flag)
        count = _TAKES.get(flag, 0) - bool(equals)
        values = (*((value,) if equals else ()), *words[at : at + max(count, 0)])
        at += max(count, 0)
        if len(values) >= _TAKES.get(flag, 0):
            yield flag, values
