"""Which values are stored tables, so that what indexes them is a key and no data.

A file may hold an object of any kind, `pickle.load(...)`: rows or codes. A code stands for what the request brings, so
that a look-up which does not show what it looks up in is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from mltradeoff_lint.model.facts import Expr
from mltradeoff_lint.resolve.domain import CallRef, Items, Library, Mapping, Values
from mltradeoff_lint.resolve.flow.slices import FlowNode
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import Sites, Use

ROWS, ANYTHING = "rows", "anything"
UNTOLD = "what is looked up in a file that may hold rows as well as codes"

_OF_TABLES = frozenset({"loc", "iloc", "at", "iat", "xs", "query", "get_group"})
"""What only a table has, so that whatever has it is one."""

STORED = frozenset({"dataset-read", "feature-read"})
_ANY_OBJECT = ("model", "config")
_NOT_DATA = (*_ANY_OBJECT, "prompt")


class LoadedTables:
    """Answers what keys choose from, and which calls read the files that hold objects of any kind."""

    def __init__(self, resolver: Resolver, sites: Sites, behind: Callable[[FlowNode], Iterable[Use]]) -> None:
        self._resolver = resolver
        self._sites = sites
        self._behind = behind
        self._stored: dict[FlowNode, bool] = {}

    def kind(self, node: FlowNode, keys: Collection[int]) -> str:
        """What the thing is that keys choose from: ROWS, ANYTHING, or empty where it is nothing that is stored."""
        if self._is_stored(node):
            return ROWS
        if not any(self.reads(node)):
            return ""
        exprs = self._resolver.facts(node.path).exprs
        is_shown = _is_of_table(exprs[node.expr]) or any(exprs[key][0] == "compare" for key in keys)
        is_table = is_shown or _is_of_rows(self._resolver.values(node.path, node.expr, node.frame))
        return ROWS if is_table else ANYTHING

    def _is_stored(self, node: FlowNode) -> bool:
        """Whether a value is read from a dataset or feature store."""
        found = self._stored.get(node)
        if found is None:
            self._stored[node] = False
            reads = [use for use in self._behind(node) if use.meaning.kind in STORED]
            found = self._stored[node] = any(use.meaning.literal("holds") not in _NOT_DATA for use in reads)
        return found

    def reads(self, node: FlowNode) -> Iterator[Use]:
        """The calls that read the file whose content, or part of it, is what is chosen from."""
        expr = self._resolver.facts(node.path).exprs[node.expr]
        inner = node._replace(expr=expr[1]) if _is_of_table(expr) else node
        yield from self.held(inner)
        values = self._resolver.values(inner.path, inner.expr, inner.frame)
        if any(isinstance(one, Mapping) for one in values):
            yield from (use for use in self._behind(inner) if _holds_anything(use))

    def held(self, node: FlowNode) -> Iterator[Use]:
        """The calls whose very result a value is, of those that read objects of any kind."""
        for ref in dict.fromkeys(_loads(self._resolver.values(node.path, node.expr, node.frame))):
            yield from (use for use in self._sites.at(ref) if _holds_anything(use))


def _holds_anything(use: Use) -> bool:
    return use.meaning.kind == "dataset-read" and use.meaning.literal("holds") in _ANY_OBJECT


def _is_of_table(expr: Expr) -> bool:
    return expr[0] == "attr" and expr[2] in _OF_TABLES


def _loads(values: Values) -> Iterator[CallRef]:
    """The calls whose very results values are, or what such a result holds."""
    for value in values:
        if isinstance(value, Library) and value.made and value.path.replace("[]", "").endswith("()"):
            yield value.made[-1].call


def _is_of_rows(values: Values) -> bool:
    """Whether values are mappings each entry of which is itself a row of values."""
    return bool(values) and all(
        isinstance(value, Mapping) and bool(value.entries) and all(_is_row(held) for _, held in value.entries)
        for value in values
    )


def _is_row(held: Values) -> bool:
    return bool(held) and all(isinstance(one, (Items, Mapping)) for one in held)
