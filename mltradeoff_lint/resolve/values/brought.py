"""What brings a value at run time that no line of the repository writes: a request, an option, a workflow's input.

Each source has a name with a prefix of `SOURCES`, such as `request:file` or `option:--data`. A value with a source is
not known, and yet nothing is missing: whoever enters the program decides it.
"""

from __future__ import annotations

import re
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
    Literal,
    Made,
    Template,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.sites import pick
from mltradeoff_lint.resolve.values.fetched import fetched_name
from mltradeoff_lint.resolve.values.paths import SEPARATORS

ARTIFACT = "artifact:"
"""The source of a path under which a run finds a copy of what is stored elsewhere, with the name it is stored under."""

SOURCES = ("env:", "config:", "option:", "request:", "input:", "run:", ARTIFACT)
"""What a source is: a variable, a configuration key, an option or argument of a command line, a field of a request,
an input of a workflow, what only exists for a run, such as a temporary file, and a stored artifact."""

UNNAMED = "option:argument"
"""The source of a command-line argument that has a place and no name."""

_FORM = "request:form"
"""The source of an input of a form that has no name of its own: a text box, a list to choose from."""

_OF_ENTRY = {"cli": "option", "queue-consumer": "request"}
_FIELD = re.compile(r"[\w.]+\(\)\.(\w+)", re.ASCII)
"""The access path of a field of an object."""

_ARGUMENTS = ("argparse.Namespace()", "sys.argv")


def source_of(resolver: Resolver, value: Value) -> str:
    """The source that brings a value; empty when the value is known or nobody can tell."""
    if isinstance(value, Unknown):
        return value.source
    if isinstance(value, Template):
        return next((part.name for part in value.parts if isinstance(part, Hole) and is_source(part.name)), "")
    return _of_thing(resolver, value) if isinstance(value, Library) else ""


def in_text(resolver: Resolver, values: Values, name: str = "") -> Values:
    """Values as pieces of a text: what a request or a command line brings is a hole with the name of its source.

    An argument of a command line, or an input of a form, that goes by no name takes the name of the variable that
    holds it: two are not one.
    """
    if not any(isinstance(value, Library) for value in values):
        return values
    return tuple(_piece(resolver, value, name) if isinstance(value, Library) else value for value in values)


def _piece(resolver: Resolver, value: Library, name: str) -> Value:
    if value.path in SEPARATORS:
        return Literal("/")
    source = _of_thing(resolver, value)
    if source in (UNNAMED, _FORM) and name.isidentifier() and name not in ("argv", "part"):
        source = f"{source.partition(':')[0]}:{name}"
    if not source and (fetched := fetched_name(resolver, value, lambda one: source_of(resolver, one))):
        source = f"{ARTIFACT}{fetched}"
    return Template((Hole(source),)) if source else value


def is_source(name: str) -> bool:
    """Whether the name of a hole says what fills it."""
    return name.startswith(SOURCES)


def _of_thing(resolver: Resolver, value: Library) -> str:
    """The source of a thing of a library: its own, or that of what it is parsed from."""
    own = _of_library(resolver, value.path)
    for made in () if own else value.made:
        call = resolver.call(made.call)
        for function in resolver.values(made.call.path, call.function, made.frame):
            if isinstance(function, Library):
                own = own or _of_parsed(resolver, value.path, function.path, made)
    return own


def _of_parsed(resolver: Resolver, path: str, parser: str, made: Made) -> str:
    """The source of a field of parsed arguments, or of what is parsed from a text that has one."""
    for meaning in resolver.program.meanings("calls", parser):
        field = _FIELD.fullmatch(path)
        if meaning.kind == "cli-objects" and field is not None:
            return f"option:{field[1]}"
        if meaning.kind == "parse" and path.startswith(f"{parser}()"):
            facts = resolver.facts(made.call.path)
            picked = [pick(facts, made.call, one) for one in meaning.selectors("text")]
            texts = union(*(resolver.values(made.call.path, expr, made.frame) for expr in picked if expr != NONE))
            sources = [source_of(resolver, one) for one in texts]
            return sources[0] if sources and all(sources) else ""
    return ""


def _of_library(resolver: Resolver, path: str) -> str:
    """The source of a member of a request's data, of parsed arguments, or of what the catalog says stands for one."""
    for argument in _ARGUMENTS:
        if path.startswith(argument):
            name = path.removeprefix(argument).strip(".[]")
            return f"option:{name}" if name else UNNAMED
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
    for meaning in on_decorators(resolver, function):
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


def on_decorators(resolver: Resolver, function: FunctionRef) -> Iterator[Meaning]:
    """What the catalog knows of the decorators of a function, such as who enters it."""
    facts = resolver.facts(function.path)
    for index in facts.scopes[function.scope].decorators:
        expr = facts.exprs[index]
        called = facts.calls[expr[1]].function if expr[0] == "call" else index
        for value in resolver.values(function.path, called):
            if isinstance(value, Library):
                yield from resolver.program.meanings("decorators", value.path)
