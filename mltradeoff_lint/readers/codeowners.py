"""Reads CODEOWNERS files of GitHub, and of GitLab with its sections and default owners.

Sources: GitHub "About code owners" (a line with an owner of another form is skipped whole; `#` begins a comment
anywhere), GitLab "Code Owners syntax" (`^` optional section, `[n]` approvals, owners after a section are defaults).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.facts import OwnerLine, OwnersFile, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import UndecodableError, decode, lines_of, marked_comments

_SECTION = re.compile(r"\^?\[([^\]]+)\](?:\[\d+\])?(?=\s|$)")
_WORD = re.compile(r"(?:\\.|[^\s\\]|\\$)+")
_ESCAPE = re.compile(r"\\([ #\\])")
_OWNER = re.compile(r"@{1,2}[\w.\-/]+|[^\s@]+@[^\s@]+")


def read(data: bytes | str, path: str) -> Reading:
    """Read the owner rules in order; a line whose owners have no known form is a PARTIAL problem.

    Sections are read unless the file stands in `.github/`. `\\ ` and `\\#` in a pattern are a plain space and hash.
    """
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    problems: list[Problem] = []
    rules = tuple(_rules(lines_of(text), path, problems))
    return Reading(OwnersFile(rules), comments=marked_comments(text), problems=tuple(problems))


def _rules(lines: list[str], path: str, problems: list[Problem]) -> Iterator[OwnerLine]:
    section, defaults = "", ()  # type: str, tuple[str, ...]
    has_sections = not path.startswith(".github/")
    for number, line in enumerate(lines, 1):
        body = _without_comment(line)
        if not body.strip():
            continue
        found = _SECTION.match(body.lstrip()) if has_sections else None
        if found:
            section = found[1].strip()
            defaults = tuple(word for word in body.lstrip()[found.end() :].split() if _OWNER.fullmatch(word))
            continue
        words = [word[0] for word in _WORD.finditer(body)]
        span = Span(number, len(body) - len(body.lstrip()), number, len(body.rstrip()))
        owners = tuple(word for word in words[1:] if _OWNER.fullmatch(word))
        if len(owners) < len(words) - 1:
            skipped = "the owner is" if has_sections else "the line is"
            words_ = f"line {number}: an owner is neither @name nor an e-mail address, so {skipped} ignored"
            problems.append(Problem.of_file(ProblemKind.PARTIAL, path, words_, span))
            if not has_sections:
                continue
        yield OwnerLine(_ESCAPE.sub(r"\1", words[0]), owners or (defaults if len(words) == 1 else ()), section, span)


def _without_comment(line: str) -> str:
    for at, sign in enumerate(line):
        if sign == "#" and (at == 0 or line[at - 1] != "\\"):
            return line[:at]
    return line
