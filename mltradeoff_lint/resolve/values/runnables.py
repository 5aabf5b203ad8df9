"""Runnables made of others: `prompt | model | parser`, parallel maps, fall-backs, histories.

Such a thing calls a model when one of its parts does, so it remembers the calls that made its parts. The operator
and the interface are those of LangChain (langchain_core.runnables.base.Runnable).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning, Selector
from mltradeoff_lint.model.facts import NONE, Call, PythonFacts
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Function,
    Instance,
    Items,
    Library,
    Literal,
    Made,
    Mapping,
    Template,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

ROOTS = ("langchain", "langgraph")
"""Libraries whose objects are chained with `|`."""

CHAIN = "langchain.Chain()"
PLAIN = "langchain.Runnable()"
"""A composed thing no part of which can call a model."""

_PLAIN_PARTS = frozenset(
    {PLAIN, "langchain.Prompt()", "langchain.Parser()", "langchain.Retriever()", "langchain.VectorStore()",
     "langchain.Tool()", "langchain_core.FakeModel()"}
)  # fmt: skip
"""The catalog's types of runnables that call no model that anybody pays for."""

_STANDARD = sys.stdlib_module_names | {"builtins"}
MAX_PARTS = 24
"""Constructions one composed thing remembers; more would say nothing new about what it calls."""

MAX_NESTING = 4


def pipe(resolver: Resolver, left: Values, right: Values) -> Values:
    """`a | b`: a chain when one side is a runnable object, a merged dict, else unknown."""
    both = (*left, *right)
    if any(_is_runnable(resolver, value) for value in both):
        return (Library(CHAIN if _can_call(both) else PLAIN, _parts(resolver, both)),)
    if both and all(isinstance(value, Mapping) for value in both):
        merged = [value for value in both if isinstance(value, Mapping)]
        entries = tuple(entry for value in merged for entry in value.entries)
        rest = union(*(value.rest for value in merged))
        return (Mapping(entries, any(value.is_open for value in merged), rest),)
    return unknown("a computed value")


def composed(resolver: Resolver, value: Library, meaning: Meaning, made: Made) -> Library:
    """What a composing call gives: the thing its row names, made of this call and of what its parts are made of."""
    path = resolver.program.catalog.called(value.path)
    parts = _selected(resolver, meaning.selectors("of"), made)
    is_same = path == value.path.rpartition(".")[0]
    own = value.made if is_same and value.made else (made,)
    if path == CHAIN and not _can_call(parts):
        path = PLAIN
    return Library(path, tuple(dict.fromkeys((*own, *_parts(resolver, parts))))[:MAX_PARTS])


def _selected(resolver: Resolver, selectors: tuple[Selector, ...], made: Made) -> Values:
    """Everything that selectors pick at a call, more than the eight values that a set holds."""
    facts, call = resolver.facts(made.call.path), resolver.call(made.call)
    found: dict[Value, None] = {}
    for selector in selectors:
        for expr in _picked(facts, made.call, call, selector):
            found.update(dict.fromkeys(resolver.values(made.call.path, expr, made.frame)))
    return tuple(found)


def _picked(facts: PythonFacts, ref: CallRef, call: Call, selector: Selector) -> Iterator[int]:
    if selector.role == "self":
        function = facts.exprs[call.function]
        yield from (function[1],) if function[0] == "attr" else ()
    elif selector.role == "*":
        yield from (*call.arguments, *(expr for _, expr in call.keywords))
    else:
        found = pick(facts, ref, selector)
        yield from (found,) if found != NONE else ()


def _is_runnable(resolver: Resolver, value: Value) -> bool:
    """Whether a value is a runnable object; a bare class is one side of a union of types."""
    if isinstance(value, Library):
        return value.path.startswith(ROOTS) and "()" in value.path
    return isinstance(value, Instance) and any(one.startswith(ROOTS) for one in resolver.library_bases(value.ref))


def _can_call(values: Values, depth: int = MAX_NESTING) -> bool:
    """Whether one of several parts can be a model or hold one; what did not resolve can."""
    for value in values:
        if isinstance(value, Library):
            if value.path not in _PLAIN_PARTS and value.path.partition(".")[0] not in _STANDARD:
                return True
        elif isinstance(value, (Items, Mapping)) and depth:
            if _can_call(_inside(value), depth - 1):
                return True
        elif not isinstance(value, (Function, Literal, Template)):
            return True
    return False


def _parts(resolver: Resolver, values: Values, depth: int = MAX_NESTING) -> tuple[Made, ...]:
    """The constructions of the runnables among values, also inside dicts, lists and tuples."""
    found: dict[Made, None] = {}
    for value in values:
        if isinstance(value, Library) and value.path.startswith(ROOTS):
            found.update(dict.fromkeys(value.made))
        elif isinstance(value, Instance) and value.made is not None and _is_runnable(resolver, value):
            found[value.made] = None
        elif isinstance(value, (Items, Mapping)) and depth:
            found.update(dict.fromkeys(_parts(resolver, _inside(value), depth - 1)))
    return tuple(found)[:MAX_PARTS]


def _inside(value: Items | Mapping) -> Values:
    """Every value in a container, each once."""
    sets = value.items if isinstance(value, Items) else (*(held for _, held in value.entries), value.rest)
    return tuple(dict.fromkeys(one for held in sets for one in held))
