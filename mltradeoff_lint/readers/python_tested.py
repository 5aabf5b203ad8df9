"""Which names a test asks about, so that what they are can differ between its branches."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, PythonFacts


def names_tested(facts: PythonFacts, test: int) -> tuple[str, ...]:
    """The names of which, or of a part of which, a test compares, asks a method or takes the truth, each once."""
    found: dict[str, None] = {}
    pending = [test]
    while pending:
        index = pending.pop()
        expr = facts.exprs[index] if index != NONE else ("none",)
        if expr[0] == "name":
            found[expr[1]] = None
        elif expr[0] == "boolop":
            pending.extend(expr[2])
        elif expr[0] == "unary":
            pending.append(expr[2])
        elif expr[0] == "item":
            pending.append(expr[1])
        elif expr[0] == "compare":
            pending.extend(expr[2])
        elif expr[0] == "call":
            call = facts.calls[expr[1]]
            function = facts.exprs[call.function]
            pending.extend((*call.arguments[:1], *((function[1],) if function[0] == "attr" else ())))
    return tuple(found)
