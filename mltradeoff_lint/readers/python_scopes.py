"""Opens and closes the scopes of a module: functions, lambdas and class bodies with what each collects."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from mltradeoff_lint.model.facts import NONE, ClassFact, Parameter, Region, Return, Scope
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.python_expressions import ExpressionBuilder
from mltradeoff_lint.readers.python_syntax import docstring, name_span, span_of, unquoted
from mltradeoff_lint.readers.python_tested import names_tested
from mltradeoff_lint.readers.python_versions import Changes, Versions

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(slots=True)
class Jumps:
    """How a loop is left or started again from inside: what each `break` and `continue` changed since its start."""

    mark: int
    start: int
    """The first definition made in the loop."""
    breaks: list[Changes] = field(default_factory=list)
    continues: list[Changes] = field(default_factory=list)
    is_full: bool = False
    """Whether there were too many to keep apart."""


@dataclass(slots=True)
class _Frame:
    """What is set aside while an inner scope is read."""

    versions: Versions
    outer_names: dict[str, str]
    scope: int
    region: int
    consed: dict[Any, int]
    statement: Span
    loops: list[Jumps]
    conditional: int
    kept: list[tuple[str, int]] | None
    is_dead: bool


@dataclass(slots=True)
class _Body:
    """What a scope collects while its body is read."""

    returns: list[Return] = field(default_factory=list)
    yields: list[Return] = field(default_factory=list)


class ScopeBuilder(ExpressionBuilder):
    """Reads definitions of functions and classes; the statements of their bodies are read by what derives from it."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: dict[int, _Body] = {}
        self.loops: list[Jumps] = []
        self.is_dead = False
        """Whether the current statement stands behind one that always leaves the block."""
        self._qualnames: list[str] = []
        self._class = NONE

    def open_scope(self, name: str) -> _Frame:
        """Start a scope inside the current one; what is returned goes to `restore` when it is closed."""
        frame = _Frame(
            self.versions, self.outer_names, self.scope, self.region, self.consed, self.statement, self.loops,
            self.conditional, self._kept, self.is_dead,
        )  # fmt: skip
        self.scope = len(self.facts.scopes)
        self.facts.scopes.append(None)  # type: ignore[arg-type]
        self.bodies[self.scope] = _Body()
        self.versions, self.outer_names, self.consed, self.loops = Versions(), {}, {}, []
        self.conditional, self._kept, self.is_dead = 0, None, False
        if name:
            self._qualnames.append(name)
        self.region = self.new_region("scope", NONE)
        return frame

    def close_scope(
        self,
        kind: str,
        name: str,
        span: Span,
        named: Span,
        *,
        parent: int = NONE,
        is_async: bool = False,
        parameters: Sequence[Parameter] = (),
        decorators: Sequence[int] = (),
        annotation: int = NONE,
        owner: int = NONE,
        text: str = "",
    ) -> int:
        """Record the current scope with what its body collected; returns its index."""
        index, body = self.scope, self.bodies.pop(self.scope)
        self.facts.scopes[index] = Scope(
            kind, name, ".".join(self._qualnames), parent, owner, is_async, tuple(parameters), tuple(decorators),
            tuple(body.returns), tuple(body.yields), annotation, self._root_region(), span, named,
            self.versions.finals(), text,
        )  # fmt: skip
        if name:
            self._qualnames.pop()
        return index

    def restore(self, frame: _Frame) -> None:
        """Go back to the scope around the one that was closed."""
        self.versions, self.outer_names, self.consed = frame.versions, frame.outer_names, frame.consed
        self.scope, self.region, self.statement = frame.scope, frame.region, frame.statement
        self.loops, self.conditional, self._kept = frame.loops, frame.conditional, frame.kept
        self.is_dead = frame.is_dead

    def _root_region(self) -> int:
        region = self.region
        while self.facts.regions[region].kind != "scope":
            region = self.facts.regions[region].parent
        return region

    def new_region(self, kind: str, test: int) -> int:
        """A region inside the current one."""
        outer = self.tested[self.region] if kind != "scope" and self.region != NONE else {}
        self.facts.regions.append(Region(self.region, kind, test, False, self.scope))
        number = len(self.facts.regions) - 1
        names = names_tested(self.facts, test) if kind in ("then", "else", "after") else ()
        self.tested.append({**outer, **dict.fromkeys(names, number)} if names else outer)
        self.repeated.enter(number)
        return number

    # -- functions and classes

    def function_scope(self, node: _Function) -> int:
        """Read a function body into a scope of its own; defaults and decorators belong to the outer scope."""
        is_lambda = isinstance(node, ast.Lambda)
        kind, name = ("lambda", "<lambda>") if isinstance(node, ast.Lambda) else ("function", node.name)
        decorators = () if isinstance(node, ast.Lambda) else tuple(map(self.expression, node.decorator_list))
        parameters = list(self._parameters(node.args))
        annotation = NONE if isinstance(node, ast.Lambda) else self.annotation(node.returns)
        parent, owner = self.scope, self._class
        frame = self.open_scope(name)
        self._class = NONE
        for position, parameter in enumerate(parameters):
            self.repeated.given(self.define(parameter.name, "param", position, node), parameter)
        if isinstance(node, ast.Lambda):
            self.statement = frame.statement
            value = self.expression(node.body)
            self.bodies[self.scope].returns.append(Return(value, self.region, span_of(node.body)))
        elif self.block(node.body):
            self.facts.regions[self.region] = self.facts.regions[self.region]._replace(exits=True)
        index = self.close_scope(
            kind, name, span_of(node), name_span(node), parent=parent, is_async=isinstance(node, ast.AsyncFunctionDef),
            parameters=parameters, decorators=decorators, annotation=annotation, owner=owner,
            text="" if is_lambda else docstring(node),
        )  # fmt: skip
        self._class = owner
        self.restore(frame)
        return index

    def _parameters(self, arguments: ast.arguments) -> Iterator[Parameter]:
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
        for position, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
            kind = "positional" if position < len(arguments.posonlyargs) else "both"
            yield Parameter(argument.arg, kind, self.expression(default), self.annotation(argument.annotation))
        if arguments.vararg:
            yield Parameter(arguments.vararg.arg, "*", NONE, self.annotation(arguments.vararg.annotation))
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            yield Parameter(argument.arg, "keyword", self.expression(default), self.annotation(argument.annotation))
        if arguments.kwarg:
            yield Parameter(arguments.kwarg.arg, "**", NONE, self.annotation(arguments.kwarg.annotation))

    def annotation(self, node: ast.expr | None) -> int:
        """A type; a quoted one is read as the expression it quotes."""
        return self.expression(None if node is None else unquoted(node))

    def class_scope(self, node: ast.ClassDef) -> int:
        """Read a class with its body; returns its index in `classes`."""
        decorators = tuple(map(self.expression, node.decorator_list))
        bases = tuple(map(self.expression, node.bases))
        keywords = tuple((keyword.arg, self.expression(keyword.value)) for keyword in node.keywords)
        number = len(self.facts.classes)
        self.facts.classes.append(None)  # type: ignore[arg-type]
        parent, outer_class = self.scope, self._class
        frame = self.open_scope(node.name)
        qualname = ".".join(self._qualnames)
        self._class = number
        self.block(node.body)
        self._class = outer_class
        span, named = span_of(node), name_span(node)
        scope = self.close_scope("class", node.name, span, named, parent=parent, owner=number, text=docstring(node))
        self.restore(frame)
        self.facts.classes[number] = ClassFact(node.name, qualname, bases, keywords, decorators, scope, span, named)
        return number

    def note_yield(self, value: int, node: ast.AST) -> None:
        """Record a yielded value of the current function."""
        self.bodies[self.scope].yields.append(Return(value, self.region, span_of(node)))

    # -- supplied by the statement walker

    def block(self, body: Sequence[ast.stmt]) -> bool:
        """Read statements in order; True when every path through them leaves the block."""
        raise NotImplementedError
