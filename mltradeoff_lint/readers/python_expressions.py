"""Turns `ast` expressions into the hash-consed expression table of a module's facts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from mltradeoff_lint.model.facts import NONE, Call, Definition, Expr, Import, PythonFacts
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.python_repeated import Repeated
from mltradeoff_lint.readers.python_syntax import span_of
from mltradeoff_lint.readers.python_tested import GIVEN, names_tested
from mltradeoff_lint.readers.python_versions import Versions

MAX_TEXT = 20_000
"""Longer string literals keep their head only: no path, id or prompt rule needs more."""

MAX_BITS = 256
"""Longer integers are no constant: they are no setting, and Python refuses to print those of thousands of digits."""

_BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.LShift: "<<", ast.RShift: ">>",
}  # fmt: skip
_COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_UNARY = {ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
_DISPLAYS = {ast.Tuple: "tuple", ast.List: "list", ast.Set: "set"}
_COMPREHENSIONS = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}


class ExpressionBuilder:
    """Builds the expression table; the statement walker derives from it and owns scopes, regions and versions."""

    def __init__(self) -> None:
        self.facts = PythonFacts()
        self.versions = Versions()
        self.outer_names: dict[str, str] = {}
        """Names declared `global` or `nonlocal` in the current scope, with the word."""
        self.scope = 0
        self.region = NONE
        self.statement = Span(1, 0, 1, 0)
        self.consed: dict[Any, int] = {}
        self.tested: list[dict[str, object]] = []
        """For each region the names that tests around it ask about, each with the innermost branch of such a test.

        A name is another expression in each of these branches, because it is not the same values everywhere.
        """
        self.repeated = Repeated(self.facts)
        self.conditional = 0
        """How many operands deep we are that may not run, so that what they bind may not be bound."""
        self.hidden: set[int] = set()
        """Definitions of comprehension variables: no other code sees them."""
        self._kept: list[tuple[str, int]] | None = None
        self._build: dict[type[ast.AST], Callable[[Any], int]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Subscript: self._subscript,
            ast.Slice: self._slice,
            ast.BinOp: self._binop,
            ast.BoolOp: self._boolop,
            ast.Compare: self._compare,
            ast.UnaryOp: self._unary,
            ast.IfExp: self._ifexp,
            ast.JoinedStr: self._fstring,
            ast.FormattedValue: self._formatted,
            ast.Tuple: self._display,
            ast.List: self._display,
            ast.Set: self._display,
            ast.Dict: self._dict,
            ast.Starred: self._starred,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.Lambda: self._lambda,
            ast.Await: self._await,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield_from,
            ast.NamedExpr: self._walrus,
        }

    def expression(self, node: ast.expr | None) -> int:
        """The index of an expression in the table; NONE for no node."""
        if node is None:
            return NONE
        build = self._build.get(type(node))
        if build is not None:
            return build(node)
        children = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return self.add(("other", type(node).__name__, tuple(map(self.expression, children))), node)

    def _perhaps(self, node: ast.expr) -> int:
        """An operand that may not run."""
        self.conditional += 1
        try:
            return self.expression(node)
        finally:
            self.conditional -= 1

    def add(self, expr: Expr, node: ast.AST, key: Any = None) -> int:
        """Intern an expression in the current scope; one that is read again keeps the lines of each reading."""
        key = expr if key is None else key
        index = self.consed.get(key)
        facts = self.facts
        if index is None:
            index = self.consed[key] = len(facts.exprs)
            facts.exprs.append(expr)
            facts.lines.append(node.lineno)  # type: ignore[attr-defined]
            facts.expr_scopes.append(self.scope)
        elif facts.lines[index] != node.lineno:  # type: ignore[attr-defined]
            facts.again.append((index, node.lineno))  # type: ignore[attr-defined]
        return index

    def define(
        self,
        name: str,
        kind: str,
        value: int,
        node: ast.AST,
        path: tuple[Any, ...] = (),
        previous: tuple[int, ...] = (),
    ) -> int:
        """Make a new version of a name; it is the only one that reaches what follows."""
        index = len(self.facts.definitions)
        span = span_of(node) if hasattr(node, "lineno") else self.statement
        self.facts.definitions.append(Definition(name, kind, value, path, previous, self.scope, self.region, span))
        self.versions.set(name, (index,))
        return index

    def add_import(self, module: str, name: str | None, bound: str, level: int, node: ast.AST) -> None:
        """Record one imported name and bind it."""
        index = len(self.facts.imports)
        self.facts.imports.append(Import(module, name, bound, level, self.scope, self.region, span_of(node)))
        if bound != "*":
            self.define(bound, "import", index, node)

    # -- atoms

    def _constant(self, node: ast.Constant) -> int:
        value = node.value
        if isinstance(value, str):
            value = value if len(value) <= MAX_TEXT else value[:MAX_TEXT]
        elif isinstance(value, int) and value.bit_length() > MAX_BITS:
            return self.add(("other", "int", ()), node)
        elif not (value is None or isinstance(value, (bool, int, float))):
            return self.add(("other", type(value).__name__, ()), node)
        # True == 1 == 1.0 hash alike, so the type is part of the key
        return self.add(("const", value), node, ("const", type(value), value))

    def _name(self, node: ast.Name) -> int:
        reaching = () if node.id in self.outer_names else self.versions.get(node.id)
        tested = self.tested[self.region]
        branch = tested.get(node.id)
        if branch is None and len(reaching) > 1:
            reaching = self.repeated.left(self.region, reaching)
        if branch is None and GIVEN in tested and any(self.facts.definitions[one].kind == "param" for one in reaching):
            branch = tested[GIVEN]
        expr = ("name", node.id, reaching, self.scope)
        return self.add(expr, node) if branch is None else self.add(expr, node, (*expr, branch))

    @contextmanager
    def _branch_of(self, tests: Iterable[int]) -> Iterator[None]:
        """Read a part of an expression that is reached by the outcome of tests inside the expression."""
        region, outer = self.region, self.tested[self.region]
        names = [name for test in tests for name in names_tested(self.facts, test)]
        self.tested[region] = {**outer, **dict.fromkeys(names, ("branch", len(self.facts.exprs)))} if names else outer
        try:
            yield
        finally:
            self.tested[region] = outer

    def _attribute(self, node: ast.Attribute) -> int:
        # a long chain is a left spine: walk it in a loop, so that depth is bounded by the parser's brackets
        spine: list[ast.Attribute] = [node]
        while isinstance(spine[-1].value, ast.Attribute):
            spine.append(spine[-1].value)
        root = spine[-1].value
        base = self.expression(root)
        tested = self.tested[self.region] if isinstance(root, ast.Name) else None
        path = root.id if isinstance(root, ast.Name) else ""
        for part in reversed(spine):
            expr: Expr = ("attr", base, part.attr)
            branch = None
            if tested:
                path = f"{path}.{part.attr}"
                branch = tested.get(path)
            base = self.add(expr, part) if branch is None else self.add(expr, part, (*expr, branch))
        return base

    def _subscript(self, node: ast.Subscript) -> int:
        return self.add(("item", self.expression(node.value), self.expression(node.slice)), node)

    def _slice(self, node: ast.Slice) -> int:
        parts = (self.expression(node.lower), self.expression(node.upper), self.expression(node.step))
        return self.add(("slice", *parts), node)

    # -- operators

    def _binop(self, node: ast.BinOp) -> int:
        spine: list[ast.BinOp] = [node]
        while isinstance(spine[-1].left, ast.BinOp):
            spine.append(spine[-1].left)
        left = self.expression(spine[-1].left)
        for part in reversed(spine):
            right = self.expression(part.right)
            left = self.add(("binop", _BINARY[type(part.op)], left, right), part)
        return left

    def _boolop(self, node: ast.BoolOp) -> int:
        word = "and" if isinstance(node.op, ast.And) else "or"
        first, *rest = node.values
        return self.add(("boolop", word, (self.expression(first), *map(self._perhaps, rest))), node)

    def _compare(self, node: ast.Compare) -> int:
        operators = tuple(_COMPARE[type(operator)] for operator in node.ops)
        operands = tuple(self.expression(value) for value in [node.left, *node.comparators])
        return self.add(("compare", operators, operands), node)

    def _unary(self, node: ast.UnaryOp) -> int:
        return self.add(("unary", _UNARY[type(node.op)], self.expression(node.operand)), node)

    def _ifexp(self, node: ast.IfExp) -> int:
        test = self.expression(node.test)
        with self._branch_of([test]), self.repeated.under(self.region, test, holds=True):
            body = self._perhaps(node.body)
        with self._branch_of([test]), self.repeated.under(self.region, test, holds=False):
            return self.add(("ifexp", test, body, self._perhaps(node.orelse)), node)

    # -- displays and strings

    def _fstring(self, node: ast.JoinedStr) -> int:
        return self.add(("fstring", tuple(self.expression(value) for value in node.values)), node)

    def _formatted(self, node: ast.FormattedValue) -> int:
        value = self.expression(node.value)
        if node.format_spec is None and node.conversion in (-1, ord("s")):
            return value
        children = (value,) if node.format_spec is None else (value, self.expression(node.format_spec))
        return self.add(("other", "format", children), node)

    def _display(self, node: ast.Tuple | ast.List | ast.Set) -> int:
        return self.add((_DISPLAYS[type(node)], tuple(self.expression(item) for item in node.elts)), node)

    def _dict(self, node: ast.Dict) -> int:
        pairs = tuple(
            (self.expression(key), self.expression(value)) for key, value in zip(node.keys, node.values, strict=True)
        )
        return self.add(("dict", pairs), node)

    def _starred(self, node: ast.Starred) -> int:
        return self.add(("star", self.expression(node.value)), node)

    # -- things with names of their own

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> int:
        mark, start, outer = self.versions.mark(), len(self.facts.definitions), self._kept
        self._kept = []
        iterables: list[int] = []
        conditions: list[int] = []
        for generator in node.generators:
            iterable = self.expression(generator.iter)
            iterables.append(iterable)
            self.bind(generator.target, "loop", iterable, ())
            conditions.extend(self.expression(test) for test in generator.ifs)
        with self._branch_of(conditions):
            if isinstance(node, ast.DictComp):
                kind, key, element = "dict", self.expression(node.key), self.expression(node.value)
            else:
                kind, key, element = _COMPREHENSIONS[type(node)], NONE, self.expression(node.elt)
        self.versions.undo(mark)
        kept, self._kept = self._kept, outer
        self.hidden.update(set(range(start, len(self.facts.definitions))) - {index for _, index in kept})
        self._keep(kept)
        return self.add(("comp", kind, element, key, tuple(iterables), tuple(conditions)), node)

    def _keep(self, definitions: list[tuple[str, int]]) -> None:
        """A name bound by `:=` in a comprehension belongs to the scope around it, and may not be bound."""
        self.versions.weaken(definitions)
        if self._kept is not None:
            self._kept.extend(definitions)

    def _lambda(self, node: ast.Lambda) -> int:
        return self.add(("lambda", self.function_scope(node)), node)

    def _await(self, node: ast.Await) -> int:
        return self.add(("await", self.expression(node.value)), node)

    def _yield(self, node: ast.Yield) -> int:
        value = self.expression(node.value)
        self.note_yield(value, node)
        return self.add(("yield", value), node)

    def _yield_from(self, node: ast.YieldFrom) -> int:
        value = self.expression(node.value)
        self.note_yield(self.add(("item", value, NONE), node), node)
        return self.add(("yieldfrom", value), node)

    def _walrus(self, node: ast.NamedExpr) -> int:
        value = self.expression(node.value)
        before = self.versions.get(node.target.id)
        index = self.define(node.target.id, "assign", value, node)
        if self.conditional:
            self.versions.set(node.target.id, tuple(dict.fromkeys((*before, index))))
        if self._kept is not None:
            self._kept.append((node.target.id, index))
        return value

    def _call(self, node: ast.Call) -> int:
        # `a.b().c().d()` nests on the left; the loop keeps a fluent chain of any length flat
        spine: list[ast.Call | ast.Attribute] = [node]
        while True:
            inner = spine[-1].func if isinstance(spine[-1], ast.Call) else spine[-1].value
            if not isinstance(inner, (ast.Call, ast.Attribute)):
                break
            spine.append(inner)
        index = self.expression(inner)
        for part in reversed(spine):
            if isinstance(part, ast.Attribute):
                index = self.add(("attr", index, part.attr), part)
            else:
                index = self._one_call(part, index)
        return index

    def _one_call(self, node: ast.Call, function: int) -> int:
        arguments = tuple(self.expression(argument) for argument in node.args)
        keywords = tuple((keyword.arg, self.expression(keyword.value)) for keyword in node.keywords)
        number = len(self.facts.calls)
        self.facts.calls.append(
            Call(function, arguments, keywords, self.scope, self.region, span_of(node), self.statement)
        )
        return self.add(("call", number), node)

    # -- supplied by the statement walker

    def bind(self, target: ast.expr, kind: str, value: int, path: tuple[Any, ...]) -> None:
        """Bind an assignment target."""
        raise NotImplementedError

    def function_scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> int:
        """Read a function body into a scope of its own."""
        raise NotImplementedError

    def note_yield(self, value: int, node: ast.AST) -> None:
        """Record a yielded value of the current function."""
        raise NotImplementedError
