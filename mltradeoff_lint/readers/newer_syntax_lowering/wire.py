"""How a syntax tree crosses a process border: a flat table of plain values, children before parents.

A tree is sent as JSON, never pickled, since the sender has just run a native parser on foreign code. The
table is flat so that neither side recurses on the depth of the source.

| part | form |
|---|---|
| node | `[class name, fields in the order of _fields, [lineno, col_offset, end_lineno, end_col_offset] or null]` |
| child | the index of its row; a list of children is a list of indices |
| operator or context | its class name |
| constant | null, true, false, text and small integers as themselves, else `[tag, ...]` |
"""

from __future__ import annotations

import ast
from typing import Any, TypeAlias

MAX_DEPTH = 2_000
"""Deepest tree that is passed on; `ast.parse` refuses at about 3,000 levels."""

Row: TypeAlias = list[Any]

_POSITION = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_NUMBER_FIELDS = frozenset({"level", "conversion", "is_async", "simple"})
_SYMBOL_FIELDS = frozenset({"ctx", "op", "ops"})
_LARGEST_PLAIN = 2**53
_SYMBOLS_BY_NAME: dict[str, type[ast.AST]] = {
    kind.__name__: kind
    for kind in (
        ast.Load, ast.Store, ast.Del, ast.And, ast.Or, ast.Add, ast.Sub, ast.Mult, ast.MatMult, ast.Div,
        ast.Mod, ast.Pow, ast.LShift, ast.RShift, ast.BitOr, ast.BitXor, ast.BitAnd, ast.FloorDiv, ast.Invert,
        ast.Not, ast.UAdd, ast.USub, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot,
        ast.In, ast.NotIn,
    )
}  # fmt: skip
_NODES_BY_NAME: dict[str, type[ast.AST]] = {
    kind.__name__: kind
    for kind in (
        ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Return, ast.Delete, ast.Assign,
        ast.AugAssign, ast.AnnAssign, ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith,
        ast.Match, ast.Raise, ast.Try, ast.TryStar, ast.Assert, ast.Import, ast.ImportFrom, ast.Global,
        ast.Nonlocal, ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.BoolOp, ast.NamedExpr, ast.BinOp,
        ast.UnaryOp, ast.Lambda, ast.IfExp, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp,
        ast.GeneratorExp, ast.Await, ast.Yield, ast.YieldFrom, ast.Compare, ast.Call, ast.FormattedValue,
        ast.JoinedStr, ast.Constant, ast.Attribute, ast.Subscript, ast.Starred, ast.Name, ast.List, ast.Tuple,
        ast.Slice, ast.comprehension, ast.ExceptHandler, ast.arguments, ast.arg, ast.keyword, ast.alias,
        ast.withitem, ast.match_case, ast.MatchValue, ast.MatchSingleton, ast.MatchSequence, ast.MatchMapping,
        ast.MatchClass, ast.MatchStar, ast.MatchAs, ast.MatchOr,
    )
}  # fmt: skip


class MalformedTree(ValueError):
    """A table that no sender of ours writes: unknown class, wrong shape, or a reference forward."""


class TooDeep(ValueError):
    """A tree deeper than `MAX_DEPTH`."""


def encode(tree: ast.Module) -> list[Row]:
    """Write a tree as a table whose last row is the module. Raises `TooDeep`."""
    order: list[ast.AST] = []
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise TooDeep(f"nested more than {MAX_DEPTH} levels deep")
        order.append(node)
        for name in node._fields:
            value = getattr(node, name, None)
            if name not in _SYMBOL_FIELDS:
                children = value if isinstance(value, list) else [value]
                stack.extend((child, depth + 1) for child in children if isinstance(child, ast.AST))
    order.reverse()
    index = {id(node): place for place, node in enumerate(order)}
    return [_encode_node(node, index) for node in order]


def _encode_node(node: ast.AST, index: dict[int, int]) -> Row:
    fields = [_encode_field(node, name, getattr(node, name, None), index) for name in node._fields]
    position = [getattr(node, name) for name in _POSITION] if "lineno" in node._attributes else None
    return [type(node).__name__, fields, position]


def _encode_field(node: ast.AST, name: str, value: object, index: dict[int, int]) -> object:
    if name == "value" and isinstance(node, (ast.Constant, ast.MatchSingleton)):
        return _encode_constant(value)
    if isinstance(value, list):
        return [_encode_field(node, name, item, index) for item in value]
    if isinstance(value, ast.AST):
        return type(value).__name__ if name in _SYMBOL_FIELDS else index[id(value)]
    return value


def _encode_constant(value: object) -> object:
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) < _LARGEST_PLAIN else ["int", hex(value)]
        case float():
            return ["float", value.hex()]
        case complex():
            return ["complex", value.real.hex(), value.imag.hex()]
        case bytes():
            return ["bytes", value.decode("latin-1")]
    return ["ellipsis"]


def decode(rows: list[Row]) -> ast.Module:
    """Rebuild the tree that `encode` wrote. Raises `MalformedTree`."""
    built: list[ast.AST] = []
    try:
        for name, fields, position in rows:
            built.append(_decode_node(name, fields, position, built))
        tree = built[-1]
    except (ValueError, TypeError, IndexError, KeyError, AttributeError) as error:
        raise MalformedTree("malformed syntax tree") from error
    if not isinstance(tree, ast.Module):
        raise MalformedTree("malformed syntax tree")
    return tree


def _decode_node(name: str, fields: list[Any], position: list[int] | None, built: list[ast.AST]) -> ast.AST:
    kind = _NODES_BY_NAME[name]
    constant = kind in (ast.Constant, ast.MatchSingleton)
    values = {
        field: _decode_constant(value) if constant and field == "value" else _decode_field(field, value, built)
        for field, value in zip(kind._fields, fields, strict=True)
    }
    if position is not None:
        values.update(zip(_POSITION, map(int, position), strict=True))
    return kind(**values)


def _decode_field(field: str, value: Any, built: list[ast.AST]) -> Any:
    if isinstance(value, list):
        return [_decode_field(field, item, built) for item in value]
    if field in _SYMBOL_FIELDS:
        return _SYMBOLS_BY_NAME[value]()
    if value is None or isinstance(value, str) or field in _NUMBER_FIELDS:
        return value
    if not 0 <= value < len(built):
        raise MalformedTree("malformed syntax tree")
    return built[value]


def _decode_constant(value: Any) -> Any:
    match value:
        case ["int", text]:
            return int(text, 16)
        case ["float", text]:
            return float.fromhex(text)
        case ["complex", real, imaginary]:
            return complex(float.fromhex(real), float.fromhex(imaginary))
        case ["bytes", text]:
            return text.encode("latin-1")
        case ["ellipsis"]:
            return ...
    return value
