"""The places where what an expression passes on is written: behind names, alternatives, and parameters of functions.

A parameter leads to every call of its function, however many there are: which classes of objects they pass is known
where each of them makes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from mltradeoff_lint.model.facts import NONE, Definition, Expr
from mltradeoff_lint.resolve.domain import CallRef, FunctionRef
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver

MAX_PLACES = 400
"""Places of one expression that are looked at; with more nobody can tell."""

Place: TypeAlias = tuple[str, int]
"""A module and an expression there."""


def sources(resolver: Resolver, path: str, expr: int) -> Iterator[Place | None]:
    """The expressions that an expression stands for, as (module, expression); None where one cannot be told.

    What a parameter is given by calls of tests does not count for code that is no test.
    """
    pending: list[Place | None] = [(path, expr)]
    seen = set(pending)
    for place in pending:
        behind = None if place is None or len(seen) > MAX_PLACES else _behind(resolver, *place)
        if behind is None:
            yield place if len(seen) <= MAX_PLACES else None
            continue
        pending += [one for one in dict.fromkeys(behind) if one not in seen]
        seen.update(behind)


def _behind(resolver: Resolver, path: str, expr: int) -> list[Place | None] | None:
    """The places behind an expression, None among them where one is not written; None for one with nothing behind."""
    facts = resolver.facts(path)
    one: Expr = facts.exprs[expr]
    if one[0] == "boolop" and one[1] == "or":
        return [(path, operand) for operand in one[2]]
    if one[0] == "ifexp":
        return [(path, one[2]), (path, one[3])]
    definitions = [facts.definitions[number] for number in one[2]] if one[0] == "name" else []
    if not definitions or not all(_is_followed(resolver, path, definition) for definition in definitions):
        return None
    found: list[Place | None] = []
    for definition in definitions:
        found += [(path, definition.value)] if definition.kind == "assign" else _passed(resolver, path, definition)
    return found


def _is_followed(resolver: Resolver, path: str, definition: Definition) -> bool:
    """Whether a binding is a plain assignment, or a parameter that only calls of the repository fill."""
    if definition.kind != "param":
        return definition.kind == "assign" and not definition.path
    scope = resolver.facts(path).scopes[definition.scope]
    function = FunctionRef(path, definition.scope)
    is_own = scope.owner != NONE and definition.value == 0
    is_single = scope.parameters[definition.value].kind not in ("*", "**")
    # what decorates a function may run it too
    return is_single and not is_own and not scope.decorators and bool(resolver.callers(function))


def _passed(resolver: Resolver, path: str, definition: Definition) -> list[Place | None]:
    """What every call of a function passes for a parameter, the default where one leaves it out."""
    function = FunctionRef(path, definition.scope)
    default = resolver.scope(function).parameters[definition.value].default
    found: list[Place | None] = []
    for site in resolver.callers(function):
        if is_test(site.path) and not is_test(path):
            continue
        given = resolver.argument(site, function, definition.value)
        if given is None:
            found.append(None if default == NONE or _has_splats(resolver, site) else (path, default))
        else:
            found.append(given)
    return found


def _has_splats(resolver: Resolver, site: CallRef) -> bool:
    call, exprs = resolver.call(site), resolver.facts(site.path).exprs
    return any(key is None for key, _ in call.keywords) or any(exprs[one][0] == "star" for one in call.arguments)
