"""What tells that `a + b` puts a text together: nothing but a side that is known to be a text does.

Of two values that are not known the sum can be a number, a list, a date or a tensor as well, so it is one open value.
In a text it is one hole, which goes by the name it is kept under, or by the names of its sides.
"""

from __future__ import annotations

import re

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Literal, Template, Value, Values, unknown

_SUM = "the sum "
"""How the reason of an open sum begins; the names of its sides follow."""

UNNAMED = "?"
MAX_STEPS = 3
"""Names and choices that are followed to what tells of a text."""

_FIELD = re.compile(r"%(?:\(\w+\))?-?(?:\.\d+)?s")
"""A field of a `%` format that may be empty: one of a text, without a width."""

_TYPES = frozenset({"str", "AnyStr", "LiteralString", "Path", "PurePath", "PurePosixPath", "PathLike"})
_OPTIONAL = frozenset({"Optional", "Annotated", "Union", "Final"})
_FUNCTIONS = frozenset({"str", "repr", "format", "input", "chr", "fspath"})
_METHODS = frozenset({
    "lower", "upper", "title", "capitalize", "casefold", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix",
    "zfill", "encode", "strftime", "isoformat", "hexdigest", "decode", "as_posix", "read_text", "format", "getcwd",
})  # fmt: skip
"""Methods and functions of the standard library that give a text, whatever they are called on."""


def is_known_text(values: Values) -> bool:
    """Whether something that a value can be is a text: one that is written, put together, or brought from outside."""
    return any(map(_is_text, values))


def _is_text(value: Value) -> bool:
    if isinstance(value, Literal):
        return isinstance(value.value, str)
    return isinstance(value, Template) or (isinstance(value, Unknown) and bool(value.source))


def is_written_as_text(facts: PythonFacts, index: int, steps: int = MAX_STEPS) -> bool:
    """Whether an expression says that it gives a text: `str(x)`, `x.strip()`, a parameter that is annotated so."""
    expr = facts.exprs[index]
    if expr[0] == "fstring":
        return True
    if expr[0] == "const":
        return isinstance(expr[1], str)
    if expr[0] == "call":
        function = facts.exprs[facts.calls[expr[1]].function]
        return last_name(function) in (_METHODS if function[0] == "attr" else _FUNCTIONS)
    if not steps:
        return False
    if expr[0] == "name":
        return any(is_bound_to_text(facts, one, steps - 1) for one in expr[2])
    parts = expr[2:4] if expr[0] == "ifexp" or expr[:2] == ("binop", "+") else ()
    parts = expr[2] if expr[0] == "boolop" else parts
    return any(is_written_as_text(facts, one, steps - 1) for one in parts)


def is_filled_text(facts: PythonFacts, index: int, steps: int = MAX_STEPS) -> bool:
    """Whether an expression is a text of which a part is written, so that it is neither empty nor nothing."""
    expr = facts.exprs[index]
    if expr[0] == "const":
        return isinstance(expr[1], str) and bool(expr[1])
    if expr[0] == "fstring":
        return any(facts.exprs[one][0] == "const" and is_filled_text(facts, one) for one in expr[1])
    if not steps:
        return False
    if expr[0] == "name":
        versions = [facts.definitions[number] for number in expr[2]]
        return bool(versions) and all(
            one.kind == "assign" and not one.path and one.value != NONE and is_filled_text(facts, one.value, steps - 1)
            for one in versions
        )
    if expr[0] == "ifexp":
        return all(is_filled_text(facts, one, steps - 1) for one in expr[2:4])
    if expr[:2] == ("binop", "%"):
        form = facts.exprs[expr[2]]
        return form[0] == "const" and isinstance(form[1], str) and bool(_FIELD.sub("", form[1]))
    return expr[:2] == ("binop", "+") and any(is_filled_text(facts, one, steps - 1) for one in expr[2:4])


def is_bound_to_text(facts: PythonFacts, number: int, steps: int = MAX_STEPS) -> bool:
    """Whether a version of a name is a text by what it is bound to, or by the annotation of a parameter."""
    one = facts.definitions[number]
    if one.kind == "param":
        return _is_type_of_text(facts, facts.scopes[one.scope].parameters[one.value].annotation)
    return one.kind == "assign" and not one.path and one.value != NONE and is_written_as_text(facts, one.value, steps)


def _is_type_of_text(facts: PythonFacts, index: int, steps: int = MAX_STEPS) -> bool:
    """Whether an annotation allows a text: `str`, `"str"`, `str | None`, `Optional[str]`, `os.PathLike[str]`."""
    expr: Expr = facts.exprs[index] if index != NONE and steps else ("none",)
    if expr[0] == "const":
        return expr[1] in _TYPES
    if expr[0] == "item":
        head = last_name(facts.exprs[expr[1]])
        return head in _TYPES or (head in _OPTIONAL and _is_type_of_text(facts, expr[2], steps - 1))
    parts = expr[2:4] if expr[:2] == ("binop", "|") else expr[1] if expr[0] == "tuple" else ()
    return last_name(expr) in _TYPES or any(_is_type_of_text(facts, one, steps - 1) for one in parts)


def open_sum(left_name: str, right_name: str) -> Values:
    """The sum of two values of which nothing tells that they are texts."""
    is_named = UNNAMED not in (left_name, right_name)
    return unknown(f"{_SUM}{left_name} + {right_name}" if is_named else f"{_SUM}of values that did not resolve")


def is_open_sum(values: Values) -> bool:
    """Whether a value can be such a sum."""
    return any(isinstance(value, Unknown) and value.reason.startswith(_SUM) for value in values)


def name_of_sum(reason: str) -> str:
    """What a hole is called that an open sum fills, by the reason that it is not known; empty for any other reason."""
    if not reason.startswith(_SUM):
        return ""
    names = reason.removeprefix(_SUM)
    return names if " + " in names else "sum"
