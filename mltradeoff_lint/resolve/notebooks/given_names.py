"""Names that a runner such as Ploomber sets in a script, in place of whatever its cell of parameters says."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import GivenNames
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.configuration.config_documents import document
from mltradeoff_lint.resolve.domain import Literal, Mapping, Values, union, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values import paths


def values(resolver: Resolver, path: str, name: str) -> Values:
    """What the runners of a script give a name; empty when none gives it."""
    found = []
    for one in _of(resolver, path):
        words = f"{one.platform.capitalize()} gives `{name}`"
        found += [_paths(entry, one.folder, words) for given, entry in one.paths if given == name]
        found += [_plain(entry, words) for given, entry in one.values if given == name]
    return union(*found)


def sites(resolver: Resolver, path: str, name: str) -> Iterator[Site]:
    """The places in which runners say what a name is given."""
    for one in _of(resolver, path):
        if any(given == name for given, _ in (*one.paths, *one.values)):
            yield one.site


def _of(resolver: Resolver, path: str) -> tuple[GivenNames, ...]:
    def by_script() -> dict[str, tuple[GivenNames, ...]]:
        found: dict[str, list[GivenNames]] = {}
        for one in resolver.program.declarations():
            if isinstance(one, GivenNames):
                found.setdefault(one.script, []).append(one)
        return {script: tuple(ones) for script, ones in found.items()}

    return resolver.program.ask("given-names", "", by_script).get(path, ())


def _paths(entry: Entry, folder: str, words: str) -> Values:
    """Paths seen from a folder, under the keys they are given by; further keys hold what nobody wrote down."""
    if entry.kind == "map":
        entries = tuple((key, _paths(one, folder, words)) for key, _, one in entry.entries)
        return (Mapping(entries, is_open=True, rest=unknown(words)),)
    if entry.kind != "str":
        return unknown(words)
    inside = from_folder(folder, entry.value)
    return (paths.of_module(inside) if inside else Literal(entry.value, "configured"),)


def _plain(entry: Entry, words: str) -> Values:
    return unknown(words) if entry.kind == "null" else document(entry, "configured")
