"""Whether `settings or load()` goes on to its fallback: not where every call passes a dict that has keys."""

from __future__ import annotations

import sys

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.calls.handed import passing
from mltradeoff_lint.resolve.domain import Frame, FunctionRef, Mapping, Value, Values, frame_of
from mltradeoff_lint.resolve.interface import Resolver


def is_reached(
    resolver: Resolver, path: str, facts: PythonFacts, operand: int, values: Values, frame: Frame | None
) -> bool:
    """Whether an operand of `or` may be empty or missing.

    A parameter that some calls leave out has the values of the others, without its default of None, so the calls are
    asked, and a function that somebody else may run is left; of anything but a parameter it is not told.
    """
    if not values or not all(map(_is_filled, values)) or facts.exprs[operand][0] != "name":
        return True
    definitions = [facts.definitions[number] for number in facts.exprs[operand][2]]
    if not definitions or any(one.kind != "param" for one in definitions):
        return True
    for one in definitions:
        function = FunctionRef(path, one.scope)
        here = frame_of(frame, function)
        if here is None and (resolver.scope(function).decorators or passing(resolver, function, sys.maxsize)):
            return True
        for site in resolver.callers(function) if here is None else (here.call,):
            given = resolver.argument(site, function, one.value)
            if given is None or not all(map(_is_filled, resolver.values(*given))):
                return True
    return False


def _is_filled(value: Value) -> bool:
    """Whether a value is a dict that has keys: one with the fields of an object, or one that is seen as a whole."""
    return isinstance(value, Mapping) and bool(value.entries) and (value.of is not None or not value.is_open)
