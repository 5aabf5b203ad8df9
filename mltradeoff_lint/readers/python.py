"""Reads Python source into facts: `ast` for the running interpreter's syntax, libcst for newer syntax."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Sequence

from mltradeoff_lint.model.facts import Comment, PythonFacts, Reading
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.recursion import room_for_recursion
from mltradeoff_lint.model.source import ParameterCells, Span
from mltradeoff_lint.readers.magics import mask_source
from mltradeoff_lint.readers.python_facts import FactBuilder
from mltradeoff_lint.readers.tagged_cells import parameter_cells

MARKERS = (
    b"mltradeoff:", b"owner:", b"Owner:", b"author:", b"Author:", b"@author", b"aintainer", b"aintained by", b"ontact:",
)  # fmt: skip
"""Comments are collected only from files that hold one of these."""

_DATABRICKS = b"# Databricks notebook source"
_RAW = re.compile(rb"^[ \t]*(?:%{1,2}|!)[ \t]*[A-Za-z]", re.MULTILINE)
"""A line that may be a magic which is no comment."""
_RUN = re.compile(rb"^# MAGIC %run[ \t]+(\S[^\r\n]*)", re.MULTILINE)

_COMMENT = re.compile(r"#\s*(.*(?:mltradeoff:|owner:|@?author|maintained by|maintainers?:|contact:).*)", re.IGNORECASE)


def read(data: bytes, path: str, parameters: ParameterCells | None = None) -> Reading | None:
    """The facts of one Python file; None when only the fallback reader may understand it.

    `parameters` are the cells that set the parameters of a notebook; without them the source tells its own.
    Syntax that the running interpreter refuses is no verdict yet: `read_newer` decides.
    """
    is_databricks = data.startswith(_DATABRICKS)
    if is_databricks:
        data = _in_python(data)
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        span = Span(line, 0, line, 0)
        problem = Problem.of_file(ProblemKind.UNREADABLE, path, "the source holds a null byte", span)
        return Reading(None, problems=(problem,))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(data, filename=path)
    except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError):
        return None
    return _facts_of(module, data, path, "ast", parameters, is_databricks=is_databricks)


def _in_python(source: bytes) -> bytes:
    """A Databricks notebook in its source form without the magics, most of which are comments in it already."""
    source = _RUN.sub(_run, source)
    if not _RAW.search(source):
        return source
    try:
        return mask_source(source.decode()).encode()
    except UnicodeDecodeError:
        return source


def _run(found: re.Match[bytes]) -> bytes:
    """`%run` in the source form of a Databricks notebook, as what it does in Python."""
    return f"get_ipython().run_line_magic('run', {found[1].decode('utf-8', 'replace').strip()!r})".encode()


def read_newer(files: Sequence[tuple[str, bytes]]) -> dict[str, Reading]:
    """Readings of the files that `read` refused, by way of the fallback parser."""
    from mltradeoff_lint.readers import newer_syntax

    readings: dict[str, Reading] = {}
    data = {path: _in_python(one) if one.startswith(_DATABRICKS) else one for path, one in files}
    for path, parsed in newer_syntax.parse_newer_many(tuple(data.items())).items():
        if isinstance(parsed, ast.Module):
            readings[path] = _facts_of(
                parsed, data[path], path, "libcst", is_databricks=data[path].startswith(_DATABRICKS)
            )
        else:
            kind = ProblemKind.TEMPLATE if "template" in parsed.reason else ProblemKind.UNREADABLE
            span = Span(parsed.line or 1, 0, parsed.line or 1, 0)
            problem = Problem.of_file(kind, path, f"cannot be parsed: {parsed.reason}", span)
            readings[path] = Reading(None, problems=(problem,))
    return readings


def _facts_of(
    module: ast.Module,
    data: bytes,
    path: str,
    parser: str,
    parameters: ParameterCells | None = None,
    *,
    is_databricks: bool = False,
) -> Reading:
    try:
        with room_for_recursion():
            facts: PythonFacts = FactBuilder().build(module, parameters or parameter_cells(data))
    except RecursionError:
        problem = Problem.of_file(ProblemKind.UNREADABLE, path, "expressions are nested too deeply")
        return Reading(None, problems=(problem,))
    facts.parser, facts.is_databricks = parser, is_databricks
    return Reading(facts, comments=_comments(data))


def _comments(data: bytes) -> tuple[Comment, ...]:
    if not any(marker in data for marker in MARKERS):
        return ()
    comments: list[Comment] = []
    # a lone carriage return ends a line for the parser, not for `tokenize`
    lines = io.BytesIO(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    try:
        for token in tokenize.tokenize(lines.readline):
            if token.type == tokenize.COMMENT:
                found = _COMMENT.match(token.string)
                if found:
                    comments.append(Comment(token.start[0], token.start[1], found.group(1).strip()))
    except (tokenize.TokenError, SyntaxError, IndentationError, UnicodeDecodeError):
        # newer syntax that `tokenize` refuses: what was seen so far is kept
        pass
    return tuple(comments)
