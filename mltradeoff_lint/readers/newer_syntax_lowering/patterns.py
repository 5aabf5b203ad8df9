"""Patterns of a `match` statement as `ast` patterns."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from mltradeoff_lint.readers.newer_syntax_lowering.expressions import Expressions, identifier
from mltradeoff_lint.readers.newer_syntax_lowering.places import Point, Unsupported

_SINGLETONS: dict[str, bool | None] = {"True": True, "False": False, "None": None}


class Patterns:
    """Lowers patterns of one file."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._places = expressions.places
        self._handlers: dict[type[cst.CSTNode], Callable[[Any], ast.pattern]] = {
            cst.MatchValue: self._value,
            cst.MatchSingleton: self._singleton,
            cst.MatchList: self._sequence,
            cst.MatchTuple: self._sequence,
            cst.MatchMapping: self._mapping,
            cst.MatchClass: self._class,
            cst.MatchAs: self._as,
            cst.MatchOr: self._or,
        }

    def lower(self, node: cst.MatchPattern) -> ast.pattern:
        """One pattern. Raises `Unsupported` for a node this lowering does not know."""
        handler = self._handlers.get(type(node))
        if handler is None:
            raise Unsupported(f"pattern {type(node).__name__}", self._places.start(node))
        return handler(node)

    def _put(self, made: ast.pattern, node: cst.CSTNode) -> ast.pattern:
        return self._places.put(made, self._places.start(node), self._places.end(node))

    def _value(self, node: cst.MatchValue) -> ast.pattern:
        return self._put(ast.MatchValue(value=self._expressions.lower(node.value)), node.value)

    def _singleton(self, node: cst.MatchSingleton) -> ast.pattern:
        return self._put(ast.MatchSingleton(value=_SINGLETONS[node.value.value]), node.value)

    def _sequence(self, node: cst.MatchList | cst.MatchTuple) -> ast.pattern:
        made = ast.MatchSequence(patterns=[self._item(item) for item in node.patterns])
        if isinstance(node, cst.MatchTuple) and node.lpar:
            return self._places.put(made, self._places.start(node.lpar[-1]), self._places.end(node.rpar[0]))
        if isinstance(node, cst.MatchList) and node.lbracket is not None:
            return self._put(made, node)
        return self._places.put(made, self._places.start(node), self._open_end(node.patterns[-1]))

    def _open_end(self, last: cst.MatchSequenceElement | cst.MatchStar) -> Point:
        if isinstance(last.comma, cst.Comma):
            return self._places.end(last.comma)
        return self._star_end(last) if isinstance(last, cst.MatchStar) else self._places.outer_end(last.value)

    def _item(self, item: cst.MatchSequenceElement | cst.MatchStar) -> ast.pattern:
        if isinstance(item, cst.MatchSequenceElement):
            return self.lower(item.value)
        name = identifier(item.name.value) if item.name is not None else None
        return self._places.put(ast.MatchStar(name=name), self._places.start(item), self._star_end(item))

    def _star_end(self, item: cst.MatchStar) -> Point:
        if item.name is not None:
            return self._places.end(item.name)
        star = self._places.start(item)
        underscore = self._places.skip_trivia(Point(star.line, star.column + 1))
        return Point(underscore.line, underscore.column + 1)

    def _mapping(self, node: cst.MatchMapping) -> ast.pattern:
        return self._put(
            ast.MatchMapping(
                keys=[self._expressions.lower(element.key) for element in node.elements],
                patterns=[self.lower(element.pattern) for element in node.elements],
                rest=identifier(node.rest.value) if node.rest is not None else None,
            ),
            node,
        )

    def _class(self, node: cst.MatchClass) -> ast.pattern:
        return self._put(
            ast.MatchClass(
                cls=self._expressions.lower(node.cls),
                patterns=self._plain(node.patterns),
                kwd_attrs=[identifier(element.key.value) for element in node.kwds],
                kwd_patterns=[self.lower(element.pattern) for element in node.kwds],
            ),
            node,
        )

    def _plain(self, elements: Sequence[cst.MatchSequenceElement]) -> list[ast.pattern]:
        return [self.lower(element.value) for element in elements]

    def _as(self, node: cst.MatchAs) -> ast.pattern:
        pattern = self.lower(node.pattern) if node.pattern is not None else None
        name = identifier(node.name.value) if node.name is not None else None
        return self._put(ast.MatchAs(pattern=pattern, name=name), node)

    def _or(self, node: cst.MatchOr) -> ast.pattern:
        return self._put(ast.MatchOr(patterns=[self.lower(element.pattern) for element in node.patterns]), node)
