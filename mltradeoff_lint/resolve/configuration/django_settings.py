"""`from django.conf import settings`: the module that DJANGO_SETTINGS_MODULE names, in code or configuration."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import Import
from mltradeoff_lint.resolve.domain import Module, Values, known_texts
from mltradeoff_lint.resolve.interface import Resolver

VARIABLE = "DJANGO_SETTINGS_MODULE"


def settings_of(resolver: Resolver, path: str, one: Import) -> Values:
    """The settings modules of the project of a module; empty for any other import, or where one of them is not here."""
    if (one.module, one.name, one.level) != ("django.conf", "settings", 0):
        return ()

    def find() -> Values:
        found = [resolver.program.module(path, name) if name else None for name in _names(resolver, path)]
        modules = tuple(dict.fromkeys(one for one in found if one is not None and one.endswith(".py")))
        return tuple(Module(one) for one in modules) if found and None not in found else ()

    return resolver.program.ask("django-settings", resolver.program.modules.project_of(path), find)


def _names(resolver: Resolver, path: str) -> Iterator[str]:
    """The dotted names that the variable is given; an empty one where a value is not known."""
    for writer, expr in resolver.variable_writes(VARIABLE, path):
        yield from known_texts(resolver.values(writer, expr)) or ("",)
    for binding in resolver.variable(VARIABLE, path):
        yield binding.value or ""
