"""Paths of what a call fetches: the copy of a hub's or registry's artifact, which goes by the name of the artifact."""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.model.catalog import Meaning
from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import Hole, Library, Literal, Made, Template, Value
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.selectors import pick

FETCHING = ("dataset-read", "model-load")


def fetched_name(resolver: Resolver, value: Library, source: Callable[[Value], str]) -> str:
    """The name of the artifact whose local copy a call gives the path of; empty for any other thing.

    A name that is not written is that of its `source`: `option:data` of `use_artifact(args.data).download()`.
    """
    if not value.made or not value.path.endswith("()"):
        return ""
    for meaning in resolver.program.meanings("calls", value.path.removesuffix("()")):
        if meaning.kind in FETCHING and meaning.literal("gives") == "path":
            found = _named(resolver, value.made[-1], meaning, source)
            if not found and _is_of_receiver(meaning) and len(value.made) > 1:
                # `use_artifact(name).download()`: the call that made the receiver is told the name
                path = value.path.removesuffix("()").rpartition(".")[0].removesuffix("()")
                rows = resolver.program.meanings("calls", path)
                names = (_named(resolver, value.made[-2], one, source) for one in rows if one.kind in FETCHING)
                found = next(names, "")
            return found
    return ""


def _is_of_receiver(meaning: Meaning) -> bool:
    return any(one.role == "self" for one in meaning.selectors("location"))


def _named(resolver: Resolver, made: Made, meaning: Meaning, source: Callable[[Value], str]) -> str:
    facts = resolver.facts(made.call.path)
    for selector in meaning.selectors("location"):
        expr = pick(facts, made.call, selector)
        values = resolver.values(made.call.path, expr, made.frame) if expr != NONE else ()
        if len(values) == 1:
            return _text(values[0]) or (source(values[0]) if not isinstance(values[0], Template) else "")
    return ""


def _text(value: Value) -> str:
    """A name as a part of the name of a hole; empty for an address, and when a part of it is known to nobody."""
    parts = value.parts if isinstance(value, Template) else (value.value,) if isinstance(value, Literal) else ()
    if any(isinstance(one, Hole) and ":" not in one.name for one in parts):
        return ""
    text = "".join(one.name if isinstance(one, Hole) else one if isinstance(one, str) else "{" for one in parts)
    return "" if "{" in text or "}" in text or "://" in text else text
