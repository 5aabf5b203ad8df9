"""Whether a name goes down a tree in a loop: `for key in keys: node = node[key]` ends at a depth that nobody knows."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Definition, PythonFacts
from mltradeoff_lint.resolve.domain import Items, Literal, Mapping, Template, Value, Values, is_none, union, unknown

_OF_TREES = (Literal, Template, Mapping, Items)


def at_any_depth(values: Values) -> Values:
    """Values without the texts, lists and dicts of a tree, of which nobody knows how deep they are looked up."""
    kept = tuple(value for value in values if not _is_of_tree(value))
    return values if len(kept) == len(values) else union(kept, unknown("a part that lies as deep as a loop goes"))


def _is_of_tree(value: Value) -> bool:
    return isinstance(value, _OF_TREES) and not is_none(value)


def is_descent(facts: PythonFacts, definition: Definition) -> bool:
    """Whether an assignment takes a part, by a key that changes, of what an earlier round of it gave."""
    if definition.kind != "assign" or definition.path:
        return False
    base = _whole(facts, definition.value)
    if base == NONE:
        return False
    name = facts.exprs[base]
    if name[:2] != ("name", definition.name):
        return False
    pending, seen = list(name[2]), set(name[2])
    while pending:
        one = facts.definitions[pending.pop()]
        if one == definition:
            return True
        if one.kind == "phi":
            pending += [each for each in one.previous if each not in seen]
            seen.update(one.previous)
    return False


def _whole(facts: PythonFacts, index: int) -> int:
    """The expression that a part is taken of, by a key that is not written out; NONE for anything else."""
    expr = facts.exprs[index]
    if expr[0] == "item":
        key = expr[2]
        whole = expr[1]
    elif expr[0] == "call":
        call = facts.calls[expr[1]]
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] == "get" and call.arguments:
            key, whole = call.arguments[0], function[1]
        elif function[:2] == ("name", "getattr") and len(call.arguments) > 1:
            key, whole = call.arguments[1], call.arguments[0]
        else:
            return NONE
    else:
        return NONE
    return NONE if key == NONE or facts.exprs[key][0] in ("const", "slice") else int(whole)
