"""Which names a test asks about, so that what they are can differ between its branches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.expressions import dotted, last_name
from mltradeoff_lint.model.facts import NONE, PythonFacts

GIVEN = "="
"""Stands for every parameter, where a test asks about one, or compares a name or attribute with a constant.

Which calls lead to the branch is told by the test, and so what they pass for other parameters.
"""

_COMPARING = frozenset({"==", "!=", "in", "not in"})


def names_tested(facts: PythonFacts, test: int) -> tuple[str, ...]:
    """The names of which, or of a part of which, a test compares, asks a method or takes the truth, each once.

    An attribute of a name goes by its whole path: `config.llm.url`.
    """
    found: dict[str, None] = {}
    pending = [test]
    while pending:
        index = pending.pop()
        expr = facts.exprs[index] if index != NONE else ("none",)
        if expr[0] == "name":
            found |= dict.fromkeys((expr[1], *_bound_with(facts, expr[2])))
        elif expr[0] == "attr":
            path = dotted(facts, index)
            found |= {path: None} if path else {}
        elif expr[0] == "boolop":
            pending.extend(expr[2])
        elif expr[0] == "unary":
            pending.append(expr[2])
        elif expr[0] == "item":
            pending.append(expr[1])
        elif expr[0] == "compare":
            pending.extend(expr[2])
            if len(expr[1]) == 1 and expr[1][0] in _COMPARING and _is_choice(facts, *expr[2]):
                found[GIVEN] = None
        elif expr[0] == "call":
            call = facts.calls[expr[1]]
            function = facts.exprs[call.function]
            pending.extend((*call.arguments[:1], *((function[1],) if function[0] == "attr" else ())))
    if GIVEN not in found and _asks_for_given(facts, test):
        found[GIVEN] = None
    return tuple(found)


def _bound_with(facts: PythonFacts, versions: Sequence[int]) -> Iterator[str]:
    """The names that the same loop or unpacking binds, which hold other parts of the same row."""
    own = facts.definitions[versions[0]] if len(versions) == 1 else None
    if own is None or own.kind not in ("assign", "loop") or not own.path:
        return
    for step in (-1, 1):
        number = versions[0] + step
        while 0 <= number < len(facts.definitions):
            one = facts.definitions[number]
            if (one.kind, one.value, one.scope) != (own.kind, own.value, own.scope):
                break
            yield one.name
            number += step


def _asks_for_given(facts: PythonFacts, test: int) -> bool:
    """Whether a test takes the truth or the type of a parameter, or compares it: `if cut is None`, `if is_big`."""
    pending = [test]
    while pending:
        index = pending.pop()
        expr = facts.exprs[index] if index != NONE else ("none",)
        if expr[0] in ("boolop", "unary"):
            pending.extend(expr[2] if expr[0] == "boolop" else (expr[2],))
            continue
        if expr[0] == "compare":
            expr = facts.exprs[expr[2][0]]
        elif expr[0] == "call":
            call = facts.calls[expr[1]]
            is_of_type = facts.exprs[call.function][:2] == ("name", "isinstance") and call.arguments
            expr = facts.exprs[call.arguments[0]] if is_of_type else expr
        if expr[0] == "name" and expr[2] and all(facts.definitions[one].kind == "param" for one in expr[2]):
            return True
    return False


def _is_choice(facts: PythonFacts, left: int, right: int) -> bool:
    """Whether a name or attribute is compared with constants, or with names in capitals."""
    if facts.exprs[left][0] not in ("name", "attr"):
        return False
    choices = facts.exprs[right]
    words = [facts.exprs[one] for one in choices[1]] if choices[0] in ("tuple", "list", "set") else [choices]
    return all(one[0] == "const" or last_name(one).isupper() for one in words)
