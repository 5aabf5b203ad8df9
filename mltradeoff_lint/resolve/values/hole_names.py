"""What a hole of a text is called after: the name, attribute or key that the expression in its place reads."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts

UNNAMED = "?"
"""The name of a hole whose expression has none."""

MAX_WRAPPED = 12
"""Calls and accessors around what names a hole."""

_ACCESSORS = frozenset({"iloc", "loc", "at", "iat", "values", "str"})
"""Attributes by which a part is taken and that say nothing of what it is."""

_TAKING = frozenset({"item", "tolist", "to_list", "squeeze", "strip", "rstrip", "lstrip", "decode", "copy"})
"""Methods without arguments that give their receiver, or its only element."""

_KEYED = frozenset({"get", "pop", "setdefault"})
_WRAPPERS = frozenset({"str", "int", "float", "repr", "list", "tuple", "set", "sorted", "Path"})
_MAPPING = frozenset({"map", "filter"})
"""Functions that go over their last argument."""


_GENERIC = frozenset(
    {"path", "name", "file", "url", "uri", "id", "value", "key", "data", "type", "parent", "stem", "suffix", "text",
     "content"}
)  # fmt: skip
"""Attributes that nearly anything has: what they are taken of says more."""

_RECEIVERS = frozenset({"self", "cls"})
"""Names that say nothing of an attribute, since all of the class are taken of them."""

MAX_NAMES = 4
"""Attributes that one name is put together of."""


_PART = "part"
"""What a slice gives, which has no name of its own."""

_CHANGING = frozenset({
    "capitalize", "casefold", "expandtabs", "format", "lower", "lstrip", "partition", "removeprefix", "removesuffix",
    "replace", "rpartition", "rsplit", "rstrip", "split", "strip", "swapcase", "title", "translate", "upper", "zfill",
})  # fmt: skip
"""Methods that make another text of a text, or pieces of it: it goes by the text and the method, as `url.replace`."""

_OF_PATHS = {"basename": "name", "dirname": "parent", "splitext": "splitext", "split": "split"}
"""What functions of `os.path` give of their path, as an attribute of it."""


class _Step(NamedTuple):
    """A name on the way from an expression to what it is a part of; one that tells nothing alone has what follows."""

    name: str
    is_telling: bool = True


def hint_of(facts: PythonFacts, index: int) -> str:
    """The last name of an expression; an element by a computed place or a number goes by the name of the whole.

    What only takes a part, such as `.iloc[0]` or `.item()`, has no name of its own. An attribute that nearly anything
    has goes by what it is taken of too, as `checkpoint.path`.
    """
    found: list[str] = []
    for step in itertools.islice(_steps(facts, index), MAX_NAMES):
        found.append(step.name)
        if step.is_telling:
            break
    return ".".join(reversed(found)) or UNNAMED


def _steps(facts: PythonFacts, index: int) -> Iterator[_Step]:
    """The names that an expression reads, its own first; the receiver of a method is none of them.

    Of what a text goes through the outermost change is told, in front of the name of the text.
    """
    found = _changed(facts, facts.exprs[index])
    change, inner = found
    for _ in range(MAX_WRAPPED):
        if not found[0]:
            break
        inner = found[1]
        found = _changed(facts, facts.exprs[inner])
    named = _read(facts, inner if change else index)
    first = next(named, None)
    if first is not None:
        if change:
            yield _Step(change, False)
        yield first
        yield from named


def _read(facts: PythonFacts, index: int) -> Iterator[_Step]:
    """The names that an expression reads, whatever changes the text on the way is left out."""
    is_part, is_own = False, True
    for _ in range(MAX_WRAPPED):
        expr = facts.exprs[index]
        if expr[0] == "name":
            if is_own or expr[1] not in _RECEIVERS:
                yield _Step(str(expr[1]))
            return
        if expr[0] == "attr" and expr[2] not in _ACCESSORS:
            yield _Step(str(expr[2]), expr[2] not in _GENERIC)
            index, is_part, is_own = expr[1], False, False
        elif expr[0] == "item" and (key := _key(facts, expr[2])):
            yield _Step(key)
            index, is_part, is_own = expr[1], False, False
        elif expr[0] in ("attr", "item", "await", "star"):
            index, is_part = expr[1], is_part or expr[0] in ("attr", "item")
        elif expr[:2] == ("other", "format"):
            index = expr[2][0]
        elif expr[0] == "call":
            index, name = _inside(facts, expr, is_part=is_part)
            if name:
                yield _Step(name)
                is_part, is_own = False, False
        else:
            return
        if index == NONE:
            return


def _changed(facts: PythonFacts, expr: Expr) -> tuple[str, int]:
    """By what a text is cut or changed, and the text; empty for an expression that is none of that."""
    if expr[0] == "item" and expr[2] != NONE and facts.exprs[expr[2]][0] == "slice":
        return _PART, expr[1]
    if expr[0] == "item":
        # one of the pieces that a call makes
        expr = facts.exprs[expr[1]]
    call = facts.calls[expr[1]] if expr[0] == "call" else None
    function = facts.exprs[call.function] if call is not None else ("none",)
    if call is None or function[0] != "attr":
        return "", NONE
    if function[2] in _OF_PATHS and call.arguments and _is_of_paths(facts, function[1]):
        return _OF_PATHS[function[2]], call.arguments[0]
    is_taking = function[2] in _TAKING and not call.arguments
    return (function[2], function[1]) if function[2] in _CHANGING and not is_taking else ("", NONE)


def _key(facts: PythonFacts, index: int) -> str:
    """The text that an element is taken by, also behind a row: `frame.loc[0, "name"]`; empty for any other key."""
    key: Expr = facts.exprs[index] if index != NONE else ("none",)
    if key[0] == "tuple" and key[1]:
        key = facts.exprs[key[1][-1]]
    return str(key[1]) if key[0] == "const" and isinstance(key[1], str) else ""


def _inside(facts: PythonFacts, expr: Expr, *, is_part: bool) -> tuple[int, str]:
    """What the result of a call, or a part of it, is named for: an expression inside it, or a name."""
    call = facts.calls[expr[1]]
    function = facts.exprs[call.function]
    if function[0] == "attr":
        if function[2] in _TAKING and not call.arguments:
            return function[1], ""
        if function[2] in _KEYED and call.arguments:
            key = _key(facts, call.arguments[0])
            return (function[1], key) if key else (NONE, "")
        if is_part:
            return (call.arguments[0] if _is_of_paths(facts, function[1]) and call.arguments else function[1]), ""
    elif function[0] == "name" and not call.keywords:
        if function[1] in _WRAPPERS and len(call.arguments) == 1:
            return call.arguments[0], ""
        if function[1] in _MAPPING and len(call.arguments) == 2:
            return call.arguments[1], ""
    return NONE, ""


def _is_of_paths(facts: PythonFacts, index: int) -> bool:
    """Whether an expression is the module `os.path`, whose functions give parts of their argument."""
    expr = facts.exprs[index]
    return expr[0] == "attr" and expr[2] == "path" and facts.exprs[expr[1]][:2] == ("name", "os")


def hints_of(facts: PythonFacts, indices: Sequence[int]) -> list[str]:
    """The names of the parts of one text; elements of one list are told apart by their places.

    Parts of one name that are taken of different things go by these too, as `train.folder` and `test.folder`.
    """
    hints = [hint_of(facts, index) for index in indices]
    named = [hint for hint in hints if hint != UNNAMED]
    if len(set(named)) == len(named):
        return hints
    placed = [
        f"{hint}{_place(facts, index)}" if hints.count(hint) > 1 else hint
        for hint, index in zip(hints, indices, strict=True)
    ]
    return [
        _apart(facts, indices, place) if placed.count(hint) > 1 and hint != UNNAMED else hint
        for place, hint in enumerate(placed)
    ]


def _apart(facts: PythonFacts, indices: Sequence[int], place: int) -> str:
    """The name of a part with as much of what it is taken of as tells it from the others that share its name."""
    ways = [tuple(step.name for step in itertools.islice(_steps(facts, one), MAX_WRAPPED)) for one in indices]
    own, least = ways[place], hint_of(facts, indices[place]).count(".") + 1
    others = [way for way in ways if way != own and way[:least] == own[:least]]
    for length in range(least, len(own) + 1):
        if not any(way[:length] == own[:length] for way in others):
            return ".".join(reversed(own[:length]))
    return ".".join(reversed(own)) if others else ".".join(reversed(own[:least]))


def hint_beside(facts: PythonFacts, left: int, right: int) -> str:
    """The name of what is added to a text; parts of the text that share it are told apart."""
    operator, parts = None, [right]
    for _ in range(MAX_WRAPPED):
        expr = facts.exprs[left]
        if expr[0] != "binop" or operator not in (None, expr[1]):
            break
        operator, left = expr[1], expr[2]
        parts.append(expr[3])
    return hints_of(facts, [*parts, left])[0]


def _place(facts: PythonFacts, index: int) -> str:
    """`[0]` for an element that is taken by a written number; empty for any other expression."""
    expr = facts.exprs[index]
    if expr[:2] == ("other", "format"):
        expr = facts.exprs[expr[2][0]]
    key = facts.exprs[expr[2]] if expr[0] == "item" and expr[2] != NONE else ("none", None)
    return f"[{key[1]}]" if key[0] == "const" and type(key[1]) is int else ""


def piece_name(facts: PythonFacts, index: int, otherwise: str = "part") -> str:
    """What the hole of a part of a path is called: a name like one of a program, so that it reads as no wildcard."""
    return as_piece(hint_of(facts, index), otherwise)


def piece_names(facts: PythonFacts, indices: Sequence[int]) -> list[str]:
    """What the holes of the parts of one path are called; two that differ have two names."""
    return [as_piece(hint) for hint in hints_of(facts, indices)]


def as_piece(hint: str, otherwise: str = "part") -> str:
    """A name as that of a part of a path: another one where it is none of a program, also behind its receiver."""
    return hint if all(map(str.isidentifier, hint.split("."))) and not hint.startswith("__") else otherwise


def result_name(facts: PythonFacts, number: int) -> str:
    """What the text is called that a method makes of an unknown one: what is joined, or the name it is kept under.

    A text that has neither goes by the text it is made of and the method.
    """
    call = facts.calls[number]
    function = facts.exprs[call.function]
    own = _joined(facts, call.arguments[0]) if function[2] == "join" and call.arguments else UNNAMED
    if own == UNNAMED:
        assigned = (one for one in facts.definitions if one.kind == "assign" and not one.path and one.value != NONE)
        own = next((one.name for one in assigned if facts.exprs[one.value] == ("call", number)), UNNAMED)
    if own != UNNAMED:
        return own
    whole = hint_of(facts, function[1])
    return str(function[2]) if whole == UNNAMED else f"{whole}.{function[2]}"


def _joined(facts: PythonFacts, index: int) -> str:
    """The name of what is joined, also behind a comprehension over it."""
    expr = facts.exprs[index]
    return hint_of(facts, expr[4][0]) if expr[0] == "comp" and expr[4] else hint_of(facts, index)
