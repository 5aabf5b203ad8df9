"""Which definitions a test leaves that was asked before: `if fast: n = 1` gives no `n` under a later `if not fast`.

Two tests are the same where they ask the same of the same versions of names, so that they have one outcome. What a
definition stands under and what is known where it is read may contradict; and a branch that was taken replaces what
stands before it. Both are said only of definitions that reach a place themselves: what an earlier round of a loop
leaves comes as a phi.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from mltradeoff_lint.model.facts import NONE, Expr, Parameter, PythonFacts

_OPPOSITES = {"!=": "==", "is not": "is", "not in": "in", ">=": "<", "<=": ">"}
_ASKING = frozenset({"startswith", "endswith"})
_BRANCHES = frozenset({"then", "else"})
_LOOPS = frozenset({"loop", "while"})
_OUTWARD = frozenset({"global", "nonlocal"})
_DISPLAYS = frozenset({"tuple", "list", "set"})
_PLAIN = frozenset({"bool", "int", "float", "str"})
_PLAIN_NOTES = _PLAIN | {"None", "Optional", "Union"}
_PLAIN_RESULTS = _PLAIN | {"len", "any", "all", "isinstance", "issubclass", "hasattr", "callable"}


class Known(NamedTuple):
    """What a question is answered with by a test, and how many calls and writes stand before its branch."""

    answer: object
    calls: int
    writes: int


_NOTHING: Mapping[Hashable, Known] = {}


class Repeated:
    """Keeps what is known in each region of a module while it is read, and tells which definitions fit to that."""

    def __init__(self, facts: PythonFacts) -> None:
        self._facts = facts
        self._known: list[Mapping[Hashable, Known]] = []
        self._plain: set[int] = set()

    def enter(self, region: int) -> None:
        """Note what is known in a region that was just made."""
        one = self._facts.regions[region]
        outer = _NOTHING if one.kind == "scope" else self._known[one.parent]
        kind = self._passed_by(region) if one.kind == "after" else one.kind
        self._known.append(self._under(outer, one.test, holds=kind == "then") if kind in _BRANCHES else outer)

    def given(self, definition: int, parameter: Parameter) -> None:
        """Note a parameter; nobody changes in place what is a number or a text."""
        default = self._facts.exprs[parameter.default] if parameter.default != NONE else ("none",)
        note = self._words(parameter.annotation)
        is_filled = default[0] == "const" and default[1] is not None
        if note <= _PLAIN_NOTES if note else is_filled:
            self._plain.add(definition)

    def left(self, region: int, reaching: tuple[int, ...]) -> tuple[int, ...]:
        """The definitions that can be read in a region, of those that reach it; all of them where none would be."""
        known = self._known[region]
        if not known:
            return reaching
        fitting = tuple(one for one in reaching if not self._contradicts(one, region))
        return tuple(one for one in fitting if not self._is_replaced(one, fitting, region)) or reaching

    @contextmanager
    def under(self, region: int, test: int, *, holds: bool) -> Iterator[None]:
        """Read a part of an expression that is reached by the outcome of a test inside the expression."""
        outer = self._known[region]
        self._known[region] = self._under(outer, test, holds=holds)
        try:
            yield
        finally:
            self._known[region] = outer

    # -- what a test says

    def _under(self, outer: Mapping[Hashable, Known], test: int, *, holds: bool) -> Mapping[Hashable, Known]:
        calls, writes = len(self._facts.calls), len(self._facts.writes)
        own = {key: Known(answer, calls, writes) for key, answer in self._told(test, holds) if key not in outer}
        return {**outer, **own} if own else outer

    def _passed_by(self, after: int) -> str:
        """The branch that leads to what follows an `if`, as the other one left; empty where one of an `elif` did."""
        own = self._facts.regions[after]
        for number in range(after - 1, own.parent, -1):
            one = self._facts.regions[number]
            if one.exits and one.kind in _BRANCHES and (one.parent, one.test) == (own.parent, own.test):
                return "else" if one.kind == "then" else "then"
        return ""

    def _told(self, test: int, holds: bool) -> Iterator[tuple[Hashable, object]]:
        """What a test that holds, or fails, answers."""
        expr = self._facts.exprs[test]
        if expr[:2] == ("unary", "not"):
            yield from self._told(expr[2], not holds)
            return
        question, is_so = self._question(test)
        if question is not None:
            yield question, holds is is_so
        if expr[0] == "boolop" and (expr[1] == "and") is holds:
            for one in expr[2]:
                yield from self._told(one, holds)
        elif question is not None and expr[0] == "compare" and question[0] in ("==", "is") and holds is is_so:
            constant = self._facts.exprs[expr[2][1]]
            if constant[0] == "const":
                yield ("value", question[1][0]), constant[1]
                yield question[1][0], bool(constant[1])

    def _question(self, test: int) -> tuple[Any, bool]:
        """What a test asks, and the outcome by which that is so; None for what cannot be told to be asked again."""
        expr = self._facts.exprs[test]
        if expr[0] == "compare" and len(expr[1]) == 1:
            sides = tuple(map(self._operand, expr[2]))
            word = _OPPOSITES.get(expr[1][0], expr[1][0])
            return (None if None in sides else (word, sides)), word == expr[1][0]
        if expr[0] == "boolop":
            parts = tuple(map(self._question, expr[2]))
            return (None if any(one is None for one, _ in parts) else (expr[1], parts)), True
        if expr[:2] == ("unary", "not"):
            question, is_so = self._question(expr[2])
            return question, not is_so
        return (self._of_call(expr[1]) if expr[0] == "call" else self._place(test)), True

    def _of_call(self, number: int) -> Hashable:
        """What a call asks of a text or about a type."""
        call = self._facts.calls[number]
        function = self._facts.exprs[call.function]
        if function[0] == "attr" and function[2] in _ASKING and len(call.arguments) == 1:
            sides = self._place(function[1]), self._operand(call.arguments[0])
            return None if None in sides else (function[2], sides)
        if function[:2] == ("name", "isinstance") and len(call.arguments) == 2:
            asked, types = self._place(call.arguments[0]), self._words(call.arguments[1])
            return ("isinstance", (asked, ("const", types))) if asked is not None and types else None
        return None

    def _operand(self, index: int) -> Any:
        expr = self._facts.exprs[index]
        if expr[0] == "const":
            return "const", expr[1].__class__, expr[1]
        if expr[0] in _DISPLAYS:
            items = tuple(map(self._operand, expr[1]))
            return None if any(one is None or one[0] != "const" for one in items) else ("const", items)
        return self._place(index)

    def _place(self, index: int) -> Any:
        """A name with the versions that reach it, or an attribute of one; None for any other expression.

        Of the names of other scopes those in capitals stay what they are.
        """
        expr = self._facts.exprs[index]
        if expr[0] == "name":
            return expr[:3] if expr[2] or expr[1].isupper() else None
        base = self._place(expr[1]) if expr[0] == "attr" else None
        return None if base is None else ("attr", base, expr[2])

    def _words(self, index: int) -> frozenset[str]:
        """The names and constants that a type is written with; empty for one that is written otherwise."""
        found: set[str] = set()
        pending = [index] if index != NONE else []
        while pending:
            expr = self._facts.exprs[pending.pop()]
            if expr[0] in ("name", "const"):
                found.add(str(expr[1]))
            elif expr[0] == "attr":
                found.add(expr[2])
            elif expr[0] in _DISPLAYS:
                pending += expr[1]
            elif expr[0] == "item" or expr[:2] == ("binop", "|"):
                pending += expr[-2:]
            else:
                return frozenset()
        return frozenset(found)

    # -- what it says of definitions

    def _contradicts(self, definition: int, region: int) -> bool:
        """Whether a definition stands in a branch that was not taken where a region is reached."""
        where = self._facts.definitions[definition].region
        own, known = self._known[where], self._known[region]
        return own is not known and any(
            key in known and known[key].answer != one.answer and self._is_unchanged(key, one, where, region)
            for key, one in own.items()
        )

    def _is_replaced(self, definition: int, reaching: tuple[int, ...], region: int) -> bool:
        """Whether a branch between a definition and a region binds the name anew and is known to have been taken."""
        known = self._known[region]
        for later in reaching:
            number = self._facts.definitions[later].region
            branch = self._facts.regions[number]
            if later <= definition or branch.kind not in _BRANCHES or not self._is_inside(region, branch.parent):
                continue
            question, _ = self._question(branch.test)
            taken = self._known[number].get(question)
            is_taken = taken and question in known and known[question].answer == taken.answer
            if taken and is_taken and self._is_unchanged(question, taken, number, region):
                return True
        return False

    def _is_inside(self, region: int, outer: int) -> bool:
        while region > outer:
            region = self._facts.regions[region].parent
        return region == outer

    def _is_around(self, where: int, region: int) -> bool:
        """Whether a loop stands around a region and not around another one before it."""
        while self._facts.regions[region].kind != "scope":
            if self._facts.regions[region].kind in _LOOPS and not self._is_inside(where, region):
                return True
            region = self._facts.regions[region].parent
        return False

    # -- whether a second look finds the same

    def _is_unchanged(self, question: Any, since: Known, where: int, region: int) -> bool:
        """Whether nothing since a test changes what it looks into: no write, no call on it, none that is passed it.

        Where a loop begins on the way, what stands behind in it may have run too and is not read yet.
        """
        facts, asked = self._facts, set(_names(question))
        if any(one.kind in _OUTWARD and one.key in asked for one in facts.writes):
            return False
        names = {name[1] for name, is_whole in _looked_into(question) if not (is_whole and self._is_plain(name))}
        if not names:
            return True
        if self._is_around(where, region) or any(self._root(one.base) in names for one in facts.writes[since.writes :]):
            return False
        for call in facts.calls[since.calls :]:
            function = facts.exprs[call.function]
            if function[0] == "attr" and function[2] not in _ASKING and self._root(function[1]) in names:
                return False
            if function[0] == "name" and any(facts.definitions[one].kind == "function" for one in function[2]):
                # one that is defined beside the names sees them
                return False
            given = (*call.arguments, *(value for _, value in call.keywords))
            if any(facts.exprs[one][0] == "name" and facts.exprs[one][1] in names for one in given):
                return False
        return True

    def _root(self, index: int) -> str:
        expr = self._facts.exprs[index]
        while expr[0] == "attr":
            expr = self._facts.exprs[expr[1]]
        return str(expr[1]) if expr[0] == "name" else ""

    def _is_plain(self, name: Expr) -> bool:
        """Whether a name holds numbers and texts alone, which nobody changes in place."""
        definitions = [(one, self._facts.definitions[one]) for one in name[2]]
        return bool(definitions) and all(
            number in self._plain or (one.kind == "assign" and self._is_plain_value(one.value))
            for number, one in definitions
        )

    def _is_plain_value(self, index: int) -> bool:
        expr = self._facts.exprs[index]
        if expr[0] == "boolop":
            return all(map(self._is_plain_value, expr[2]))
        if expr[0] == "call":
            function = self._facts.exprs[self._facts.calls[expr[1]].function]
            return function[0] == "name" and function[1] in _PLAIN_RESULTS and not function[2]
        return expr[0] in ("const", "compare", "fstring") or expr[:2] == ("unary", "not")


def _names(question: Any) -> Iterator[str]:
    """The names that a question asks about."""
    if isinstance(question, tuple) and question[:1] == ("name",):
        yield question[1]
    elif isinstance(question, tuple):
        for one in question:
            yield from _names(one)


def _looked_into(question: Any) -> Iterator[tuple[Expr, bool]]:
    """The names whose contents an answer hangs on, each with whether they are asked about as a whole.

    Which constant a name is, is told by the name alone, and so are its order and the beginning and end of a text.
    """
    if question[0] == "name":
        yield question, True
    elif question[0] == "attr":
        while question[0] == "attr":
            question = question[1]
        yield question, False
    elif question[0] in ("and", "or"):
        for one, _ in question[1]:
            yield from _looked_into(one)
    elif question[0] == "value":
        yield from (one for one in _looked_into(question[1]) if not one[1])
    else:
        left, right = question[1]
        is_plain = "const" in (left[0], right[0]) and not (question[0] == "in" and left[0] == "const")
        for side in (left, right):
            yield from (one for one in _looked_into(side) if not (one[1] and is_plain)) if side[0] != "const" else ()
