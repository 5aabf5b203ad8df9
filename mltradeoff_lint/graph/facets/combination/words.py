"""How a sum of predictions combines them: by weights, as a mean, by ranks, as a vote, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from mltradeoff_lint.graph.facets.combination.origins import SHAPING, Origin, versions
from mltradeoff_lint.model.expressions import last_name, parts
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts

MAX_ASSIGNED = 3
"""Names that a sum is handed on to, one behind the other, before it is scaled."""

_HANDED_ON = SHAPING | {"array", "asarray", "float", "list", "int", "Series", "DataFrame"}
_CHOOSING = frozenset({"argmax", "idxmax"})
_FOLLOWED = frozenset({"item", "attr", "unary", "await", "call", "name"})


def leaves(facts: PythonFacts, index: int) -> list[int]:
    """The terms of a chain of `+`."""
    found, pending = [], [index]
    while pending:
        one = pending.pop()
        expr = facts.exprs[one]
        if expr[0] == "binop" and expr[1] == "+":
            pending += reversed(expr[2:4])
        else:
            found.append(one)
    return found


def holds(facts: PythonFacts, leaf: int, number: int) -> bool:
    """Whether a name is read that can hold a definition."""
    return any(one.number == number for index in facts.exprs[leaf][2] for one in versions(facts, index))


def of_terms(facts: PythonFacts, index: int, names: Sequence[int], origins: Sequence[Origin], is_loop: bool) -> str:
    """How a chain of `+`, or what a loop adds to the names, combines; a plain sum adds quantities."""
    if any(origin.is_ranked for origin in origins):
        return "rank mean"
    terms = [facts.exprs[leaf] for leaf in leaves(facts, index)]
    if any(term[0] == "binop" and term[1] == "*" for term in terms):
        return "weighted sum"
    if any(term[0] == "binop" and term[1] == "/" for term in terms):
        # in a loop what divides each term is their number
        return "mean" if is_loop else "weighted sum"
    return _by_use(facts, NONE if is_loop else index, names, len(origins))


def of_sum_call(facts: PythonFacts, index: int, operand: int, origins: Sequence[Origin]) -> str:
    """How `sum(...)`, `np.sum(...)` or `.sum()` of predictions combines them."""
    if any(origin.is_ranked for origin in origins):
        return "rank mean"
    expr = facts.exprs[operand]
    terms = [facts.exprs[expr[2]]] if expr[0] == "comp" else []
    terms = [facts.exprs[one] for one in expr[1]] if expr[0] in ("list", "tuple") else terms
    if any(term[0] == "binop" and term[1] == "*" for term in terms):
        return "weighted sum"
    if any(term[0] == "binop" and term[1] == "/" for term in terms):
        return "mean"
    return _by_use(facts, index, (), len(origins))


def _by_use(facts: PythonFacts, index: int, names: Sequence[int], count: int) -> str:
    """What becomes of a sum: a mean where it is divided or scaled, a vote where it is compared with a count."""
    held = _holding(facts, index, names)
    for position, expr in enumerate(facts.exprs):
        if expr[0] == "binop" and expr[1] in ("/", "*") and not held.isdisjoint(expr[2:4]):
            return "mean"
        is_chosen = expr[0] == "compare" and _is_count_compared(facts, expr, held, count)
        if is_chosen or (position in held and _is_choice(facts, expr)):
            return "vote"
    numbers = _names_of(facts, held, names)
    for definition in facts.definitions:
        if definition.kind == "augment" and definition.path[0] in ("Div", "Mult"):
            before = {one.number for previous in definition.previous for one in versions(facts, previous)}
            if not before.isdisjoint(numbers):
                return "mean"
    return "sum"


def _holding(facts: PythonFacts, index: int, names: Sequence[int]) -> set[int]:
    """The expressions that are a sum: itself, the names it is given, its parts, and it in another shape."""
    held, numbers = {index} - {NONE}, set(names)
    for _ in range(MAX_ASSIGNED):
        for position, expr in enumerate(facts.exprs):
            if expr[0] == "name" and expr[2]:
                if any(one.number in numbers for version in expr[2] for one in versions(facts, version)):
                    held.add(position)
            elif expr[0] in _FOLLOWED and _is_handed_on(facts, expr) and not held.isdisjoint(parts(facts, expr)):
                held.add(position)
        found = _names_of(facts, held, names)
        if found <= numbers:
            break
        numbers |= found
    return held


def _names_of(facts: PythonFacts, held: set[int], names: Sequence[int]) -> set[int]:
    """The definitions that give a name a sum."""
    kinds = ("assign", "item")
    return {*names, *(n for n, one in enumerate(facts.definitions) if one.kind in kinds and one.value in held)}


def _is_handed_on(facts: PythonFacts, expr: Expr) -> bool:
    """Whether an expression that a sum stands in is the sum again; the index of an item is none."""
    if expr[0] != "call":
        return True
    return last_name(facts.exprs[facts.calls[expr[1]].function]) in _HANDED_ON | _CHOOSING


def _is_choice(facts: PythonFacts, expr: Expr) -> bool:
    return expr[0] == "call" and last_name(facts.exprs[facts.calls[expr[1]].function]) in _CHOOSING


def _is_count_compared(facts: PythonFacts, expr: Expr, held: set[int], count: int) -> bool:
    """Whether votes are compared with a number of voters: `votes.sum(axis=0) >= 2`, `> len(models) / 2`."""
    sides = [one for one in parts(facts, expr) if one != NONE]
    if held.isdisjoint(sides):
        return False
    others = [facts.exprs[one] for one in sides if one not in held]
    return any(_is_number_of_voters(facts, one, count) for one in others)


def _is_number_of_voters(facts: PythonFacts, expr: Expr, count: int) -> bool:
    if expr[0] == "binop" and expr[1] in ("/", "//"):
        return _is_number_of_voters(facts, facts.exprs[expr[2]], count)
    if expr[0] == "call":
        return last_name(facts.exprs[facts.calls[expr[1]].function]) == "len"
    return expr[0] == "const" and type(expr[1]) in (int, float) and 1 <= expr[1] <= count
