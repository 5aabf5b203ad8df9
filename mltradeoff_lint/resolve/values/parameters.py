"""Which parameters a text hangs on: those that reach it through names and the building of strings."""

from __future__ import annotations

from mltradeoff_lint.model.facts import NONE, Definition, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import Library
from mltradeoff_lint.resolve.interface import Resolver

MAX_STEPS = 200
"""Expressions looked at for one text."""

_OWN = ("self", "cls")
_CONTAINERS = ("builtins.dict().", "builtins.list().", "builtins.set().")
_PARTS = frozenset({"binop", "fstring", "ifexp", "boolop", "tuple", "list", "star", "await"})


def parameters_of(resolver: Resolver, path: str, expr: int) -> tuple[int, ...]:
    """The expressions a text is put together from that load a parameter, or an attribute or item of one."""
    facts = resolver.facts(path)
    found: dict[int, None] = {}
    pending, seen = [(expr, expr)], {expr}
    while pending and len(seen) < MAX_STEPS:
        index, outermost = pending.pop()
        one = facts.exprs[index]
        if one[0] == "name":
            definitions = [facts.definitions[number] for number in one[2]]
            if any(definition.kind == "param" for definition in definitions) and one[1] not in _OWN:
                found[outermost] = None
            following = [(value, value) for value in _bound(definitions)]
        elif one[0] in ("attr", "item"):
            following = [(one[1], outermost)]
        else:
            taken = _taken(resolver, path, facts, one)
            following = [(part, part) for part in operands(resolver, path, facts, one) if part != taken]
            following += [(taken, outermost)] if taken is not None else []
        pending += [pair for pair in following if pair[0] not in seen and pair[0] != NONE]
        seen.update(part for part, _ in following)
    return tuple(found)


def _bound(definitions: list[Definition]) -> list[int]:
    return [one.value for one in definitions if one.kind in ("assign", "loop", "enter")]


def _taken(resolver: Resolver, path: str, facts: PythonFacts, expr: Expr) -> int | None:
    """The dict or list out of which a call takes a part: `settings` of `settings.get("path")`."""
    if expr[0] != "call":
        return None
    function = facts.calls[expr[1]].function
    is_taking = any(
        isinstance(value, Library) and value.path.startswith(_CONTAINERS) for value in resolver.values(path, function)
    )
    return facts.exprs[function][1] if is_taking and facts.exprs[function][0] == "attr" else None


def operands(resolver: Resolver, path: str, facts: PythonFacts, expr: Expr) -> list[int]:
    """The parts of an expression that go into its text; what a function of the repository gives is not looked into."""
    kind = expr[0]
    if kind == "call":
        call = facts.calls[expr[1]]
        functions = resolver.values(path, call.function)
        if not functions or not all(isinstance(value, Library) for value in functions):
            return []
        function = facts.exprs[call.function]
        return [*call.arguments, *([function[1]] if function[0] == "attr" else [])]
    if kind == "other":
        return list(expr[2]) if expr[1] == "format" else []
    if kind not in _PARTS:
        return []
    if kind in ("star", "await"):
        return [expr[1]]
    if kind in ("binop", "ifexp"):
        return [expr[2], expr[3]]
    return list(expr[2] if kind == "boolop" else expr[1])
