"""The outcome of a test for a value: truth, `is None`, equality, membership, ends of a text, type, attributes, folder.

A test may ask about a name, about an attribute of one (`config.llm.url`), or about a part of a name by a written key
(`row["k"]`, `row.get("k")`). What a value does not tell is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as Index
from typing import NamedTuple, TypeAlias, TypeVar

from mltradeoff_lint.model.expressions import last_name
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import (
    Class,
    Function,
    Hole,
    Instance,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    is_none,
)
from mltradeoff_lint.resolve.values.attribute_tests import attribute_asked

_Word = TypeVar("_Word")

_TOUCHING = frozenset({"startswith", "endswith"})
_FILES = (
    ".avro", ".bin", ".csv", ".feather", ".gz", ".h5", ".html", ".ipynb", ".joblib", ".json", ".jsonl", ".md", ".npy",
    ".npz", ".onnx", ".orc", ".parquet", ".pdf", ".pickle", ".pkl", ".png", ".pt", ".pth", ".py", ".sql", ".sqlite",
    ".toml", ".tsv", ".txt", ".xlsx", ".xml", ".yaml", ".yml", ".zip",
)  # fmt: skip
"""Endings by which a path names a file and no folder."""

_ANY_TEXT = Literal("a text that nobody compares anything with")
"""Stands for a text that is not empty."""

Constant: TypeAlias = Callable[[int], object]
"""What an expression stands for wherever it is read; an object of its own where that is not known."""

NO_CONSTANT = object()

_KINDS = {"str": (Literal, Template), "dict": (Mapping,), "list": (Items,), "tuple": (Items,), "set": (Items,)}
_THINGS = (Class, Function, Library)
_NUMBERS = {"int": int, "float": float, "bool": bool}


class Told(NamedTuple):
    """What a test names, in the words of the object it asks about: whether that is one of a class, or has a name."""

    holds: bool | None


class Asked(NamedTuple):
    """The load of a name or attribute that a test asks about, and the key of the part of it, empty for the whole."""

    name: int
    key: str


def place(facts: PythonFacts, index: int) -> Expr | None:
    """A name with the versions that reach it, or an attribute of one: equal wherever the same thing is read.

    None for any other expression.
    """
    expr = facts.exprs[index]
    if expr[0] != "attr":
        return expr if expr[0] == "name" else None
    base = place(facts, expr[1])
    return None if base is None else ("attr", base, expr[2])


def subjects(facts: PythonFacts, test: int) -> Index[Expr, int]:
    """The places that a test asks about, each with one load of it."""
    found: dict[Expr, int] = {}
    for one in _leaves(facts, test):
        asked = _asked(facts, one)
        where = None if asked is None else place(facts, asked.name)
        if asked is not None and where is not None:
            found.setdefault(where, asked.name)
    return found


def keys_asked(facts: PythonFacts, test: int, where: Expr) -> Iterator[str]:
    """The keys of the parts of a place that a test asks about."""
    for one in _leaves(facts, test):
        asked = _asked(facts, one)
        if asked is not None and asked.key and place(facts, asked.name) == where:
            yield asked.key


def asks_for_absence(facts: PythonFacts, test: int, where: Expr, *, holds: bool) -> bool:
    """Whether a test has its outcome for what is not there, and not for a text: `if not self.url`."""
    missing = [outcome(facts, test, where, Literal(one)) for one in (None, "", False)]
    return holds in missing and outcome(facts, test, where, _ANY_TEXT) is not holds


def outcome(
    facts: PythonFacts, test: int, name: Expr, value: Value, known: Constant = lambda _: NO_CONSTANT
) -> bool | None:
    """The outcome of a test when a place is a value; None when it cannot be told from that.

    `known` tells what a name or attribute in capitals stands for, such as a member of an enumeration.
    """
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        inner = outcome(facts, expr[2], name, value, known)
        return None if inner is None else not inner
    if expr[0] == "boolop":
        outcomes = [outcome(facts, one, name, value, known) for one in expr[2]]
        decisive = expr[1] == "or"
        return decisive if decisive in outcomes else None if None in outcomes else not decisive
    asked = _asked(facts, test)
    if asked is None or place(facts, asked.name) != name:
        return None
    if not asked.key:
        return _of_leaf(facts, expr, value, known)
    found = {_of_leaf(facts, expr, part, known) for part in _parts(value, asked.key)}
    return found.pop() if len(found) == 1 else None


def _leaves(facts: PythonFacts, test: int) -> Iterator[int]:
    expr = facts.exprs[test]
    if expr[0] == "unary" and expr[1] == "not":
        yield from _leaves(facts, expr[2])
    elif expr[0] == "boolop":
        for one in expr[2]:
            yield from _leaves(facts, one)
    else:
        yield test


def _asked(facts: PythonFacts, test: int) -> Asked | None:
    expr = facts.exprs[test]
    if expr[0] == "compare" and len(expr[1]) == 1:
        left, right = expr[2]
        is_containing = expr[1][0] in ("in", "not in") and facts.exprs[left][0] == "const"
        return _part(facts, right if is_containing else left)
    if expr[0] == "call":
        call = facts.calls[expr[1]]
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] in _TOUCHING and len(call.arguments) == 1:
            return _part(facts, function[1])
        if function[0] == "attr" and function[2] in _OF_PATHS:
            return _part(facts, call.arguments[0] if call.arguments else function[1])
        if function[:2] == ("name", "isinstance") and len(call.arguments) == 2:
            return _part(facts, call.arguments[0])
        attribute = attribute_asked(facts, expr)
        if attribute is not None:
            return _part(facts, attribute.thing)
    return _part(facts, test)


def _part(facts: PythonFacts, index: int) -> Asked | None:
    expr = facts.exprs[index]
    if expr[0] in ("name", "attr"):
        return Asked(index, "")
    key = NONE
    if expr[0] == "item":
        whole, key = expr[1], expr[2]
    elif expr[0] == "call":
        call = facts.calls[expr[1]]
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] == "get" and len(call.arguments) == 1:
            whole, key = function[1], call.arguments[0]
    if key == NONE or facts.exprs[whole][0] != "name" or facts.exprs[key][0] != "const":
        return None
    written = facts.exprs[key][1]
    return Asked(whole, written) if isinstance(written, str) and written else None


def _parts(value: Value, key: str) -> tuple[Value | None, ...]:
    """What a value has under a key; None for what is not known."""
    if not isinstance(value, Mapping):
        return (None,)
    held = value.get(key)
    return held if held is not None else (None,) if value.is_open else (Literal(None),)


def _of_leaf(facts: PythonFacts, test: Expr, value: Value | None, known: Constant) -> bool | None:
    """The outcome of a test without `and`, `or` and `not` for what it asks about."""
    if value is None:
        return None
    if test[0] == "compare":
        return _compared(facts, test, value, known)
    if test[0] == "call":
        call = facts.calls[test[1]]
        function = facts.exprs[call.function]
        if function[0] == "attr" and function[2] in _OF_PATHS:
            return _OF_PATHS[function[2]](value)
        attribute = attribute_asked(facts, test)
        if attribute is not None:
            told = known(attribute.name)
            found = told.holds if isinstance(told, Told) else None
            return found if attribute.is_certain or found is False else None
        if function[0] == "name":
            return _is_instance(facts, call.arguments[1], value, known)
        if function[2] in _TOUCHING:
            words = _constants(facts, call.arguments[0], known)
            texts = None if words is None else [word for word in words if isinstance(word, str)]
            return None if not texts else _any_of(_touches(value, function[2] == "endswith"), texts)
    return _truth(value)


def _truth(value: Value) -> bool | None:
    if isinstance(value, Literal):
        return bool(value.value)
    if isinstance(value, Template):
        return True if any(isinstance(part, str) and part for part in value.parts) else None
    if isinstance(value, (Items, Mapping)) and not value.is_open:
        return bool(value.items if isinstance(value, Items) else value.entries)
    return None


def _compared(facts: PythonFacts, test: Expr, value: Value, known: Constant) -> bool | None:
    operator, (left, right) = test[1][0], test[2]
    if operator in ("in", "not in") and facts.exprs[left][0] == "const":
        found = _contains(value, facts.exprs[left][1])
    elif operator in ("in", "not in") and facts.exprs[right][0] == "const":
        found = _contains(Literal(facts.exprs[right][1]), value.value) if isinstance(value, Literal) else None
    else:
        is_thing = isinstance(value, _THINGS)
        constants = _constants(facts, right, known, is_single=operator not in ("in", "not in"), is_thing=is_thing)
        found = None if constants is None else _any_of(lambda one: _equal(value, one), constants)
    if operator not in ("==", "!=", "is", "is not", "in", "not in"):
        return None
    return found if found is None or operator in ("==", "is", "in") else not found


def _contains(value: Value, constant: object) -> bool | None:
    """Whether a text has a word in it, or a dict a key."""
    if not isinstance(constant, str):
        return None
    if isinstance(value, Mapping):
        return True if value.get(constant) is not None else None if value.is_open else False
    if isinstance(value, Literal) and isinstance(value.value, str):
        return constant in value.value
    if isinstance(value, Template) and any(isinstance(part, str) and constant in part for part in value.parts):
        return True
    return None


def _equal(value: Value, constant: object) -> bool | None:
    if isinstance(value, Literal):
        are_alike = isinstance(value.value, str) == isinstance(constant, str)
        return are_alike and (value.value is None) == (constant is None) and bool(value.value == constant)
    if isinstance(value, (Items, Mapping)):
        return False
    if isinstance(value, _THINGS):
        return _is_same(value, constant)
    if isinstance(value, Template):
        return None if isinstance(constant, str) and fits(value, constant) else False
    return None


def _is_same(value: Value, other: object) -> bool | None:
    """Whether a class or function is another one.

    A thing of a library may go by several paths, and under its name by that of a library which hands it on.
    """
    if isinstance(value, Library) and isinstance(other, Library) and not value.made and not other.made:
        paths = [one.path.split(".") for one in (value, other)]
        may_be = paths[0][0] == paths[1][0] or paths[0][-1] == paths[1][-1]
        return True if value.path == other.path else None if may_be else False
    if isinstance(value, Function) and isinstance(other, Function):
        is_plain = value.receiver is other.receiver is None and value.bound is other.bound is None
        return False if value.ref != other.ref else True if is_plain else None
    if isinstance(value, Library) or not isinstance(other, _THINGS):
        return None
    return value == other


def fits(value: Template, text: str) -> bool:
    """Whether a text can be what a template becomes, by its beginning and its end."""
    first, last = value.parts[0], value.parts[-1]
    return (isinstance(first, Hole) or text.startswith(first)) and (isinstance(last, Hole) or text.endswith(last))


def _touches(value: Value, is_end: bool) -> Callable[[str], bool | None]:
    """Whether a text begins or ends with a word."""

    def touches(word: str) -> bool | None:
        part: object = value.value if isinstance(value, Literal) else None
        if isinstance(value, Template):
            part = value.parts[-1 if is_end else 0]
        if not isinstance(part, str):
            return None
        if isinstance(value, Literal) or len(part) >= len(word):
            return part.endswith(word) if is_end else part.startswith(word)
        return None if (word.endswith(part) if is_end else word.startswith(part)) else False

    return touches


def _is_folder(value: Value) -> bool | None:
    text = value.value if isinstance(value, Literal) else value.parts[-1] if isinstance(value, Template) else None
    return False if isinstance(text, str) and text.lower().endswith(_FILES) else None


def _is_absolute(value: Value) -> bool | None:
    """Whether a path is seen from the root; a drive or a network folder of Windows is left open."""
    text = value.value if isinstance(value, Literal) else value.parts[0] if isinstance(value, Template) else None
    return text.startswith("/") if isinstance(text, str) and text and text[1:2] != ":" and text[0] != "\\" else None


_OF_PATHS = {"is_dir": _is_folder, "isdir": _is_folder, "isabs": _is_absolute, "is_absolute": _is_absolute}
"""Tests of a path that its text may decide."""


def _is_instance(facts: PythonFacts, index: int, value: Value, known: Constant) -> bool | None:
    """Whether a value is of one of the named types; a text may also be a path, which types of paths leave open."""
    types = facts.exprs[index]
    if isinstance(value, Instance):
        told = [known(one) for one in (types[1] if types[0] == "tuple" else [index])]
        return _any_of(lambda one: one.holds if isinstance(one, Told) else None, told)
    if not isinstance(value, (Literal, Template, Items, Mapping)) or is_none(value):
        return None
    names = [facts.exprs[one] for one in types[1]] if types[0] == "tuple" else [types]
    if not all(name[0] == "name" and (name[1] in _KINDS or name[1] in _NUMBERS) for name in names):
        return None
    numbers = tuple(_NUMBERS[name[1]] for name in names if name[1] in _NUMBERS)
    if isinstance(value, Literal) and not isinstance(value.value, str):
        return isinstance(value.value, numbers)
    if not any(isinstance(value, _KINDS.get(name[1], ())) for name in names):
        # what a setting writes down may be read as the number it looks like
        return None if numbers and isinstance(value, Literal) and _looks_like_number(str(value.value)) else False
    return True if isinstance(value, (Literal, Template)) else None


def _looks_like_number(text: str) -> bool:
    return text.lower() in ("true", "false") or text.lstrip("+-").replace(".", "", 1).isdigit()


def _constants(
    facts: PythonFacts, index: int, known: Constant, *, is_single: bool = False, is_thing: bool = False
) -> list[object] | None:
    """The constants that are written: one, or those of a display; None when anything else is."""
    expr = facts.exprs[index] if index != NONE else ("none",)
    is_display = not is_single and expr[0] in ("tuple", "list", "set")
    found = [_constant(facts, one, known, is_thing=is_thing) for one in (expr[1] if is_display else [index])]
    if NO_CONSTANT in found or (not is_display and not is_single and not isinstance(found[0], str)):
        return None
    return found


def _constant(facts: PythonFacts, index: int, known: Constant, *, is_thing: bool) -> object:
    """What is written, or what a name in capitals stands for; any name where classes and functions are compared."""
    expr = facts.exprs[index] if index != NONE else ("none",)
    if expr[0] == "const":
        return expr[1]
    name = last_name(expr)
    found = known(index) if name.isupper() or (is_thing and name) else NO_CONSTANT
    return found if is_thing or not isinstance(found, _THINGS) else NO_CONSTANT


def _any_of(ask: Callable[[_Word], bool | None], words: list[_Word]) -> bool | None:
    outcomes = [ask(word) for word in words]
    if True in outcomes:
        return True
    return None if None in outcomes else False
