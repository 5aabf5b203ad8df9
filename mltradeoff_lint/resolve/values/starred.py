"""The arguments of a call of a library, with `*values` as the elements they hold where their number is known.

`os.path.join(root, *parts)` of two parts is a text of three, and what the calls of `def under(*parts)` pass keeps the
names it has there, so that `under(model, run)` is `{model}/{run}`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import MAX_VALUES, CallRef, Frame, FunctionRef, Items, Value, Values, frame_of
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.brought import in_text
from mltradeoff_lint.resolve.values.hole_names import UNNAMED, as_piece, hints_of

MAX_ELEMENTS = 20
"""A longer list is no list of the parts of one text."""

MAX_STEPS = 6
"""Bindings that are followed back to where the elements of a list are written."""

Pieces = list[tuple[Values, str]]
"""What each argument can be as a piece of a text, with the name of its hole."""


def pieces(resolver: Resolver, site: CallRef, frame: Frame | None, hints: Sequence[str]) -> list[Pieces]:
    """The positional arguments of a call, once for each way in which its splats are filled.

    `hints` are the names of the arguments as they are written. A splat of unknown length is one piece.
    """
    facts, call = resolver.facts(site.path), resolver.call(site)
    plain = [(resolver.values(site.path, expr, frame), hint) for expr, hint in zip(call.arguments, hints, strict=True)]
    ways: list[list[Pieces]] = [
        [_elements(resolver, site.path, facts.exprs[expr][1], value, hint, frame) for value in held]
        if facts.exprs[expr][0] == "star" and held
        else [[(held, hint)]]
        for expr, (held, hint) in zip(call.arguments, plain, strict=True)
    ]
    if math.prod(map(len, ways)) > MAX_VALUES:
        ways = [[plain]]
    return [[(in_text(resolver, *one), one[1]) for part in way for one in part] for way in itertools.product(*ways)]


def _elements(resolver: Resolver, path: str, expr: int, value: Value, hint: str, frame: Frame | None) -> Pieces:
    """The elements of a list whose length is known; anything else is one piece."""
    if not isinstance(value, Items) or value.is_open or len(value.items) > MAX_ELEMENTS:
        return [((value,), hint)]
    names = _names(resolver, path, expr, len(value.items), frame) or [UNNAMED] * len(value.items)
    named = [as_piece(name, f"{hint}_{place}") for place, name in enumerate(names)]
    return list(zip(value.items, named, strict=True))


def _names(resolver: Resolver, path: str, expr: int, count: int, frame: Frame | None) -> Sequence[str]:
    """What the elements of a list are called where they are written; empty where that is in several places."""
    facts = resolver.facts(path)
    for _ in range(MAX_STEPS):
        one = facts.exprs[expr]
        if one[0] in ("list", "tuple"):
            return hints_of(facts, one[1]) if len(one[1]) == count else ()
        if one[0] == "name":
            if len(one[2]) != 1:
                break
            bound = facts.definitions[one[2][0]]
            if bound.kind == "param":
                return _passed(resolver, FunctionRef(path, bound.scope), bound.value, count, frame)
            expr = bound.value if bound.kind == "assign" and not bound.path else NONE
        else:
            expr = _gone_over(facts, one)
        if expr == NONE:
            break
    return ()


def _gone_over(facts: PythonFacts, expr: Expr) -> int:
    """The list whose elements a comprehension, `list(...)` or `tuple(...)` takes in their order."""
    if expr[0] == "comp" and len(expr[4]) == 1:
        return int(expr[4][0])
    call = facts.calls[expr[1]] if expr[0] == "call" else None
    if call is not None and len(call.arguments) == 1 and facts.exprs[call.function][1:2] in (("list",), ("tuple",)):
        return call.arguments[0]
    return NONE


def _passed(resolver: Resolver, function: FunctionRef, position: int, count: int, frame: Frame | None) -> Sequence[str]:
    """What the one call that is looked at names its last arguments, which a `*args` parameter collects."""
    here = frame_of(frame, function)
    sites = resolver.callers(function) if here is None else (here.call,)
    if resolver.scope(function).parameters[position].kind != "*" or len(sites) != 1:
        return ()
    facts, given = resolver.facts(sites[0].path), resolver.call(sites[0]).arguments
    return hints_of(facts, given[-count:]) if 0 < count <= len(given) else ()
