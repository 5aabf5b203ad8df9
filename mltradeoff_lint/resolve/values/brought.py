"""What brings a value at run time that no line of the repository writes: a request, an option, a workflow's input.

Each source has a name with a prefix of `SOURCES`, such as `request:file` or `option:--data`. A value with a source is
not known, and yet nothing is missing: whoever enters the program decides it.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    ClassRef,
    FunctionRef,
    Hole,
    Items,
    Library,
    Template,
    Value,
    Values,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver

SOURCES = ("env:", "config:", "option:", "request:", "input:", "run:")
"""What a source is: a variable, a configuration key, an option or argument of a command line, a field of a request,
an input of a workflow, and what only exists for a run, such as a temporary file."""

_OF_ENTRY = {"cli": "option", "queue-consumer": "request"}
_ARGUMENTS = ("argparse.Namespace()", "sys.argv")


def source_of(resolver: Resolver, value: Value) -> str:
    """The source that brings a value; empty when the value is known or nobody can tell."""
    if isinstance(value, Unknown):
        return value.source
    if isinstance(value, Template):
        return next((part.name for part in value.parts if isinstance(part, Hole) and is_source(part.name)), "")
    return _of_library(resolver, value.path) if isinstance(value, Library) else ""


def is_source(name: str) -> bool:
    """Whether the name of a hole says what fills it."""
    return name.startswith(SOURCES)


def _of_library(resolver: Resolver, path: str) -> str:
    """The source of a member of a request's data, of parsed arguments, or of what the catalog says stands for one."""
    for argument in _ARGUMENTS:
        if path.startswith(argument):
            return f"option:{path.removeprefix(argument).strip('.[]') or 'argument'}"
    for prefix in _prefixes(path):
        for meaning in resolver.program.meanings("calls", prefix):
            if meaning.kind == "request-data":
                return f"request:{path.removeprefix(prefix).strip('.()[]') or meaning.literal('what') or 'data'}"
            if meaning.kind == "stands-for" and meaning.literal("source"):
                return meaning.literal("source")
    return ""


def _prefixes(path: str) -> Iterator[str]:
    """The calls and attributes a path is made of, outermost first: `a.b().c` gives `a.b().c`, `a.b`, `a`."""
    while path:
        yield path
        path = path[:-2] if path.endswith(("()", "[]")) else path.rpartition(".")[0]


def stands_for(resolver: Resolver, path: str) -> Values | None:
    """The text that a catalogued attribute or call stands for, such as the name of a temporary file."""
    for meaning in resolver.program.meanings("calls", path):
        source = meaning.literal("source") if meaning.kind == "stands-for" else ""
        if not source:
            continue
        value = Template((Hole(source),))
        if meaning.literal("item"):
            before = tuple(unknown("a handle") for _ in range(int(meaning.literal("item"))))
            return (Items((*before, (value,))),)
        return (value,)
    return None


def of_parameter(resolver: Resolver, function: FunctionRef, position: int) -> str:
    """The source of a parameter that no call of the repository passes; empty when its function is no entry."""
    scope = resolver.scope(function)
    name = scope.parameters[position].name
    for meaning in _entries(resolver, function):
        if meaning.kind == "endpoint":
            return f"request:{name}"
        if meaning.kind == "entry":
            return f"{_OF_ENTRY.get(meaning.literal('kind'), 'input')}:{name}"
    if scope.owner != NONE and scope.kind == "function":
        for base in resolver.library_bases(ClassRef(function.path, scope.owner)):
            for meaning in resolver.program.meanings("classes", base):
                methods = {one.strip() for one in meaning.literal("methods").split(",")}
                if meaning.kind == "endpoint" and scope.name in methods:
                    return f"request:{name}"
    return ""


def _entries(resolver: Resolver, function: FunctionRef) -> Iterator[Meaning]:
    """What the decorators of a function say of who enters it."""
    facts = resolver.facts(function.path)
    for index in facts.scopes[function.scope].decorators:
        expr = facts.exprs[index]
        called = facts.calls[expr[1]].function if expr[0] == "call" else index
        for value in resolver.values(function.path, called):
            if isinstance(value, Library):
                yield from resolver.program.meanings("decorators", value.path)
