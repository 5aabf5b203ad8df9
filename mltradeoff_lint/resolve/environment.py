"""Values of environment variables and of the settings classes that read them."""

from __future__ import annotations

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    ClassRef,
    Hole,
    Instance,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    is_none,
    known_texts,
    union,
)
from mltradeoff_lint.resolve.interface import Resolver

SETTINGS_BASES = ("pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.env_settings.BaseSettings",
                  "pydantic.v1.BaseSettings", "pydantic_settings.main.BaseSettings")  # fmt: skip
FIELDS = ("pydantic.Field()", "pydantic.fields.Field()", "dataclasses.field()", "attr.ib()", "attrs.field()",
          "sqlmodel.Field()",
          "pydantic.v1.Field()")  # fmt: skip
"""Calls that describe a field of a class; the field's value is their default."""


def environment_value(resolver: Resolver, name: str, default: Values) -> Values:
    """The value of an environment variable: set in configuration, else the default, else a hole of its name."""
    bound = [one for one in resolver.program.env(name) if one.value is not None]
    values: list[Value] = [Literal(one.value, one.provenance) for one in bound]
    values += [Literal(v.value, "default") if isinstance(v, Literal) else v for v in default if not is_none(v)]
    return union(tuple(values)) or (Template((Hole(f"env:{name}"),), "configured"),)


def field_default(resolver: Resolver, values: Values) -> Values:
    """The defaults behind field descriptions; other values stay as they are."""
    found: list[Values] = []
    for value in values:
        if isinstance(value, Library) and value.path in FIELDS and value.made:
            made = value.made[-1]
            call = resolver.call(made.call)
            given = {name: expr for name, expr in call.keywords if name}
            if call.arguments:
                given.setdefault("default", call.arguments[0])
            if "default" in given:
                found.append(resolver.values(made.call.path, given["default"], made.frame))
            elif "default_factory" in given:
                factories = resolver.values(made.call.path, given["default_factory"], made.frame)
                found += [resolver.called(one, made.call, made.frame) for one in factories]
        else:
            found.append((value,))
    return union(*found)


def settings_field(resolver: Resolver, owner: ClassRef, name: str, default: Values) -> Values | None:
    """A field of a settings class: its environment variable where the repository sets it, else its default."""
    if not any(base in SETTINGS_BASES for base in resolver.library_bases(owner)):
        return None
    bound: Values = ()
    for variable in (_prefix(resolver, owner) + name, name):
        for spelling in (variable.upper(), variable):
            bound = bound or tuple(
                Literal(one.value, one.provenance) for one in resolver.program.env(spelling) if one.value is not None
            )
    weak = tuple(
        Literal(v.value, "default") if isinstance(v, Literal) else v
        for v in default
        if not is_none(v) and not isinstance(v, Unknown)
    )
    return union(bound, weak) or (Template((Hole(f"env:{name.upper()}"),), "configured"),)


def _prefix(resolver: Resolver, owner: ClassRef) -> str:
    """The `env_prefix` of a settings class, from its `model_config` or its inner `Config`."""
    for value in resolver.member(Instance(owner), "model_config"):
        if isinstance(value, Mapping):
            texts = known_texts(value.get("env_prefix") or ())
        elif isinstance(value, Library) and value.made:
            call = resolver.call(value.made[-1].call)
            texts = tuple(
                text
                for key, expr in call.keywords
                if key == "env_prefix"
                for text in known_texts(resolver.values(value.made[-1].call.path, expr))
            )
        else:
            texts = ()
        if texts:
            return texts[0]
    for value in resolver.member(Instance(owner), "Config"):
        texts = known_texts(resolver.member(value, "env_prefix"))
        if texts:
            return texts[0]
    return ""
