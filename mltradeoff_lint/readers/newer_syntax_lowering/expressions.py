"""Expressions of a concrete syntax tree as `ast` expressions."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst

from mltradeoff_lint.readers.newer_syntax_lowering.places import Places, Point, Unsupported
from mltradeoff_lint.readers.newer_syntax_lowering.strings import Note, Strings

_CONSTANTS: Mapping[str, bool | None] = {"True": True, "False": False, "None": None}
_BINARY: Mapping[type[cst.CSTNode], type[ast.operator]] = {
    cst.Add: ast.Add,
    cst.Subtract: ast.Sub,
    cst.Multiply: ast.Mult,
    cst.MatrixMultiply: ast.MatMult,
    cst.Divide: ast.Div,
    cst.FloorDivide: ast.FloorDiv,
    cst.Modulo: ast.Mod,
    cst.Power: ast.Pow,
    cst.LeftShift: ast.LShift,
    cst.RightShift: ast.RShift,
    cst.BitOr: ast.BitOr,
    cst.BitXor: ast.BitXor,
    cst.BitAnd: ast.BitAnd,
}
_UNARY: Mapping[type[cst.CSTNode], type[ast.unaryop]] = {
    cst.Minus: ast.USub,
    cst.Plus: ast.UAdd,
    cst.Not: ast.Not,
    cst.BitInvert: ast.Invert,
}
_COMPARE: Mapping[type[cst.CSTNode], type[ast.cmpop]] = {
    cst.LessThan: ast.Lt,
    cst.LessThanEqual: ast.LtE,
    cst.GreaterThan: ast.Gt,
    cst.GreaterThanEqual: ast.GtE,
    cst.Equal: ast.Eq,
    cst.NotEqual: ast.NotEq,
    cst.In: ast.In,
    cst.NotIn: ast.NotIn,
    cst.Is: ast.Is,
    cst.IsNot: ast.IsNot,
}


def identifier(name: str) -> str:
    """An identifier as the interpreter knows it: normalised to NFKC."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


class Expressions:
    """Lowers expressions of one file; `note` is told of every construct newer than some Python version."""

    def __init__(self, places: Places, note: Note) -> None:
        self.places = places
        self.note = note
        strings = Strings(places, self.lower, note)
        self._handlers: dict[type[cst.CSTNode], Callable[[Any], ast.expr]] = {
            cst.Name: self._name,
            cst.Integer: self._integer,
            cst.Float: self._number,
            cst.Imaginary: self._number,
            cst.Ellipsis: self._ellipsis,
            cst.SimpleString: strings.literal,
            cst.FormattedString: strings.literal,
            cst.TemplatedString: strings.literal,
            cst.ConcatenatedString: strings.literal,
            cst.Attribute: self._attribute,
            cst.Subscript: self._subscript,
            cst.Call: self._call,
            cst.Await: self._await,
            cst.UnaryOperation: self._unary,
            cst.BinaryOperation: self._binary,
            cst.BooleanOperation: self._boolean,
            cst.Comparison: self._comparison,
            cst.IfExp: self._conditional,
            cst.Lambda: self._lambda,
            cst.NamedExpr: self._named,
            cst.Yield: self._yield,
            cst.StarredElement: self._starred,
            cst.Tuple: self._tuple,
            cst.List: self._list,
            cst.Set: self._set,
            cst.Dict: self._dict,
            cst.GeneratorExp: self._generator,
            cst.ListComp: self._list_comprehension,
            cst.SetComp: self._set_comprehension,
            cst.DictComp: self._dict_comprehension,
            cst.StarredDictComp: self._unpacked_dicts,
        }

    def lower(self, node: cst.BaseExpression) -> ast.expr:
        """One expression, loaded. Raises `Unsupported` for a node this lowering does not know."""
        handler = self._handlers.get(type(node))
        if handler is None:
            raise Unsupported(f"expression {type(node).__name__}", self.places.start(node))
        return handler(node)

    def optional(self, node: cst.BaseExpression | None) -> ast.expr | None:
        """One expression, or None where there is none."""
        return None if node is None else self.lower(node)

    def target(self, node: cst.BaseExpression, context: type[ast.expr_context] = ast.Store) -> ast.expr:
        """One expression that is bound or deleted. Raises `Unsupported` when it cannot be."""
        made = self.lower(node)
        stack: list[ast.expr] = [made]
        while stack:
            here = stack.pop()
            if not isinstance(here, (ast.Name, ast.Attribute, ast.Subscript, ast.Starred, ast.List, ast.Tuple)):
                raise Unsupported(f"cannot assign to {type(here).__name__}", self.places.start(node))
            here.ctx = context()
            if isinstance(here, (ast.List, ast.Tuple)):
                stack.extend(here.elts)
            elif isinstance(here, ast.Starred):
                stack.append(here.value)
        return made

    def _put(self, made: ast.expr, node: cst.CSTNode) -> ast.expr:
        return self.places.put(made, self.places.start(node), self.places.end(node))

    def _name(self, node: cst.Name) -> ast.expr:
        start, end = self.places.start(node), self.places.end(node)
        if self.places.between(start, end) != node.value:
            raise Unsupported("positions that do not agree with the text", start)
        if node.value in _CONSTANTS:
            return self._put(ast.Constant(value=_CONSTANTS[node.value]), node)
        return self._put(ast.Name(id=identifier(node.value), ctx=ast.Load()), node)

    def _integer(self, node: cst.Integer) -> ast.expr:
        """An integer; one with more decimal digits than the interpreter converts becomes an opaque `...`."""
        value: object
        try:
            value = int(node.value, 0)
        except ValueError:
            self.note("long integer", (99, 0))
            value = ...
        return self._put(_constant(value), node)

    def _number(self, node: cst.Float | cst.Imaginary) -> ast.expr:
        value = complex(node.value) if isinstance(node, cst.Imaginary) else float(node.value)
        return self._put(_constant(value), node)

    def _ellipsis(self, node: cst.Ellipsis) -> ast.expr:
        return self._put(_constant(...), node)

    def _attribute(self, node: cst.Attribute) -> ast.expr:
        attribute = identifier(node.attr.value)
        return self._put(ast.Attribute(value=self.lower(node.value), attr=attribute, ctx=ast.Load()), node)

    def _subscript(self, node: cst.Subscript) -> ast.expr:
        value = self.lower(node.value)
        indices = [self._index(element.slice) for element in node.slice]
        last = node.slice[-1]
        if len(indices) == 1 and not isinstance(last.comma, cst.Comma) and not isinstance(indices[0], ast.Starred):
            index = indices[0]
        else:
            index = ast.Tuple(elts=indices, ctx=ast.Load())
            index.lineno, index.col_offset = indices[0].lineno, indices[0].col_offset
            index.end_lineno, index.end_col_offset = indices[-1].end_lineno, indices[-1].end_col_offset
            first = node.slice[0].slice
            start = self._index_start(first)
            end = self.places.end(last.comma) if isinstance(last.comma, cst.Comma) else self._index_end(last.slice)
            self.places.put(index, start, end)
        return self._put(ast.Subscript(value=value, slice=index, ctx=ast.Load()), node)

    def _index(self, node: cst.BaseSlice) -> ast.expr:
        if isinstance(node, cst.Index):
            value = self.lower(node.value)
            if node.star is None:
                return value
            made: ast.expr = ast.Starred(value=value, ctx=ast.Load())
        elif isinstance(node, cst.Slice):
            made = ast.Slice(
                lower=self.optional(node.lower), upper=self.optional(node.upper), step=self.optional(node.step)
            )
        else:
            raise Unsupported(f"slice {type(node).__name__}", self.places.start(node))
        return self.places.put(made, self._index_start(node), self._index_end(node))

    def _index_start(self, node: cst.BaseSlice) -> Point:
        if isinstance(node, cst.Slice):
            return self.places.outer_start(node.lower or node.first_colon)
        if isinstance(node, cst.Index) and node.star is None:
            return self.places.outer_start(node.value)
        return self.places.start(node)

    def _index_end(self, node: cst.BaseSlice) -> Point:
        if isinstance(node, cst.Slice):
            second = node.second_colon if isinstance(node.second_colon, cst.Colon) else None
            return self.places.outer_end(node.step or second or node.upper or node.first_colon)
        return self.places.outer_end(node.value if isinstance(node, cst.Index) else node)

    def _call(self, node: cst.Call) -> ast.expr:
        func = self.lower(node.func)
        args, keywords = self.arguments(node.args)
        only = node.args[0].value if len(node.args) == 1 else None
        if isinstance(only, cst.GeneratorExp) and not only.lpar:
            # The parentheses of the call are those of the generator.
            self.places.put(args[0], self.places.skip_trivia(self.places.outer_end(node.func)), self.places.end(node))
        return self._put(ast.Call(func=func, args=args, keywords=keywords), node)

    def arguments(self, nodes: Sequence[cst.Arg]) -> tuple[list[ast.expr], list[ast.keyword]]:
        """The positional and the keyword arguments of a call or a class statement."""
        args: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        for node in nodes:
            value = self.lower(node.value)
            start, end = self.places.start(node), self.places.outer_end(node.value)
            if node.star == "*":
                args.append(self.places.put(ast.Starred(value=value, ctx=ast.Load()), start, end))
            elif node.star == "**" or node.keyword is not None:
                name = identifier(node.keyword.value) if node.keyword is not None else None
                keywords.append(self.places.put(ast.keyword(arg=name, value=value), start, end))
            else:
                args.append(value)
        return args, keywords

    def _await(self, node: cst.Await) -> ast.expr:
        return self._put(ast.Await(value=self.lower(node.expression)), node)

    def _unary(self, node: cst.UnaryOperation) -> ast.expr:
        operator = _UNARY[type(node.operator)]()
        return self._put(ast.UnaryOp(op=operator, operand=self.lower(node.expression)), node)

    def _binary(self, node: cst.BinaryOperation) -> ast.expr:
        operator = _BINARY[type(node.operator)]()
        return self._put(ast.BinOp(left=self.lower(node.left), op=operator, right=self.lower(node.right)), node)

    def _boolean(self, node: cst.BooleanOperation) -> ast.expr:
        """`a and b and c` is one node of three values in `ast`, two nested nodes in libcst."""
        operator = type(node.operator)
        values: list[ast.expr] = []
        stack: list[cst.BaseExpression] = [node]
        while stack:
            here = stack.pop()
            same = isinstance(here, cst.BooleanOperation) and type(here.operator) is operator
            if isinstance(here, cst.BooleanOperation) and same and (here is node or not here.lpar):
                stack += [here.right, here.left]
            else:
                values.append(self.lower(here))
        return self._put(ast.BoolOp(op=ast.And() if operator is cst.And else ast.Or(), values=values), node)

    def _comparison(self, node: cst.Comparison) -> ast.expr:
        return self._put(
            ast.Compare(
                left=self.lower(node.left),
                ops=[_COMPARE[type(part.operator)]() for part in node.comparisons],
                comparators=[self.lower(part.comparator) for part in node.comparisons],
            ),
            node,
        )

    def _conditional(self, node: cst.IfExp) -> ast.expr:
        test, body, orelse = self.lower(node.test), self.lower(node.body), self.lower(node.orelse)
        return self._put(ast.IfExp(test=test, body=body, orelse=orelse), node)

    def _lambda(self, node: cst.Lambda) -> ast.expr:
        return self._put(ast.Lambda(args=self.parameters(node.params), body=self.lower(node.body)), node)

    def parameters(self, node: cst.Parameters) -> ast.arguments:
        """The parameters of a function or lambda."""
        positional = [*node.posonly_params, *node.params]
        star = node.star_arg if isinstance(node.star_arg, cst.Param) else None
        return ast.arguments(
            posonlyargs=[self._parameter(parameter) for parameter in node.posonly_params],
            args=[self._parameter(parameter) for parameter in node.params],
            vararg=self._parameter(star) if star is not None else None,
            kwonlyargs=[self._parameter(parameter) for parameter in node.kwonly_params],
            kw_defaults=[self.optional(parameter.default) for parameter in node.kwonly_params],
            kwarg=self._parameter(node.star_kwarg) if node.star_kwarg is not None else None,
            defaults=[self.lower(p.default) for p in positional if p.default is not None],
        )

    def _parameter(self, node: cst.Param) -> ast.arg:
        annotation = node.annotation.annotation if node.annotation is not None else None
        made = ast.arg(arg=identifier(node.name.value), annotation=self.optional(annotation))
        end = self.places.outer_end(annotation) if annotation is not None else self.places.end(node.name)
        return self.places.put(made, self.places.start(node.name), end)

    def _named(self, node: cst.NamedExpr) -> ast.expr:
        target = self.target(node.target)
        if not isinstance(target, ast.Name):
            raise Unsupported("assignment expression to no name", self.places.start(node))
        return self._put(ast.NamedExpr(target=target, value=self.lower(node.value)), node)

    def _yield(self, node: cst.Yield) -> ast.expr:
        if isinstance(node.value, cst.From):
            return self._put(ast.YieldFrom(value=self.lower(node.value.item)), node)
        return self._put(ast.Yield(value=self.optional(node.value)), node)

    def _starred(self, node: cst.StarredElement) -> ast.expr:
        return self._put(ast.Starred(value=self.lower(node.value), ctx=ast.Load()), node)

    def _elements(self, nodes: Sequence[cst.BaseElement]) -> list[ast.expr]:
        return [self.lower(node if isinstance(node, cst.StarredElement) else node.value) for node in nodes]

    def _tuple(self, node: cst.Tuple) -> ast.expr:
        """A tuple: with its innermost parentheses, else from the first element to the last comma."""
        made = ast.Tuple(elts=self._elements(node.elements), ctx=ast.Load())
        if node.lpar:
            return self.places.put(made, self.places.start(node.lpar[-1]), self.places.end(node.rpar[0]))
        return self.places.put(made, self.places.start(node), self.end(node))

    def end(self, node: cst.BaseExpression) -> Point:
        """Where an expression ends with its parentheses and, for a bare tuple, its last comma."""
        if not isinstance(node, cst.Tuple) or node.rpar:
            return self.places.outer_end(node)
        last = node.elements[-1]
        if isinstance(last.comma, cst.Comma):
            return self.places.end(last.comma)
        return self.places.outer_end(last if isinstance(last, cst.StarredElement) else last.value)

    def _list(self, node: cst.List) -> ast.expr:
        return self._put(ast.List(elts=self._elements(node.elements), ctx=ast.Load()), node)

    def _set(self, node: cst.Set) -> ast.expr:
        return self._put(ast.Set(elts=self._elements(node.elements)), node)

    def _dict(self, node: cst.Dict) -> ast.expr:
        keys = [self.lower(e.key) if isinstance(e, cst.DictElement) else None for e in node.elements]
        return self._put(ast.Dict(keys=keys, values=[self.lower(e.value) for e in node.elements]), node)

    def _generator(self, node: cst.GeneratorExp) -> ast.expr:
        made = ast.GeneratorExp(elt=self._element(node), generators=self._generators(node.for_in))
        if node.lpar:
            return self.places.put(made, self.places.start(node.lpar[-1]), self.places.end(node.rpar[0]))
        return self._put(made, node)

    def _list_comprehension(self, node: cst.ListComp) -> ast.expr:
        return self._put(ast.ListComp(elt=self._element(node), generators=self._generators(node.for_in)), node)

    def _set_comprehension(self, node: cst.SetComp) -> ast.expr:
        return self._put(ast.SetComp(elt=self._element(node), generators=self._generators(node.for_in)), node)

    def _element(self, node: cst.GeneratorExp | cst.ListComp | cst.SetComp) -> ast.expr:
        if isinstance(node.elt, cst.StarredElement):
            self.note("unpacking in a comprehension", (3, 15))
        return self.lower(node.elt)

    def _dict_comprehension(self, node: cst.DictComp) -> ast.expr:
        key, value = self.lower(node.key), self.lower(node.value)
        return self._put(ast.DictComp(key=key, value=value, generators=self._generators(node.for_in)), node)

    def _unpacked_dicts(self, node: cst.StarredDictComp) -> ast.expr:
        """`{**d for d in ds}` (3.15) reads as `{**(d for d in ds)}`: `ast` of today has no closer node."""
        self.note("unpacking in a comprehension", (3, 15))
        inner = ast.GeneratorExp(elt=self.lower(node.value), generators=self._generators(node.for_in))
        return self._put(ast.Dict(keys=[None], values=[self._put(inner, node)]), node)

    def _generators(self, first: cst.CompFor) -> list[ast.comprehension]:
        made: list[ast.comprehension] = []
        here: cst.CompFor | None = first
        while here is not None:
            made.append(
                ast.comprehension(
                    target=self.target(here.target),
                    iter=self.lower(here.iter),
                    ifs=[self.lower(condition.test) for condition in here.ifs],
                    is_async=int(here.asynchronous is not None),
                )
            )
            here = here.inner_for_in
        return made


def _constant(value: Any) -> ast.Constant:
    return ast.Constant(value=value)
