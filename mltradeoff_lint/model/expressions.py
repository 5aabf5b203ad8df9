"""The shape of the expressions of the facts: the parts each is written with, and the name it goes by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltradeoff_lint.model.facts import Definition, Expr, PythonFacts

BOUND = frozenset({"assign", "augment", "loop", "enter", "item", "attribute", "match", "except"})
"""Kinds of definitions that keep the value of an expression."""


def parts(facts: PythonFacts, expr: Expr) -> Sequence[int]:
    """The expressions that stand directly in an expression, in source order of their kind; NONE for an absent one.

    The kinds are those of the table in `facts`. A name, a constant and a lambda have no parts.
    """
    kind = expr[0]
    if kind == "call":
        call = facts.calls[expr[1]]
        return (call.function, *call.arguments, *(value for _, value in call.keywords))
    if kind in ("attr", "await", "star", "yield", "yieldfrom"):
        return (expr[1],)
    if kind == "item":
        return expr[1:3]
    if kind in ("binop", "unary"):
        return expr[2:]
    if kind in ("ifexp", "slice"):
        return expr[1:4]
    if kind in ("boolop", "compare", "other"):
        return tuple(expr[2])
    if kind in ("fstring", "tuple", "list", "set"):
        return tuple(expr[1])
    if kind == "dict":
        return tuple(one for pair in expr[1] for one in pair)
    return (*expr[2:4], *expr[4], *expr[5]) if kind == "comp" else ()


def last_name(expr: Expr) -> str:
    """`f` of `f` and of `module.f`; empty for an expression of another kind."""
    return str(expr[1] if expr[0] == "name" else expr[2] if expr[0] == "attr" else "")


def dotted(facts: PythonFacts, index: int) -> str:
    """The path of a name, or of an attribute of one, as written; empty for any other expression."""
    names: list[str] = []
    expr = facts.exprs[index]
    while expr[0] == "attr":
        names.append(str(expr[2]))
        expr = facts.exprs[expr[1]]
    return ".".join((str(expr[1]), *reversed(names))) if expr[0] == "name" else ""


def is_whole(definition: Definition) -> bool:
    """Whether a name is bound to all of a value, and not to a part that unpacking takes of it."""
    return all(isinstance(step, tuple) and step[0] == "annotation" for step in definition.path)


def heads_and_results(facts: PythonFacts) -> Iterator[int]:
    """The expressions of functions and classes that stand in no other: decorators, defaults, bases, results."""
    for scope in facts.scopes:
        yield from scope.decorators
        yield from (one.value for one in (*scope.returns, *scope.yields))
        yield from (one.default for one in scope.parameters)
    for one in facts.classes:
        yield from (*one.bases, *one.decorators, *(value for _, value in one.keywords))
