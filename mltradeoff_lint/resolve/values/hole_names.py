"""What a hole of a text is called after: the name, attribute or key that the expression in its place reads."""

from __future__ import annotations

from collections.abc import Sequence

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts

UNNAMED = "?"
"""The name of a hole whose expression has none."""

MAX_WRAPPED = 12
"""Calls and accessors around what names a hole."""

_ACCESSORS = frozenset({"iloc", "loc", "at", "iat", "values", "str"})
"""Attributes by which a part is taken and that say nothing of what it is."""

_TAKING = frozenset({"item", "tolist", "to_list", "squeeze", "strip", "rstrip", "lstrip", "decode", "copy"})
"""Methods without arguments that give their receiver, or its only element."""

_KEYED = frozenset({"get", "pop", "setdefault"})
_WRAPPERS = frozenset({"str", "int", "float", "repr", "list", "tuple", "set", "sorted", "Path"})
_MAPPING = frozenset({"map", "filter"})
"""Functions that go over their last argument."""


def hint_of(facts: PythonFacts, index: int) -> str:
    """The last name of an expression; an element by a computed place or a number goes by the name of the whole.

    What only takes a part, such as `.iloc[0]` or `.item()`, has no name of its own.
    """
    is_part = False
    for _ in range(MAX_WRAPPED):
        expr = facts.exprs[index]
        if expr[0] == "name":
            return str(expr[1])
        if expr[0] == "attr" and expr[2] not in _ACCESSORS:
            return str(expr[2])
        if expr[0] == "item" and (key := _key(facts, expr[2])):
            return key
        if expr[0] in ("attr", "item", "await", "star"):
            index, is_part = expr[1], is_part or expr[0] in ("attr", "item")
        elif expr[:2] == ("other", "format"):
            index = expr[2][0]
        elif expr[0] == "call":
            index, name = _inside(facts, expr, is_part=is_part)
            if name:
                return name
        else:
            break
    return UNNAMED


def _key(facts: PythonFacts, index: int) -> str:
    """The text that an element is taken by, also behind a row: `frame.loc[0, "name"]`; empty for any other key."""
    key: Expr = facts.exprs[index] if index != NONE else ("none",)
    if key[0] == "tuple" and key[1]:
        key = facts.exprs[key[1][-1]]
    return str(key[1]) if key[0] == "const" and isinstance(key[1], str) else ""


def _inside(facts: PythonFacts, expr: Expr, *, is_part: bool) -> tuple[int, str]:
    """What the result of a call, or a part of it, is named for: an expression inside it, or a name."""
    call = facts.calls[expr[1]]
    function = facts.exprs[call.function]
    if function[0] == "attr":
        if function[2] in _TAKING and not call.arguments:
            return function[1], ""
        if function[2] in _KEYED and call.arguments:
            return NONE, _key(facts, call.arguments[0]) or UNNAMED
        if is_part:
            return function[1], ""
    elif function[0] == "name" and not call.keywords:
        if function[1] in _WRAPPERS and len(call.arguments) == 1:
            return call.arguments[0], ""
        if function[1] in _MAPPING and len(call.arguments) == 2:
            return call.arguments[1], ""
    return NONE, UNNAMED


def hints_of(facts: PythonFacts, indices: Sequence[int]) -> list[str]:
    """The names of the parts of one text; elements of one list are told apart by their places."""
    hints = [hint_of(facts, index) for index in indices]
    named = [hint for hint in hints if hint != UNNAMED]
    if len(set(named)) == len(named):
        return hints
    return [
        f"{hint}{_place(facts, index)}" if hints.count(hint) > 1 else hint
        for hint, index in zip(hints, indices, strict=True)
    ]


def _place(facts: PythonFacts, index: int) -> str:
    """`[0]` for an element that is taken by a written number; empty for any other expression."""
    expr = facts.exprs[index]
    if expr[:2] == ("other", "format"):
        expr = facts.exprs[expr[2][0]]
    key = facts.exprs[expr[2]] if expr[0] == "item" and expr[2] != NONE else ("none", None)
    return f"[{key[1]}]" if key[0] == "const" and type(key[1]) is int else ""


def piece_name(facts: PythonFacts, index: int, otherwise: str = "part") -> str:
    """What the hole of a part of a path is called: a name like one of a program, so that it reads as no wildcard."""
    found = hint_of(facts, index)
    return found if found.isidentifier() and not found.startswith("__") else otherwise


def result_name(facts: PythonFacts, number: int) -> str:
    """What the text is called that a method makes of an unknown one: what is joined, or the name it is kept under.

    A text that has neither goes by the text it is made of and the method.
    """
    call = facts.calls[number]
    function = facts.exprs[call.function]
    own = _joined(facts, call.arguments[0]) if function[2] == "join" and call.arguments else UNNAMED
    if own == UNNAMED:
        assigned = (one for one in facts.definitions if one.kind == "assign" and not one.path and one.value != NONE)
        own = next((one.name for one in assigned if facts.exprs[one.value] == ("call", number)), UNNAMED)
    if own != UNNAMED:
        return own
    whole = hint_of(facts, function[1])
    return str(function[2]) if whole == UNNAMED else f"{whole}.{function[2]}"


def _joined(facts: PythonFacts, index: int) -> str:
    """The name of what is joined, also behind a comprehension over it."""
    expr = facts.exprs[index]
    return hint_of(facts, expr[4][0]) if expr[0] == "comp" and expr[4] else hint_of(facts, index)
