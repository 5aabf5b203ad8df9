"""Attributes of library objects that hold what their constructor was passed: the embedding model of a vector store."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.resolve.domain import Library, Values, union
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick


def attribute(resolver: Resolver, value: Library) -> Values:
    """What an attribute holds, a library value with the calls that made its object; empty where no row says so."""
    rows = [one for one in resolver.program.meanings("calls", value.path) if one.kind == "kept-argument"]
    selectors = [selector for row in rows for selector in row.selectors("of")]
    found: list[Values] = []
    for made in value.made[-1:] if selectors else ():
        picked = (pick(resolver.facts(made.call.path), made.call, selector) for selector in selectors)
        found += [resolver.values(made.call.path, expr, made.frame) for expr in picked if expr >= 0]
    return union(*found)


def run_through(resolver: Resolver, value: Library, way: str) -> Iterator[Library]:
    """The call of a model that a method runs on what its object keeps, as a call of the method by that client.

    `way` is the attribute and the method of what it holds, as in `embeddings.embed_query`.
    """
    catalog, receiver = resolver.program.catalog, value.path.rpartition(".")[0]
    name, _, method = way.partition(".")
    for made in value.made:
        for held in attribute(resolver, Library(catalog.member(receiver, name), (made,))):
            if isinstance(held, Library):
                rows = resolver.program.meanings("calls", catalog.member(held.path, method))
                if any(one.kind == "model-call" for one in rows):
                    yield Library(value.path, held.made)
