"""Blanks the Jinja and Go template tags of a text at equal length, so that positions stay true."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENER = re.compile(r"\{[{%#]")
_CLOSERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_CONTROL = re.compile(r"\{\{-?\s*(?:if|else|end|range|with|define|block|template|/\*)")


def tags(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of each template tag of Jinja, Helm, cookiecutter, dbt or Airflow, in linear time."""
    at, missing = 0, set[str]()
    while found := _OPENER.search(text, at):
        closer = _CLOSERS[found[0]]
        end = -1 if closer in missing else text.find(closer, found.end())
        if end < 0:
            missing.add(closer)
            at = found.end()
        else:
            at = end + 2
            yield found.start(), at


def has_tags(text: str) -> bool:
    """Whether the text holds template tags."""
    return next(tags(text), None) is not None


def blank(text: str) -> str:
    """The text with its tags replaced at equal length.

    A tag that stands beside other text on its line becomes a hole, `${____}`, which later steps read as a part they
    do not know; statements, comments and tags with a line of their own become white space.
    """
    found = list(tags(text))
    bare = _replaced(text, found, [spaces(text[start:end]) for start, end in found])
    return _replaced(text, found, [_filler(text[start:end], _alone(bare, start)) for start, end in found])


def spaces(text: str) -> str:
    """White space of the same length, with the line ends kept."""
    return re.sub(r"[^\r\n]", " ", text)


def _replaced(text: str, found: list[tuple[int, int]], fillers: list[str]) -> str:
    pieces, done = [], 0
    for (start, end), filler in zip(found, fillers, strict=True):
        pieces += [text[done:start], filler]
        done = end
    return "".join([*pieces, text[done:]])


_LAST = re.compile(r"[ \t]*(?=[\r\n]|\Z)")


def _alone(bare: str, at: int) -> bool:
    """Whether the line around an offset holds nothing but tags, which are white space in `bare`."""
    start = at
    while start > 0 and bare[start - 1] in " \t":
        start -= 1
        if at - start > 1000:
            return False
    return (start == 0 or bare[start - 1] in "\r\n") and _LAST.match(bare, at, at + 1000) is not None


def _filler(tag: str, alone: bool) -> str:
    if alone or not tag.startswith("{{") or _CONTROL.match(tag) or "\n" in tag or "\r" in tag:
        return spaces(tag)
    return "${" + "_" * (len(tag) - 3) + "}"
