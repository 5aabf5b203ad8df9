"""Small questions about `ast` nodes that need no scope: spans, names that a piece of code changes, quoted types."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from mltradeoff_lint.model.source import Span

MUTATORS = frozenset({
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "reverse",
    "setdefault", "sort", "update", "add_node", "add_edge", "add_conditional_edges", "write",
})  # fmt: skip
"""Methods that change their receiver: a call of one makes a new version of the name it is called on."""

Loop: TypeAlias = ast.For | ast.AsyncFor | ast.While
_MAX_QUOTED = 500
_KEYWORDS = {"FunctionDef": len("def "), "AsyncFunctionDef": len("async def "), "ClassDef": len("class ")}


def span_of(node: ast.AST) -> Span:
    """The span of a node as `ast` gives it: UTF-8 byte columns from 0."""
    line, column = node.lineno, node.col_offset  # type: ignore[attr-defined]
    end_line = node.end_lineno or line  # type: ignore[attr-defined]
    end_column = node.end_col_offset  # type: ignore[attr-defined]
    return Span(line, column, end_line, column if end_column is None else end_column)


def name_span(node: ast.AST) -> Span:
    """The span of the name a definition gives; for a lambda that of its keyword."""
    span = span_of(node)
    start = span.column + _KEYWORDS.get(type(node).__name__, 0)
    return Span(span.line, start, span.line, start + len(getattr(node, "name", "lambda").encode()))


def docstring(node: ast.AST) -> str:
    """The head of a docstring as written, empty when there is none."""
    body = getattr(node, "body", None)
    if not isinstance(body, list) or not body:
        return ""
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first.value.value[:400]
    return ""


def module_all(module: ast.Module) -> tuple[str, ...] | None:
    """The names of a literal `__all__`, None when there is none."""
    for statement in module.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.List, ast.Tuple)):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if names == ["__all__"]:
                items = (item.value for item in statement.value.elts if isinstance(item, ast.Constant))
                return tuple(item for item in items if isinstance(item, str))
    return None


def pairs_of(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The targets and values of `a, b = x, y`; empty when they cannot be paired one to one."""
    if not (isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List))):
        return []
    if len(target.elts) != len(value.elts) or any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts)):
        return []
    return list(zip(target.elts, value.elts, strict=True))


def stored_in(target: ast.Subscript) -> tuple[ast.expr, list[ast.expr]]:
    """What `x["a"]["b"] = value` changes, and the keys on the way; where there are several, each is a written text."""
    keys, whole = [target.slice], target.value
    while isinstance(whole, ast.Subscript):
        keys.insert(0, whole.slice)
        whole = whole.value
    is_written = all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in keys)
    return (whole, keys) if is_written else (target.value, keys[-1:])


def is_endless(loop: Loop) -> bool:
    """Whether only a `break` leaves a loop: `while True`, `while 1`."""
    return isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)


def is_in_place(call: ast.Call) -> bool:
    """Whether a method call changes its receiver, by its name or `inplace=True`."""
    return isinstance(call.func, ast.Attribute) and (
        call.func.attr in MUTATORS
        or any(
            keyword.arg == "inplace" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
            for keyword in call.keywords
        )
    )


def changed_names(loop: Loop) -> list[str]:
    """Names a loop binds or changes, in order of appearance, without looking into inner functions."""
    names: dict[str, None] = {}
    stack: list[ast.AST] = [*reversed(loop.body), loop.test if isinstance(loop, ast.While) else loop.target]
    while stack:
        node = stack.pop()
        name = _changed_by(node)
        if name is not None:
            names[name] = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            stack.extend(node.decorator_list)
        elif isinstance(node, ast.comprehension):
            stack.extend([*node.ifs, node.iter])
        elif not isinstance(node, _LEAVES):
            for field in reversed(node._fields):
                value = getattr(node, field, None)
                if isinstance(value, ast.AST):
                    stack.append(value)
                elif isinstance(value, list):
                    stack.extend(one for one in reversed(value) if isinstance(one, ast.AST))
    return list(names)


_LEAVES = (ast.Lambda, ast.Name, ast.Constant, ast.expr_context, ast.operator, ast.cmpop)
_NAMING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)


def _changed_by(node: ast.AST) -> str | None:
    """The name that one node by itself binds or changes."""
    if isinstance(node, ast.Name):
        return None if isinstance(node.ctx, ast.Load) else node.id
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        if not isinstance(node.ctx, ast.Store):
            return None
        whole = stored_in(node)[0] if isinstance(node, ast.Subscript) else node.value
        return whole.id if isinstance(whole, ast.Name) else None
    if isinstance(node, ast.Call):
        function = node.func
        is_method = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
        return function.value.id if is_method and is_in_place(node) else None  # type: ignore[attr-defined]
    if isinstance(node, _NAMING):
        return node.name
    if isinstance(node, ast.alias):
        return node.asname or node.name.partition(".")[0]
    return node.rest if isinstance(node, ast.MatchMapping) else None


def captures(pattern: ast.pattern) -> Iterator[tuple[str, ast.AST]]:
    """The names a `case` pattern binds."""
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            yield name, node


def is_catch_all(case: ast.match_case) -> bool:
    """Whether nothing falls through a `case`: it has no guard and its pattern fits everything."""
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def unquoted(node: ast.expr) -> ast.expr:
    """A type as it would be without quotes: `"Client"`, `Optional["Client"]`, `"Client" | None`.

    Of `Annotated` only the first part is a type, and `Literal` holds none.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _quoted(node, node.value)
    if isinstance(node, ast.Subscript):
        parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        types = {"Literal": 0, "Annotated": 1}.get(_last_name(node.value), len(parts))
        if any(isinstance(part, (ast.Constant, ast.Subscript, ast.BinOp)) for part in parts[:types]):
            parts = [*map(unquoted, parts[:types]), *parts[types:]]
            index = ast.Tuple(parts, ast.Load()) if isinstance(node.slice, ast.Tuple) else parts[0]
            return ast.copy_location(ast.Subscript(node.value, ast.copy_location(index, node.slice), node.ctx), node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return ast.copy_location(ast.BinOp(unquoted(node.left), node.op, unquoted(node.right)), node)
    return node


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else str(getattr(node, "attr", ""))


def _quoted(node: ast.expr, text: str) -> ast.expr:
    if len(text) >= _MAX_QUOTED:
        return node
    try:
        inner = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return node
    for child in ast.walk(inner):
        if hasattr(child, "lineno"):
            ast.copy_location(child, node)
    return inner
