"""What a step of a workflow hands on: its results are stored and loaded again for whoever runs next.

A text or a number comes back as it was. A path of a file or folder does not: what lies there is stored, and the next
step is given the path of a copy, which is a hole with the name of the stored artifact. Which decorators store paths so
is told by the rows of the catalog (`stores: paths`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.resolve.domain import (
    CallRef,
    FunctionRef,
    Hole,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.brought import ARTIFACT, on_decorators

MAX_NESTED = 12
"""How deep types and the expressions of paths are looked into."""

_TUPLES = ("tuple", "Tuple")
_CONSTRUCTORS = ("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath")
_GIVE_PATHS = frozenset(
    {"resolve", "absolute", "joinpath", "with_suffix", "with_name", "with_stem", "relative_to", "expanduser", "rename"}
)
"""Methods by which a path gives another one."""


class Output(NamedTuple):
    """One result of a step: the name of the artifact it is stored as, and whether it is a path."""

    name: str
    is_path: bool


class StoredResults:
    """Answers what the results of a step are for the code that it hands them to."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def handed_on(self, function: FunctionRef, found: Values, site: CallRef) -> Values:
        """What a call of a function gives of what it returns; a step that is called inside a step just runs."""
        outputs = self.outputs(function)
        if not outputs or self._is_in_step(site):
            return found
        return union(tuple(self._loaded(value, outputs) for value in found))

    def outputs(self, function: FunctionRef) -> tuple[Output, ...]:
        """The results of a step whose paths are stored; empty for any other function."""

        def find() -> tuple[Output, ...]:
            rows = on_decorators(self._resolver, function)
            return self._told(function) if any(one.literal("stores") == "paths" for one in rows) else ()

        return self._resolver.program.ask("stored-results", function, find)

    def _is_in_step(self, site: CallRef) -> bool:
        scopes = self._resolver.facts(site.path).scopes
        scope = self._resolver.call(site).scope
        while scope > 0:
            if scopes[scope].decorators and self.outputs(FunctionRef(site.path, scope)):
                return True
            scope = scopes[scope].parent
        return False

    def _loaded(self, value: Value, outputs: tuple[Output, ...]) -> Value:
        """A result as the next step has it."""
        if len(outputs) == 1:
            return _copied(value, outputs[0].name) if outputs[0].is_path else value
        if isinstance(value, Items) and len(value.items) == len(outputs):
            pairs = zip(value.items, outputs, strict=True)
            return Items(tuple(tuple(self._loaded(one, (output,)) for one in item) for item, output in pairs))
        return value

    # -- what a step says of its results

    def _told(self, function: FunctionRef) -> tuple[Output, ...]:
        scope, facts = self._resolver.scope(function), self._resolver.facts(function.path)
        if scope.annotation == NONE:
            values = [one.value for one in scope.returns if one.value != NONE]
            is_path = bool(values) and all(self._is_path(function.path, facts, one, 0) for one in values)
            return (Output(scope.name, is_path),)
        base, arguments = _subscripted(facts, scope.annotation)
        if base in _TUPLES:
            return tuple(self._output(function.path, facts, one, scope.name) for one in arguments)
        return (self._output(function.path, facts, scope.annotation, scope.name),)

    def _output(self, path: str, facts: PythonFacts, annotation: int, name: str) -> Output:
        base, arguments = _subscripted(facts, annotation)
        is_path = any(self._is_path_type(path, one) for one in _types(facts, annotation))
        return Output(_artifact_name(facts, arguments[1:]) or name if base == "Annotated" else name, is_path)

    def _is_path_type(self, path: str, annotation: int) -> bool:
        values = self._resolver.values(path, annotation)
        return any(isinstance(value, Library) and value.path in _CONSTRUCTORS for value in values)

    def _is_path(self, path: str, facts: PythonFacts, index: int, depth: int) -> bool:
        """Whether an expression makes a path object, and not a text that names one."""
        expr = facts.exprs[index]
        if depth > MAX_NESTED:
            return False
        if expr[0] == "name":
            definitions = [facts.definitions[one] for one in expr[2]]
            return bool(definitions) and all(
                one.kind == "assign" and not one.path and self._is_path(path, facts, one.value, depth + 1)
                for one in definitions
            )
        if expr[0] == "binop" and expr[1] == "/":
            return any(self._is_path(path, facts, one, depth + 1) for one in expr[2:])
        if expr[0] == "attr" and expr[2] == "parent":
            return self._is_path(path, facts, expr[1], depth + 1)
        if expr[0] != "call":
            return False
        function = facts.calls[expr[1]].function
        taken = facts.exprs[function]
        if taken[0] == "attr" and taken[2] in _GIVE_PATHS:
            return self._is_path(path, facts, taken[1], depth + 1)
        return self._is_path_type(path, function)


def _copied(value: Value, name: str) -> Value:
    """The path of the copy in the place of a path, also inside lists and dicts."""
    if isinstance(value, Template) or (isinstance(value, Literal) and isinstance(value.value, str)):
        return Template((Hole(f"{ARTIFACT}{name}"),))
    if isinstance(value, Items):
        return Items(
            tuple(union(tuple(_copied(one, name) for one in item)) for item in value.items), value.is_open, value.least
        )
    if isinstance(value, Mapping):
        entries = tuple((key, union(tuple(_copied(one, name) for one in held))) for key, held in value.entries)
        return Mapping(entries, value.is_open, union(tuple(_copied(one, name) for one in value.rest)), value.of)
    return value


def _subscripted(facts: PythonFacts, annotation: int) -> tuple[str, tuple[int, ...]]:
    """The name and the arguments of `Name[arguments]`; an empty name for any other type."""
    expr = facts.exprs[annotation]
    if expr[0] != "item" or expr[2] == NONE:
        return "", ()
    base, inner = facts.exprs[expr[1]], facts.exprs[expr[2]]
    name = base[1] if base[0] == "name" else base[2] if base[0] == "attr" else ""
    return str(name), tuple(inner[1]) if inner[0] == "tuple" else (expr[2],)


def _types(facts: PythonFacts, annotation: int) -> Iterator[int]:
    """The plain types that a type is made of: `Path` of `Annotated[Optional[Path], "folder"]`."""
    pending = [annotation]
    for _ in range(MAX_NESTED):
        if not pending:
            return
        index = pending.pop()
        expr = facts.exprs[index]
        base, arguments = _subscripted(facts, index)
        if base:
            pending += arguments[:1] if base == "Annotated" else arguments
        elif expr[0] == "binop" and expr[1] == "|":
            pending += expr[2:]
        elif expr[0] in ("name", "attr"):
            yield index


def _artifact_name(facts: PythonFacts, told: tuple[int, ...]) -> str:
    """The name in what stands behind the type: a text, or the `name` of a configuration of the artifact."""
    for index in told:
        expr = facts.exprs[index]
        if expr[0] == "call":
            call = facts.calls[expr[1]]
            named = [given for keyword, given in call.keywords if keyword == "name"] or list(call.arguments[:1])
            expr = facts.exprs[named[0]] if named else expr
        if expr[0] == "const" and isinstance(expr[1], str):
            return expr[1].replace("{", "").replace("}", "")
    return ""
