"""Simple statements of a concrete syntax tree as `ast` statements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import libcst as cst

from mltradeoff_lint.readers.newer_syntax_lowering.expressions import Expressions, identifier
from mltradeoff_lint.readers.newer_syntax_lowering.places import Point, Unsupported

_AUGMENTED: Mapping[type[cst.CSTNode], type[ast.operator]] = {
    cst.AddAssign: ast.Add,
    cst.SubtractAssign: ast.Sub,
    cst.MultiplyAssign: ast.Mult,
    cst.MatrixMultiplyAssign: ast.MatMult,
    cst.DivideAssign: ast.Div,
    cst.FloorDivideAssign: ast.FloorDiv,
    cst.ModuloAssign: ast.Mod,
    cst.PowerAssign: ast.Pow,
    cst.LeftShiftAssign: ast.LShift,
    cst.RightShiftAssign: ast.RShift,
    cst.BitOrAssign: ast.BitOr,
    cst.BitXorAssign: ast.BitXor,
    cst.BitAndAssign: ast.BitAnd,
}

FromImport: TypeAlias = cst.ImportFrom | cst.LazyImportFrom


class SimpleStatements:
    """Lowers the statements that hold no other statement."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._places = expressions.places
        self._handlers: dict[type[cst.CSTNode], Callable[[Any], ast.stmt]] = {
            cst.Expr: self._expression,
            cst.Assign: self._assign,
            cst.AnnAssign: self._annotated,
            cst.AugAssign: self._augmented,
            cst.TypeAlias: self._type_alias,
            cst.Return: self._return,
            cst.Raise: self._raise,
            cst.Assert: self._assert,
            cst.Del: self._delete,
            cst.Pass: lambda node: ast.Pass(),
            cst.Break: lambda node: ast.Break(),
            cst.Continue: lambda node: ast.Continue(),
            cst.Global: lambda node: ast.Global(names=_names(node)),
            cst.Nonlocal: lambda node: ast.Nonlocal(names=_names(node)),
            cst.Import: self._import,
            cst.LazyImport: self._import,
            cst.ImportFrom: self._import_from,
            cst.LazyImportFrom: self._import_from,
        }

    def lower(self, node: cst.BaseSmallStatement) -> ast.stmt:
        """One simple statement. Raises `Unsupported` for a node this lowering does not know."""
        handler = self._handlers.get(type(node))
        if handler is None:
            raise Unsupported(f"statement {type(node).__name__}", self._places.start(node))
        return self._places.put(handler(node), self._places.start(node), self.end(node))

    def end(self, node: cst.BaseSmallStatement) -> Point:
        """Where a simple statement ends, without its semicolon; libcst counts blanks after a last comma."""
        last = getattr(node, "value", None)
        if isinstance(last, cst.BaseExpression):
            return self._expressions.end(last)
        if isinstance(node, cst.Del):
            return self._expressions.end(node.target)
        return self._places.end(node)

    def _expression(self, node: cst.Expr) -> ast.stmt:
        return ast.Expr(value=self._expressions.lower(node.value))

    def _assign(self, node: cst.Assign) -> ast.stmt:
        targets = [self._expressions.target(target.target) for target in node.targets]
        return ast.Assign(targets=targets, value=self._expressions.lower(node.value))

    def _annotated(self, node: cst.AnnAssign) -> ast.stmt:
        target = self._expressions.target(node.target)
        if not isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)):
            raise Unsupported("only single target can be annotated", self._places.start(node))
        return ast.AnnAssign(
            target=target,
            annotation=self._expressions.lower(node.annotation.annotation),
            value=self._expressions.optional(node.value),
            simple=int(isinstance(target, ast.Name) and not node.target.lpar),
        )

    def _augmented(self, node: cst.AugAssign) -> ast.stmt:
        target = self._expressions.target(node.target)
        if not isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)):
            raise Unsupported("illegal target for augmented assignment", self._places.start(node))
        operator = _AUGMENTED[type(node.operator)]()
        return ast.AugAssign(target=target, op=operator, value=self._expressions.lower(node.value))

    def _type_alias(self, node: cst.TypeAlias) -> ast.stmt:
        """`type X = T` (3.12) reads as the assignment `X = T`."""
        self._expressions.note("type alias", (3, 12))
        target = self._expressions.target(node.name)
        return ast.Assign(targets=[target], value=self._expressions.lower(node.value))

    def _return(self, node: cst.Return) -> ast.stmt:
        return ast.Return(value=self._expressions.optional(node.value))

    def _raise(self, node: cst.Raise) -> ast.stmt:
        cause = node.cause.item if node.cause is not None else None
        return ast.Raise(exc=self._expressions.optional(node.exc), cause=self._expressions.optional(cause))

    def _assert(self, node: cst.Assert) -> ast.stmt:
        return ast.Assert(test=self._expressions.lower(node.test), msg=self._expressions.optional(node.msg))

    def _delete(self, node: cst.Del) -> ast.stmt:
        """`del a, b` has two targets; `del (a, b)` has one, a tuple."""
        target = self._expressions.target(node.target, ast.Del)
        bare = isinstance(node.target, cst.Tuple) and not node.target.lpar
        return ast.Delete(targets=target.elts if isinstance(target, ast.Tuple) and bare else [target])

    def _import(self, node: cst.Import | cst.LazyImport) -> ast.stmt:
        if isinstance(node, cst.LazyImport):
            self._expressions.note("lazy import", (3, 15))
        return ast.Import(names=self._aliases(node.names))

    def _import_from(self, node: FromImport) -> ast.stmt:
        if isinstance(node, cst.LazyImportFrom):
            self._expressions.note("lazy import", (3, 15))
        if isinstance(node.names, cst.ImportStar):
            star = ast.alias(name="*")
            names = [self._places.put(star, self._places.start(node.names), self._places.end(node.names))]
        else:
            names = self._aliases(node.names)
        module = _dotted(node.module) if node.module is not None else None
        return ast.ImportFrom(module=module, names=names, level=len(node.relative))

    def _aliases(self, nodes: Sequence[cst.ImportAlias]) -> list[ast.alias]:
        made: list[ast.alias] = []
        for node in nodes:
            asname = node.asname.name if node.asname is not None else None
            if asname is not None and not isinstance(asname, cst.Name):
                raise Unsupported("import bound to no name", self._places.start(node))
            alias = ast.alias(name=_dotted(node.name), asname=identifier(asname.value) if asname else None)
            end = self._places.end(asname or node.name)
            made.append(self._places.put(alias, self._places.start(node.name), end))
        return made


def _names(node: cst.Global | cst.Nonlocal) -> list[str]:
    return [identifier(item.name.value) for item in node.names]


def _dotted(node: cst.Attribute | cst.Name) -> str:
    parts: list[str] = []
    here: cst.BaseExpression = node
    while isinstance(here, cst.Attribute):
        parts.append(identifier(here.attr.value))
        here = here.value
    if isinstance(here, cst.Name):
        parts.append(identifier(here.value))
    return ".".join(reversed(parts))
