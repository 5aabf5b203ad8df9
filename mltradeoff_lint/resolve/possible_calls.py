"""Which calls the catalog can know by the name they go by, told without resolving what they are called on.

`.get(...)` is a method of many a library's objects and, nearly always, of a dict. A row of the catalog is possible for
it only where the repository writes the names of the row's receiver: nobody reads an object of `boto3.resource(s3)`
without `boto3` and `resource`. Where the catalog says that something else gives such a receiver, that is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from mltradeoff_lint.catalog.index import Named
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.calls.dbt_models import CONTEXT
from mltradeoff_lint.resolve.calls.decorated import ANY_FUNCTION
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks.provided import PROVIDED, SESSION_PATH, reads_session
from mltradeoff_lint.resolve.values.runnables import CHAIN, PLAIN

MAX_TEXT = 200
"""Characters of a text that may name a class, as an annotation in quotes or a dotted path does."""

_NAME = re.compile(r"[^\W\d]\w*")
_TOLD_APART = re.compile(r"\([^()]+\)")
_PATH = re.compile(r"[\w.\[\], |]+")
_STEP = re.compile(r"\w+|\([^()]*\)|\[\]")

_OBJECT = re.compile(r"[(\[*]|(?:^|\.)[A-Z]")
"""What makes an access path more than a module or a thing in one: a call, a part, or a class in it."""

_IMPORTERS = frozenset({"import_module", "__import__", "importorskip"})

_OURS = (CONTEXT, ANY_FUNCTION, CHAIN, PLAIN, *PROVIDED.values(), "pathlib.Path()", "str()", "list()", "dict()")
"""Receivers that the resolver makes itself, of code that does not name them."""

_OUR_MODULES = frozenset({CONTEXT, *PROVIDED.values()})


class _Names(NamedTuple):
    """The names that code writes, those it hands on as values and not only as the way to a part, and those in texts."""

    written: set[str]
    handed: set[str]
    texts: set[str]


class PossibleCalls:
    """The names by which modules that can hand one another objects can call what the catalog knows."""

    def __init__(self, resolver: Resolver, paths: Iterable[str]) -> None:
        self._resolver = resolver
        self._paths = paths
        self._is_any: dict[str, bool] = {}
        self._is_written: dict[str, bool] = {}

    def is_any(self, name: str) -> bool:
        """Whether `something.name(...)` can be one, where no import shows what it is called on."""
        found = self._is_any.get(name)
        if found is None:
            found = self._is_any[name] = any(self._is_one(one) for one in self._resolver.program.catalog.named(name))
        return found

    def _is_one(self, named: Named) -> bool:
        if not self._resolver.program.catalog.meanings("calls", named.meant):
            return False
        return self._is_instantiating or (self._is_held(named.receiver) and self._can_be(named.receiver))

    def _is_held(self, path: str) -> bool:
        """Whether a name of the code may hold what a path stands for: an object, or a module that is handed on."""
        last, names = path.rpartition(".")[2], self._names
        is_loaded = last in names.texts and not names.written.isdisjoint(_IMPORTERS)
        is_made_here = path.partition(".")[0] in _OUR_MODULES
        return is_loaded or is_made_here or last in names.handed or _OBJECT.search(path) is not None

    def _has_root(self, pattern: str) -> bool:
        """Whether the repository may have something of the library that a pattern is about."""
        root = pattern.partition(".")[0]
        return "*" in root or self._is_named(root) or any(map(self._can_be, self._giving_of.get(root, ())))

    def _can_be(self, path: str) -> bool:
        """Whether the repository may have what a path stands for."""
        found = self._is_written.get(path)
        if found is None:
            # a path that leads back to itself is not made that way
            self._is_written[path] = False
            is_pattern = "*" in path
            found = self._has_root(path) if is_pattern else self._is_named(path) or any(self._is_given(path))
            self._is_written[path] = found
        return found

    def _is_named(self, path: str) -> bool:
        return all(name in self._names.written or name in self._names.texts for name in _names(path))

    def _is_given(self, path: str) -> Iterator[bool]:
        """Whether something that is written gives what a path begins with, and the rest of it is written."""
        for step in _STEP.finditer(path):
            for expression in self._giving.get(path[: step.end()], ()):
                yield self._is_named(path[step.end() :]) and self._can_be(expression)

    @cached_property
    def _is_instantiating(self) -> bool:
        """Whether configurations may name classes that no code does."""
        rows = self._resolver.program.catalog.rows("calls")
        return any(self._is_named(one.path) for one in rows if one.kind == "instantiates")

    @cached_property
    def _giving(self) -> dict[str, list[str]]:
        return self._resolver.program.catalog.giving()

    @cached_property
    def _giving_of(self) -> dict[str, list[str]]:
        """The expressions that give something of a library, by its root."""
        found: dict[str, list[str]] = {}
        for path, expressions in self._giving.items():
            found.setdefault(path.partition(".")[0], []).extend(expressions)
        return found

    @cached_property
    def _names(self) -> _Names:
        names = _Names({name for path in _OURS for name in _names(path)}, set(), set())
        for path in self._paths:
            facts = self._resolver.facts(path)
            _note(names, facts)
            if reads_session(path, facts):
                names.written.update(_names(SESSION_PATH))
        return names


def _names(path: str) -> list[str]:
    """The names in an access path, without the words that tell two things of one constructor apart."""
    return _NAME.findall(_TOLD_APART.sub("", path))


def _note(names: _Names, facts: PythonFacts) -> None:
    """Note what a module writes and hands on."""
    bound = {one.bound: one for one in facts.imports}
    inner = set(_read_in_place(facts))
    for index, expr in enumerate(facts.exprs):
        kind = expr[0]
        if kind == "name" or kind == "attr":
            name = expr[1] if kind == "name" else expr[2]
            names.written.add(name)
            if index not in inner:
                names.handed.add(name)
                if name in bound:
                    names.handed.update((bound[name].module.rpartition(".")[2], bound[name].name or ""))
        elif kind == "const" and isinstance(expr[1], str) and len(expr[1]) < MAX_TEXT and _PATH.fullmatch(expr[1]):
            names.texts.update(_NAME.findall(expr[1]))
    for one in facts.imports:
        names.written.update((*one.module.split("."), one.name or ""))


def _read_in_place(facts: PythonFacts) -> Iterator[int]:
    """The expressions of which a module takes or sets a part, that it calls or compares: none goes on as a value."""
    for expr in facts.exprs:
        if expr[0] == "attr" or expr[0] == "item":
            yield expr[1]
        elif expr[0] == "compare":
            yield from expr[2]
    yield from (call.function for call in facts.calls)
    yield from (write.base for write in facts.writes)
