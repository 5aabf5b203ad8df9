"""Expressions in short, as they are written."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, PythonFacts

MAX_TEXT = 60
"""Characters of an expression that are shown."""


def written(facts: PythonFacts, index: int, depth: int = 0) -> str:
    """The expression in short, as it would be written."""
    if index == NONE or depth > 6:
        return "..."
    expr = facts.exprs[index]
    kind = expr[0]
    if kind == "const":
        text = repr(expr[1])
    elif kind == "name":
        text = str(expr[1])
    elif kind == "attr":
        inner = written(facts, expr[1], depth + 1)
        text = f"({inner}).{expr[2]}" if facts.exprs[expr[1]][0] == "binop" else f"{inner}.{expr[2]}"
    elif kind == "item":
        text = f"{written(facts, expr[1], depth + 1)}[{written(facts, expr[2], depth + 1)}]"
    elif kind == "call":
        text = f"{written(facts, facts.calls[expr[1]].function, depth + 1)}(...)"
    elif kind == "await":
        text = f"await {written(facts, expr[1], depth + 1)}"
    elif kind == "binop":
        text = f"{written(facts, expr[2], depth + 1)} {expr[1]} {written(facts, expr[3], depth + 1)}"
    else:
        text = str({"fstring": "f'...'", "dict": "{...}", "list": "[...]", "tuple": "(...)"}.get(kind, kind))
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 3]}..."
