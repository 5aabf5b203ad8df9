"""Reads pip's requirements format.

Groups: empty for a required distribution; `include` for `-r FILE` and `constraint` for `-c FILE` (name empty, specifier
the file as written); `editable` for `-e`, whose specifier is the path or URL and whose name is empty unless `#egg=`
gives it. Source: pip "Requirements File Format".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.facts import Reading, Requirement, Requirements
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import UndecodableError, decode, lines_of, marked_comments
from mltradeoff_lint.readers.requirement_line import requirement
from mltradeoff_lint.readers.templates import has_tags

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.DOTALL)
_OPTION = re.compile(r"(-r|--requirement|-c|--constraint|-e|--editable)(?:\s+|=|(?=[^-\s]))\s*(.*)")
_PER_REQUIREMENT = re.compile(r"\s(?:--hash|--global-option|--config-settings|--install-option)\b.*$", re.DOTALL)
_GROUPS = {"r": "include", "c": "constraint", "e": "editable"}


def read(data: bytes | str, path: str) -> Reading:
    """Read what a requirements file asks for; lines that are no requirement are one PARTIAL problem."""
    try:
        text = decode(data, path, wide=True)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    found: list[Requirement] = []
    strange: list[Span] = []
    for line, span in _logical(lines_of(text)):
        if line.startswith("-"):
            option = _OPTION.match(line)
            if option:
                found.append(_option(option, span))
            continue
        one = requirement(_PER_REQUIREMENT.sub("", line), "", span)
        if one is not None:
            found.append(one)
        else:
            strange.append(span)
    problems = (_problem(path, text, strange),) if strange else ()
    return Reading(Requirements(tuple(found)), comments=marked_comments(text), problems=problems)


def _problem(path: str, text: str, strange: list[Span]) -> Problem:
    kind = ProblemKind.TEMPLATE if has_tags(text) else ProblemKind.PARTIAL
    others = f" and {len(strange) - 1} more are" if len(strange) > 1 else " is"
    return Problem.of_file(kind, path, f"line {strange[0].line}{others} no requirement", strange[0])


def _logical(lines: list[str]) -> Iterator[tuple[str, Span]]:
    """Lines with `\\` continuations joined and comments taken off, blank ones left out."""
    at = 0
    while at < len(lines):
        first, parts = at, []
        while at < len(lines):
            line = lines[at]
            at += 1
            continues = line.endswith("\\") and not line.lstrip().startswith("#")
            parts.append(line[:-1] if continues else line)
            if not continues:
                break
        line = _COMMENT.sub("", " ".join(parts)).strip()
        if line:
            start = len(lines[first]) - len(lines[first].lstrip())
            end = _COMMENT.sub("", lines[at - 1]).rstrip()
            yield line, Span(first + 1, start, at, max(len(end), start if at == first + 1 else 0))


def _option(option: re.Match[str], span: Span) -> Requirement:
    group = _GROUPS[option[1].lstrip("-")[0]]
    if group == "editable":
        place = requirement(option[2] if "://" in option[2] else f"./{option[2]}", group, span)
        if place is not None:
            return place._replace(specifier=place.specifier if "://" in option[2] else option[2])
    return Requirement("", option[2], group, span)
