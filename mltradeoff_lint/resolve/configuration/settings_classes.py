"""Fields of settings classes (pydantic-settings and its predecessor): variables, files and defaults behind them.

The order is the library's own: variables of the process and of environment files, then settings files, then defaults.
https://docs.pydantic.dev/latest/concepts/pydantic_settings/ describes names, prefixes, aliases and nested fields.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.configuration.configs import Configs
from mltradeoff_lint.resolve.domain import (
    Class,
    ClassRef,
    Hole,
    Instance,
    Items,
    Library,
    Mapping,
    Template,
    Value,
    Values,
    is_none,
    known_texts,
    marked_default,
    text_of,
    union,
)
from mltradeoff_lint.resolve.environment.environment import FIELDS, set_value
from mltradeoff_lint.resolve.environment.environment_files import USUAL, EnvironmentFiles
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.class_fields import fields
from mltradeoff_lint.resolve.objects.validators import validated

BASES = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.env_settings.BaseSettings",
         "pydantic.v1.BaseSettings", "pydantic_settings.main.BaseSettings")  # fmt: skip
_ALIASES = ("validation_alias", "alias", "env")
_CHOICES = ("pydantic.AliasChoices()", "pydantic.aliases.AliasChoices()")
_FILES = ("yaml_file", "toml_file", "json_file")
_OWN = ("model_config", "Config")
MAX_NESTED = 4
"""Models inside models of settings are followed this deep."""


def settings_field(resolver: Resolver, owner: ClassRef, name: str, default: Values) -> Values | None:
    """A field of a settings class: what the repository sets it to, and its default; None for anything else."""
    if name in _OWN or not any(base in BASES for base in resolver.library_bases(owner)):
        return None
    if not default and name not in fields(resolver, owner):
        return None
    described = _Settings(resolver, owner)
    bound = described.bound(name)
    bound = validated(resolver, owner, name, bound) if bound else bound
    weak = marked_default(tuple(v for v in default if not is_none(v) and not isinstance(v, Unknown)))
    nested = described.nested(name, weak)
    # a field of None is for the environment to set, also where a validator writes what holds without it
    is_unset = not bound and (not weak or any(map(is_none, default)))
    hole = (Template((Hole(f"env:{described.names(name)[0]}"),), "configured"),) if is_unset else ()
    return nested or union(bound, hole, weak)


class _Settings:
    """The options of one settings class."""

    def __init__(self, resolver: Resolver, owner: ClassRef) -> None:
        self._resolver = resolver
        self._owner = owner
        self._files = EnvironmentFiles(resolver)

    def names(self, name: str) -> tuple[str, ...]:
        """The variables of a field, the first that is set counts: its aliases, else its name with the prefix."""
        aliases = tuple(dict.fromkeys(self._aliases(name)))
        plain = (self._text("env_prefix") + name, name)
        return tuple(dict.fromkeys(spelling for one in aliases or plain for spelling in (one.upper(), one)))

    def bound(self, name: str) -> Values:
        """What variables, environment files and settings files of the repository set a field to."""
        for variable in self.names(name):
            found = self._variable(variable)
            if found:
                return found
        return self._of_settings_file(name)

    def nested(self, name: str, values: Values) -> Values:
        """A field that is a model of its own, where variables such as `DB__HOST` set parts of it; else empty."""
        delimiter = self._text("env_nested_delimiter")
        if not delimiter:
            return ()
        found: list[Value] = []
        for value in values:
            if not isinstance(value, Instance):
                continue
            for variable in self.names(name)[:2]:
                if self._resolver.variables(variable + delimiter, self._owner.path):
                    found.append(self._model(value, variable + delimiter, delimiter, 0))
                    break
        return tuple(found)

    def _model(self, value: Instance, prefix: str, delimiter: str, depth: int) -> Value:
        entries: list[tuple[str, Values]] = []
        for name in fields(self._resolver, value.ref):
            bound = self._variable(prefix + name.upper()) or self._variable(prefix + name)
            held = bound or self._resolver.member(value, name)
            inner = prefix + name.upper() + delimiter
            is_set = depth < MAX_NESTED and bool(self._resolver.variables(inner, self._owner.path))
            entries.append(
                (
                    name,
                    tuple(
                        self._model(one, inner, delimiter, depth + 1) if is_set and isinstance(one, Instance) else one
                        for one in held
                    ),
                )
            )
        return Mapping(tuple(entries))

    # -- sources

    def _variable(self, name: str) -> Values:
        bound = [set_value(one) for one in self._resolver.variable(name, self._owner.path)]
        for file in self._environment_files():
            latest = [one for one in self._files.bindings(file, "configured") if one.name == name]
            bound += [set_value(one) for one in latest[-1:] if one.value is not None or one.text]
        return tuple(dict.fromkeys(bound))

    def _environment_files(self) -> Iterator[str]:
        """The environment files the class names, beside the usual one, which counts for every module anyway."""
        for value in self._option("env_file"):
            for one in value.every if isinstance(value, Items) else (value,):
                name = text_of(one)
                found = self._files.find(name, self._owner.path) if name and name != USUAL else None
                if found is not None:
                    yield found

    def _of_settings_file(self, name: str) -> Values:
        found: list[Values] = []
        for key in _FILES:
            for value in self._option(key):
                for one in value.every if isinstance(value, Items) else (value,):
                    text = text_of(one)
                    contents = Configs(self._resolver).content(self._owner.path, text) if text else None
                    held = [each.get(name) for each in contents or () if isinstance(each, Mapping)]
                    found += [values for values in held if values is not None]
        return union(*found)

    # -- options

    def _text(self, key: str) -> str:
        return next(iter(known_texts(self._option(key))), "")

    def _option(self, key: str) -> Values:
        """An option of the class, from its `model_config` or its inner `Config`."""
        resolver = self._resolver
        for value in resolver.member(Class(self._owner), "model_config"):
            if isinstance(value, Mapping):
                found = value.get(key)
                if found is not None:
                    return found
            elif isinstance(value, Library) and value.made:
                made = value.made[-1]
                for keyword, expr in resolver.call(made.call).keywords:
                    if keyword == key:
                        return resolver.values(made.call.path, expr, made.frame)
        for value in resolver.member(Class(self._owner), "Config"):
            if isinstance(value, Class):
                found = resolver.member(value, key)
                if not all(isinstance(one, Unknown) for one in found):
                    return found
        return ()

    def _aliases(self, name: str) -> Iterator[str]:
        """The names that a field's description gives instead of its own; they take no prefix."""
        for value in self._resolver.member(Class(self._owner), name):
            if not isinstance(value, Library) or value.path not in FIELDS or not value.made:
                continue
            made = value.made[-1]
            given = {key: expr for key, expr in self._resolver.call(made.call).keywords if key in _ALIASES}
            for key in _ALIASES:
                if given.get(key, NONE) != NONE:
                    yield from self._texts(self._resolver.values(made.call.path, given[key], made.frame))
                    break

    def _texts(self, values: Values) -> Iterator[str]:
        for value in values:
            if isinstance(value, Items):
                yield from known_texts(value.every)
            elif isinstance(value, Library) and value.path in _CHOICES and value.made:
                made = value.made[-1]
                for expr in self._resolver.call(made.call).arguments:
                    yield from known_texts(self._resolver.values(made.call.path, expr, made.frame))
            else:
                yield from known_texts((value,))
