"""Names that change together: the targets of one loop, and a name that stands twice in one text.

`for name, file in FILES.items()` gives pairs, so `f"{name}/{file}"` is one text a pair and not one of every name with
every file. The same holds for `f"{stage}/{stage}.csv"`, for a text that is put into another beside a name it is made
of, and for a comprehension, whose element belongs to its key.
Where a set of values would mix what never meets, the expression is looked at once for each row, with its names bound.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Mapping as Bound
from functools import partial

from mltradeoff_lint.model.expressions import parts
from mltradeoff_lint.model.facts import NONE, Expr, PythonFacts
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.calls.hanging import versions_of
from mltradeoff_lint.resolve.domain import (
    MAX_ENTRIES,
    TOO_MANY,
    Frame,
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
from mltradeoff_lint.resolve.values import strings, texts
from mltradeoff_lint.resolve.values.bindings import Bindings
from mltradeoff_lint.resolve.values.expressions import Expressions
from mltradeoff_lint.resolve.values.hole_names import hints_of, piece_name
from mltradeoff_lint.resolve.values.loop_rows import MAX_ROWS, Group, Row, group_of, rows_of, rows_of_group
from mltradeoff_lint.resolve.values.narrowing import NOTHING_LEFT

MAX_STEPS = 2
"""Names that are followed one behind the other to the names that their texts are made of."""

MAX_PARTS = 60
"""Parts of one expression that are looked through for names."""

_APART = frozenset({"compare", "comp", "slice", "yield", "yieldfrom"})
"""Kinds of expressions whose names are no part of the text they stand in."""

Deciders = Callable[[tuple[int, ...]], Sequence[tuple[int, ...]]]
"""What names choose among the versions of one, by their own versions."""

_JOINS = frozenset({"os.path.join", "posixpath.join", "pathlib.Path", "pathlib.PurePosixPath"})


class Rowwise(Expressions):
    """Evaluates expressions, row by row where their names change together."""

    def __init__(self, resolver: Resolver, bindings: Bindings) -> None:
        super().__init__(resolver, bindings)
        self._kinds["comp"] = self._comprehended
        self._together = bindings.narrowing.together
        for kind in ("binop", "fstring", "call"):
            self._kinds[kind] = self._row_by_row

    def _row_by_row(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> Values:
        """What an expression is that may make a text of several parts."""
        found = self._whole(path, facts, expr, frame)
        if len(found) < 2 or not _is_text(found) or not self._puts_together(path, facts, expr, frame):
            return found
        if expr[0] == "call" and not self._is_of_library(path, facts, expr, frame):
            return found
        frames = self._together.frames(path, parts(facts, expr), frame)
        if not frames:
            return self._in_rows(path, facts, expr, frame, found) or found
        wholes = ((one, self._whole(path, facts, expr, one)) for one in frames)
        return union(*(self._in_rows(path, facts, expr, one, whole) for one, whole in wholes)) or found

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
        ways = [_InRow(self._resolver, self._bindings, row) for row in rows]
        texts_of_rows = [way.of(path, facts, expr, frame) for way in ways]
        return union(*(text for way, text in zip(ways, texts_of_rows, strict=True) if not way.is_stopped)) or found

    def _is_of_library(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> bool:
        """Whether a call is one of a library: what a function of the repository gives is looked at by its frames."""
        functions = self._values(path, facts.calls[expr[1]].function, frame)
        return all(isinstance(one, Library) for one in functions)

    # -- names of one text

    def _puts_together(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> bool:
        """Whether an expression mixes several values of several parts in one text, so that some may never meet."""
        if expr[0] in ("binop", "fstring"):
            given = [self._values(path, one, frame) for one in parts(facts, expr)]
            return sum(len(one) > 1 for one in given) > 1 or any(isinstance(v, Items) for one in given for v in one)
        if expr[0] != "call":
            return False
        function = facts.calls[expr[1]].function
        if facts.exprs[function][0] == "attr" and facts.exprs[function][2] in texts.JOINING:
            return True
        return any(isinstance(one, Library) and one.path in _JOINS for one in self._values(path, function, None))

    def _rows_of_names(self, path: str, facts: PythonFacts, expr: Expr, frame: Frame | None) -> list[Row] | None:
        """The combinations of rows in which an expression is to be looked at; None when no names change together."""
        deciders = _deciders(self._bindings, path)
        loads = _loads(facts, expr, deciders)
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
            text = _text_of(facts, one)
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
            for one in _names(facts, facts.exprs[index])
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
        if not _reads(facts, expr, self._row, _deciders(self._bindings, path)):
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
        texts_of = {one: _text_of(facts, one) for one in versions}
        deciders = _deciders(self._bindings, path)
        is_made = any(one != NONE and _reads(facts, facts.exprs[one], self._row, deciders) for one in texts_of.values())
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
        given = [self.value(path, one, frame) for one in call.arguments]
        named = {key: self.value(path, one, frame) for key, one in call.keywords if key}
        if function[0] == "attr" and len(named) == len(call.keywords):
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
        return super()._call(path, facts, expr, frame)


def _crossed(sets: Sequence[Sequence[Row]]) -> Iterable[Sequence[Row]]:
    """Every row of one set with every row of the others; nothing where these are too many."""
    return itertools.product(*sets) if math.prod(map(len, sets)) <= MAX_ROWS else ()


def _deciders(bindings: Bindings, path: str) -> Deciders:
    return partial(bindings.narrowing.chosen.deciders, path)


def _loads(facts: PythonFacts, expr: Expr, deciders: Deciders) -> Counter[tuple[int, ...]]:
    """How often each name goes into a text, by its versions, also through the texts that other names hold.

    A name that itself stands there twice is one thing already, whatever it is made of. A test by which a name chooses
    the binding of another one counts too.
    """
    pending = [versions_of(facts, one) for one in _names(facts, expr)]
    loads = Counter(one for one in pending if one)
    loads.update(decider for one in tuple(loads) for decider in deciders(one))
    for _ in range(MAX_STEPS):
        found = [_text_of(facts, number) for versions in set(pending) if loads[versions] == 1 for number in versions]
        inner = [one for text in found if text != NONE for one in _names(facts, facts.exprs[text])]
        pending = [versions_of(facts, one) for one in inner]
        loads.update(one for one in pending if one)
    return loads


def _reads(facts: PythonFacts, expr: Expr, row: Row, deciders: Deciders, steps: int = MAX_STEPS) -> bool:
    """Whether a name that a row binds goes into an expression, also through the texts that other names hold."""
    for one in _names(facts, expr):
        versions = versions_of(facts, one)
        if versions in row or any(decider in row for decider in deciders(versions)):
            return True
        for number in versions if steps else ():
            text = _text_of(facts, number)
            if text != NONE and _reads(facts, facts.exprs[text], row, deciders, steps - 1):
                return True
    return False


def _text_of(facts: PythonFacts, number: int) -> int:
    """The expression that puts a text together for a version of a name, or hands another name on; else NONE."""
    definition = facts.definitions[number]
    if definition.kind != "assign" or definition.path or definition.value == NONE:
        return NONE
    expr = facts.exprs[definition.value]
    if expr[0] == "call":
        function = facts.exprs[facts.calls[expr[1]].function]
        return definition.value if function[0] == "attr" and function[2] in texts.JOINING else NONE
    return definition.value if expr[0] in ("fstring", "binop", "name") else NONE


def _names(facts: PythonFacts, expr: Expr) -> Iterator[Expr]:
    """The names that are read in an expression, functions that are called left out."""
    pending, seen = [expr], 0
    while pending and seen < MAX_PARTS:
        one = pending.pop()
        seen += 1
        if one[0] == "name":
            yield one
        elif one[0] not in _APART:
            pending += [facts.exprs[index] for index in parts(facts, one) if index != NONE]


def _is_text(values: Values) -> bool:
    return all(_is_one_text(value) for value in values)


def _is_one_text(value: Value) -> bool:
    return isinstance(value, (Literal, Template)) or value == TOO_MANY
