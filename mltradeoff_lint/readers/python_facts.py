"""Walks the statements of a module once: scopes, regions, versioned definitions, writes and returns."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mltradeoff_lint.model.facts import (
    NONE,
    ClassFact,
    Parameter,
    PythonFacts,
    Region,
    Return,
    Scope,
    Write,
)
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.python_expressions import ExpressionBuilder, span_of

MUTATORS = frozenset(
    "add append appendleft clear discard extend insert pop popitem remove reverse setdefault sort update "
    "add_node add_edge add_conditional_edges write".split()
)
"""Methods that change their receiver: a call of one makes a new version of the name it is called on."""

MAX_VERSIONS = 8
"""More definitions than this that reach one load are joined into one phi."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Environment = dict[str, tuple[int, ...]]


@dataclass(slots=True)
class _Frame:
    """What is set aside while an inner scope is read."""

    environment: _Environment
    outer_names: set[str]
    scope: int
    region: int
    consed: dict[Any, int]
    statement: Span
    loops: list[list[_Environment]]


@dataclass(slots=True)
class _Body:
    """What a scope collects while its body is read."""

    returns: list[Return] = field(default_factory=list)
    yields: list[Return] = field(default_factory=list)


class FactBuilder(ExpressionBuilder):
    """One pass over a module; `build` gives its facts."""

    def __init__(self) -> None:
        super().__init__()
        self._bodies: dict[int, _Body] = {}
        self._loops: list[list[_Environment]] = []
        self._qualnames: list[str] = []
        self._class = NONE

    def build(self, module: ast.Module) -> PythonFacts:
        """The facts of a module."""
        self._open_scope("module", "", None)
        self._block(module.body)
        self._close_scope("module", "", Span(1, 0, 1, 0), Span(1, 0, 1, 0), docstring=_docstring(module))
        self.facts.module_all = _module_all(module)
        return self.facts

    # -- scopes

    def _open_scope(self, kind: str, name: str, node: ast.AST | None) -> _Frame:
        frame = _Frame(
            self.environment, self.outer_names, self.scope, self.region, self.consed, self.statement, self._loops
        )
        self.scope = len(self.facts.scopes)
        self.facts.scopes.append(None)  # type: ignore[arg-type]
        self._bodies[self.scope] = _Body()
        self.environment, self.outer_names, self.consed, self._loops = {}, set(), {}, []
        if name:
            self._qualnames.append(name)
        self.region = self._region("scope", NONE)
        return frame

    def _close_scope(
        self,
        kind: str,
        name: str,
        span: Span,
        name_span: Span,
        *,
        parent: int = NONE,
        is_async: bool = False,
        parameters: Sequence[Parameter] = (),
        decorators: Sequence[int] = (),
        annotation: int = NONE,
        owner: int = NONE,
        docstring: str = "",
    ) -> int:
        index, body = self.scope, self._bodies.pop(self.scope)
        self.facts.scopes[index] = Scope(
            kind, name, ".".join(self._qualnames), parent, owner, is_async, tuple(parameters), tuple(decorators),
            tuple(body.returns), tuple(body.yields), annotation, self._root_region(), span, name_span,
            self.environment, docstring,
        )  # fmt: skip
        if name:
            self._qualnames.pop()
        return index

    def _root_region(self) -> int:
        region = self.region
        while self.facts.regions[region].kind != "scope":
            region = self.facts.regions[region].parent
        return region

    def _restore(self, frame: _Frame) -> None:
        self.environment, self.outer_names, self.consed = frame.environment, frame.outer_names, frame.consed
        self.scope, self.region, self.statement = frame.scope, frame.region, frame.statement
        self._loops = frame.loops

    def _region(self, kind: str, test: int) -> int:
        self.facts.regions.append(Region(self.region, kind, test, False, self.scope))
        return len(self.facts.regions) - 1

    def function_scope(self, node: _Function) -> int:
        """Read a function body into a scope of its own; defaults and decorators belong to the outer scope."""
        is_lambda = isinstance(node, ast.Lambda)
        decorators = () if isinstance(node, ast.Lambda) else tuple(map(self.expression, node.decorator_list))
        parameters = list(self._parameters(node.args, not is_lambda))
        annotation = NONE if isinstance(node, ast.Lambda) else self._annotation(node.returns)
        name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
        parent, owner = self.scope, self._class
        frame = self._open_scope("lambda" if is_lambda else "function", name, node)
        self._class = NONE
        for position, parameter in enumerate(parameters):
            self.define(parameter.name, "param", position, node)
        if isinstance(node, ast.Lambda):
            self.statement = frame.statement
            self._bodies[self.scope].returns.append(
                Return(self.expression(node.body), self.region, span_of(node.body))
            )
        else:
            self._block(node.body)
        index = self._close_scope(
            "lambda" if is_lambda else "function", name, span_of(node), _name_span(node),
            parent=parent, is_async=isinstance(node, ast.AsyncFunctionDef), parameters=parameters,
            decorators=decorators, annotation=annotation, owner=owner, docstring=_docstring(node),
        )  # fmt: skip
        self._class = owner
        self._restore(frame)
        return index

    def _parameters(self, arguments: ast.arguments, annotated: bool) -> Iterator[Parameter]:
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
        for argument, default in zip(positional, defaults, strict=True):
            kind = "positional" if argument in arguments.posonlyargs else "both"
            yield Parameter(argument.arg, kind, self.expression(default), self._annotation(argument.annotation))
        if arguments.vararg:
            yield Parameter(arguments.vararg.arg, "*", NONE, self._annotation(arguments.vararg.annotation))
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            yield Parameter(argument.arg, "keyword", self.expression(default), self._annotation(argument.annotation))
        if arguments.kwarg:
            yield Parameter(arguments.kwarg.arg, "**", NONE, self._annotation(arguments.kwarg.annotation))

    def _annotation(self, node: ast.expr | None) -> int:
        """An annotation; a quoted one is read as the expression it quotes."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 500:
            try:
                inner = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return self.expression(node)
            for child in ast.walk(inner):
                if hasattr(child, "lineno"):
                    ast.copy_location(child, node)
            return self.expression(inner)
        return self.expression(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        index = self.function_scope(node)
        self.define(node.name, "function", index, node)

    def _class_def(self, node: ast.ClassDef) -> None:
        decorators = tuple(map(self.expression, node.decorator_list))
        bases = tuple(map(self.expression, node.bases))
        keywords = tuple((keyword.arg, self.expression(keyword.value)) for keyword in node.keywords)
        number = len(self.facts.classes)
        self.facts.classes.append(None)  # type: ignore[arg-type]
        parent, outer_class = self.scope, self._class
        frame = self._open_scope("class", node.name, node)
        qualname = ".".join(self._qualnames)
        self._class = number
        self._block(node.body)
        self._class = outer_class
        scope = self._close_scope(
            "class", node.name, span_of(node), _name_span(node), parent=parent, owner=number, docstring=_docstring(node)
        )
        self._restore(frame)
        self.facts.classes[number] = ClassFact(
            node.name, qualname, bases, keywords, decorators, scope, span_of(node), _name_span(node)
        )
        self.define(node.name, "class", number, node)

    def note_yield(self, value: int, node: ast.AST) -> None:
        """Record a yielded value of the current function."""
        self._bodies[self.scope].yields.append(Return(value, self.region, span_of(node)))

    # -- blocks

    def _block(self, body: Sequence[ast.stmt]) -> bool:
        """Read statements in order; True when every path through them leaves the block.

        What follows an `if` that left the block runs only when its test failed: it gets a region of its own.
        """
        outer = self.region
        exits = False
        for statement in body:
            self.statement = span_of(statement)
            test = self._statement(statement)
            if test is None:
                exits = True
            elif test != NONE:
                self.region = self._region("after", test)
        self.region = outer
        return exits

    def _statement(self, node: ast.stmt) -> int | None:
        """Read one statement: None when it leaves the block, the test of an `if` whose body left it, else NONE."""
        match node:
            case ast.Assign():
                self._assign(node)
            case ast.Expr():
                self._expression_statement(node)
            case ast.If():
                return self._if(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
            case ast.Return():
                value = self.expression(node.value)
                self._bodies[self.scope].returns.append(Return(value, self.region, span_of(node)))
                return None
            case ast.AugAssign():
                self._augment(node)
            case ast.AnnAssign():
                self._annotated(node)
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(node)
            case ast.With() | ast.AsyncWith():
                return None if self._with(node) else NONE
            case ast.ClassDef():
                self._class_def(node)
            case ast.Try() | ast.TryStar():
                return None if self._try(node) else NONE
            case ast.Match():
                return None if self._match(node) else NONE
            case _:
                return self._small(node)
        return NONE

    def _small(self, node: ast.stmt) -> int | None:
        match node:
            case ast.Import():
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self.add_import(alias.name, None, bound, 0, alias)
            case ast.ImportFrom():
                for alias in node.names:
                    bound = alias.asname or alias.name
                    self.add_import(node.module or "", alias.name, bound, node.level, alias)
            case ast.Raise():
                self.expression(node.exc)
                return None
            case ast.Continue() | ast.Break():
                if self._loops:
                    self._loops[-1].append(dict(self.environment))
                return None
            case ast.Global() | ast.Nonlocal():
                self.outer_names.update(node.names)
            case ast.Delete():
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.environment.pop(target.id, None)
                    else:
                        self.expression(target)
            case ast.Assert():
                self.expression(node.test)
        return NONE

    def _expression_statement(self, node: ast.Expr) -> None:
        value = self.expression(node.value)
        self.facts.discarded.append(value)
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            in_place = any(
                keyword.arg == "inplace" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True
                for keyword in call.keywords
            )
            if call.func.attr in MUTATORS or in_place:
                self._mutate(call.func.value, "method", value, call.func.attr, node)

    # -- binding

    def bind(self, target: ast.expr, kind: str, value: int, path: tuple[Any, ...]) -> None:
        """Bind an assignment target; unpacking records the projection of the value."""
        if isinstance(target, ast.Name):
            self._bind_name(target, kind, value, path)
        elif isinstance(target, (ast.Tuple, ast.List)):
            for position, item in enumerate(target.elts):
                if isinstance(item, ast.Starred):
                    self.bind(item.value, kind, value, (*path, "*"))
                else:
                    self.bind(item, kind, value, (*path, position))
        elif isinstance(target, ast.Attribute):
            self._write("attribute", target.value, target.attr, value, path, "", target)
            self._mutate(target.value, "attribute", value, target.attr, target)
        elif isinstance(target, ast.Subscript):
            key = self.expression(target.slice)
            self._write("item", target.value, key, value, path, "", target)
            self._mutate(target.value, "item", value, key, target)

    def _bind_name(self, target: ast.Name, kind: str, value: int, path: tuple[Any, ...]) -> None:
        if target.id in self.outer_names:
            # a global written in a function: a write the resolver adds to the module's definitions
            base = self.add(("other", "outer", ()), target)
            self.facts.writes.append(
                Write("global", base, target.id, value, path, "", self.scope, self.region, span_of(target))
            )
        else:
            self.define(target.id, kind, value, target, path)

    def _write(
        self, kind: str, base: ast.expr, key: Any, value: int, path: tuple[Any, ...], operator: str, node: ast.AST
    ) -> None:
        self.facts.writes.append(
            Write(kind, self.expression(base), key, value, path, operator, self.scope, self.region, span_of(node))
        )

    def _mutate(self, base: ast.expr, kind: str, value: int, key: Any, node: ast.AST) -> None:
        """A change of what a name holds makes a new version of the name; on anything else it is a write."""
        if isinstance(base, ast.Name):
            previous = self.environment.get(base.id, ())
            if previous and not (kind == "attribute" and base.id in ("self", "cls")):
                self.define(base.id, kind, value, node, (key,), previous)
        elif kind == "method":
            self._write("method", base, key, value, (), "", node)

    def _assign(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        pairwise = isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List))
        if len(node.targets) == 1 and pairwise and _same_shape(target, value):
            values = [self.expression(item) for item in value.elts]  # type: ignore[attr-defined]
            for item, index in zip(target.elts, values, strict=True):  # type: ignore[attr-defined]
                self.bind(item, "assign", index, ())
            return
        index = self.expression(value)
        for one in node.targets:
            self.bind(one, "assign", index, ())

    def _annotated(self, node: ast.AnnAssign) -> None:
        annotation = self._annotation(node.annotation)
        value = self.expression(node.value)
        if value != NONE:
            self.bind(node.target, "assign", value, ())
        if isinstance(node.target, ast.Name):
            if value == NONE:
                self.define(node.target.id, "declare", annotation, node)
            elif self.facts.definitions and self.environment.get(node.target.id):
                (latest,) = self.environment[node.target.id]
                declared = self.facts.definitions[latest]
                self.facts.definitions[latest] = declared._replace(path=(*declared.path, ("annotation", annotation)))
        elif value == NONE and isinstance(node.target, ast.Attribute):
            self._write("declare", node.target.value, node.target.attr, annotation, (), "", node)
        elif isinstance(node.target, ast.Attribute):
            self._write("declare", node.target.value, node.target.attr, annotation, (), "", node)

    def _augment(self, node: ast.AugAssign) -> None:
        value = self.expression(node.value)
        operator = type(node.op).__name__
        if isinstance(node.target, ast.Name) and node.target.id not in self.outer_names:
            previous = self.environment.get(node.target.id, ())
            self.define(node.target.id, "augment", value, node, (operator,), previous)
        elif isinstance(node.target, ast.Attribute):
            self._write("attribute", node.target.value, node.target.attr, value, (), operator, node)
        elif isinstance(node.target, ast.Subscript):
            key = self.expression(node.target.slice)
            self._write("item", node.target.value, key, value, (), operator, node)
            self._mutate(node.target.value, "item", value, key, node)

    # -- compound statements

    def _if(self, node: ast.If) -> int | None:
        # an elif ladder is a right spine; the loop keeps a long one flat
        outer = self.region
        ends: list[_Environment] = []
        failed = NONE
        while True:
            test = self.expression(node.test)
            before = dict(self.environment)
            here = self.region
            self.region = self._region("then", test)
            if self._branch(node.body):
                failed = test if failed == NONE else failed
            else:
                ends.append(self.environment)
            self.environment, self.region = before, here
            self.region = self._region("else", test)
            if len(node.orelse) != 1 or not isinstance(node.orelse[0], ast.If):
                break
            node = node.orelse[0]
            self.statement = span_of(node)
        if node.orelse and self._branch(node.orelse):
            failed = test if failed == NONE else failed
        else:
            ends.append(self.environment)
        self.region = outer
        if not ends:
            return None
        self.environment = self._merge(ends)
        return failed

    def _branch(self, body: Sequence[ast.stmt]) -> bool:
        region = self.region
        exits = self._block(body)
        if exits:
            self.facts.regions[region] = self.facts.regions[region]._replace(exits=True)
        return exits

    def _merge(self, environments: Sequence[_Environment]) -> _Environment:
        if len(environments) == 1:
            return environments[0]
        merged: _Environment = {}
        for environment in environments:
            for name, versions in environment.items():
                known = merged.get(name)
                if known is None:
                    merged[name] = versions
                elif known != versions:
                    merged[name] = tuple(dict.fromkeys(known + versions))
        for name, versions in merged.items():
            if len(versions) > MAX_VERSIONS:
                merged[name] = (self._phi(name, versions),)
        return merged

    def _phi(self, name: str, versions: tuple[int, ...]) -> int:
        before = self.environment
        self.environment = {}
        index = self.define(name, "phi", NONE, _Nowhere(), (), versions)
        self.environment = before
        return index

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        outer = self.region
        head = NONE if isinstance(node, ast.While) else self.expression(node.iter)
        changed = [name for name in _stored_names(node) if name not in self.outer_names]
        phis = {name: self._phi(name, self.environment.get(name, ())) for name in changed}
        self.environment.update({name: (index,) for name, index in phis.items()})
        if isinstance(node, ast.While):
            head = self.expression(node.test)
            self.region = self._region("while", head)
        else:
            self.region = self._region("loop", head)
            self.bind(node.target, "loop", head, ())
        self._loops.append([])
        body_exits = self._branch(node.body)
        jumps = self._loops.pop()
        ends = jumps if body_exits else [self.environment, *jumps]
        for name, phi in phis.items():
            versions = [version for end in ends for version in end.get(name, ()) if version != phi]
            joined = tuple(dict.fromkeys([*self.facts.definitions[phi].previous, *versions]))
            self.facts.definitions[phi] = self.facts.definitions[phi]._replace(previous=joined)
            self.environment[name] = (phi,)
        self.region = outer
        if node.orelse:
            self.region = self._region("loopelse", head)
            self._block(node.orelse)
            self.region = outer

    def _with(self, node: ast.With | ast.AsyncWith) -> bool:
        outer = self.region
        for item in node.items:
            manager = self.expression(item.context_expr)
            self.region = self._region("with", manager)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, "enter", manager, ())
        exits = self._block(node.body)
        self.region = outer
        return exits

    def _try(self, node: ast.Try | ast.TryStar) -> bool:
        outer = self.region
        before = dict(self.environment)
        self.region = self._region("try", NONE)
        exits = self._block(node.body)
        ends: list[_Environment] = []
        after_body = self.environment
        self.region = outer
        if node.orelse:
            self.region = self._region("tryelse", NONE)
            exits = self._block(node.orelse) or exits
            self.region = outer
        if not exits:
            ends.append(self.environment)
        for handler in node.handlers:
            self.environment = self._merge([dict(before), dict(after_body)])
            kind = self.expression(handler.type)
            self.region = self._region("except", kind)
            if handler.name:
                self.define(handler.name, "except", kind, handler)
            if not self._branch(handler.body):
                ends.append(self.environment)
            self.region = outer
        self.environment = self._merge(ends) if ends else self.environment
        left = not ends
        if node.finalbody:
            self.region = self._region("finally", NONE)
            left = self._block(node.finalbody) or left
            self.region = outer
        return left

    def _match(self, node: ast.Match) -> bool:
        outer = self.region
        subject = self.expression(node.subject)
        before = dict(self.environment)
        ends: list[_Environment] = []
        exhaustive = False
        for case in node.cases:
            self.environment = dict(before)
            self.region = self._region("case", subject)
            for name, inner in _captures(case.pattern):
                self.define(name, "match", subject, inner)
            if case.guard is not None:
                self.expression(case.guard)
            exhaustive = exhaustive or _is_catch_all(case)
            if not self._branch(case.body):
                ends.append(self.environment)
            self.region = outer
        if not exhaustive:
            ends.append(before)
        self.environment = self._merge(ends) if ends else before
        return not ends


class _Nowhere(ast.AST):
    """Stands for a place that is not in the source: the head of a loop, a join."""


def _docstring(node: ast.AST) -> str:
    body = getattr(node, "body", None)
    if not isinstance(body, list) or not body:
        return ""
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return first.value.value[:400]
    return ""


def _name_span(node: ast.AST) -> Span:
    """The span of the first line of a definition, from its keyword to its name."""
    span = span_of(node)
    name = getattr(node, "name", "lambda")
    keyword = {"FunctionDef": 4, "AsyncFunctionDef": 10, "ClassDef": 6}.get(type(node).__name__, 0)
    start = span.column + keyword
    return Span(span.line, start, span.line, start + len(name.encode()))


def _same_shape(target: Any, value: Any) -> bool:
    items = [*target.elts, *value.elts]
    return len(target.elts) == len(value.elts) and not any(isinstance(item, ast.Starred) for item in items)


def _module_all(module: ast.Module) -> tuple[str, ...] | None:
    for statement in module.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.List, ast.Tuple)):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if names == ["__all__"]:
                items = (item.value for item in statement.value.elts if isinstance(item, ast.Constant))
                return tuple(item for item in items if isinstance(item, str))
    return None


def _stored_names(loop: ast.For | ast.AsyncFor | ast.While) -> list[str]:
    """Names a loop binds or changes, in order of appearance, without looking into inner functions."""
    names: dict[str, None] = {}
    stack: list[ast.AST] = [*reversed(loop.body)]
    if not isinstance(loop, ast.While):
        stack.append(loop.target)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                names[node.id] = None
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name):
                names[node.value.id] = None
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            if isinstance(node.func.value, ast.Name):
                names[node.func.value.id] = None
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names[node.name] = None
            continue
        elif isinstance(node, ast.Lambda):
            continue
        stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return list(names)


def _captures(pattern: ast.pattern) -> Iterable[tuple[str, ast.AST]]:
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            yield name, node


def _is_catch_all(case: ast.match_case) -> bool:
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
