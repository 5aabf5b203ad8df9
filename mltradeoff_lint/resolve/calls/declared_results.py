"""What a function says that it gives, where what it returns says less."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.fitting import fitting
from mltradeoff_lint.resolve.domain import FunctionRef, Instance, Library, Value, Values, is_none, union
from mltradeoff_lint.resolve.interface import Resolver


def with_declared(resolver: Resolver, function: FunctionRef, found: Values) -> Values:
    """What a function returns, with its annotation where that tells more.

    An object read from a file of any objects is what the annotation says beside being read: its methods are those of
    the class, and the file is still where it comes from.
    """
    scope = resolver.scope(function)
    if scope.annotation == NONE:
        return found
    found = fitting(resolver, function.path, scope.annotation, found)
    is_unpickled = False
    for one in found:
        if not isinstance(one, Unknown) and not is_none(one):
            if not holds_anything(resolver, one):
                return found
            is_unpickled = True
    annotated = resolver.annotated(function.path, scope.annotation)
    if is_unpickled:
        return union(found, tuple(one for one in annotated if isinstance(one, Instance)))
    return annotated if any(not isinstance(one, Unknown) for one in annotated) else found


def holds_anything(resolver: Resolver, value: Value) -> bool:
    """Whether a value is what a file of any objects held, so that its type is not known."""
    if not isinstance(value, Library) or not value.path.endswith("()"):
        return False
    meanings = resolver.program.meanings("calls", value.path.removesuffix("()"))
    return any(one.kind == "model-load" and one.literal("holds") == "anything" for one in meanings)
