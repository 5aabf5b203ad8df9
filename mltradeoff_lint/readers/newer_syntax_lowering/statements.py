"""Compound statements of a concrete syntax tree as `ast` statements."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import libcst as cst

from mltradeoff_lint.readers.newer_syntax_lowering.expressions import Expressions, identifier
from mltradeoff_lint.readers.newer_syntax_lowering.patterns import Patterns
from mltradeoff_lint.readers.newer_syntax_lowering.places import Point, Unsupported
from mltradeoff_lint.readers.newer_syntax_lowering.simple import SimpleStatements

Handlers: TypeAlias = Sequence[cst.ExceptHandler | cst.ExceptStarHandler]


class Block(NamedTuple):
    """Lowered statements and where their last token ends, which is where the enclosing statement ends."""

    body: list[ast.stmt]
    end: Point


class Statements:
    """Lowers statements of one file.

    `bare_handlers` collects the handlers written `except A, b:` for the check against Python 2.
    """

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._places = expressions.places
        self._patterns = Patterns(expressions)
        self._simple = SimpleStatements(expressions)
        self.bare_handlers: list[ast.ExceptHandler] = []
        self._compound: dict[type[cst.CSTNode], Callable[[Any], Block]] = {
            cst.If: self._if,
            cst.While: self._while,
            cst.For: self._for,
            cst.With: self._with,
            cst.Try: self._try,
            cst.TryStar: self._try,
            cst.FunctionDef: self._function,
            cst.ClassDef: self._class,
            cst.Match: self._match,
        }

    def module(self, body: Sequence[cst.BaseStatement]) -> list[ast.stmt]:
        """The statements of a module."""
        return [made for node in body for made in self._statement(node).body]

    def _block(self, suite: cst.BaseSuite) -> Block:
        if isinstance(suite, cst.SimpleStatementSuite):
            return self._line(suite)
        if not isinstance(suite, cst.IndentedBlock):
            raise Unsupported(f"suite {type(suite).__name__}", self._places.start(suite))
        blocks = [self._statement(node) for node in suite.body]
        return Block([made for block in blocks for made in block.body], blocks[-1].end)

    def _statement(self, node: cst.BaseStatement) -> Block:
        if isinstance(node, cst.SimpleStatementLine):
            return self._line(node)
        handler = self._compound.get(type(node))
        if handler is None:
            raise Unsupported(f"statement {type(node).__name__}", self._places.start(node))
        return handler(node)

    def _line(self, node: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> Block:
        made = [self._simple.lower(part) for part in node.body]
        semicolon = node.body[-1].semicolon
        last = node.body[-1]
        end = self._places.end(semicolon) if isinstance(semicolon, cst.Semicolon) else self._simple.end(last)
        return Block(made, end)

    def _placed(self, made: ast.stmt, node: cst.CSTNode, end: Point) -> Block:
        return Block([self._places.put(made, self._places.start(node), end)], end)

    def _else(self, node: cst.Else | cst.Finally | None, before: Point) -> Block:
        return Block([], before) if node is None else self._block(node.body)

    def _if(self, node: cst.If) -> Block:
        """An `if`, its `elif` parts being nested statements; built from the last one, without recursion."""
        chain: list[cst.If] = [node]
        while isinstance(chain[-1].orelse, cst.If):
            chain.append(chain[-1].orelse)
        lowered = [(self._expressions.lower(part.test), self._block(part.body)) for part in chain]
        last = chain[-1].orelse
        orelse = self._else(last if isinstance(last, cst.Else) else None, lowered[-1][1].end)
        for part, (test, body) in zip(reversed(chain), reversed(lowered), strict=True):
            orelse = self._placed(ast.If(test=test, body=body.body, orelse=orelse.body), part, orelse.end)
        return orelse

    def _while(self, node: cst.While) -> Block:
        test, body = self._expressions.lower(node.test), self._block(node.body)
        orelse = self._else(node.orelse, body.end)
        return self._placed(ast.While(test=test, body=body.body, orelse=orelse.body), node, orelse.end)

    def _for(self, node: cst.For) -> Block:
        target, iterable = self._expressions.target(node.target), self._expressions.lower(node.iter)
        body = self._block(node.body)
        orelse = self._else(node.orelse, body.end)
        kind = ast.For if node.asynchronous is None else ast.AsyncFor
        made = kind(target=target, iter=iterable, body=body.body, orelse=orelse.body)
        return self._placed(made, node, orelse.end)

    def _with(self, node: cst.With) -> Block:
        items = [
            ast.withitem(
                context_expr=self._expressions.lower(item.item),
                optional_vars=self._expressions.target(item.asname.name) if item.asname is not None else None,
            )
            for item in node.items
        ]
        body = self._block(node.body)
        kind = ast.With if node.asynchronous is None else ast.AsyncWith
        return self._placed(kind(items=items, body=body.body), node, body.end)

    def _try(self, node: cst.Try | cst.TryStar) -> Block:
        body = self._block(node.body)
        end = body.end
        handlers: list[ast.ExceptHandler] = []
        for part in node.handlers:
            handler, end = self._handler(part)
            handlers.append(handler)
        orelse = self._else(node.orelse, end)
        final = self._else(node.finalbody, orelse.end)
        kind = ast.TryStar if isinstance(node, cst.TryStar) else ast.Try
        made = kind(body=body.body, handlers=handlers, orelse=orelse.body, finalbody=final.body)
        return self._placed(made, node, final.end)

    def _handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> tuple[ast.ExceptHandler, Point]:
        name = None
        if node.name is not None:
            if not isinstance(node.name.name, cst.Name):
                raise Unsupported("exception bound to no name", self._places.start(node.name))
            name = identifier(node.name.name.value)
        kind, body = self._expressions.optional(node.type), self._block(node.body)
        made = ast.ExceptHandler(type=kind, name=name, body=body.body)
        self._places.put(made, self._places.start(node), body.end)
        if isinstance(node.type, cst.Tuple) and not node.type.lpar:
            self._expressions.note("except without parentheses", (3, 14))
            self.bare_handlers.append(made)
        return made, body.end

    def _type_parameters(self, node: cst.TypeParameters | None) -> None:
        """Type parameters carry no data; they are noted, and their names stay unbound in the tree."""
        if node is not None:
            self._expressions.note("type parameters", (3, 12))

    def _function(self, node: cst.FunctionDef) -> Block:
        self._type_parameters(node.type_parameters)
        decorators = [self._expressions.lower(decorator.decorator) for decorator in node.decorators]
        parameters = self._expressions.parameters(node.params)
        returns = self._expressions.lower(node.returns.annotation) if node.returns is not None else None
        body = self._block(node.body)
        kind = ast.FunctionDef if node.asynchronous is None else ast.AsyncFunctionDef
        made = kind(
            name=identifier(node.name.value),
            args=parameters,
            body=body.body,
            decorator_list=decorators,
            returns=returns,
        )
        return self._definition(made, node, body.end)

    def _class(self, node: cst.ClassDef) -> Block:
        self._type_parameters(node.type_parameters)
        decorators = [self._expressions.lower(decorator.decorator) for decorator in node.decorators]
        bases, keywords = self._expressions.arguments([*node.bases, *node.keywords])
        body = self._block(node.body)
        made = ast.ClassDef(
            name=identifier(node.name.value),
            bases=bases,
            keywords=keywords,
            body=body.body,
            decorator_list=decorators,
        )
        return self._definition(made, node, body.end)

    def _definition(
        self, made: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, node: cst.CSTNode, end: Point
    ) -> Block:
        if "type_params" in made._fields:
            setattr(made, "type_params", [])  # noqa: B010 - the attribute exists from 3.12 on
        return self._placed(made, node, end)

    def _match(self, node: cst.Match) -> Block:
        subject = self._expressions.lower(node.subject)
        cases: list[ast.match_case] = []
        end = self._places.end(node)
        for case in node.cases:
            pattern, guard = self._patterns.lower(case.pattern), self._expressions.optional(case.guard)
            body = self._block(case.body)
            cases.append(ast.match_case(pattern=pattern, guard=guard, body=body.body))
            end = body.end
        return self._placed(ast.Match(subject=subject, cases=cases), node, end)
