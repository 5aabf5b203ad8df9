"""A switch that is set where it is on already: `if paid: paid, name = True, ""` turns nothing on.

Such a binding is run only where something else sets the name; what it binds is no ground for what that is.
"""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Definition
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Frame, Literal, Template, Values, unknown
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.operators import is_falsy

NOTHING_SETS = "a switch that nothing here turns on"

_TRUE = Literal(True)


def told_again(resolver: Resolver, path: str, definition: Definition, values: Values, frame: Frame | None) -> Values:
    """What a binding gives; where it only tells again that a name is true, as much as is known of that."""
    if values != (_TRUE,):
        return values
    facts = resolver.facts(path)
    region = facts.regions[definition.region]
    tested = facts.exprs[region.test] if region.kind == "then" and region.test != NONE else ("none",)
    if tested[:2] != ("name", definition.name) or not tested[2]:
        return values
    before = resolver.values(path, region.test, frame)
    if any(not isinstance(one, (Unknown, Template)) and not is_falsy(one) for one in before):
        return values
    return tuple(one for one in before if not is_falsy(one)) or unknown(NOTHING_SETS)
