"""Where the size of a text goes: into what keeps it, which is a record, or into what only decides, which is none.

A tokenizer gives the tokens of a text, which are cut and decoded; only their number tells what was used.
"""

from __future__ import annotations

import re

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import Call, Expr
from mltradeoff_lint.resolve.domain import CallRef

NO_SIZE = ""
TOKENS = "tokens"
COUNT = "true"
"""What a value is: no size, the tokens of a text or of several, or how many there are; as the catalogue writes it."""

_NUMBERS = frozenset({"int", "float", "round", "abs", "sum", "min", "max"})
"""Functions that give a size of sizes."""

_STEPS = frozenset({"range"})
"""Functions that take a size to go through something."""

_LIMIT = re.compile(r"max|limit|budget|remaining|left|space", re.IGNORECASE)
"""Names of arguments and fields that hold how much there may be, and not how much was used."""

_COMPLAINTS = ("Error", "Exception", "Warning", "TooLong")
"""Ends of the names of what is raised where a text is too long."""


def is_limit(name: str) -> bool:
    """Whether a name is that of a limit: a size that is given it only decides."""
    return _LIMIT.search(name) is not None


def size_inside(work: Workspace, path: str, expr: int, outer: Expr, size: str) -> str | None:
    """What an expression makes of a size in it; empty where it ends there, None where it is put to another use."""
    if outer[0] in ("compare", "slice") or (outer[0] == "ifexp" and outer[1] == expr):
        return NO_SIZE
    if outer[0] == "item" and outer[2] == expr:
        return NO_SIZE
    if outer[0] == "comp":
        return size if expr in outer[2:4] else NO_SIZE
    if outer[0] == "call":
        return _called(work, CallRef(path, outer[1]), expr, size)
    if size == COUNT:
        # what is left of a limit decides
        is_taken = outer[0] == "binop" and outer[1] == "-" and outer[3] == expr
        return NO_SIZE if is_taken else size if outer[0] == "unary" else None
    return size if outer[0] in ("await", "ifexp", "boolop", "item", "list", "tuple", "star") else NO_SIZE


def _called(work: Workspace, ref: CallRef, expr: int, size: str) -> str | None:
    """What a call makes of a size that it is passed, or whose method it calls."""
    call = work.resolver.call(ref)
    name = last_name(work.resolver.facts(ref.path).exprs[call.function])
    if size == TOKENS:
        return COUNT if _is_counting(work, ref.path, call, name, expr) else NO_SIZE
    if expr in call.arguments and name in _NUMBERS:
        return COUNT
    named = [keyword for keyword, value in call.keywords if keyword and value == expr]
    if named and all(is_limit(one) for one in named):
        return NO_SIZE
    is_model = any(use.meaning.kind == "model-call" for use in work.sites.at(ref))
    return NO_SIZE if is_model or name in _STEPS or name.endswith(_COMPLAINTS) else None


def _is_counting(work: Workspace, path: str, call: Call, name: str, expr: int) -> bool:
    """Whether a call gives the number of some tokens: `len(tokens)`, `map(len, batch)`."""
    if name == "len":
        return expr in call.arguments
    exprs = work.resolver.facts(path).exprs
    return name == "map" and expr in call.arguments[1:] and last_name(exprs[call.arguments[0]]) == "len"
