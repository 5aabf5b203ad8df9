"""Python files whose syntax is newer than the running interpreter, read in a child process.

`ast` of the running Python refuses what a later Python added. Here libcst parses such a file and its tree is
lowered to the same `ast` classes, so that one reader serves both. Differences from what a later `ast` gives:

| source | tree |
|---|---|
| `def f[T]()`, `class C[T]` (3.12, 3.13) | without type parameters; `T` stays unbound |
| `type X = T` (3.12) | `Assign` to `X` |
| `except A, B:` (3.14) | `ExceptHandler` with a `Tuple` |
| `t"..."` (3.14) | `JoinedStr` |
| `lazy import m` (3.15) | `Import` or `ImportFrom` |
| `{**d for d in ds}` (3.15) | `Dict` that unpacks a `GeneratorExp` |
| an integer of more digits than Python converts (4,300) | `Constant(...)`, an ellipsis |
| inside f-strings | true positions, as from 3.12 on |

Positions are those of `ast`: lines from 1, columns from 0 in UTF-8 bytes. libcst is never imported here.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mltradeoff_lint.readers.newer_syntax_diagnosis import PYTHON2, bracket_depth, diagnose, examine
from mltradeoff_lint.readers.newer_syntax_lowering.wire import MalformedTree, decode

__all__ = ["MAX_BRACKET_DEPTH", "MAX_BYTES", "Failure", "diagnose", "parse_newer", "parse_newer_many"]

MAX_BYTES = 1 << 20
"""Largest file that is handed to libcst, whose time and memory grow faster than the file."""
MAX_BRACKET_DEPTH = 100
"""Deepest nesting of brackets that is handed to libcst; some thousands would crash it."""

_START_SECONDS = 60.0
_CHILD = (
    "import json, sys; sys.path.extend(json.loads(sys.stdin.readline())); "
    "from mltradeoff_lint.readers.newer_syntax_lowering.child import serve; serve(sys.stdin, sys.stdout)"
)


class Failure(NamedTuple):
    """Why a file has no tree, and where: line from 1, column from 0 in UTF-8 bytes."""

    reason: str
    line: int = 1
    column: int = 0


def parse_newer(source: bytes, path: str, timeout_seconds: float = 20) -> ast.Module | Failure:
    """Read one file that `ast.parse` refuses; see `parse_newer_many`."""
    return parse_newer_many([(path, source)], timeout_seconds)[path]


def parse_newer_many(
    files: Sequence[tuple[str, bytes]], timeout_seconds: float = 20
) -> dict[str, ast.Module | Failure]:
    """Read files that `ast.parse` refuses, each a path and its bytes; never raises for what they hold.

    One child process reads them in turn and is killed when one takes longer than `timeout_seconds`; that file,
    or the one that crashes the child, is a `Failure`, and a new child reads the rest. A file that the running
    interpreter does accept gives the tree that `ast.parse` gives, a slow way round.
    """
    results: dict[str, ast.Module | Failure] = {}
    child: _Child | None = None
    try:
        for path, source in files:
            refused = _refuse(source)
            if refused is not None:
                results[path] = refused
                continue
            if child is None or not child.is_alive:
                child = _replace(child)
            results[path] = child.parse(source, timeout_seconds)
    finally:
        if child is not None:
            child.close()
    return results


def _refuse(source: bytes) -> Failure | None:
    """What must not reach libcst, which accepts null bytes in comments and crashes on deep nesting."""
    if b"\0" in source:
        before = source[: source.index(b"\0")].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return Failure("null byte", before.count(b"\n") + 1, len(before) - before.rfind(b"\n") - 1)
    if len(source) > MAX_BYTES:
        return Failure(f"larger than {MAX_BYTES:,} bytes")
    if bracket_depth(source) > MAX_BRACKET_DEPTH:
        return Failure(f"brackets nested more than {MAX_BRACKET_DEPTH} deep")
    return None


def _replace(child: _Child | None) -> _Child:
    if child is not None:
        child.close()
    return _Child()


class _Child:
    """A disposable process that parses; it sees nothing of the analysed repository but the bytes it is sent."""

    def __init__(self) -> None:
        self._timed_out = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=os.path.abspath(os.sep),
        )
        self.is_alive = self._exchange(json.dumps(_module_paths()), _START_SECONDS) == b"ready\n"
        self._started = self.is_alive

    def parse(self, source: bytes, timeout_seconds: float) -> ast.Module | Failure:
        """Have one file parsed; a child that dies over it or takes too long is not used again."""
        if not self._started:
            return Failure("the fallback parser (libcst) does not start")
        line = self._exchange(json.dumps({"source": source.decode("latin-1")}), timeout_seconds)
        if line.endswith(b"\n"):
            return _interpret(source, line)
        self.is_alive = False
        if self._timed_out:
            return Failure(f"parsing takes longer than {timeout_seconds:g} s")
        return Failure("the fallback parser crashed or ran out of memory")

    def close(self) -> None:
        """End the process and release its pipes."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _exchange(self, request: str, seconds: float) -> bytes:
        """Send a line and read one; a line without its end means that the child died or was killed."""
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            if self._process.stdin is None or self._process.stdout is None:
                return b""
            self._process.stdin.write(request.encode("ascii") + b"\n")
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except OSError:
            return b""
        finally:
            timer.cancel()

    def _expire(self) -> None:
        self._timed_out = True
        self.is_alive = False
        self._process.kill()


def _module_paths() -> list[str]:
    """Where the child finds this package and libcst: our own paths, less the working directory.

    The working directory is usually the analysed repository, and it stands on `sys.path` under `python -m`.
    """
    package = str(Path(__file__).resolve().parents[2])
    here = os.path.realpath(os.curdir)
    others = [path for path in sys.path if os.path.isabs(path) and os.path.realpath(path) != here]
    return [*others, package]


def _interpret(source: bytes, line: bytes) -> ast.Module | Failure:
    try:
        answer: Mapping[str, Any] = json.loads(line)
        if "nodes" in answer:
            return _accept(source, decode(answer["nodes"]), bool(answer["newer"]))
        return _failure(source, str(answer["failed"]), str(answer.get("why", "")), int(answer.get("line", 1)))
    except (ValueError, KeyError, TypeError, RecursionError, MalformedTree):
        return Failure("the fallback parser gave no usable answer")


def _accept(source: bytes, tree: ast.Module, is_newer: bool) -> ast.Module | Failure:
    """Take a tree only if newer syntax is why the interpreter refused; libcst is laxer than Python in places."""
    found = None if is_newer else examine(source)
    if found is None or found.is_limit:
        return tree
    return Failure(found.reason, found.line, found.column)


def _failure(source: bytes, failed: str, why: str, line: int) -> Failure:
    if failed == "python2":
        return Failure(PYTHON2, line)
    if failed == "limit":
        return Failure(why, line)
    if failed == "encoding":
        return Failure("not text in the encoding it declares")
    found = examine(source)
    if found is None or (found.is_newer and failed == "unsupported"):
        return Failure(f"not understood by the fallback parser{': ' + why if why else ''}", line)
    if not found.is_newer:
        return Failure(found.reason, found.line, found.column)
    # Two parsers refuse it. At one line, it is no newer syntax; at two, the second error stops them both.
    return Failure(found.message, line, found.column) if line == found.line else Failure("invalid syntax", line)
