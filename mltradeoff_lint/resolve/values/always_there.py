"""Whether an expression is a dict, list, tuple or set on every run, and never None.

One that is written out is, and the result of a function of the repository that gives one whenever it comes back: one of
its own, or one that the call passes it.
"""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.resolve.domain import CallRef, Frame, Function, FunctionRef
from mltradeoff_lint.resolve.interface import Resolver

MAX_EXPRESSIONS = 60
"""Expressions that are looked through for one."""

_DISPLAYS = frozenset({"dict", "list", "tuple", "set", "comp"})
_KEEPING = frozenset({"phi", "item", "attribute", "method"})
"""Versions of a name under which it holds what it held before."""

_Place = tuple[str, int, Frame | None]
"""An expression of a module, and the call through which its function is looked at."""


def is_always_container(resolver: Resolver, path: str, index: int) -> bool:
    """Whether an expression cannot be anything but a container."""
    pending: list[_Place] = [(path, index, None)]
    seen = set(pending)
    while pending:
        made_of = _made_of(resolver, *pending.pop())
        if made_of is None or len(seen) > MAX_EXPRESSIONS:
            return False
        pending += [one for one in made_of if one not in seen]
        seen.update(made_of)
    return True


def _made_of(resolver: Resolver, path: str, index: int, frame: Frame | None) -> list[_Place] | None:
    """The expressions one of which another one is: none for a display; None where that is not known."""
    facts = resolver.facts(path)
    expr = facts.exprs[index]
    if expr[0] in _DISPLAYS:
        return []
    if expr[0] == "ifexp":
        return [(path, one, frame) for one in expr[2:4]]
    if expr[0] == "call":
        functions = resolver.values(path, facts.calls[expr[1]].function)
        found = [_results(resolver, one, CallRef(path, expr[1]), frame) for one in functions]
    else:
        found = [_bound(resolver, path, one, frame) for one in (expr[2] if expr[0] == "name" else ())]
    known = [one for one in found if one is not None]
    return [each for one in known for each in one] if found and len(known) == len(found) else None


def _results(resolver: Resolver, function: object, site: CallRef, outer: Frame | None) -> list[_Place] | None:
    """What a function gives back where it is called; None where it may give nothing, or something else than it says."""
    if not isinstance(function, Function) or function.bound is not None:
        return None
    facts, scope = resolver.facts(function.ref.path), resolver.scope(function.ref)
    is_changed = scope.kind != "function" or scope.is_async or bool(scope.yields) or bool(scope.decorators)
    if is_changed or not facts.regions[scope.region].exits or any(one.value == NONE for one in scope.returns):
        return None
    frame = Frame(function.ref, site, outer)
    return [(function.ref.path, one.value, frame) for one in scope.returns]


def _bound(resolver: Resolver, path: str, version: int, frame: Frame | None) -> list[_Place] | None:
    """What a version of a name was bound to, before it was changed in place; None where that is not written."""
    definitions = resolver.facts(path).definitions
    found: list[_Place] = []
    pending, seen = [version], {version}
    while pending:
        one = definitions[pending.pop()]
        if one.kind in _KEEPING:
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
        elif one.kind == "assign" and not one.path and one.value != NONE:
            found.append((path, one.value, frame))
        elif one.kind == "param" and frame is not None and frame.function == FunctionRef(path, one.scope):
            passed = resolver.argument(frame.call, frame.function, one.value)
            if passed is None:
                return None
            found.append((*passed, frame.outer))
        else:
            return None
    return found
