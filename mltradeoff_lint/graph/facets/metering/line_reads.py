"""The lines that remedies name, where the code around a call has them: what the finding asks for is a record.

Some answers tell their use in a field that is called like many others, or tell none, so that pictures or calls are
counted. Only beside the call of the SDK that has it such a line is about usage.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets.metering.delivery import Deliveries
from mltradeoff_lint.graph.facets.metering.response_names import each_name, response_name, whole
from mltradeoff_lint.graph.facets.metering.step_keys import with_step
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import dotted, last_name
from mltradeoff_lint.model.facts import NONE, Call, PythonFacts
from mltradeoff_lint.resolve.sites import Use

_PLACE = re.compile(r"<(response|receiver|each|input)(?::\w+)?>")
_RESPONSE, _RECEIVER, _EACH, _INPUT = "__response__", "__receiver__", "__each__", "__input__"


class NamedLine(NamedTuple):
    """An expression of the code that is what a line of the table names, and how the table writes it."""

    expr: int
    text: str


def named_lines(work: Workspace, deliveries: Deliveries, use: Use) -> Iterator[NamedLine]:
    """What a function has of the lines that would tell the usage of a call in it."""
    if use.meaning.literal("provider") == "http":
        return
    written = [with_step(work, use, line) for line in deliveries.usage(use).lines]
    lines = [(line, node) for line in written if (node := _parsed(line)) is not None]
    if not lines:
        return
    near = _Near(work, use)
    for index in _of_scope(work, use):
        for line, node in lines:
            if near.is_like(index, node):
                yield NamedLine(index, _PLACE.sub(lambda one: one[1], line))


def _parsed(line: str) -> ast.expr | None:
    """The expression of a line; None for an argument, the head of a block, and what counts or prices any text."""
    try:
        statement = ast.parse(_PLACE.sub(lambda one: f"__{one[1]}__", line)).body[0]
    except SyntaxError:
        return None
    node = statement.value if isinstance(statement, ast.Assign | ast.Expr) else None
    return node if isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Dict) else None


def _of_scope(work: Workspace, use: Use) -> tuple[int, ...]:
    """The expressions of the function around a call."""
    path, scope = use.ref.path, work.resolver.call(use.ref).scope

    def find() -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for index, one in enumerate(work.resolver.facts(path).expr_scopes):
            found.setdefault(one, []).append(index)
        return {one: tuple(indexes) for one, indexes in found.items()}

    return work.resolver.program.ask("expressions-of-scopes", path, find).get(scope, ())


class _Near:
    """Compares the expressions around a call with lines of the table."""

    def __init__(self, work: Workspace, use: Use) -> None:
        resolver, ref = work.resolver, use.ref
        self._facts: PythonFacts = resolver.facts(ref.path)
        function = self._facts.exprs[self._facts.calls[ref.call].function]
        receiver = dotted(self._facts, function[1]) if function[0] == "attr" else last_name(function)
        self._names = {
            _RESPONSE: response_name(resolver, ref),
            _RECEIVER: receiver,
            _EACH: each_name(resolver, ref),
        }
        self._results = whole(resolver, ref)

    def is_like(self, index: int, node: ast.expr) -> bool:
        """Whether an expression is a line of the table, in the names of the code; arguments may be any."""
        expr = self._facts.exprs[index] if index != NONE else ("other",)
        if isinstance(node, ast.Name):
            return self._is_named(index, node.id)
        if isinstance(node, ast.Await):
            return bool(expr[0] == "await" and self.is_like(expr[1], node.value))
        if isinstance(node, ast.Attribute):
            return bool(expr[0] == "attr" and expr[2] == node.attr and self.is_like(expr[1], node.value))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            is_key = expr[0] == "item" and expr[2] != NONE and self._facts.exprs[expr[2]] == ("const", node.slice.value)
            return is_key and self.is_like(expr[1], node.value)
        if isinstance(node, ast.Call):
            return expr[0] == "call" and self._is_call(self._facts.calls[expr[1]], node)
        return isinstance(node, ast.Dict) and expr[0] == "dict" and self._keys(expr) == _keys(node)

    def _is_named(self, index: int, name: str) -> bool:
        if name == _RESPONSE and index in self._results:
            return True
        return dotted(self._facts, index) == (self._names.get(name) or name)

    def _is_call(self, call: Call, node: ast.Call) -> bool:
        """Whether a call is that of a line; of its arguments only what other calls give has to be the same."""
        inner = [one for one in node.args if isinstance(one, ast.Call)]
        given = all(any(self.is_like(index, one) for index in call.arguments) for one in inner)
        return given and self._is_called(call.function, node.func)

    def _is_called(self, function: int, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            # what counts any text says nothing of this call
            return "_" in node.id and last_name(self._facts.exprs[function]) == node.id
        return self.is_like(function, node)

    def _keys(self, expr: tuple[object, ...]) -> list[object]:
        pairs = expr[1] if isinstance(expr[1], tuple) else ()
        return [self._facts.exprs[key][1] if key != NONE else None for key, _ in pairs]


def _keys(node: ast.Dict) -> list[object]:
    return [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
