"""What a class of the repository has from the library classes it derives from: methods, and what making one means."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.resolve.domain import Class, Instance, Library, Values
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects import kept_arguments
from mltradeoff_lint.resolve.objects.construction import Construction

SCAFFOLDING = frozenset(
    {"abc.ABC", "abc.ABCMeta", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol", "builtins.object"}
)
"""Bases without methods of their own: an attribute that only they could bring is not known."""


def member(resolver: Resolver, value: Instance, name: str) -> Values:
    """The library's method or attribute of an object; of several bases the first that the catalog knows to have it."""
    catalog = resolver.program.catalog
    bases = [one for one in resolver.library_bases(value.above or value.ref) if one not in SCAFFOLDING]
    paths = [catalog.member(catalog.called(one), name) for one in bases]
    known = [path for path in paths if resolver.program.meanings("calls", path)]
    made = () if value.made is None else (value.made,)
    found = tuple(Library(path, made) for path in (known or paths)[:1])
    return (kept_arguments.attribute(resolver, found[0]) if found else ()) or found


def constructing(resolver: Resolver, value: Class) -> Iterator[tuple[str, Meaning]]:
    """The library classes whose client an object of a class is, as (access path, meaning).

    A constructor of the repository's own gives the arguments other names, so that a row says nothing about its calls.
    """
    bases = resolver.library_bases(value.ref)
    if not bases or Construction(resolver).constructor(value.ref) is not None:
        return
    for base in bases:
        for meaning in resolver.program.meanings("calls", base):
            if meaning.kind == "client":
                yield base, meaning
