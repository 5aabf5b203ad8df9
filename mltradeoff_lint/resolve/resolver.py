"""Ties the parts of the resolver together behind memoised, bounded questions."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Call, ClassFact, PythonFacts, Scope
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.callers import Callers
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    ClassRef,
    Frame,
    FunctionRef,
    Instance,
    Library,
    Literal,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.expressions import Expressions
from mltradeoff_lint.resolve.invocations import Invocations
from mltradeoff_lint.resolve.members import MAX_LINEAGE, Members
from mltradeoff_lint.resolve.options import Options
from mltradeoff_lint.resolve.program import Program

MAX_DEPTH = 90
"""Nested questions beyond this are answered `unknown`; real chains stay below thirty."""

_CONTAINERS = {
    "typing.Optional", "typing.Union", "typing.Annotated", "typing.ClassVar", "typing.Final", "typing.Awaitable",
    "typing.Coroutine", "builtins.Optional",
}  # fmt: skip
_PLAIN = ("builtins.", "typing.", "collections.", "datetime.", "pathlib.")


class WholeProgram:
    """The resolver; it implements `interface.Resolver`."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._expressions = Expressions(self)
        self.members = Members(self, self._expressions)
        self._invocations = Invocations(self)
        self._callers = Callers(self)
        self._options = Options(self)
        self._facts: dict[str, PythonFacts] = {}
        self._memo: dict[tuple[str, int, Frame | None], Values] = {}
        self._open: set[tuple[str, int, Frame | None]] = set()
        self._exports: dict[tuple[str, str], Values | None] = {}
        self._open_members: set[tuple[Value, str]] = set()
        self._open_exports: set[tuple[str, str]] = set()

    # -- facts

    def facts(self, path: str) -> PythonFacts:
        """The facts of a module that is known to exist."""
        facts = self._facts.get(path)
        if facts is None:
            facts = self.program.python(path)
            if facts is None:
                raise KeyError(path)
            self._facts[path] = facts
        elif path != self.program.here:
            self.program.needs(("python", path))
        return facts

    def scope(self, function: FunctionRef) -> Scope:
        """The scope of a function."""
        return self.facts(function.path).scopes[function.scope]

    def class_fact(self, ref: ClassRef) -> ClassFact:
        """The class statement."""
        return self.facts(ref.path).classes[ref.number]

    def call(self, ref: CallRef) -> Call:
        """The call site."""
        return self.facts(ref.path).calls[ref.call]

    # -- values

    def values(self, path: str, expr: int, frame: Frame | None = None) -> Values:
        """What an expression of a module can be."""
        if expr == NONE:
            return unknown("nothing")
        one = self.facts(path).exprs[expr]
        if one[0] == "const":
            return (Literal(one[1]),)
        if frame is not None:
            frame = self._relevant(path, expr, frame)
        key = (path, expr, frame)
        known = self._memo.get(key)
        if known is not None:
            self.program.needs(key)
            return known
        if key in self._open:
            self.program.needs(key)
            return unknown("a value that depends on itself")
        if len(self._open) > MAX_DEPTH:
            return unknown("a chain that is too deep")
        self._open.add(key)
        try:
            found = self.program.compute(key, path, lambda: self._expressions.evaluate(path, expr, frame))
        finally:
            self._open.discard(key)
        self._memo[key] = found
        return found

    def _relevant(self, path: str, expr: int, frame: Frame | None) -> Frame | None:
        """The frame without the calls that cannot matter to an expression: those of functions it does not stand in."""
        facts = self.facts(path)
        while frame is not None:
            function = frame.function
            scope = facts.expr_scopes[expr] if function.path == path else NONE
            while scope > function.scope:
                # an inner scope has a higher number than the one it stands in
                scope = facts.scopes[scope].parent
            if scope == function.scope:
                return frame
            frame = frame.outer
        return None

    def global_name(self, path: str, name: str) -> Values | None:
        """What a module exports under a name; None when it has no such name."""
        key = (path, name)
        if key in self._exports:
            self.program.needs(("export", key))
            return self._exports[key]
        if key in self._open_exports:
            return None
        self._open_exports.add(key)
        try:
            found = self.program.ask("export", key, lambda: self._exported(path, name))
            self._exports[key] = found
            return found
        finally:
            self._open_exports.discard(key)

    def _exported(self, path: str, name: str) -> Values | None:
        return None if self.program.python(path) is None else self.members.exported(path, name)

    def member(self, value: Value, name: str) -> Values:
        """What `value.name` can be."""
        key = (value, name)
        if key in self._open_members or len(self._open_members) > MAX_DEPTH:
            return unknown("an attribute that depends on itself")
        self._open_members.add(key)
        try:
            return self.members.member(value, name)
        finally:
            self._open_members.discard(key)

    def called(self, value: Value, site: CallRef, frame: Frame | None) -> Values:
        """What calling a value at a site gives."""
        return self._invocations.called(value, site, frame)

    def parameter(self, function: FunctionRef, position: int, frame: Frame | None) -> Values:
        """What a parameter can be."""
        return self._callers.parameter(function, position, frame)

    def callers(self, function: FunctionRef) -> tuple[CallRef, ...]:
        """The call sites that can run a function."""
        return self.program.ask("callers", function, lambda: self._callers.callers(function))

    def argument(
        self, call: CallRef, function: FunctionRef, position: int, frame: Frame | None
    ) -> tuple[str, int] | None:
        """The (path, expression) a call passes for a parameter."""
        return self._callers.argument(call, function, position, frame)

    def option(self, function: FunctionRef, position: int) -> Values | None:
        """What a parameter of a command is given on a command line or by default."""
        return self.program.ask("option", (function, position), lambda: self._options.of_parameter(function, position))

    def option_sites(self, function: FunctionRef, position: int) -> tuple[Site, ...]:
        """The command lines of the repository that pass a parameter of a command."""
        return self._options.sites(function, position)

    def namespace_option(self, value: Library, name: str) -> Values | None:
        """What an attribute of parsed command-line arguments is given."""
        return self._options.of_namespace(value, name)

    # -- types

    def annotated(self, path: str, annotation: int) -> Values:
        """An object of the annotated type; unknown for types nothing is known of."""
        facts = self.facts(path)
        expr = facts.exprs[annotation]
        if expr[0] == "binop" and expr[1] == "|":
            return union(self._known_type(path, expr[2]), self._known_type(path, expr[3])) or unknown("a union type")
        if expr[0] == "item":
            head = self.values(path, expr[1])
            if any(isinstance(one, Library) and one.path in _CONTAINERS for one in head):
                inner = facts.exprs[expr[2]]
                parts = inner[1] if inner[0] == "tuple" else (expr[2],)
                if any(isinstance(one, Library) and one.path == "typing.Annotated" for one in head):
                    parts = parts[:1]
                return union(*(self._known_type(path, part) for part in parts)) or unknown("a generic type")
            return unknown("a generic type")
        return union(*(self._object_of(one) for one in self.values(path, annotation)))

    def _known_type(self, path: str, annotation: int) -> Values:
        return tuple(value for value in self.annotated(path, annotation) if not isinstance(value, Unknown))

    def _object_of(self, value: Value) -> Values:
        if isinstance(value, Class):
            return (Instance(value.ref),)
        if isinstance(value, Library) and not value.path.startswith(_PLAIN) and "." in value.path:
            return (Library(self.program.catalog.called(value.path)),)
        return unknown("a plain type")

    def bases(self, ref: ClassRef) -> Values:
        """The direct base classes."""
        one = self.class_fact(ref)
        return union(*(self.values(ref.path, base) for base in one.bases))

    def lineage(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """A class and its bases inside the repository, in lookup order."""
        return self.program.ask("lineage", ref, lambda: self._lineage(ref)[0])

    def library_bases(self, ref: ClassRef) -> tuple[str, ...]:
        """The library classes that a class derives from, directly or not, as access paths."""
        return self.program.ask("library-bases", ref, lambda: self._lineage(ref)[1])

    def _lineage(self, ref: ClassRef) -> tuple[tuple[ClassRef, ...], tuple[str, ...]]:
        line: dict[ClassRef, None] = {}
        outside: dict[str, None] = {}
        pending = [ref]
        while pending and len(line) < MAX_LINEAGE:
            one = pending.pop(0)
            if one in line:
                continue
            line[one] = None
            facts = self.facts(one.path)
            for base in self.class_fact(one).bases:
                expr = facts.exprs[base]
                # `Generic[T]`, `Base[Config]`: the subscripted class is the base
                for value in self.values(one.path, expr[1] if expr[0] == "item" else base):
                    if isinstance(value, Class):
                        pending.append(value.ref)
                    elif isinstance(value, Library):
                        outside[value.path] = None
        return tuple(line), tuple(outside)
