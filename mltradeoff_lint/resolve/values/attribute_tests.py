"""Tests that ask for an attribute: `hasattr(store, "url")`, and the truth of `getattr(store, "url", None)`.

A method that asks its own object says nothing: one that is still made may miss what its constructor sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mltradeoff_lint.model.facts import Expr, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import methods_of

_ARGUMENTS: Mapping[object, int] = {("name", "hasattr"): 2, ("name", "getattr"): 3}
"""How many arguments the functions are passed that ask for an attribute."""


class AttributeAsked(NamedTuple):
    """A thing of which a test asks whether it has an attribute, and the name of that, both as expressions."""

    thing: int
    name: int
    is_certain: bool
    """Whether the test holds for everything that has it, whatever it is."""


def attribute_asked(facts: PythonFacts, test: Expr) -> AttributeAsked | None:
    """What `hasattr(x, "name")`, or the truth of `getattr(x, "name", None)`, asks; None for any other expression."""
    if test[0] != "call":
        return None
    call = facts.calls[test[1]]
    function, passed = facts.exprs[call.function][:2], call.arguments
    if function == ("name", "callable") and len(passed) == 1:
        inner = attribute_asked(facts, facts.exprs[passed[0]])
        return inner if inner is not None and not inner.is_certain else None
    if len(passed) != _ARGUMENTS.get(function):
        return None
    thing, name, *default = (facts.exprs[one] for one in passed)
    if name[0] != "const" or not isinstance(name[1], str) or (thing[0] == "name" and methods_of(facts, thing)):
        return None
    is_told = all(one[0] == "const" and not one[1] for one in default)
    return AttributeAsked(passed[0], passed[1], not default) if is_told else None
