"""Names that change together: the targets of one loop, and a name that stands twice in one text.

`for name, file in FILES.items()` gives pairs, so `f"{name}/{file}"` is one text a pair and not one of every name with
every file. The same holds for `f"{stage}/{stage}.csv"`, for a text that is put into another beside a name it is made
of, and for a comprehension, whose element belongs to its key.
Where a set of values would mix what never meets, the expression is looked at once for each row, with its names bound.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence, Set
from collections.abc import Mapping as Bound
from functools import partial

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.hanging import versions_of
from mltradeoff_lint.resolve.calls.passed_lines import is_by_line, may_mix, seen_in
from mltradeoff_lint.resolve.domain import (
    MAX_ENTRIES,
    MAX_VALUES,
    TOO_MANY,
    CallRef,
    Frame,
    FunctionRef,
    Items,
    Library,
    Literal,
    Mapping,
    Template,
    Value,
    Values,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects import enumerations
from mltradeoff_lint.resolve.values import displays, strings, texts
from mltradeoff_lint.resolve.values.bindings import Bindings
from mltradeoff_lint.resolve.values.expressions import Expressions
from mltradeoff_lint.resolve.values.hole_names import hints_of, piece_name
from mltradeoff_lint.resolve.values.loop_rows import MAX_ROWS, Group, Row, group_of, rows_of, rows_of_group
from mltradeoff_lint.resolve.values.narrowing import NOTHING_LEFT
from mltradeoff_lint.resolve.values.row_names import Deciders, is_joining, loads_of, names_of, reads, text_of

_JOINS = frozenset({"os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePosixPath"})


class Rowwise(Expressions):
    """Evaluates expressions, row by row where their names change together."""

    def __init__(self, resolver: Resolver, bindings: Bindings) -> None:
        super().__init__(resolver, bindings)
        self._kinds["comp"] = self._comprehended
        self._together = bindings.narrowing.together
        for kind in ("binop", "fstring", "call"):
            self._kinds[kind] = self._row_by_row
        for kind in displays.KINDS:
            self._kinds[kind] = self._displayed
        self._handed_back: dict[str, Set[Expr]] = {}

    def joined(self, path: str, exprs: Sequence[int], frame: Frame | None) -> Values:
        """The texts of some expressions one behind the other, as one text reads them: what never meets makes none."""
        return self.of(path, self._resolver.facts(path), ("fstring", tuple(exprs)), frame)

    def _row_by_row(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        """What an expression is that may make a text of several parts."""
        found = self._whole(path, facts, expr, frame)
        if expr[0] == "call" and len(found) == 1 and displays.is_record(self._resolver, found[0]):
            return self._result(path, facts, expr, frame, found)
        if len(found) < 2 or not _is_text(found) or not self._puts_together(path, facts, expr, frame):
            return found
        if expr[0] == "call" and not self._is_of_library(path, facts, expr, frame):
            return found
        frames = self._together.frames(path, parts(facts, expr), frame)
        if not frames:
            return self._in_rows(path, facts, expr, frame, found) or found
        wholes = ((one, self._whole(path, facts, expr, one)) for one in frames)
        each = ((one, self._in_rows(path, facts, expr, one, whole)) for one, whole in wholes)
        return union(*(seen_in(whole, found) if is_by_line(one) else whole for one, whole in each)) or found

    def _whole(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        """What an expression is with everything that its parts can be in one look."""
        if expr[0] == "call":
            return self._call(path, facts, expr, frame)
        return self._binop(path, facts, expr, frame) if expr[0] == "binop" else self._fstring(path, facts, expr, frame)

    def _in_rows(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None, found: Values) -> Values:
        """The texts of an expression, row by row where its names change together; `found` are those of one look."""
        if len(found) < 2 or not _is_text(found):
            return found
        rows = self._rows_of_names(path, facts, expr, frame)
        if rows is None:
            return found
        return self._of_rows(path, facts, expr, frame, rows) or found

    def _of_rows(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None, rows: Iterable[Row]) -> Values:
        """What an expression is in some rows, those left out in which the tests around it leave nothing."""
        ways = [_InRow(self._resolver, self._bindings, row) for row in rows]
        made = [way.of(path, facts, expr, frame) for way in ways]
        return union(*(one for way, one in zip(ways, made, strict=True) if not way.is_stopped))

    def _displayed(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        """A tuple or dict; one for each row where a function hands it back and its names change together."""
        found = self._list(path, facts, expr, frame) if expr[0] == "tuple" else self._dict(path, facts, expr, frame)
        return self._result(path, facts, expr, frame, found)

    def _result(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None, found: Values) -> Values:
        """What a function hands back that is made of several names; `found` is what it is in one look."""
        if expr not in self._results(path):
            return found
        held = (self._values(path, one, frame) for one in displays.held_in(facts, expr))
        if sum(len(one) > 1 and any(map(_is_one_text, one)) for one in held) < 2:
            return found
        rows = self._rows_of_names(path, facts, expr, frame) or ()
        made = self._of_rows(path, facts, expr, frame, rows) if 1 < len(rows) <= MAX_VALUES else ()
        return made if made and TOO_MANY not in made else found

    def _results(self, path: str) -> Set[Expr]:
        """The tuples, dicts and records that the functions of a module hand back."""
        found = self._handed_back.get(path)
        if found is None:
            found = self._handed_back[path] = displays.handed_back(self._resolver.facts(path))
        return found

    def _is_of_library(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> bool:
        """Whether a call is one of a library: what a function of the repository gives is looked at by its frames."""
        functions = self._values(path, facts.calls[expr[1]].function, frame)
        return all(isinstance(one, Library) for one in functions)

    # -- names of one text

    def _puts_together(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> bool:
        """Whether an expression mixes several values of several parts in one text, so that some may never meet."""
        if expr[0] in ("binop", "fstring"):
            given = [self._values(path, one, frame) for one in parts(facts, expr)]
            is_mixed = sum(len(one) > 1 for one in given) > 1 or may_mix(given)
            return is_mixed or any(isinstance(v, Items) for one in given for v in one)
        if expr[0] != "call":
            return False
        function = facts.calls[expr[1]].function
        if is_joining(facts, function):
            return True
        return any(isinstance(one, Library) and one.path in _JOINS for one in self._values(path, function, None))

    def _rows_of_names(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> list[Row] | None:
        """The combinations of rows in which an expression is to be looked at; None when no names change together."""
        deciders = _deciders(self._bindings, path)
        loads = loads_of(facts, expr, deciders)
        deciding = {one for versions in loads for one in deciders(versions)}
        groups: dict[Group, list[int]] = {}
        for versions in loads:
            groups.setdefault(group_of(facts, versions), []).append(versions[0])
        sets: list[list[Row]] = []
        for group, numbers in groups.items():
            if sum(loads[group.versions or (number,)] for number in numbers) < 2:
                continue
            if group.kind != "name" and (group.kind == "loop" or len(numbers) > 1):
                rows = rows_of_group(self._resolver, path, group, numbers, frame)
            else:
                versions = group.versions or (numbers[0],)
                rows = [{versions: (value,)} for value in self._bindings.reaching(path, versions, frame)]
            if rows is None:
                return None
            # the only value of a name still chooses among the bindings of others
            if len(rows) > 1 or any(one in deciding for row in rows for one in row):
                sets.append(rows)
        rows_of_sets: list[Row] = [{key: held for row in rows for key, held in row.items()} for rows in _crossed(sets)]
        return self._by_branches(path, loads, rows_of_sets, frame) or (rows_of_sets if sets else []) or None

    def _by_branches(
        self, path: str, loads: Iterable[tuple[int, ...]], rows: Sequence[Row], frame: Frame | None
    ) -> list[Row]:
        """The rows with the bindings that meet of names which branches bind; empty where all of them meet."""
        chosen = self._bindings.narrowing.chosen
        names = [one for one in loads if len(one) > 1 and not any(one in row for row in rows)]
        combinations = chosen.combinations(path, names) if len(names) > 1 else []
        if len(rows) * len(combinations) > MAX_ROWS:
            return []
        found: list[Row] = []
        for row, bound in itertools.product(rows, combinations):
            if all(chosen.is_read(path, versions, one, row) for versions, one in bound.items()):
                found.append(self._with_bound(path, row, bound, frame))
        return [row for row in found if all(row.values())]

    def _with_bound(self, path: str, row: Row, bound: Bound[tuple[int, ...], int], frame: Frame | None) -> Row:
        """A row in which some names have one binding each; a text is made of those that stand before it."""
        facts, made = self._resolver.facts(path), dict(row)
        for versions, one in sorted(bound.items(), key=lambda entry: entry[1]):
            text = text_of(facts, one)
            way = _InRow(self._resolver, self._bindings, made)
            held = self._bindings.held(path, one, frame) if text == NONE else way.value(path, text, frame)
            made = {**made, versions: self._bindings.narrowing.passing(path, versions, one, held, frame)}
        return made

    # -- comprehensions

    def _comprehended(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        iterables = self._values(path, expr[4][0], frame) if len(expr[4]) == 1 else ()
        iterables = enumerations.opened(self._resolver, iterables)
        targets = {
            one[2][0]
            for index in (*expr[2:4], *expr[5])
            if index != NONE
            for one in names_of(facts, facts.exprs[index])
            if len(one[2]) == 1 and facts.definitions[one[2][0]].value == expr[4][0]
        }
        rows = rows_of(self._resolver, facts, iterables, sorted(targets)) if len(iterables) == 1 else None
        if rows is None or not targets:
            return super()._comp(path, facts, expr, frame)
        is_open = bool(expr[5]) or getattr(iterables[0], "is_open", True)
        entries: list[tuple[str, Values]] = []
        items: list[Values] = []
        for row in rows:
            one = _InRow(self._resolver, self._bindings, row)
            held = one.value(path, expr[2], frame)
            if any(isinstance(value, Unknown) and value.reason == NOTHING_LEFT for value in held):
                # the tests of the comprehension leave this element out
                continue
            if expr[1] != "dict":
                items.append(held)
                continue
            keys = one.value(path, expr[3], frame)
            if not all(isinstance(key, Literal) for key in keys):
                return super()._comp(path, facts, expr, frame)
            entries += [(str(key.value), held) for key in keys if isinstance(key, Literal)]
        if expr[1] == "dict":
            return (
                Mapping(
                    tuple(entries[:MAX_ENTRIES]), is_open, union(*(held for _, held in entries) if is_open else ())
                ),
            )
        return (Items(tuple(items), is_open, is_set=expr[1] == "set"),)


class _InRow(Expressions):
    """Evaluates expressions with some names bound; what does not hang on them is answered as ever."""

    def __init__(self, resolver: Resolver, bindings: Bindings, row: Row) -> None:
        super().__init__(resolver, bindings)
        self._row = row
        self.is_stopped = False
        """Whether the tests around a place where a name is read leave nothing of this row."""

    def value(self, path: str, index: int, frame: Frame | None) -> Values:
        """What an expression is in this row."""
        facts = self._resolver.facts(path)
        expr = facts.exprs[index]
        if not reads(facts, expr, self._row, _deciders(self._bindings, path)):
            return self._resolver.values(path, index, frame)
        found = self.of(path, facts, expr, frame)
        if expr[0] != "name":
            return found
        read = self._bindings.narrowing.read(path, facts, index, found, is_row=True)
        self.is_stopped = self.is_stopped or (read != found and read == unknown(NOTHING_LEFT))
        return read

    _values = value

    def _name(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        versions = versions_of(facts, expr)
        if versions in self._row:
            return self._row[versions]
        texts_of = {one: text_of(facts, one, versions) for one in versions}
        deciders = _deciders(self._bindings, path)
        is_made = any(one != NONE and reads(facts, facts.exprs[one], self._row, deciders) for one in texts_of.values())
        is_decided = any(one in self._row for one in deciders(versions))
        if not is_made and not is_decided:
            return super()._name(path, facts, expr, frame)
        found = []
        for one, text in texts_of.items():
            if is_decided and not self._bindings.narrowing.chosen.is_read(path, versions, one, self._row):
                continue
            held = self._bindings.held(path, one, frame) if text == NONE else self.value(path, text, frame)
            passing = self._bindings.narrowing.passing
            found.append(held if len(versions) == 1 else passing(path, versions, one, held, frame))
        return union(*found)

    def _call(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        call = facts.calls[expr[1]]
        function = facts.exprs[call.function]
        in_row = self._looked_at(path, expr[1], call.scope, frame)
        if any(facts.exprs[one][0] == "star" for one in call.arguments) or any(key is None for key, _ in call.keywords):
            return super()._call(path, facts, expr, in_row)
        given = [self.value(path, one, frame) for one in call.arguments]
        named = {key: self.value(path, one, frame) for key, one in call.keywords if key}
        if function[0] == "attr":
            receiver = self.value(path, function[1], frame)
            if receiver and all(_is_text((one,)) for one in receiver):
                hints = hints_of(facts, call.arguments)
                found = texts.method(function[2], receiver, given, named, hints=hints)
                if found is not None:
                    return found
        functions = self._resolver.values(path, call.function, frame)
        if not named and given and all(isinstance(one, Library) and one.path in _JOINS for one in functions):
            names = [piece_name(facts, one) for one in call.arguments]
            return strings.join_path(list(zip(given, names, strict=True)))
        return super()._call(path, facts, expr, in_row)

    def _looked_at(self, path: str, call: int, scope: int, frame: Frame | None) -> Frame:
        """The frame in which a call passes what this row holds; a call that leads to itself stays in its first one."""
        outer = frame
        while outer is not None and outer.call != CallRef(path, call):
            outer = outer.outer
        return outer or Frame(FunctionRef(path, scope), CallRef(path, call), frame, None, tuple(self._row.items()))


def _crossed(sets: Sequence[Sequence[Row]]) -> Iterable[Sequence[Row]]:
    """Every row of one set with every row of the others; nothing where these are too many."""
    return itertools.product(*sets) if math.prod(map(len, sets)) <= MAX_ROWS else ()


def _deciders(bindings: Bindings, path: str) -> Deciders:
    return partial(bindings.narrowing.chosen.deciders, path)


def _is_text(values: Values) -> bool:
    return all(_is_one_text(value) for value in values)


def _is_one_text(value: Value) -> bool:
    return isinstance(value, (Literal, Template)) or value == TOO_MANY
