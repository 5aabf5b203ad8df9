"""What a call gives that has functions or coroutines of the program run: what these give.

`await asyncio.to_thread(f, x)` gives what `f` gives, `executor.submit(f, x).result()` too, `executor.map(f, rows)` a
list of it, and `await asyncio.gather(f(), g())` a list of both. Which call does which is a row of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    Function,
    Instance,
    Items,
    Library,
    Value,
    Values,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.operators import element

_TEXTUAL = frozenset({"builtins.str", "os.fspath", "pathlib.Path", "pathlib.PurePath", "pathlib.PurePosixPath"})
"""Conversions that leave a text or path what it is."""


def relayed(resolver: Resolver, value: Library, site: CallRef, frame: Frame | None) -> Values:
    """What running the functions a call is given gives; empty when the call gives nothing of theirs."""
    found: list[Values] = []
    for meaning in resolver.program.meanings("calls", value.path):
        gives = meaning.literal("gives") if meaning.kind in ("calls-argument", "stands-for") else ""
        if gives == "each argument":
            return _gathered(resolver, site, frame)
        if gives == "result":
            found += _results(resolver, meaning, site, frame)
        elif gives == "results":
            each = union(*_results(resolver, meaning, site, frame))
            found += [(Items((each,), True),)] if each else []
    handed, _, method = value.path.rpartition(".")
    if value.made and handed.endswith("()"):
        # the call that hands the function on gives an object, and a method of it the result
        made = value.made[-1]
        for meaning in resolver.program.meanings("calls", handed.removesuffix("()")):
            if meaning.kind == "calls-argument" and meaning.literal("gives") == f".{method}":
                found += _results(resolver, meaning, made.call, made.frame)
    return union(*found) if found else ()


def _gathered(resolver: Resolver, site: CallRef, frame: Frame | None) -> Values:
    """One element for each positional argument; what stands behind a list of unknown length is open."""
    exprs, items = resolver.facts(site.path).exprs, list[Values]()
    for argument in resolver.call(site).arguments:
        if exprs[argument][0] != "star":
            items.append(resolver.values(site.path, argument, frame))
            continue
        held = resolver.values(site.path, exprs[argument][1], frame)
        one = held[0] if len(held) == 1 else None
        if not isinstance(one, Items) or one.is_open:
            rest = [value.every for value in held if isinstance(value, Items)]
            return (Items((*items, *(values for values in rest if values)), True, len(items)),)
        items += one.items
    return (Items(tuple(items)),)


def _results(resolver: Resolver, meaning: Meaning, site: CallRef, frame: Frame | None) -> Iterator[Values]:
    for selector in meaning.selectors("function"):
        expr = pick(resolver.facts(site.path), site, selector)
        for value in resolver.values(site.path, expr, frame) if expr >= 0 else ():
            if isinstance(value, Library) and value.path in _TEXTUAL:
                yield _converted(resolver, meaning, expr, site, frame)
            else:
                yield _called(resolver, value, site, frame)


def _converted(resolver: Resolver, meaning: Meaning, function: int, site: CallRef, frame: Frame | None) -> Values:
    """What a conversion to a text or path gives of the first thing it is called with: the same text."""
    behind = resolver.call(site).arguments
    behind = behind[behind.index(function) + 1 :][:1] if function in behind else ()
    given = union(*(resolver.values(site.path, expr, frame) for expr in behind))
    return union(*(element(one) for one in given)) if meaning.literal("arguments") == "each" else given


def _called(resolver: Resolver, value: Value, site: CallRef, frame: Frame | None) -> Values:
    """What a handed function gives; the arguments of the call around it are not its own."""
    match value:
        case Function():
            return resolver.called(replace(value, bound=value.bound or 0), site, frame)
        case Class():
            return (Instance(value.ref),)
        case Library():
            return (Library(resolver.program.catalog.called(value.path), value.made),)
    return ()
