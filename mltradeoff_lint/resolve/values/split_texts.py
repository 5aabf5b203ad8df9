"""Pieces of a split text with holes: those between which a separator is written, whatever fills the holes.

A hole may hold the separator, so that pieces are only known from an end of the text to the separator nearest to it.
"""

from __future__ import annotations

from collections.abc import Callable

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Hole, Items, Literal, Template, Value, Values, known_texts, union, unknown
from mltradeoff_lint.resolve.values import strings

_FROM_END = {"split": False, "partition": False, "rsplit": True, "rpartition": True}


def cut(name: str, value: Template, separator: str, limit: int) -> Value | None:
    """What a text with holes is split into at the one separator that counts; None when a hole may hold it."""
    if name.endswith("split") and limit != 1:
        return None
    found = _around(value, separator, is_end=_FROM_END[name]) if name in _FROM_END else None
    if found is None:
        return None
    middle: tuple[Values, ...] = ((Literal(separator),),) if name.endswith("partition") else ()
    return Items(((found[0],), *middle, (found[1],)))


def piece(values: Callable[[int], Values], facts: PythonFacts, base: int, key: int) -> Values:
    """`text.split(separator)[0]` and `[-1]` of texts of which one has holes; empty for anything else.

    A part of a text that somebody brings goes by the name of the whole and its place: `option:task.split()[0]`.
    """
    expr = facts.exprs[base]
    if expr[0] == "name":
        expr = _kept(facts, expr[2])
    number = _number(facts, key) if expr[0] == "call" else None
    if number is None:
        return ()
    call = facts.calls[expr[1]]
    function = facts.exprs[call.function]
    if function[0] != "attr" or function[2] not in ("split", "rsplit", "partition", "rpartition"):
        return ()
    brought = [_part_of_brought(one, f".{function[2]}()[{number}]") for one in values(function[1])]
    if brought and all(one is not None for one in brought):
        return union(tuple(one for one in brought if one is not None))
    place = number if number in (0, -1) and "split" in function[2] else None
    # pieces that a name holds may have been counted before one is taken
    if place is None or facts.exprs[base][0] == "name" or len(call.arguments) != 1 or call.keywords:
        return ()
    texts, separators = values(function[1]), known_texts(values(call.arguments[0]))
    if len(separators) != 1 or not separators[0] or _overlaps_itself(separators[0]):
        return ()
    if not any(isinstance(one, Template) for one in texts):
        return ()
    found = [_piece(one, separators[0], place) for one in texts]
    known = tuple(one for one in found if one is not None)
    return union(known, unknown("a part of a text") if len(known) < len(found) else ()) if known else ()


def _piece(value: Value, separator: str, place: int) -> Value | None:
    if isinstance(value, Literal) and isinstance(value.value, str):
        return Literal(value.value.split(separator)[place], value.provenance)
    found = _around(value, separator, is_end=place < 0) if isinstance(value, Template) else None
    return None if found is None else found[place]


def _around(value: Template, separator: str, *, is_end: bool) -> tuple[Value, Value] | None:
    """The texts in front of the first or last separator and behind it, where it is written out."""
    part = value.parts[-1 if is_end else 0]
    if isinstance(part, Hole):
        return None
    before, written, after = part.rpartition(separator) if is_end else part.partition(separator)
    if not written:
        return None
    head = (*value.parts[:-1], before) if is_end else (before,)
    tail = (after,) if is_end else (after, *value.parts[1:])
    return strings.make(head, value.provenance), strings.make(tail, value.provenance)


def _overlaps_itself(separator: str) -> bool:
    """Whether a text may hold a separator at places that lie over one another, so that the direction counts."""
    return any(separator.startswith(separator[size:]) for size in range(1, len(separator)))


def _kept(facts: PythonFacts, definitions: tuple[int, ...]) -> Expr:
    """The call whose result a name holds, where one definition of it reaches; any other expression for all else."""
    one = facts.definitions[definitions[0]] if len(definitions) == 1 else None
    is_whole = one is not None and one.kind == "assign" and not one.path and one.value != NONE
    return facts.exprs[one.value] if one is not None and is_whole else ("none",)


def _part_of_brought(value: Value, part: str) -> Value | None:
    """A part of a text that somebody brings as a whole; None for any other text."""
    if isinstance(value, Unknown):
        return Unknown(value.reason, value.source + part) if value.source else None
    hole = value.parts[0] if isinstance(value, Template) and len(value.parts) == 1 else ""
    if not isinstance(hole, Hole) or ":" not in hole.name or not isinstance(value, Template):
        return None
    return Template((Hole(hole.name + part),), value.provenance)


def _number(facts: PythonFacts, key: int) -> int | None:
    """The whole number that is written as a key, else None."""
    expr = facts.exprs[key] if key != NONE else ("none",)
    sign = 1
    if expr[:2] == ("unary", "-"):
        sign, expr = -1, facts.exprs[expr[2]]
    return sign * expr[1] if expr[0] == "const" and type(expr[1]) is int else None
