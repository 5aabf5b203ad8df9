"""Attributes that are looked up when they are asked for: `__getattr__`, and modules that are imported by name."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Frame,
    FunctionRef,
    Instance,
    Library,
    Literal,
    Module,
    Value,
    Values,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver

IMPORTERS = frozenset({"importlib.import_module", "builtins.__import__"})


def module_named(resolver: Resolver, importer: str, text: str) -> Value:
    """What `importlib.import_module(text)` loads; leading dots start at the importer's package."""
    dotted = text.lstrip(".")
    target = resolver.program.module(importer, dotted, len(text) - len(dotted))
    return Module(target) if target is not None else Library(resolver.program.catalog.imported(dotted))


class Delegation:
    """Reads what a `__getattr__` hands on to; one that makes its answers up stands for nothing."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def of_object(self, receiver: Instance, function: FunctionRef, name: str) -> Values:
        """What `receiver.name` is when the class answers with `return getattr(<something>, name)`."""
        found: list[Values] = []
        for facts, expr, asked in self._returns(function, 1, name):
            for base in self._handed_on(function.path, facts, expr, asked, receiver):
                found.append(self._resolver.member(base, name))
        return union(*found)

    def of_module(self, function: FunctionRef, name: str) -> Values:
        """What a name of a module is when its `__getattr__` imports, delegates, or tests the name and returns it."""
        found: list[Values] = []
        for facts, expr, asked in self._returns(function, 0, name):
            bases = list(self._handed_on(function.path, facts, expr, asked, None))
            if bases:
                found += [self._resolver.member(base, name) for base in bases]
            else:
                found.append(self._imported(function, facts, expr, asked, name))
        return union(*found)

    def _returns(self, function: FunctionRef, position: int, name: str) -> Iterator[tuple[PythonFacts, int, str]]:
        """The returned expressions that can be meant for a name, with what the function calls that name."""
        facts, scope = self._resolver.facts(function.path), self._resolver.scope(function)
        if len(scope.parameters) <= position:
            return
        asked = scope.parameters[position].name
        for one in scope.returns:
            if one.value != NONE and self._can_be(function.path, facts, one.region, asked, name):
                yield facts, one.value, asked

    def _can_be(self, path: str, facts: PythonFacts, region: int, asked: str, name: str) -> bool:
        """Whether the tests around a place let a name through; a test of anything else lets everything through."""
        while region != NONE:
            one = facts.regions[region]
            test = facts.exprs[one.test] if one.test != NONE else ("other",)
            if test[0] == "compare" and len(test[1]) == 1 and _is_name(facts.exprs[test[2][0]], asked):
                texts = self._texts(path, test[2][1])
                meets = test[1][0] in ("==", "in") and name in texts
                fails = test[1][0] in ("==", "in") and bool(texts) and name not in texts
                if (one.kind == "then" and fails) or (one.kind in ("else", "after") and meets):
                    return False
            region = one.parent
        return True

    def _texts(self, path: str, expr: int) -> tuple[str, ...]:
        texts: list[str] = []
        for value in self._resolver.values(path, expr):
            inner = getattr(value, "items", None)
            texts += known_texts((value,)) if inner is None else [text for one in inner for text in known_texts(one)]
            texts += [key for key, _ in getattr(value, "entries", ())]
        return tuple(texts)

    def _handed_on(
        self, path: str, facts: PythonFacts, expr: int, asked: str, receiver: Instance | None
    ) -> Iterator[Value]:
        """The objects whose attribute a `getattr(x, name)` or `x.__getattr__(name)` returns."""
        one = facts.exprs[expr]
        if one[0] != "call":
            return
        call = facts.calls[one[1]]
        function = facts.exprs[call.function]
        if len(call.arguments) >= 2 and _is_name(facts.exprs[call.arguments[1]], asked):
            if any(value == Library("builtins.getattr") for value in self._resolver.values(path, call.function)):
                yield from self._of_self(path, facts, call.arguments[0], receiver)
        elif function[0] == "attr" and function[2] in ("__getattr__", "__getattribute__") and len(call.arguments) == 1:
            yield from self._of_self(path, facts, function[1], receiver)

    def _of_self(self, path: str, facts: PythonFacts, expr: int, receiver: Instance | None) -> Values:
        """An expression of a method, `self.x` asked of the very receiver."""
        one = facts.exprs[expr]
        if receiver is not None and one[0] == "attr":
            scope = facts.scopes[facts.expr_scopes[expr]]
            if scope.parameters and _is_name(facts.exprs[one[1]], scope.parameters[0].name):
                return self._resolver.member(receiver, one[2])
        return self._resolver.values(path, expr)

    def _imported(self, function: FunctionRef, facts: PythonFacts, expr: int, asked: str, name: str) -> Values:
        """`import_module(name)`, `import_module("." + name)`, or what the function gives when asked for a name."""
        one = facts.exprs[expr]
        call = facts.calls[one[1]] if one[0] == "call" else None
        if call is not None and call.arguments and self._imports(function.path, call.function):
            text = self._filled(facts, call.arguments[0], asked, name)
            if text is not None:
                return (module_named(self._resolver, function.path, text),)
        return self._resolver.values(function.path, expr, _asking(facts, function, name))

    def _imports(self, path: str, function: int) -> bool:
        values = self._resolver.values(path, function)
        return any(isinstance(value, Library) and value.path in IMPORTERS for value in values)

    def _filled(self, facts: PythonFacts, expr: int, asked: str, name: str) -> str | None:
        """A text of constants and the name that is asked for; None when there is more in it."""
        one = facts.exprs[expr]
        if _is_name(one, asked):
            return name
        if one[0] == "const" and isinstance(one[1], str):
            return one[1]
        parts = one[1] if one[0] == "fstring" else one[2:4] if one[:2] == ("binop", "+") else ()
        texts = [self._filled(facts, part, asked, name) for part in parts]
        return None if not texts or None in texts else "".join(text or "" for text in texts)


def _asking(facts: PythonFacts, function: FunctionRef, name: str) -> Frame | None:
    """A look at a function that is asked for a name: no call of another passes it."""
    calls = [number for number, one in enumerate(facts.calls) if one.scope == function.scope]
    asked = [
        number
        for number, one in enumerate(facts.definitions)
        if one.kind == "param" and one.scope == function.scope and one.value == 0
    ]
    if not calls or not asked:
        return None
    return Frame(function, CallRef(function.path, calls[0]), None, None, (((asked[0],), (Literal(name),)),))


def _is_name(expr: Expr, name: str) -> bool:
    return bool(expr[0] == "name" and expr[1] == name)


def imported_modules(resolver: Resolver, importer: str, names: Values) -> Values:
    """The modules whose names are known among the values given to `importlib.import_module`."""
    return union(tuple(module_named(resolver, importer, text) for text in known_texts(names) if text.strip(".")))
