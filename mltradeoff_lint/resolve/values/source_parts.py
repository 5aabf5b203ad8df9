"""Names of parts of what somebody brings: a key of a request's data, an attribute of a configuration.

The name of a source is followed by what leads to the part, as it is written: `request:ride[city]`, `option:cfg.data`.
The data of a request has no name of its own, so a part of it goes by its key alone: `request:city`.
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import CallRef, Frame, Literal, Values
from mltradeoff_lint.resolve.interface import Resolver

MAX_STEPS = 3
"""Keys and attributes that are told apart; a part of a part of more goes by the name of the whole."""

MAX_KEYS = 4
"""Keys of one reading that are told apart; what is read by more of them goes by the name of the whole."""

_KEY = re.compile(r"[^\W\d][\w .:/@-]{0,59}")
_STEP = re.compile(r"\[[^\]]*\]?|\.")
_TAKING = frozenset({"get", "pop", "setdefault", "getlist", "getone", "getall"})
"""Methods of a mapping that give what it holds under their first argument."""

_WHOLE = "artifact:", "run:", "env:"
"""Sources that are one text, which has no parts with names."""


def key_of(keys: Values) -> str:
    """The only text among the keys of a subscript, where it can be a part of a name; empty for any other key."""
    (key,) = keys if len(keys) == 1 else (None,)
    text = key.value if isinstance(key, Literal) else None
    return text if isinstance(text, str) and _KEY.fullmatch(text) else ""


def names_of(keys: Values) -> tuple[str, ...]:
    """The names of what is read by keys, one for each; one that is empty where a key is not known or they are many."""
    names = tuple(dict.fromkeys(key_of((key,)) for key in keys))
    return names if names and all(names) and len(names) <= MAX_KEYS else ("",)


def told_keys(resolver: Resolver, path: str, index: int, keys: Values, frame: Frame | None) -> Values:
    """The keys of a reading as its part is called: a key that a call works out of one text goes by that text."""
    facts = resolver.facts(path)
    expr = facts.exprs[index]
    if expr[0] != "call" or all(names_of(keys)):
        return keys
    call = facts.calls[expr[1]]
    is_of_one = len(call.arguments) == 1 and not call.keywords and facts.exprs[call.arguments[0]][0] != "star"
    return resolver.values(path, call.arguments[0], frame) if is_of_one else keys


def beneath(name: str, key: str) -> str:
    """The name of what a part with a name holds under a key."""
    if not name or not key:
        return name or key
    return f"{name}[{key}]" if len(_STEP.findall(name)) < MAX_STEPS else name


def within(source: str, part: str) -> str:
    """The name of a part of a whole that has a name of its own: `c[d]` of `request:body` is `request:body[c][d]`."""
    first, bracket, further = part.partition("[")
    named = f"{source}[{first}]{bracket}{further}" if part else source
    return named if len(_STEP.findall(named)) <= MAX_STEPS else source


def item_of(value: Unknown, keys: Values) -> Values:
    """What a value that somebody brings holds under the keys of a reading."""
    return tuple(_part(value, f"[{key}]" if key else "") for key in names_of(keys))


def attribute_of(value: Unknown, name: str) -> Unknown:
    """An attribute of a value that somebody brings."""
    return _part(value, "" if name.startswith("__") else f".{name}")


def _part(value: Unknown, step: str) -> Unknown:
    if not step or not value.source or value.source.startswith(_WHOLE):
        return value
    return value if len(_STEP.findall(value.source)) >= MAX_STEPS else Unknown(value.reason, value.source + step)


def is_taking(method: str) -> bool:
    """Whether a method of a mapping gives what it holds under a key."""
    return method in _TAKING


def taken(resolver: Resolver, name: str, site: CallRef, frame: Frame | None) -> Values:
    """The keys by which a method of a mapping takes an item; empty for any other method."""
    call = resolver.call(site)
    if not is_taking(name) or not call.arguments or call.arguments[0] == NONE:
        return ()
    key = call.arguments[0]
    return told_keys(resolver, site.path, key, resolver.values(site.path, key, frame), frame)


def called_of(resolver: Resolver, value: Unknown, site: CallRef, frame: Frame | None) -> Values:
    """What a method of a value that somebody brings gives: an item of it, else what it is called on."""
    function = resolver.facts(site.path).exprs[resolver.call(site).function]
    if function[0] != "attr" or not value.source.endswith(f".{function[2]}"):
        return (value,)
    whole = Unknown(value.reason, value.source.removesuffix(f".{function[2]}"))
    return item_of(whole, taken(resolver, function[2], site, frame))
