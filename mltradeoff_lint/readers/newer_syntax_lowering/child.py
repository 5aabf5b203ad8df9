"""The child side of the fallback reader: libcst parses, and its tree is lowered to the classes of `ast`.

Runs in a process of its own, since libcst is native code that deep nesting can crash (LibCST #1000, #619,
#980) and whose time grows faster than its input. One JSON line per file goes in and one comes out.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import io
import json
import re
import sys
import threading
import tokenize
from typing import Any, NamedTuple, TextIO

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from mltradeoff_lint.readers.newer_syntax_lowering.expressions import Expressions
from mltradeoff_lint.readers.newer_syntax_lowering.places import Places, Unsupported
from mltradeoff_lint.readers.newer_syntax_lowering.statements import Statements
from mltradeoff_lint.readers.newer_syntax_lowering.wire import TooDeep, encode

MEMORY_BYTES = 1 << 30
_STACK_BYTES = 256 << 20
_RECURSION_LIMIT = 200_000
_PLACE = re.compile(r"error at (\d+):(\d+)")


class Lowered(NamedTuple):
    """A module, the constructs in it that the running interpreter does not read, and signs of Python 2."""

    tree: ast.Module
    newer: tuple[str, ...]
    python2_line: int
    """Line of an `except A, b:` that can only be Python 2; 0 when there is none."""


def lower(text: str) -> Lowered:
    """Parse text whose line ends are `\\n` and lower it.

    Raises `Unsupported` for a construct that is not known, and `libcst.ParserSyntaxError`.
    """
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    newer: dict[str, None] = {}

    def note(feature: str, version: tuple[int, int]) -> None:
        if sys.version_info < version:
            newer[feature] = None

    expressions = Expressions(Places(text, wrapper.module, wrapper.resolve(PositionProvider)), note)
    statements = Statements(expressions)
    tree = ast.Module(body=statements.module(wrapper.module.body), type_ignores=[])
    return Lowered(tree, tuple(newer), _python2_line(tree, statements.bare_handlers))


def _python2_line(tree: ast.Module, handlers: list[ast.ExceptHandler]) -> int:
    """The first `except A, b:` in which `b` is the exception, as in Python 2, and not a second class.

    The second reading (3.14) needs `b` to be bound. A lower-case name that an import or a class statement binds
    is a class; one that nothing binds is the exception; one that something else binds, or that a star import
    may bind, is the exception when the handler reads it or the file has another sign of Python 2.
    """
    suspects = [handler for handler in handlers if _second_name(handler)]
    if not suspects:
        return 0
    classes, others, old = _bindings(tree)
    for handler in suspects:
        name = _second_name(handler)
        if name in classes:
            continue
        if name not in others and "*" not in classes:
            return handler.lineno
        if old or any(isinstance(n, ast.Name) and n.id == name for part in handler.body for n in ast.walk(part)):
            return handler.lineno
    return 0


def _second_name(handler: ast.ExceptHandler) -> str:
    """The lower-case name `b` of `except A, b:`, else nothing."""
    match handler.type:
        case ast.Tuple(elts=[_, ast.Name(id=name)]) if name[:1].islower() or name.startswith("_"):
            return name
    return ""


def _bindings(tree: ast.Module) -> tuple[set[str], set[str], bool]:
    """Names bound by imports and classes, names bound otherwise, and whether a `print` statement is left."""
    classes: set[str] = set()
    others: set[str] = set()
    old = False
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                classes.update((alias.asname or alias.name).split(".")[0] for alias in names)
            case ast.ClassDef(name=name):
                classes.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.arg(arg=name):
                others.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                others.add(name)
            case ast.Expr(value=ast.Name(id="print")):
                old = True
            case ast.BinOp(left=ast.Name(id="print"), op=ast.RShift()):
                old = True
    return classes, others, old


def decode_source(source: bytes) -> str:
    """The text of a Python file by its byte order mark or coding line, with `\\n` line ends, as `ast` reads it.

    Raises `SyntaxError`, `UnicodeError` or `LookupError` when it names no text encoding or breaks it.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def answer(source: bytes) -> dict[str, Any]:
    """What the child says about one file: a table of nodes, or what went wrong and where."""
    try:
        text = decode_source(source)
    except (SyntaxError, UnicodeError, LookupError):
        return {"failed": "encoding"}
    try:
        lowered = lower(text)
        if lowered.python2_line:
            return {"failed": "python2", "line": lowered.python2_line}
        return {"nodes": encode(lowered.tree), "newer": lowered.newer}
    except cst.ParserSyntaxError as error:
        found = _PLACE.search(error.message)
        return {"failed": "syntax", "line": int(found[1]) if found else error.raw_line}
    except Unsupported as error:
        return {"failed": "unsupported", "why": str(error), "line": error.point.line}
    except TooDeep as error:
        return {"failed": "limit", "why": str(error)}
    except (RecursionError, MemoryError):
        return {"failed": "limit", "why": "too large or too deeply nested to read"}
    except Exception as error:
        # libcst raises KeyError, SyntaxError and logic errors on input it half understands; never format them.
        return {"failed": "unsupported", "why": f"{type(error).__name__} in the parser"}


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer requests, one JSON line each, until they end; with a deep stack and little memory."""
    _limit_resources()
    threading.stack_size(_STACK_BYTES)
    sys.setrecursionlimit(_RECURSION_LIMIT)
    worker = threading.Thread(target=_work, args=(requests, answers))
    worker.start()
    worker.join()


def _work(requests: TextIO, answers: TextIO) -> None:
    gc.disable()
    answers.write("ready\n")
    answers.flush()
    for line in requests:
        source = json.loads(line)["source"].encode("latin-1")
        answers.write(json.dumps(answer(source)) + "\n")
        answers.flush()
        gc.collect()


def _limit_resources() -> None:
    """Bound the memory of this process where the system can; a dump of its core helps nobody."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
