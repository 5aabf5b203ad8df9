"""Values of environment variables, and of the defaults that field descriptions hold."""

from __future__ import annotations

from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.environment import open_parts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    Hole,
    Library,
    Literal,
    Template,
    Value,
    Values,
    is_none,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver

FIELDS = ("pydantic.Field()", "pydantic.fields.Field()", "dataclasses.field()", "attr.ib()", "attrs.field()",
          "sqlmodel.Field()",
          "pydantic.v1.Field()")  # fmt: skip
"""Calls that describe a field of a class; the field's value is their default."""


def environment_value(resolver: Resolver, name: str, default: Values, path: str = "") -> Values:
    """The value of an environment variable in a module: what its unit sets, and what the code falls back to.

    A variable that has neither is a hole of its name.
    """
    values: list[Value] = [set_value(one) for one in resolver.variable(name, path)]
    for where, expr in resolver.variable_writes(name, path) if path else ():
        values += [v for v in resolver.values(where, expr) if not is_none(v) and not isinstance(v, Unknown)]
    values += marked_default(tuple(v for v in default if not is_none(v)))
    return union(tuple(values)) or (Template((Hole(f"env:{name}"),), "configured"),)


def set_value(binding: EnvBinding) -> Value:
    """What a configuration sets a variable to, with a hole for each variable in it that comes from outside."""
    if binding.value is not None:
        return Literal(binding.value, binding.provenance)
    pairs = open_parts(binding.text or f"${{{binding.name}}}")
    parts = [part for text, name in pairs for part in (text, Hole(f"env:{name}") if name else "") if part]
    return Template(tuple(parts), binding.provenance)


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
                found.append(unknown("a field without a default"))
        else:
            found.append((value,))
    return union(*found)
