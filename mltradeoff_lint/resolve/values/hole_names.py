"""What a hole of a text is called after: the name, attribute or key that the expression in its place reads."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, PythonFacts

UNNAMED = "?"
"""The name of a hole whose expression has none."""


def hint_of(facts: PythonFacts, index: int) -> str:
    """The last name of an expression; an element by a computed place or a number goes by the name of the whole."""
    expr = facts.exprs[index]
    if expr[0] == "name":
        return str(expr[1])
    if expr[0] == "attr":
        return str(expr[2])
    if expr[0] == "item":
        key = facts.exprs[expr[2]] if expr[2] != NONE else ("none",)
        is_key = key[0] == "const" and isinstance(key[1], str)
        return str(key[1]) if is_key else hint_of(facts, expr[1])
    if expr[0] in ("await", "star"):
        return hint_of(facts, expr[1])
    return hint_of(facts, expr[2][0]) if expr[:2] == ("other", "format") else UNNAMED


def piece_name(facts: PythonFacts, index: int) -> str:
    """What the hole of a part of a path is called: a name like one of a program, so that it reads as no wildcard."""
    found = hint_of(facts, index)
    return found if found.isidentifier() and not found.startswith("__") else "part"
