"""Explains how a value or receiver was resolved, step by step, or where it stopped and why."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.callers import MAX_FRAMES
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    Function,
    FunctionRef,
    Hole,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Module,
    Template,
    Value,
    Values,
    frame_of,
)
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.shown_paths import as_imported, by_own_class
from mltradeoff_lint.resolve.shown_places import ANYWHERE, set_at, shown, shown_line, value_span
from mltradeoff_lint.resolve.values.brought import is_source, source_of
from mltradeoff_lint.resolve.values.strings import REPOSITORY
from mltradeoff_lint.resolve.written import written

MAX_DEPTH = 9
MAX_LINES = 120

_HOME = "in the home folder of whoever runs it"

_WORDS = {
    "assign": "is assigned",
    "augment": "is changed",
    "loop": "runs over",
    "enter": "is entered",
    "item": "gets an item",
    "attribute": "gets an attribute",
    "method": "is changed by a method",
    "match": "is matched",
    "declare": "is declared as",
}


def explain(resolver: WholeProgram, path: str, line: int) -> tuple[str, ...]:
    """Plain lines on every call and assignment of a line; empty when none stands there."""
    facts = resolver.program.python(path)
    if facts is None:
        return ()
    return tuple(_Explanation(resolver, path, facts, line).lines())[:MAX_LINES]


class _Explanation:
    """The explanation of one line; an expression that was told is not told again."""

    def __init__(self, resolver: WholeProgram, path: str, facts: PythonFacts, line: int) -> None:
        self._resolver = resolver
        self._path = path
        self._facts = facts
        self._line = line
        self._told: set[tuple[str, int]] = set()
        self._versions: set[tuple[str, Definition]] = set()
        """The versions of a name that were told: a loop leads a version back to itself."""
        self._frame: Frame | None = None
        """The calls through which what is told is looked at."""

    def lines(self) -> Iterator[str]:
        for call in self._facts.calls:
            if call.span.line == self._line:
                yield f"call `{written(self._facts, call.function)}(...)`"
                yield from self._expression(self._path, call.function, 1, "receiver and function", call.span)
                for position, argument in enumerate(call.arguments):
                    yield from self._expression(self._path, argument, 1, f"argument {position}", call.span)
                for name, argument in call.keywords:
                    yield from self._expression(self._path, argument, 1, f"argument {name or '**'}", call.span)
        for definition in self._facts.definitions:
            if definition.span.line == self._line and definition.kind in ("assign", "augment"):
                yield f"`{definition.name}` {_WORDS[definition.kind]}"
                yield from self._expression(self._path, definition.value, 1, "value", value_span(definition))

    def _expression(
        self, path: str, index: int, depth: int, what: str, inside: Span, values: Values = ()
    ) -> Iterator[str]:
        """An expression and what it is made of, as it is read inside of what it stands in.

        `values` are what it is in the rows that count, where not all do.
        """
        facts = self._resolver.facts(path)
        line = facts.line_in(index, inside)
        place = shown_line(self._resolver, path, line)
        held = values or self._resolver.values(path, index, self._frame)
        yield f"{'  ' * depth}{what} `{written(facts, index)}` ({place}) is {self._shown(path, index, held)}"
        if depth >= MAX_DEPTH or (path, index) in self._told:
            return
        self._told.add((path, index))
        yield from self._reasons(path, facts, facts.exprs[index], depth + 1, inside._replace(line=line))

    def _reasons(self, path: str, facts: PythonFacts, expr: Expr, depth: int, inside: Span) -> Iterator[str]:
        kind = expr[0]
        if kind == "name":
            yield from self._name(path, facts, expr, depth)
        elif kind == "attr":
            yield from self._attribute(path, expr, depth, inside)
        elif kind == "call":
            yield from self._call(path, facts, expr[1], depth)
        elif kind in ("binop", "ifexp"):
            for part in expr[2:4]:
                yield from self._expression(path, part, depth, "part", inside)
        elif kind in ("boolop", "fstring"):
            for part in expr[2] if kind == "boolop" else expr[1]:
                if facts.exprs[part][0] != "const":
                    yield from self._expression(path, part, depth, "part", inside)
        elif kind in ("item", "await"):
            yield from self._expression(path, expr[1], depth, "of", inside)

    def _name(self, path: str, facts: PythonFacts, expr: Expr, depth: int) -> Iterator[str]:
        scope = expr[3]
        indices = expr[2]
        while not indices and scope >= 0:
            indices = facts.scopes[scope].finals.get(expr[1], ()) if facts.scopes[scope].kind != "class" else ()
            scope = facts.scopes[scope].parent
        for number in indices:
            yield from self._definition(path, facts, facts.definitions[number], depth)

    def _definition(self, path: str, facts: PythonFacts, definition: Definition, depth: int) -> Iterator[str]:
        if (path, definition) in self._versions:
            return
        self._versions.add((path, definition))
        pad = "  " * depth
        place = shown_line(self._resolver, path, definition.span.line)
        if definition.kind == "param":
            yield from self._parameter(path, definition, depth)
        elif definition.kind == "injected":
            yield f"{pad}`{definition.name}` is a parameter of the notebook ({place})"
            for site in self._resolver.notebook_runs(path, definition.name):
                yield f"{pad}  the run at {shown(self._resolver, site)} gives it"
        elif definition.kind == "import":
            one = facts.imports[definition.value]
            name = f"{one.module}.{one.name}" if one.name else one.module
            yield f"{pad}`{definition.name}` is imported from `{'.' * one.level}{name}` ({place})"
            yield from self._imported(path, definition, depth)
        elif definition.value != NONE and definition.kind in _WORDS:
            words = f"`{definition.name}` {_WORDS[definition.kind]}"
            yield from self._expression(path, definition.value, depth, words, value_span(definition))
        for number in definition.previous[:4]:
            yield from self._definition(path, facts, facts.definitions[number], depth) if depth < MAX_DEPTH else ()

    def _imported(self, path: str, definition: Definition, depth: int) -> Iterator[str]:
        one = self._resolver.facts(path).imports[definition.value]
        target = self._resolver.program.module(path, one.module, one.level) if one.name else None
        facts = self._resolver.program.python(target) if target is not None else None
        if target is not None and facts is not None and depth < MAX_DEPTH:
            for number in facts.scopes[0].finals.get(one.name or "", ()):
                yield from self._definition(target, facts, facts.definitions[number], depth + 1)

    def _parameter(self, path: str, definition: Definition, depth: int) -> Iterator[str]:
        pad = "  " * depth
        function = FunctionRef(path, definition.scope)
        scope = self._resolver.scope(function)
        place = shown_line(self._resolver, path, scope.span.line)
        yield f"{pad}`{definition.name}` is a parameter of `{scope.qualname}` ({place})"
        for site in self._resolver.option_sites(function, definition.value):
            yield f"{pad}  the command line at {shown(self._resolver, site)} passes it"
        here = frame_of(self._frame, function)
        for ref in (here.call,) if here is not None else self._resolver.callers(function)[:6]:
            found = self._resolver.argument(ref, function, definition.value)
            if found is not None and depth < MAX_DEPTH:
                passed = () if here is not None else self._resolver.passed(ref, function, definition.value)
                span = self._resolver.call(ref).span
                told = self._expression(*found, depth + 1, "a call passes", span, passed)
                yield from self._seen_through(here.outer if here is not None else None, told)

    def _attribute(self, path: str, expr: Expr, depth: int, inside: Span) -> Iterator[str]:
        written = False
        for value in self._resolver.values(path, expr[1], self._frame):
            if isinstance(value, Instance):
                for where, index, _, _ in self._resolver.members.sources(value, expr[2]):
                    written = True
                    span = next(iter(set_at(self._resolver, (value,), expr[2], where, index)), ANYWHERE)
                    told = self._expression(where, index, depth, self._given(where, index, expr[2]), span)
                    yield from self._seen_through(None, told)
        if not written:
            yield from self._expression(path, expr[1], depth, "of", inside)

    def _shown(self, path: str, index: int, values: Values) -> str:
        return "; ".join(dict.fromkeys(self._one(path, index, value) for value in values)) or "nothing"

    def _one(self, path: str, index: int, value: Value) -> str:
        """A value of an expression in words; a thing of a library by the path under which it is imported."""
        if isinstance(value, Template) and _is_lost(value):
            return f"`{value.text}`, which did not resolve{self._why_lost(path, index)}"
        if not isinstance(value, Library):
            return _one(value)
        source = source_of(self._resolver, value) if value.key else ""
        told = by_own_class(self._resolver, value) or as_imported(self._resolver, path, value.path)
        return f"`{told}`{f' (`{source}`)' if source else ''}"

    def _why_lost(self, path: str, index: int) -> str:
        """Why the first part of an expression is unknown that is: an argument of a call, an operand, a text in it."""
        facts = self._resolver.facts(path)
        expr = facts.exprs[index]
        parts: tuple[int, ...] = ()
        if expr[0] == "call":
            parts = tuple(facts.calls[expr[1]].arguments)
        elif expr[0] in ("binop", "fstring"):
            parts = expr[2:4] if expr[0] == "binop" else expr[1]
        held = (value for part in parts for value in self._resolver.values(path, part, self._frame))
        return next((f": {value.reason}" for value in held if isinstance(value, Unknown)), "")

    def _given(self, path: str, index: int, name: str) -> str:
        """How an object comes by what it has under a name: a method gives it, or it is set."""
        for scope in self._resolver.facts(path).scopes:
            if scope.name == name and scope.owner != NONE and any(one.value == index for one in scope.returns):
                return f"`{scope.qualname}` returns"
        return f"`{name}` is set to"

    def _call(self, path: str, facts: PythonFacts, number: int, depth: int) -> Iterator[str]:
        called = self._resolver.values(path, facts.calls[number].function, self._frame)
        for value in called:
            if isinstance(value, Function):
                scope = self._resolver.scope(value.ref)
                inner = self._entered(value, CallRef(path, number))
                for one in [one for one in scope.returns[:4] if one.value != NONE]:
                    words = f"`{scope.qualname}` returns"
                    told = self._expression(value.ref.path, one.value, depth, words, one.span)
                    yield from self._seen_through(inner, told)
        if not any(isinstance(value, Function) for value in called):
            call = facts.calls[number]
            yield from self._expression(path, call.function, depth, "the call of", call.span)

    def _entered(self, function: Function, call: CallRef) -> Frame | None:
        """The frame of a function that a call runs; None where the chain is long, or leads back to the function."""
        frame = self._frame
        if function.bound is not None or frame_of(frame, function.ref) is not None:
            return None
        return None if frame is not None and frame.depth >= MAX_FRAMES else Frame(function.ref, call, frame)

    def _seen_through(self, frame: Frame | None, lines: Iterator[str]) -> Iterator[str]:
        """Lines that are worked out with what they tell looked at through a frame."""
        around = self._frame
        while True:
            self._frame = frame
            line = next(lines, None)
            self._frame = around
            if line is None:
                return
            yield line


def firmness(value: Literal | Template) -> str:
    """How firmly a value is written down, in words; `~` stands for a folder that the machine decides."""
    text = value.text if isinstance(value, Template) else value.value
    if not isinstance(text, str) or text.partition("/")[0] != "~":
        return value.provenance
    return _HOME if value.provenance == "literal" else f"{value.provenance}, {_HOME}"


def _is_lost(value: Template) -> bool:
    """Whether no letter of a text is written, and nothing says what brings it at run time."""
    if any(isinstance(part, str) and any(map(str.isalnum, part)) for part in value.parts):
        return False
    holes = [part for part in value.parts if isinstance(part, Hole)]
    return not any(hole.is_wildcard or hole.name == REPOSITORY or is_source(hole.name) for hole in holes)


def _one(value: Value) -> str:
    match value:
        case Literal():
            return f"{value.value!r} ({firmness(value)})"
        case Template():
            return f"the template {value.text!r} ({firmness(value)})"
        case Function() | Class():
            return f"{type(value).__name__.lower()} of {value.ref.path}"
        case Instance():
            return f"an object of a class of {value.ref.path}"
        case Module():
            return f"module {value.path}"
        case Items():
            return f"{'at least ' if value.is_open else ''}{value.fewest} {'item' if value.fewest == 1 else 'items'}"
        case Mapping():
            more = "" if value.of is None else f" and the fields of {_one(value.of)}"
            return f"a mapping with {'at least ' if value.is_open else ''}{len(value.entries)} keys{more}"
        case Unknown():
            return f"unknown: {value.reason}{f' (`{value.source}`)' if value.source else ''}"
    return "a value"
