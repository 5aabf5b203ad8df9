"""Functions of a model that every value of a field goes through before it is kept."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import ClassRef, FunctionRef, Library, Values, known_texts, unknown
from mltradeoff_lint.resolve.interface import Resolver

VALIDATORS = frozenset({"pydantic.field_validator", "pydantic.validator", "pydantic.v1.validator"})
"""Decorators that name the fields whose values go through the function."""


def validated(resolver: Resolver, owner: ClassRef, name: str, values: Values) -> Values:
    """A field after its validators: the value itself where they only look at it, else unknown."""
    if all(_is_kept(resolver, function) for function in _validators(resolver, owner, name)):
        return values
    return unknown(f"{name} goes through a validator that may change it")


def _validators(resolver: Resolver, owner: ClassRef, name: str) -> Iterator[FunctionRef]:
    for ref in resolver.lineage(owner):
        facts = resolver.facts(ref.path)
        body = facts.scopes[facts.classes[ref.number].scope]
        for indices in body.finals.values():
            for index in indices:
                definition = facts.definitions[index]
                if definition.kind == "function" and _checks(resolver, ref.path, definition.value, name):
                    yield FunctionRef(ref.path, definition.value)


def _checks(resolver: Resolver, path: str, scope: int, name: str) -> bool:
    """Whether a method is decorated as a validator of a field."""
    facts = resolver.facts(path)
    for index in facts.scopes[scope].decorators:
        expr = facts.exprs[index]
        if expr[0] != "call":
            continue
        call = facts.calls[expr[1]]
        is_validator = any(
            isinstance(one, Library) and one.path in VALIDATORS for one in resolver.values(path, call.function)
        )
        texts = [text for one in call.arguments if is_validator for text in known_texts(resolver.values(path, one))]
        if name in texts or "*" in texts:
            return True
    return False


def _is_kept(resolver: Resolver, function: FunctionRef) -> bool:
    """Whether a validator returns the very value it was given."""
    facts, scope = resolver.facts(function.path), resolver.scope(function)
    if len(scope.parameters) < 2 or not scope.returns:
        return False
    given = scope.parameters[1].name
    for one in scope.returns:
        expr = facts.exprs[one.value] if one.value != NONE else ("none",)
        if expr[:2] != ("name", given) or any(facts.definitions[index].kind != "param" for index in expr[2]):
            return False
    return True
