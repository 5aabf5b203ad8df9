"""Modules of packages that nothing loads: no import, text, command or configuration has their name.

Only what stands in a package is there to be imported; another file may be run by hand, or found by its folder.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.resolve.interface import Resolver

_NAME = re.compile(r"[\w./-]+")


def is_unloaded(resolver: Resolver, path: str) -> bool:
    """Whether a module stands in a package and nothing names it."""
    if posixpath.basename(path) in ("__init__.py", "__main__.py"):
        return False
    named = resolver.program.ask("named-modules", "", lambda: frozenset(_named(resolver)), sorted)
    return posixpath.join(posixpath.dirname(path), "__init__.py") in _packages(resolver) and _stem(path) not in named


def _packages(resolver: Resolver) -> frozenset[str]:
    def find() -> frozenset[str]:
        return frozenset(one for one in resolver.program.python_paths() if one.endswith("/__init__.py"))

    return resolver.program.ask("package-modules", "", find, sorted)


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0]


def _named(resolver: Resolver) -> Iterator[str]:
    """The names of modules that are imported or written anywhere."""
    program = resolver.program
    stems = {_stem(path) for path in program.python_paths()}
    for path in program.python_paths():
        facts = resolver.facts(path)
        for one in facts.imports:
            # what stands in a package is imported by a path: a single name is that of a library
            is_path = one.level > 0 or "." in one.module
            yield from stems.intersection((one.module.rpartition(".")[2] if is_path else "", one.name or ""))
        texts = (expr[1] for expr in facts.exprs if expr[0] == "const" and isinstance(expr[1], str))
        yield from _written(texts, stems)
    yield from _written(_outside(resolver), stems)


def _outside(resolver: Resolver) -> Iterator[str]:
    """The words of commands and configurations."""
    program = resolver.program
    for command in program.declarations():
        yield from command.words if isinstance(command, Command) else ()
    for _, shell in program.shells():
        yield from (word for one in shell.commands for word in one.words)
    for path in program.documents_inside(""):
        for root in program.roots(path):
            yield from (text for _, entry in root.walk() for text in (entry.value, entry.tag))


def _written(texts: Iterator[str], stems: set[str]) -> Iterator[str]:
    """The modules that texts name by a path; a name alone is that of many things, and whoever loads by it is known."""
    for text in texts:
        for word in _NAME.findall(text):
            name = word.removesuffix(".py").replace("/", ".")
            stem = name.rpartition(".")[2]
            if stem in stems and stem != word:
                yield stem
