"""Which modules are of one app, so that they share the sessions of its users: one module leads to both of them.

A module leads to what it imports anywhere, to the pages beside it, and to the files that it names as texts, as
`st.Page("views/ask.py")` does. Two scripts that nothing joins are two apps, also in one folder.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Set

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.imported import modules_imported
from mltradeoff_lint.resolve.interface import Resolver

_PAGES = "pages"
"""The folder beside a script whose files are pages of its app; source: Streamlit documentation, "Multipage apps"."""

_LIBRARIES = frozenset({"streamlit", "chainlit"})

Leading = Mapping[str, Iterable[str]]
"""Module -> the modules that lead to it directly."""


def are_shared(resolver: Resolver, path: str, other: str) -> bool:
    """Whether one module leads to both of two."""
    return path == other or bool(_above(resolver, path) & _above(resolver, other))


def is_one_app(resolver: Resolver, paths: Iterable[str]) -> bool:
    """Whether one module leads to all of some."""
    above = [_above(resolver, path) for path in dict.fromkeys(paths)]
    return len(above) == 1 or (bool(above) and bool(frozenset.intersection(*above)))


def _above(resolver: Resolver, path: str) -> frozenset[str]:
    """A module and the modules that lead to it."""

    def find() -> frozenset[str]:
        leading = resolver.program.ask("session-modules", "", lambda: _leading(resolver))
        found, pending = {path}, [path]
        while pending:
            new = set(leading.get(pending.pop(), ())) - found
            found |= new
            pending += new
        return frozenset(found)

    return resolver.program.ask("session-app", path, find)


def _leading(resolver: Resolver) -> Leading:
    index: dict[str, list[str]] = {}
    paths = [path for path in resolver.program.python_paths() if not is_test(path)]
    known, by_folder = frozenset(paths), _by_folder(paths)
    for path in paths:
        facts = resolver.facts(path)
        found = {*modules_imported(resolver, path, facts.imports)}
        if any(one.module.partition(".")[0] in _LIBRARIES for one in facts.imports):
            pages = by_folder.get(posixpath.join(posixpath.dirname(path), _PAGES), ())
            found |= {*pages, *_named(path, facts, known)}
        for one in found:
            index.setdefault(one, []).append(path)
    return index


def _by_folder(paths: Iterable[str]) -> dict[str, list[str]]:
    folders: dict[str, list[str]] = {}
    for path in paths:
        folders.setdefault(posixpath.dirname(path), []).append(path)
    return folders


def _named(path: str, facts: PythonFacts, paths: Set[str]) -> Iterator[str]:
    """The files that a module names, from its own folder or from the root."""
    for expr in facts.exprs:
        if expr[0] == "const" and isinstance(expr[1], str) and expr[1].endswith(".py"):
            places = (posixpath.join(posixpath.dirname(path), expr[1]), expr[1])
            yield from (one for one in map(posixpath.normpath, places) if one in paths)
