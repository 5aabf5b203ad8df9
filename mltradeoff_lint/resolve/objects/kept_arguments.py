"""Attributes of library objects that hold what their constructor was passed: the embedding model of a vector store."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.domain import Library, Literal, Template, Values, union
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick


def attribute(resolver: Resolver, value: Library) -> Values:
    """What an attribute holds, a library value with the calls that made its object; empty where no row says so."""
    rows = [one for one in resolver.program.meanings("calls", value.path) if one.kind == "kept-argument"]
    selectors = [selector for row in rows for selector in row.selectors("of")]
    found: list[Values] = []
    for made in value.made[-1:] if selectors else ():
        picked = (pick(resolver.facts(made.call.path), made.call, selector) for selector in selectors)
        held = (resolver.values(made.call.path, expr, made.frame) for expr in picked if expr >= 0)
        # the name of a store stands where another store takes its model
        found += [one for one in held if not all(isinstance(value, (Literal, Template)) for value in one)][:1]
    return union(*found)


def kept(resolver: Resolver, value: Library, name: str) -> Values:
    """What the object whose method is called keeps under a name, for each of the calls that made it."""
    # an object that is called itself is its own receiver
    receiver = value.path if value.path.endswith(")") else value.path.rpartition(".")[0]
    path = resolver.program.catalog.member(receiver, name)
    return union(*(attribute(resolver, Library(path, (made,))) for made in value.made))


def run_by(resolver: Resolver, value: Library, held: Values, method: str) -> Iterator[Library]:
    """The call of a model that something of a library runs on what it keeps or was handed, as one by that client.

    Without a method it calls what it holds itself.
    """
    catalog = resolver.program.catalog
    for one in held:
        if isinstance(one, Library):
            run = resolver.program.meanings("calls", catalog.member(one.path, method) if method else one.path)
            # a store may be handed a method of the client in place of the client
            rows = run or resolver.program.meanings("calls", one.path)
            if any(row.kind == "model-call" for row in rows):
                yield Library(value.path, one.made)
