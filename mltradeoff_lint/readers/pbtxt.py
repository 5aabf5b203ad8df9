"""Reads Protocol Buffers text format (Triton's config.pbtxt) into entries; a repeated field is a repeated key."""

from __future__ import annotations

import re

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode, marked_comments
from mltradeoff_lint.readers.open_collection import OpenCollection

MAX_DEPTH = 100
"""Deepest nesting that is read."""

_TOKEN = re.compile(
    r"""(?:\s|\#[^\r\n]*)*(?:(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<sign>[{}\[\]<>:,;])"""
    r"""|(?P<word>[^\s{}\[\]<>:,;"'\#]+)|(?P<end>\Z))"""
)
_CLOSERS = {"}": "map", ">": "map", "]": "seq"}


class _TextError(ValueError):
    """The text is not in text format; `offset` says where."""

    def __init__(self, words: str, offset: int) -> None:
        super().__init__(words)
        self.offset = offset


def read(data: bytes | str, path: str) -> Reading:
    """Read a text-format file as one document; UNREADABLE with its place when it is none."""
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    positions = Positions(text)
    try:
        root = _scan(text, positions)
    except _TextError as error:
        span = positions.span(error.offset, error.offset)
        problem = Problem.of_file(ProblemKind.UNREADABLE, path, f"not text format on line {span.line}: {error}", span)
        return Reading(None, problems=(problem,))
    return Reading(Documents((root,)), comments=marked_comments(text))


def _scan(text: str, positions: Positions) -> Entry:
    stack, at = [OpenCollection(True, 0)], 0
    while True:
        token = _TOKEN.match(text, at)
        if token is None:
            raise _TextError("an unfinished string", at)
        group = token.lastgroup or "end"
        if group == "end":
            break
        at, start = token.end(), token.start(group)
        words = token[group]
        if group != "sign":
            _word(stack[-1], words, group, positions.span(start, at))
        elif words in "{[<":
            if len(stack) >= MAX_DEPTH:
                raise _TextError(f"nested more than {MAX_DEPTH} levels deep", start)
            stack.append(OpenCollection(words != "[", start))
        elif words in _CLOSERS:
            if len(stack) == 1 or stack[-1].is_map != (_CLOSERS[words] == "map"):
                raise _TextError(f"unexpected {words}", start)
            frame = stack.pop()
            stack[-1].add(frame.closed(positions.span(frame.start, at)))
    if len(stack) > 1:
        raise _TextError("a message that is not closed", stack[-1].start)
    return stack[0].closed(positions.span(0, len(text)))


def _word(frame: OpenCollection, words: str, group: str, span: Span) -> None:
    if group == "word" and frame.is_map and frame.key is None:
        frame.key = words, span
    else:
        value = words[1:-1] if group == "string" else words
        frame.add(Entry("str" if group == "string" else _kind(words), span, value))


def _kind(word: str) -> str:
    if word in ("true", "false"):
        return "bool"
    if re.fullmatch(r"[-+]?(?:\d+|0x[0-9a-fA-F]+)", word):
        return "int"
    return "float" if re.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?f?", word) else "str"
