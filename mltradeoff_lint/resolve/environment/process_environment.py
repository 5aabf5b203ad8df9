"""The environment of the process as a value: its copies, and what is looked up in them."""

from __future__ import annotations

from mltradeoff_lint.resolve.domain import MAX_VALUES, Library, Value, Values, known_texts, union, unknown
from mltradeoff_lint.resolve.environment.environment import environment_value
from mltradeoff_lint.resolve.interface import Resolver

ENVIRONMENT = "os.environ"

ITEM = "os.environ[]"
"""Stands among the values of a dict's unnamed keys when it was filled from the environment: the variable of the key."""


def is_environment(value: Value) -> bool:
    """Whether a value is the environment or a copy of it."""
    return isinstance(value, Library) and value.path == ENVIRONMENT


def spread(values: Values) -> Values:
    """What `{**values}` holds under keys that nobody writes, where a value is the environment."""
    return (Library(ITEM),) if any(is_environment(value) for value in values) else ()


def variables(resolver: Resolver, names: Values, default: Values, path: str) -> Values:
    """The values of the variables that may be meant by a name; unknown when one of the names is."""
    texts = known_texts(names)
    if not texts or len(texts) != len(names) or len(texts) > MAX_VALUES:
        return unknown("an environment variable with a computed name")
    return union(*(environment_value(resolver, text, default, path) for text in texts))


def named(resolver: Resolver, held: Values, name: str, path: str) -> Values:
    """What a lookup in a dict found, with the variable of that name where the dict was filled from the environment."""
    if Library(ITEM) not in held:
        return held
    rest = tuple(value for value in held if value != Library(ITEM))
    return union(rest, environment_value(resolver, name, (), path))
