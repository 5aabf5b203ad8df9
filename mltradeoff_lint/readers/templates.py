"""Blanks the Jinja and Go template tags of a text at equal length, so that positions stay true."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.readers.decoding import Positions, lines_of

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
    positions = Positions(text)
    has_words = [bool(line.strip()) for line in lines_of(bare)]
    alone = [not has_words[positions.at(start)[0] - 1] for start, _ in found]
    fillers = [_filler(text[start:end], is_alone) for (start, end), is_alone in zip(found, alone, strict=True)]
    return _replaced(text, found, fillers)


def spaces(text: str) -> str:
    """White space of the same length, with the line ends kept."""
    return re.sub(r"[^\r\n]", " ", text)


def _replaced(text: str, found: list[tuple[int, int]], fillers: list[str]) -> str:
    pieces, done = [], 0
    for (start, end), filler in zip(found, fillers, strict=True):
        pieces += [text[done:start], filler]
        done = end
    return "".join([*pieces, text[done:]])


def _filler(tag: str, alone: bool) -> str:
    if alone or not tag.startswith("{{") or _CONTROL.match(tag) or "\n" in tag or "\r" in tag:
        return spaces(tag)
    return "${" + "_" * (len(tag) - 3) + "}"
