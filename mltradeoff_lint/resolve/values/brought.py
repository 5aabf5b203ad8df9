"""What brings a value at run time that no line of the repository writes: a request, an option, a workflow's input.

Each source has a name with a prefix of `SOURCES`, such as `request:file` or `option:--data`. A value with a source is
not known, and yet nothing is missing: whoever enters the program decides it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    CallRef,
    ClassRef,
    Frame,
    FunctionRef,
    Hole,
    Items,
    Library,
    Literal,
    Made,
    Template,
    Value,
    Values,
    is_none,
    known_texts,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.fetched import fetched_name
from mltradeoff_lint.resolve.values.paths import SEPARATORS
from mltradeoff_lint.resolve.values.source_parts import beneath, is_taking, names_of, taken, within

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

_METHODS = re.compile(r"(?:\.\w+\(\)|\[\])+$", re.ASCII)
"""Calls and items behind the data of a request, which give a part of it and have no name of their own."""

_ARGUMENTS = ("argparse.Namespace()", "sys.argv")

MAX_PARSERS = 4
"""Parsers of which one reads what another gave."""


def source_of(resolver: Resolver, value: Value, parsing: tuple[CallRef, ...] = ()) -> str:
    """The source that brings a value; empty when the value is known or nobody can tell.

    `parsing` are the calls of parsers whose text is being looked at: what they parse again tells nothing new.
    """
    if isinstance(value, Unknown):
        return value.source
    if isinstance(value, Template):
        return next((part.name for part in value.parts if isinstance(part, Hole) and is_source(part.name)), "")
    return _of_thing(resolver, value, parsing) if isinstance(value, Library) else ""


def is_setting(resolver: Resolver, value: Value) -> bool:
    """Whether who runs the program may set a value: a variable, a configuration, an option, a field of a request."""
    if isinstance(value, (Literal, Template)) and value.provenance != "literal":
        return not is_none(value)
    source = _of_library(resolver, value.path) if isinstance(value, Library) else source_of(resolver, value)
    return bool(source) and not source.startswith(("run:", ARTIFACT))


def marked_fallback(values: Values) -> Values:
    """What code falls back to where a setting is missing: what is written there is a default, another setting none."""
    return tuple(
        one if isinstance(value, (Literal, Template)) and value.provenance == "literal" else value
        for value, one in zip(values, marked_default(values), strict=True)
    )


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


def _of_thing(resolver: Resolver, value: Library, parsing: tuple[CallRef, ...] = ()) -> str:
    """The source of a thing of a library: its own, or that of what it is parsed from."""
    own = _of_library(resolver, value.path, value.key)
    for made in () if own else value.made:
        if made.call in parsing or len(parsing) > MAX_PARSERS:
            continue
        call = resolver.call(made.call)
        for function in resolver.values(made.call.path, call.function, made.frame):
            if isinstance(function, Library):
                own = own or _of_parsed(resolver, value.path, function.path, made, parsing, value.key)
    return own


def _of_parsed(
    resolver: Resolver, path: str, parser: str, made: Made, parsing: tuple[CallRef, ...], key: str = ""
) -> str:
    """The source of a field of parsed arguments, or of what is parsed from a text that has one."""
    for meaning in resolver.program.meanings("calls", parser):
        field = _FIELD.fullmatch(path)
        if meaning.kind == "cli-objects" and field is not None:
            return f"option:{field[1]}"
        if meaning.kind == "parse" and path.startswith(f"{parser}()"):
            facts = resolver.facts(made.call.path)
            picked = [pick(facts, made.call, one) for one in meaning.selectors("text")]
            texts = union(*(resolver.values(made.call.path, expr, made.frame) for expr in picked if expr != NONE))
            sources = [source_of(resolver, one, (*parsing, made.call)) for one in texts]
            return within(sources[0], key) if sources and all(sources) else ""
    return ""


def keys_within(resolver: Resolver, value: Library, names: Sequence[str]) -> tuple[str, ...]:
    """The keys of parts of a thing that are read under some names; an empty one where no part of it goes by a key."""
    return tuple(dict.fromkeys(beneath(value.key, name) for name in names)) if _is_keyed(resolver, value) else ("",)


def taken_keys(resolver: Resolver, value: Library, site: CallRef, frame: Frame | None) -> tuple[str, ...]:
    """The keys of what a call of a thing gives: of the items it takes, else that of the thing."""
    method = value.path.rpartition(".")[2]
    if not is_taking(method) or not _is_keyed(resolver, value):
        return (value.key,)
    return tuple(dict.fromkeys(beneath(value.key, name) for name in names_of(taken(resolver, method, site, frame))))


def _is_keyed(resolver: Resolver, value: Library) -> bool:
    """Whether a part of a thing goes by its key: of the data of a request, or of what is parsed from a text of one."""
    if _of_library(resolver, value.path).startswith("request:"):
        return True
    prefixes = _prefixes(value.path.replace("[]", "")) if value.made else ()
    is_parsed = any(one.kind == "parse" for path in prefixes for one in resolver.program.meanings("calls", path))
    return is_parsed and source_of(resolver, value).startswith("request:")


def _of_library(resolver: Resolver, path: str, key: str = "") -> str:
    """The source of a member of a request's data, of parsed arguments, or of what the catalog says stands for one.

    A field of a request goes by the key it was taken by; what methods make of it has its name.
    """
    for argument in _ARGUMENTS:
        if path.startswith(argument):
            name = path.removeprefix(argument).strip(".[]")
            return f"option:{name}" if name else UNNAMED
    for prefix in _prefixes(path):
        for meaning in resolver.program.meanings("calls", prefix):
            if meaning.kind == "request-data":
                part = _METHODS.sub("", path.removeprefix(prefix)).strip(".()[]")
                return f"request:{part or key or meaning.literal('what') or 'data'}"
            if meaning.kind == "stands-for" and meaning.literal("source"):
                return meaning.literal("source")
    return ""


def _prefixes(path: str) -> Iterator[str]:
    """The calls and attributes a path is made of, outermost first: `a.b().c` gives `a.b().c`, `a.b`, `a`."""
    while path:
        yield path
        path = path[:-2] if path.endswith(("()", "[]")) else path.rpartition(".")[0]


def stands_for(resolver: Resolver, path: str, ending: Values = ()) -> Values | None:
    """The text that a catalogued attribute or call stands for, such as the name of a temporary file and its ending."""
    for meaning in resolver.program.meanings("calls", path):
        source = meaning.literal("source") if meaning.kind == "stands-for" else ""
        if not source:
            continue
        written = known_texts(ending) if len(ending) == 1 else ()
        value = Template((Hole(source), *filter(None, written)))
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
