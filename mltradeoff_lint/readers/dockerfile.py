"""Reads Dockerfiles: instructions with their continuation lines, here-documents, and the shell text of RUN.

Grammar: Docker's Dockerfile reference (parser directives, line continuation, exec and shell form, here-documents).
"""

from __future__ import annotations

import json
import re
import shlex
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.facts import Dockerfile, Embedded, Instruction, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import LineMap, Span
from mltradeoff_lint.readers.decoding import UndecodableError, decode, lines_of, marked_comments
from mltradeoff_lint.readers.templates import has_tags, spaces

KEYWORDS = frozenset({
    "FROM", "RUN", "CMD", "ENTRYPOINT", "ENV", "ARG", "LABEL", "COPY", "ADD", "WORKDIR", "USER", "EXPOSE", "VOLUME",
    "HEALTHCHECK", "SHELL", "STOPSIGNAL", "ONBUILD", "MAINTAINER",
})  # fmt: skip
"""The instructions there are."""
_EXEC = frozenset({"RUN", "CMD", "ENTRYPOINT", "COPY", "ADD", "SHELL", "VOLUME"})
_PAIRS = frozenset({"ENV", "ARG", "LABEL"})
_HEREDOC = re.compile(r"(?<!<)<<(-?)([\"']?)([A-Za-z_][\w.]*)\2(?!<)")
_DIRECTIVE = re.compile(r"#\s*([A-Za-z]+)\s*=\s*(\S+)\s*$")
_HEAD = re.compile(r"\s*([A-Za-z]+)(?:\s+|$)")
_FLAGS = re.compile(r"(?:--[a-z][\w-]*(?:=\S*)?\s+)+")
_PAIR = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+""", re.DOTALL)
_SUFFIXES = {".py": "python", ".sh": "shell", ".sql": "sql", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}


class _Piece(NamedTuple):
    """What one physical line gives to an instruction."""

    line: int
    column: int
    text: str


def read(data: bytes | str, path: str) -> Reading:
    """Read the instructions of a Dockerfile, in order, over all stages.

    The shell form of RUN, and a RUN here-document, come as embedded `shell` texts without flags and without comment
    lines; a here-document that COPY writes comes in the language its destination's suffix says.
    """
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    lines = lines_of(text)
    instructions: list[Instruction] = []
    embedded: list[Embedded] = []
    problems: list[Problem] = []
    escape = _escape(lines)
    closers = _closers(lines) if "<<" in text else {}
    at = 0
    while at < len(lines):
        stripped = lines[at].strip()
        if not stripped or stripped.startswith("#"):
            at += 1
            continue
        pieces, at = _logical(lines, at, escape)
        bodies, at = _heredocs(lines, closers, at, pieces)
        instruction = _instruction(pieces, at, lines)
        if instruction is None:
            if not problems:
                problems.append(_unknown(path, pieces, text))
            continue
        instructions.append(instruction)
        embedded += _embedded(instruction, pieces, bodies)
    return Reading(Dockerfile(tuple(instructions)), tuple(embedded), marked_comments(text), tuple(problems))


def _escape(lines: Sequence[str]) -> str:
    """The escape character that the parser directives at the top choose; the backslash unless they do."""
    for line in lines:
        found = _DIRECTIVE.match(line.strip())
        if found is None:
            break
        if found[1].lower() == "escape" and found[2] in ("\\", "`"):
            return found[2]
    return "\\"


def _logical(lines: Sequence[str], at: int, escape: str) -> tuple[list[_Piece], int]:
    """The pieces of the instruction that begins at a line, and the line behind it."""
    pieces: list[_Piece] = []
    while at < len(lines):
        line = lines[at]
        stripped = line.strip()
        at += 1
        if pieces and (not stripped or stripped.startswith("#")):
            continue
        bare = line.rstrip(" \t")
        if not bare.endswith(escape):
            pieces.append(_Piece(at, 0, line))
            break
        pieces.append(_Piece(at, 0, bare[:-1]))
    return pieces, at


class _Body(NamedTuple):
    """A here-document: its first line and its lines."""

    first: int
    lines: tuple[str, ...]


def _closers(lines: Sequence[str]) -> dict[str, list[int]]:
    """Where each line that could end a here-document stands, in order."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if 0 < len(line) < 100:
            found.setdefault(line.lstrip("\t"), []).append(number)
    return found


def _heredocs(
    lines: Sequence[str], closers: Mapping[str, Sequence[int]], at: int, pieces: Sequence[_Piece]
) -> tuple[list[_Body], int]:
    keyword = _HEAD.match(pieces[0].text)
    bodies: list[_Body] = []
    if keyword is None or keyword[1].upper() not in ("RUN", "COPY", "ADD"):
        return bodies, at
    for piece in pieces:
        for mark in _HEREDOC.finditer(piece.text):
            places = closers.get(mark[3], ())
            nearest = bisect_left(places, at)
            if nearest == len(places):
                return bodies, at
            end = places[nearest]
            bodies.append(_Body(at + 1, tuple(lines[at:end])))
            at = end + 1
    return bodies, at


def _instruction(pieces: Sequence[_Piece], end: int, lines: Sequence[str]) -> Instruction | None:
    head = _HEAD.match(pieces[0].text)
    keyword = head[1].upper() if head else ""
    if head is None or keyword not in KEYWORDS:
        return None
    rest = " ".join([pieces[0].text[head.end() :].strip(), *(piece.text.strip() for piece in pieces[1:])]).strip()
    start = len(pieces[0].text) - len(pieces[0].text.lstrip())
    span = Span(pieces[0].line, start, end, len(lines[end - 1]))
    if keyword in _PAIRS:
        return Instruction(keyword, _pairs(keyword, rest), False, span)
    flags = _FLAGS.match(rest)
    words = _exec_form(rest[flags.end() if flags else 0 :]) if keyword in _EXEC else None
    if words is None:
        return Instruction(keyword, (rest,) if rest else (), False, span)
    return Instruction(keyword, words, True, span)


def _exec_form(rest: str) -> tuple[str, ...] | None:
    if not rest.startswith("["):
        return None
    try:
        words = json.loads(rest)
    except (ValueError, RecursionError):
        return None
    if isinstance(words, list) and all(isinstance(word, str) for word in words):
        return tuple(words)
    return None


def _pairs(keyword: str, rest: str) -> tuple[str, ...]:
    """`NAME=value` words; the older `ENV NAME the value` is one of them too."""
    name, _, value = rest.partition(" ")
    if "=" not in name and keyword != "ARG":
        return (f"{name}={value.strip()}",) if name and value else ()
    if keyword == "ARG" and "=" not in rest:
        return tuple(rest.split())
    return tuple(_unquoted(found[0]) for found in _PAIR.finditer(rest) if "=" in found[0])


def _unquoted(pair: str) -> str:
    name, _, value = pair.partition("=")
    if not any(sign in value for sign in "\"'\\"):
        return pair
    try:
        return f"{name}={''.join(shlex.split(value, comments=False))}" if len(value) < 65536 else pair
    except ValueError:
        return pair


def _embedded(instruction: Instruction, pieces: Sequence[_Piece], bodies: Sequence[_Body]) -> Iterator[Embedded]:
    if instruction.keyword == "RUN" and not instruction.is_exec:
        if bodies and _HEREDOC.match(instruction.words[0] if instruction.words else ""):
            yield from (_text("shell", [_Piece(body.first + i, 0, line) for i, line in enumerate(body.lines)])
                        for body in bodies)  # fmt: skip
        else:
            yield _run(pieces)
    elif instruction.keyword in ("COPY", "ADD") and bodies and instruction.words:
        target = instruction.words[-1].split()[-1]
        language = _SUFFIXES.get(target[target.rfind(".") :] if "." in target else "")
        if language:
            body = bodies[0]
            yield _text(language, [_Piece(body.first + i, 0, line) for i, line in enumerate(body.lines)], target)


def _run(pieces: Sequence[_Piece]) -> Embedded:
    head = _HEAD.match(pieces[0].text)
    skip = head.end() if head else 0
    flags = _FLAGS.match(pieces[0].text, skip)
    first = pieces[0]._replace(column=flags.end() if flags else skip)
    kept = [first._replace(text=first.text[first.column :]), *pieces[1:]]
    shown: list[_Piece] = []
    has_words = False
    for piece in kept:
        flags = None if has_words else _FLAGS.match(f"{piece.text.lstrip()} ")
        shown.append(piece if flags is None else piece._replace(text=_without(piece.text, flags.end())))
        has_words = has_words or bool(shown[-1].text.strip())
    return _text("shell", [piece._replace(text=piece.text + "\\") for piece in shown[:-1]] + shown[-1:])


def _without(text: str, length: int) -> str:
    indent = len(text) - len(text.lstrip())
    return spaces(text[: indent + length]) + text[indent + length :]


def _text(language: str, pieces: Sequence[_Piece], path: str = "") -> Embedded:
    lines = LineMap(tuple((piece.line, piece.column, "") for piece in pieces))
    return Embedded(language, "\n".join(piece.text for piece in pieces), lines, path)


def _unknown(path: str, pieces: Sequence[_Piece], text: str) -> Problem:
    line = pieces[0].line
    span = Span(line, 0, line, len(pieces[0].text))
    if has_tags(text):
        return Problem.of_file(ProblemKind.TEMPLATE, path, "a template of a Dockerfile: its tags are not read", span)
    return Problem.of_file(ProblemKind.PARTIAL, path, f"line {line} begins with no Dockerfile instruction", span)
