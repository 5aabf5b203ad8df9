"""What an import binds: a module or name of the repository, or a library that a folder or file is named like."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from mltradeoff_lint.model.facts import Import, PythonFacts
from mltradeoff_lint.resolve.configuration.django_settings import settings_of
from mltradeoff_lint.resolve.domain import Library, Module, Values, unknown
from mltradeoff_lint.resolve.interface import Resolver

_CODE = (".py", ".ipynb")


def imported(resolver: Resolver, path: str, one: Import) -> Values:
    """The values of the name that an import statement of a module binds."""
    if one.name is None:
        return _module(resolver, path, one)
    target = resolver.program.module(path, one.module, one.level)
    if target is None:
        settings = settings_of(resolver, path, one)
        return settings or (unknown("a module outside the repository") if one.level else _library(resolver, one))
    child = resolver.program.modules.child(target, one.name)
    if child is not None and target == path:
        # `from . import part` in a package: the name is bound by this very import, so it is the submodule
        return (Module(child),)
    if (
        not one.level
        and child is None
        and _is_aside(resolver, target, one.module)
        and not _binds(resolver, target, one.name)
    ):
        return _library(resolver, one)
    return resolver.member(Module(target), one.name)


def modules_imported(resolver: Resolver, path: str, imports: Iterable[Import]) -> Iterator[str]:
    """The modules of the repository that import statements of a module bring in, with the submodules that they name."""
    program = resolver.program
    for one in imports:
        target = program.module(path, one.module, one.level)
        if target is not None:
            child = program.modules.child(target, one.name) if one.name not in (None, "*") else None
            yield from (each for each in (target, child) if each and each.endswith(".py"))


def _module(resolver: Resolver, path: str, one: Import) -> Values:
    """`import a.b` binds `a`, `import a.b as c` the inner module."""
    dotted = one.module if one.bound != one.module.partition(".")[0] else one.bound
    target = resolver.program.module(path, dotted)
    if target is None or _is_hiding(resolver, path, one, dotted, target):
        return (Library(resolver.program.catalog.imported(dotted)),)
    return (Module(target),)


def _is_hiding(resolver: Resolver, path: str, one: Import, dotted: str, target: str) -> bool:
    """Whether a module only has the name of the one that is imported: nothing that is used of it is there."""
    if not target.endswith(_CODE):
        return dotted == one.module and not _is_entered(resolver, path, one, target)
    if not _is_aside(resolver, target, dotted):
        return False
    exprs = resolver.facts(path).exprs
    used = {expr[2] for expr in exprs if expr[0] == "attr" and exprs[expr[1]][:2] == ("name", one.bound)}
    child = resolver.program.modules.child
    return bool(used) and not any(_binds(resolver, target, name) or child(target, name) for name in used)


def _is_entered(resolver: Resolver, path: str, one: Import, target: str) -> bool:
    """Whether a module also imports something that there is inside a folder that it imports.

    A folder without code of its own has no other names, and an installed package of its name goes before it.
    """
    inside = f"{one.module}."
    names = (
        other.module.removeprefix(inside).partition(".")[0]
        for other in resolver.facts(path).imports
        if other.module.startswith(inside)
    )
    return any(resolver.program.modules.child(target, name) is not None for name in names)


def _library(resolver: Resolver, one: Import) -> Values:
    return (Library(resolver.program.catalog.imported(f"{one.module}.{one.name}")),)


def _is_aside(resolver: Resolver, target: str, dotted: str) -> bool:
    """Whether a module is none that an absolute import reaches: its name starts inside a package, or it is a folder."""
    if not target.endswith(_CODE):
        return True
    folder = posixpath.splitext(target)[0].removesuffix("/__init__")
    for _ in dotted.split("."):
        folder = posixpath.dirname(folder)
    return bool(folder) and resolver.program.python(f"{folder}/__init__.py") is not None


def _binds(resolver: Resolver, target: str, name: str) -> bool:
    """Whether a module can have a name; one that was not read, or takes names from elsewhere, can have any."""
    if not target.endswith(_CODE):
        return False
    facts = resolver.program.python(target)
    return facts is None or _can_hold(facts, name)


def _can_hold(facts: PythonFacts, name: str) -> bool:
    finals = facts.scopes[0].finals
    if name in finals or "__getattr__" in finals or any(one.name == "*" for one in facts.imports):
        return True
    return any(write.kind == "global" and write.key == name for write in facts.writes)
