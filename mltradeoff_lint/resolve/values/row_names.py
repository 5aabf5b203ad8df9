"""Which names go into an expression, also through what other names are made of.

What is bound once for each reading is followed back to the names it is made of, and a text also where branches bind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.calls.hanging import versions_of
from mltradeoff_lint.resolve.values import displays, texts
from mltradeoff_lint.resolve.values.loop_rows import Row

MAX_STEPS = 2
"""Names that are followed one behind the other to the names that they are made of."""

MAX_PARTS = 60
"""Parts of one expression that are looked through for names."""

_APART = frozenset({"compare", "comp", "slice", "yield", "yieldfrom"})
"""Kinds of expressions whose names are no part of the text they stand in."""

_TEXTS = frozenset({"binop", "fstring", "name"})
"""Kinds of expressions that put a text together, or hand a name on."""

_MADE = _TEXTS | {"attr", "call", "dict", "item", "tuple"}
"""Kinds of expressions that make what a name holds of other names."""

Deciders = Callable[[tuple[int, ...]], Sequence[tuple[int, ...]]]
"""What names choose among the versions of one, by their own versions."""


def loads_of(facts: PythonFacts, expr: Expr, deciders: Deciders) -> Counter[tuple[int, ...]]:
    """How often each name goes into a text, by its versions, also through the texts that other names hold.

    A name that itself stands there twice is one thing already, whatever it is made of, but for the tuple or dict of
    which the parts are read. A test by which a name chooses the binding of another one counts too.
    """
    pending = [versions_of(facts, one) for one in names_of(facts, expr)]
    loads = Counter(one for one in pending if one)
    loads.update(decider for one in tuple(loads) for decider in deciders(one))
    for _ in range(MAX_STEPS):
        found = [(text_of(facts, one, versions), loads[versions]) for versions in set(pending) for one in versions]
        made = [facts.exprs[one] for one, count in found if one != NONE and (count == 1 or _is_display(facts, one))]
        inner = [one for text in made for one in names_of(facts, text)]
        pending = [versions_of(facts, one) for one in inner]
        loads.update(one for one in pending if one)
    return loads


def _is_display(facts: PythonFacts, index: int) -> bool:
    return facts.exprs[index][0] in displays.KINDS


def reads(facts: PythonFacts, expr: Expr, row: Row, deciders: Deciders, steps: int = MAX_STEPS) -> bool:
    """Whether a name that a row binds goes into an expression, also through the texts that other names hold."""
    for one in names_of(facts, expr):
        versions = versions_of(facts, one)
        if versions in row or any(decider in row for decider in deciders(versions)):
            return True
        for number in versions if steps else ():
            text = text_of(facts, number, versions)
            if text != NONE and reads(facts, facts.exprs[text], row, deciders, steps - 1):
                return True
    return False


def text_of(facts: PythonFacts, number: int, versions: tuple[int, ...] = ()) -> int:
    """The expression that a version of a name is made by of others; NONE where it is not made of them.

    Of a name with several versions it is a text alone: any other may be left by an earlier round of a loop.
    """
    definition = facts.definitions[number]
    if definition.kind != "assign" or definition.path or definition.value == NONE:
        return NONE
    expr = facts.exprs[definition.value]
    is_joined = expr[0] == "call" and is_joining(facts, facts.calls[expr[1]].function)
    return definition.value if is_joined or expr[0] in (_MADE if len(versions) == 1 else _TEXTS) else NONE


def is_joining(facts: PythonFacts, function: int) -> bool:
    """Whether what is called is a method that puts a text together of others."""
    return facts.exprs[function][0] == "attr" and facts.exprs[function][2] in texts.JOINING


def names_of(facts: PythonFacts, expr: Expr) -> Iterator[Expr]:
    """The names that are read in an expression, functions that are called left out."""
    pending, seen = [expr], 0
    while pending and seen < MAX_PARTS:
        one = pending.pop()
        seen += 1
        if one[0] == "name":
            yield one
        elif one[0] not in _APART:
            pending += [facts.exprs[index] for index in parts(facts, one) if index != NONE]
