"""Functions that make a text or an object of what they are given, or give it back, where the chain of calls is long.

A chain of frames is cut where it is deep, and what is called there is looked at by all of its calls at once. A
function that makes a text (`def key(folder, name): return f"{folder}/{name}"`), checks one, or makes an object of the
repository (`def store(path): return Store(path)`) would then mix what different calls pass, although its result hangs
on nothing but the values it is given. So the frame of such a call has these values in place of the calls around it, in
the form of a row.
"""

from __future__ import annotations

from typing import NamedTuple

from mltradeoff_lint.model.facts import NONE, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    CallRef,
    Class,
    Frame,
    FunctionRef,
    Instance,
    Items,
    Literal,
    Template,
    Value,
    Values,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.texts import JOINING

MAX_STEPS = 2
"""Names that are followed one behind the other to the text that a function gives back."""

_VALUES = (Literal, Template, Instance, Class, Unknown)
"""Kinds of values that say all of themselves; a function that is passed may read names of the calls around it."""

_TEXTS = (Literal, Template)
"""What a function has to be given that only gives it back: of objects there would be too many."""


class _Taken(NamedTuple):
    """The definitions and positions of the parameters of a function, and the kinds of values that it may be given."""

    parameters: tuple[tuple[int, int], ...] = ()
    kinds: tuple[type, ...] = ()


class FlatFrames:
    """Makes frames that hold what a call passes, and no further calls."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._made: set[Frame] = set()
        self._taken: dict[FunctionRef, _Taken] = {}

    def of(self, function: FunctionRef, site: CallRef, outer: Frame) -> Frame | None:
        """The frame of a call in a deep one; None where the function makes neither text nor object of what it is given.

        There is one such frame in a chain at most, so that functions that call one another come to an end.
        """
        taken = self._taken.get(function)
        if taken is None:
            taken = self._of_text(function)
            if self._resolver.is_firm():
                self._taken[function] = taken
        if not taken.parameters or self._is_in(outer):
            return None
        inner, row = Frame(function, site, outer), list[tuple[tuple[int, ...], Values]]()
        for number, position in taken.parameters:
            given = self._resolver.parameter(function, position, inner)
            if not all(_is_whole(one, taken.kinds) for one in given):
                return None
            row.append(((number,), given))
        found = Frame(function, site, None, None, tuple(row))
        self._made.add(found)
        return found

    def _is_in(self, frame: Frame | None) -> bool:
        while frame is not None and frame not in self._made:
            frame = frame.outer
        return frame is not None

    def _of_text(self, function: FunctionRef) -> _Taken:
        """What a function takes that makes a text or object, or gives back what it is given; nothing for any other."""
        facts, scope = self._resolver.facts(function.path), self._resolver.scope(function)
        # a function inside another one reads the names of that too
        around = facts.scopes[scope.parent]
        is_inside = around.parent != NONE and around.kind != "class"
        if is_inside or any(one.kind in ("*", "**") for one in scope.parameters):
            return _Taken()
        gives_back = len(scope.parameters) == 1 and any(_is_text(facts, one.value, to="param") for one in scope.returns)
        is_text = gives_back or any(_is_text(facts, one.value) for one in scope.returns)
        if not is_text and not any(self._is_made(function, one.value) for one in (*scope.returns, *scope.yields)):
            return _Taken()
        definitions = enumerate(facts.definitions)
        own = [(n, one.value) for n, one in definitions if one.kind == "param" and one.scope == function.scope]
        return _Taken(tuple(own), _TEXTS if gives_back else _VALUES)

    def _is_made(self, function: FunctionRef, result: int) -> bool:
        """Whether a result is an object of the repository that the function makes, also of one of several classes."""
        facts = self._resolver.facts(function.path)
        expr = facts.exprs[result] if result != NONE else ("none",)
        if expr[0] != "call":
            return False
        made = self._resolver.values(function.path, facts.calls[expr[1]].function)
        return bool(made) and all(isinstance(one, Class) for one in made)


def _is_whole(value: Value, kinds: tuple[type, ...]) -> bool:
    """Whether a value says all of itself, as a list of such values does."""
    return isinstance(value, kinds) or (isinstance(value, Items) and all(isinstance(one, kinds) for one in value.every))


def _is_text(facts: PythonFacts, index: int, steps: int = MAX_STEPS, *, to: str = "text") -> bool:
    """Whether an expression puts a text together, or is a parameter, also through names that are bound between."""
    if index == NONE:
        return False
    expr = facts.exprs[index]
    if expr[0] == "name" and steps:
        bound = [facts.definitions[one] for one in expr[2]]
        return any(
            one.kind == to or (one.kind == "assign" and not one.path and _is_text(facts, one.value, steps - 1, to=to))
            for one in bound
        )
    if to != "text":
        return False
    if expr[0] == "call":
        called = facts.exprs[facts.calls[expr[1]].function]
        return called[0] == "attr" and called[2] in JOINING
    return expr[0] in ("fstring", "binop")
