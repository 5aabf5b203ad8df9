"""Walks the statements of a module once: scopes, regions, versioned definitions, writes and returns."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from mltradeoff_lint.model.facts import NONE, PythonFacts, Return, Write
from mltradeoff_lint.model.source import ParameterCells, Span
from mltradeoff_lint.readers.python_flow import FlowBuilder
from mltradeoff_lint.readers.python_syntax import docstring, is_in_place, module_all, pairs_of, span_of, stored_in

_PARAMETER_KINDS = frozenset({"assign", "augment", "declare", "item", "attribute", "method"})
"""What a name of a notebook's parameters is set by; a function or an import is none that is given from outside."""

MAX_JUMPS = 100
"""Further `break` and `continue` of one loop are not told apart: any definition of the loop can be alive there."""


NO_CELLS = ParameterCells()


class FactBuilder(FlowBuilder):
    """One pass over a module; `build` gives its facts."""

    def build(self, module: ast.Module, parameters: ParameterCells = NO_CELLS) -> PythonFacts:
        """The facts of a module; `parameters` are the cells that set the parameters of a notebook."""
        self.open_scope("")
        rest = module.body
        cells = sorted(zip(parameters, (False, True), strict=True)) if parameters != NO_CELLS else ()
        for lines, is_given in cells:
            before, own, rest = _divided(rest, lines)
            self.block(before if is_given else [*before, *own])
            if is_given:
                self._given(own)
            else:
                self._inject(lines)
        self.block(rest)
        self.close_scope("module", "", Span(1, 0, 1, 0), Span(1, 0, 1, 0), text=docstring(module))
        self.facts.again.sort()
        self.facts.module_all = module_all(module)
        return self.facts

    def _inject(self, lines: tuple[int, int]) -> None:
        """A new version of every name that these lines set: whoever runs the notebook may put another value there."""
        for name, reaching in self.versions.finals().items():
            versions = [self.facts.definitions[index] for index in reaching]
            own = [one for one in versions if lines[0] <= one.span.line <= lines[1]]
            if own and all(one.kind in _PARAMETER_KINDS for one in versions):
                self.statement = own[-1].span
                self.define(name, "injected", NONE, ast.AST(), (), reaching)

    def _given(self, cell: Sequence[ast.stmt]) -> None:
        """The names that an earlier run was given: what they held in that run is no word of the code."""
        for one in cell:
            names = _names_set(one)
            if not names:
                self.block([one])
            for target in names:
                versions = [self.facts.definitions[index] for index in self.versions.get(target.id)]
                if not versions or any(each.kind != "injected" for each in versions):
                    self.define(target.id, "injected", NONE, target)

    # -- statements

    def block(self, body: Sequence[ast.stmt]) -> bool:
        """Read statements in order; True when every path through them leaves the block.

        What follows an `if` that left the block runs only when its test failed: it gets a region of its own.
        """
        outer, is_dead = self.region, self.is_dead
        exits = False
        for statement in body:
            self.statement = span_of(statement)
            test = self._statement(statement)
            if test is None:
                exits = self.is_dead = True
            elif test != NONE:
                self.region = self.new_region("after", test)
        self.region, self.is_dead = outer, is_dead
        return exits

    def _statement(self, node: ast.stmt) -> int | None:
        """Read one statement: None when it leaves the block, the test of an `if` whose body left it, else NONE."""
        exits = False
        match node:
            case ast.Assign():
                self._assign(node)
            case ast.Expr():
                self._expression_statement(node)
            case ast.If():
                return self.read_if(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._bind_name(node.name, "function", self.function_scope(node), (), node)
            case ast.Return():
                value = self.expression(node.value)
                self.bodies[self.scope].returns.append(Return(value, self.region, span_of(node)))
                exits = True
            case ast.AugAssign():
                self._augment(node)
            case ast.AnnAssign():
                self._annotated(node)
            case ast.For() | ast.AsyncFor() | ast.While():
                exits = self.read_loop(node)
            case ast.With() | ast.AsyncWith():
                exits = self.read_with(node)
            case ast.ClassDef():
                self._bind_name(node.name, "class", self.class_scope(node), (), node)
            case ast.Try() | ast.TryStar():
                exits = self.read_try(node)
            case ast.Match():
                exits = self.read_match(node)
            case _:
                exits = self._small(node)
        return None if exits else NONE

    def _small(self, node: ast.stmt) -> bool:
        match node:
            case ast.Import():
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self.add_import(alias.name, None, bound, 0, alias)
            case ast.ImportFrom():
                for alias in node.names:
                    self.add_import(node.module or "", alias.name, alias.asname or alias.name, node.level, alias)
            case ast.Raise():
                self.expression(node.exc)
                self.expression(node.cause)
                return True
            case ast.Break() | ast.Continue():
                self._jump(node)
                return True
            case ast.Global() | ast.Nonlocal():
                word = "global" if isinstance(node, ast.Global) else "nonlocal"
                self.outer_names.update(dict.fromkeys(node.names, word))
            case ast.Delete():
                self._delete(node.targets)
            case ast.Assert():
                self.expression(node.test)
                self.expression(node.msg)
        return False

    def _jump(self, node: ast.Break | ast.Continue) -> None:
        if self.loops and not self.is_dead:
            jumps = self.loops[-1]
            ends = jumps.breaks if isinstance(node, ast.Break) else jumps.continues
            if len(ends) < MAX_JUMPS:
                ends.append(self.versions.since(jumps.mark))
            else:
                jumps.is_full = True

    def _delete(self, targets: Sequence[ast.expr]) -> None:
        for target in targets:
            if isinstance(target, ast.Name):
                self.versions.set(target.id, ())
            elif isinstance(target, (ast.Tuple, ast.List)):
                self._delete(target.elts)
            else:
                self.facts.deleted.append(self.expression(target))

    def _expression_statement(self, node: ast.Expr) -> None:
        value = self.expression(node.value)
        self.facts.discarded.append(value)
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and is_in_place(call):
            expr = self.facts.exprs[value]
            number = (self.facts.exprs[expr[1]] if expr[0] == "await" else expr)[1]
            base = self.facts.exprs[self.facts.calls[number].function][1]
            if not self._change(call.func.value, "method", value, call.func.attr, node):
                self._write("method", base, call.func.attr, value, (), "", node)

    # -- binding

    def bind(self, target: ast.expr, kind: str, value: int, path: tuple[Any, ...]) -> None:
        """Bind an assignment target; unpacking records the projection of the value."""
        if isinstance(target, ast.Name):
            self._bind_name(target.id, kind, value, path, target)
        elif isinstance(target, (ast.Tuple, ast.List)):
            size, is_behind = len(target.elts), False
            for position, item in enumerate(target.elts):
                if isinstance(item, ast.Starred):
                    is_behind = True
                    self.bind(item.value, kind, value, (*path, f"{position}:{position + 1 - size or ''}"))
                else:
                    # how many items a starred target takes is not known, so what follows it counts from the end
                    self.bind(item, kind, value, (*path, position - size if is_behind else position))
        elif isinstance(target, ast.Attribute):
            self._write("attribute", self.expression(target.value), target.attr, value, path, "", target)
            self._change(target.value, "attribute", value, target.attr, target, path)
        elif isinstance(target, ast.Subscript):
            key = self.expression(target.slice)
            self._write("item", self.expression(target.value), key, value, path, "", target)
            whole, keys = stored_in(target)
            if len(keys) > 1:
                key = self.add(("other", "keys", tuple(map(self.expression, keys))), target)
            self._change(whole, "item", value, key, target, path)

    def _bind_name(self, name: str, kind: str, value: int, path: tuple[Any, ...], node: ast.AST) -> None:
        word = self.outer_names.get(name)
        if word is None:
            self.define(name, kind, value, node, path)
        elif kind not in ("function", "class"):
            self._write_outer(word, name, value, path, "", node)

    def _write_outer(
        self, word: str, name: str, value: int, path: tuple[Any, ...], operator: str, node: ast.AST
    ) -> None:
        """A name of an outer scope that is bound here: the resolver adds it to the definitions of that scope."""
        self._write(word, self.add(("other", "outer", ()), node), name, value, path, operator, node)

    def _write(
        self, kind: str, base: int, key: Any, value: int, path: tuple[Any, ...], operator: str, node: ast.AST
    ) -> None:
        self.facts.writes.append(Write(kind, base, key, value, path, operator, self.scope, self.region, span_of(node)))

    def _change(
        self, base: ast.expr, kind: str, value: int, key: Any, node: ast.AST, path: tuple[Any, ...] = ()
    ) -> bool:
        """A change of what a name of this scope holds makes a new version of it; False when there is no such name."""
        if not isinstance(base, ast.Name) or base.id in self.outer_names:
            return False
        previous = self.versions.get(base.id)
        if previous and not (kind == "attribute" and base.id in ("self", "cls")):
            self.define(base.id, kind, value, node, (key, *path), previous)
        return bool(previous)

    def _assign(self, node: ast.Assign) -> None:
        pairs = pairs_of(node.targets[0], node.value) if len(node.targets) == 1 else []
        if pairs:
            values = [self.expression(value) for _, value in pairs]
            for (target, _), index in zip(pairs, values, strict=True):
                self.bind(target, "assign", index, ())
            return
        index = self.expression(node.value)
        for target in node.targets:
            self.bind(target, "assign", index, ())

    def _annotated(self, node: ast.AnnAssign) -> None:
        annotation = self.annotation(node.annotation)
        value = self.expression(node.value)
        target = node.target
        if isinstance(target, ast.Name):
            if value != NONE:
                self.define(target.id, "assign", value, target, (("annotation", annotation),))
            elif not self.versions.get(target.id):
                self.define(target.id, "declare", annotation, node)
            return
        if value != NONE:
            self.bind(target, "assign", value, ())
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            self._write("declare", self.expression(target.value), target.attr, annotation, (), "", node)

    def _augment(self, node: ast.AugAssign) -> None:
        value = self.expression(node.value)
        operator, target = type(node.op).__name__, node.target
        if isinstance(target, ast.Name):
            word = self.outer_names.get(target.id)
            if word is None:
                self.define(target.id, "augment", value, node, (operator,), self.versions.get(target.id))
            else:
                self._write_outer(word, target.id, value, (), operator, node)
        elif isinstance(target, ast.Attribute):
            self._write("attribute", self.expression(target.value), target.attr, value, (), operator, node)
        elif isinstance(target, ast.Subscript):
            key = self.expression(target.slice)
            self._write("item", self.expression(target.value), key, value, (), operator, node)
            self._change(target.value, "item", value, key, node)


def _divided(body: list[ast.stmt], lines: tuple[int, int]) -> tuple[list[ast.stmt], list[ast.stmt], list[ast.stmt]]:
    """The statements in front of lines, on them, and behind them."""
    before = [one for one in body if one.lineno < lines[0]]
    own = [one for one in body[len(before) :] if one.lineno <= lines[1]]
    return before, own, body[len(before) + len(own) :]


def _names_set(node: ast.stmt) -> list[ast.Name]:
    """The names that a statement sets and nothing else; empty for any other statement."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    names = [one for one in targets if isinstance(one, ast.Name)]
    return names if len(names) == len(targets) else []
