"""The path patterns of CODEOWNERS files, compiled once, in the dialects of GitHub and GitLab.

GitHub ("About code owners"): the rules of gitignore, except that `!` and `[ ]` mean nothing and that `*` at the end
matches direct children only. GitLab ("Code Owners syntax"): a pattern without a leading `/` stands at any depth, only
a trailing `/` matches what is inside a folder, and a leading `!` takes files out of a section. Both mind case.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NEVER = re.compile(r"(?!)")
_FILLING = "any-name"
"""Stands for what a wildcard may match in a path nobody has written yet."""


@dataclass(frozen=True, slots=True)
class OwnerPattern:
    """A compiled pattern; `excludes` is set for GitLab's `!`."""

    text: str
    regex: re.Pattern[str]
    prefix: str
    """What every matching path starts with."""
    needle: str
    """The longest text that every matching path holds: looked for first, because that is much faster."""
    segments: tuple[str, ...]
    """The pattern between slashes from the root, `**` for any folders."""
    is_literal: bool
    """Whether it holds no wildcard and is tied to the root: it means one path, and on GitHub what is below it."""
    excludes: bool = False

    def matches(self, path: str) -> bool:
        """Whether the pattern matches the path of a file."""
        return path.startswith(self.prefix) and self.needle in path and self.regex.fullmatch(path) is not None

    def among(self, paths: Sequence[str]) -> Iterator[int]:
        """The positions of the matching ones among sorted paths."""
        start = bisect_left(paths, self.prefix) if self.prefix else 0
        fullmatch, prefix, needle = self.regex.fullmatch, self.prefix, self.needle
        for position in range(start, len(paths)):
            path = paths[position]
            if prefix and not path.startswith(prefix):
                break
            if needle in path and fullmatch(path):
                yield position

    @property
    def is_catch_all(self) -> bool:
        """Whether it names everything: the default of the whole repository."""
        return all(segment in ("**", "*", "*.*") for segment in self.segments)

    def strength(self, path: str) -> str:
        """How directly the pattern names the owner of a path it matches: a word of `OWNER_STRENGTHS`."""
        if self.is_catch_all:
            return "catch-all"
        return "path-specific" if self.is_literal and self.prefix == path else "directory"

    def examples(self, is_folder: bool) -> tuple[str, ...]:
        """Paths the pattern matches that need not exist; `is_folder` when its literal path is a folder."""
        filled = [_FILLING if one == "**" else one.replace("*", _FILLING).replace("?", "x") for one in self.segments]
        if self.is_literal and is_folder and self.segments[-1] != "**":
            filled.append(_FILLING)
        deep = "/".join(filled)
        if self.segments[0] == "**" and len(filled) > 1:
            return ("/".join(filled[1:]), deep)
        return (deep,)


def compile_pattern(text: str, is_gitlab: bool = False) -> OwnerPattern:
    """Compile a pattern; one that its platform does not understand matches nothing."""
    excludes = is_gitlab and text.startswith("!")
    body = text[1:].strip() if excludes else text
    is_void = not body.strip("/") or "***" in body or (body.startswith("!") and not is_gitlab)
    segments = _segments(body, is_gitlab)
    if is_void or not segments:
        return OwnerPattern(text, NEVER, "", "", (text,), False, excludes)
    named = segments[:-1] if segments[-1] == "**" else segments
    is_literal = bool(named) and not any(sign in one for one in named for sign in "*?")
    regex = re.compile(_expression(segments, is_gitlab), re.DOTALL)
    plain = tuple(_unescaped(one) for one in segments)
    return OwnerPattern(text, regex, _prefix(segments), _needle(segments), plain, is_literal, excludes)


def _segments(body: str, is_gitlab: bool) -> tuple[str, ...]:
    """The parts between slashes; a leading `**` where the pattern is not tied to the root."""
    parts = body.split("/")
    is_folder = len(parts) > 1 and parts[-1] == ""
    if is_folder:
        parts[-1] = "**"
    if parts[0] == "":
        parts = parts[1:]
    elif (is_gitlab or len(parts) == 1 or (is_folder and len(parts) == 2)) and parts[0] != "**":
        parts = ["**", *parts]
    joined: list[str] = []
    for part in parts:
        if part and not (part == "**" and joined and joined[-1] == "**"):
            joined.append(part)
    return tuple(joined)


def _expression(segments: tuple[str, ...], is_gitlab: bool) -> str:
    """The regular expression of a pattern; atomic groups keep it linear however many wildcards it holds.

    Between two `**`, the first place where the segments fit is as good as any later one, so nothing is tried twice.
    """
    groups: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            groups.append([])
        else:
            groups[-1].append(_segment(segment))
    below = "" if is_gitlab or segments[-1] in ("*", "**") else r"(?:/.*)?"
    first, *rest = groups
    text = "/".join(first)
    if not rest:
        return text + below
    text += "/" if first else ""
    for middle in rest[:-1]:
        text += r"(?>(?:[^/]+/)*?" + "/".join(middle) + "/)" if middle else ""
    if not rest[-1]:
        return text + r".+"
    return text + r"(?:[^/]+/)*?" + "/".join(rest[-1]) + below


def _segment(segment: str) -> str:
    if segment == "*":
        return r"[^/]+"
    fixed = [_fixed(part) for part in re.split(r"(?<!\\)\*+", segment)]
    if len(fixed) == 1:
        return fixed[0]
    first, *middle, last = fixed
    return first + "".join(rf"(?>[^/]*?{part})" for part in middle if part) + rf"[^/]*{last}(?=/|\Z)"


def _fixed(part: str) -> str:
    """A part without `*`: `?` is one character, a backslash makes the next one plain."""
    found = re.findall(r"\\.|.", part, re.DOTALL)
    return "".join(r"[^/]" if one == "?" else re.escape(one[-1]) for one in found)


def _needle(segments: tuple[str, ...]) -> str:
    parts = [part for segment in segments for part in re.split(r"[*?]|\\.", segment)]
    return max(parts, key=len)


def _unescaped(segment: str) -> str:
    return re.sub(r"\\(.)", r"\1", segment)


def _prefix(segments: tuple[str, ...]) -> str:
    """The literal folders a pattern starts with, or its whole path when it is literal."""
    literal: list[str] = []
    for segment in segments:
        if any(sign in segment for sign in "*?"):
            return "".join(f"{one}/" for one in literal)
        literal.append(_unescaped(segment))
    return "/".join(literal)
