"""Rows that are joined to others for one preparation, and sliced off again before a training.

`both = pd.concat([first, second])` is followed as long as every step keeps the rows and their order.
`both[:len(first)]` then is `first`, and `both[len(first):]` is `second`. Any step that may drop, add or sort rows
leaves all of it open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.value_links import links_of
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.expressions import is_whole, last_name
from mltradeoff_lint.model.facts import NONE, Call, Expr, PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Library, known_texts

_JOINS = frozenset({"pandas.concat", "numpy.concatenate", "numpy.vstack", "numpy.row_stack"})
_JOIN_NAMES = frozenset(one.rpartition(".")[2] for one in _JOINS)

_KEEPING = frozenset(
    {"copy", "reset_index", "fillna", "astype", "replace", "rename", "to_numpy", "apply", "map", "assign", "toarray",
     "round", "clip", "abs", "interpolate", "ffill", "bfill"}
)  # fmt: skip
"""Methods of tables that give every row, in the same order."""

_KEEPING_FUNCTIONS = frozenset(
    {"builtins.list", "pandas.get_dummies", "pandas.DataFrame", "numpy.array", "numpy.asarray", "numpy.log1p",
     "numpy.log", "numpy.sqrt", "numpy.exp", "numpy.nan_to_num", "scipy.sparse.csr_matrix"}
)  # fmt: skip

_TELLING = frozenset(
    {"head", "info", "describe", "isnull", "isna", "notnull", "nunique", "value_counts", "corr", "mean", "median",
     "mode", "std", "min", "max", "sum", "skew", "unique", "count", "keys"}
)  # fmt: skip
_TELLING_FIELDS = frozenset({"shape", "columns", "dtypes", "index", "size", "ndim"})
"""What tells something of a table and is no table of its rows; a `head` that counts the first rows is one of them."""

_TELLING_FUNCTIONS = frozenset({"builtins.print", "builtins.len", "builtins.type", "IPython.display.display"})

_LATER = ("phi", "item", "attribute", "method", "augment")

MAX_PARTS = 400
"""Expressions that a joined table is followed through."""


class Join(NamedTuple):
    """Two tables that are joined, and the expressions that take one of them out again."""

    tables: tuple[int, int]
    slices: tuple[frozenset[int], frozenset[int]]


class JoinedRows:
    """The joined tables of a module of which every part that goes on is one of the two."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def of(self, path: str) -> tuple[Join, ...]:
        """The joins of a module; none of those of which something else than a slice may go on."""
        return self._work.resolver.program.ask("joined-rows", path, lambda: tuple(self._find(path)))

    def left_out(self, path: str, seen: frozenset[tuple[str, int]]) -> frozenset[tuple[str, int]]:
        """The tables that are no part of what was reached by a way back over some expressions."""
        found: set[tuple[str, int]] = set()
        for one in self.of(path):
            is_taken = [any((path, each) in seen for each in slices) for slices in one.slices]
            if is_taken.count(True) == 1:
                table = one.tables[is_taken.index(False)]
                if not self._goes_elsewhere(path, table, seen):
                    found.add((path, table))
        return frozenset(found)

    def _goes_elsewhere(self, path: str, table: int, seen: frozenset[tuple[str, int]]) -> bool:
        """Whether a table is reached in another way than as a part of the join."""
        links = links_of(self._work.resolver, path)
        parents = [one for one in links.parents.get(table, ()) if (path, one) in seen]
        return len(parents) > 1 or table in links.bound or table in links.returned or table in links.writes

    def _find(self, path: str) -> Iterator[Join]:
        facts = self._work.resolver.facts(path)
        for number, call in enumerate(facts.calls):
            if last_name(facts.exprs[call.function]) not in _JOIN_NAMES or len(call.arguments) != 1:
                continue
            items = facts.exprs[call.arguments[0]]
            tables = tuple(items[1]) if items[0] in ("list", "tuple") else ()
            is_by_rows = all(name != "axis" or facts.exprs[one] == ("const", 0) for name, one in call.keywords)
            values = self._work.resolver.values(path, call.function) if len(tables) == 2 and is_by_rows else ()
            if values and all(isinstance(one, Library) and one.path in _JOINS for one in values):
                first = _whole_table(facts, tables[0])
                slices = _Followed(self._work, path, first).run(number) if first != NONE else None
                if slices is not None:
                    yield Join((tables[0], tables[1]), slices)


class _Followed:
    """A joined table on its way through a module."""

    def __init__(self, work: Workspace, path: str, first: int) -> None:
        self._work, self._path, self._links, self._first = work, path, links_of(work.resolver, path), first
        self._facts = work.resolver.facts(path)
        self._slices: tuple[set[int], set[int]] = (set(), set())
        self._names: set[str] = set()
        self._is_lost = False

    def run(self, number: int) -> tuple[frozenset[int], frozenset[int]] | None:
        """The slices that give the first table and the second; None where something else may go on."""
        pending = [self._links.calls[number]]
        for at in pending:
            for one in (*self._named(at), *self._inside(at)):
                if one not in pending:
                    pending.append(one)
            if self._is_lost or len(pending) > MAX_PARTS:
                return None
        return frozenset(self._slices[0]), frozenset(self._slices[1])

    def _lose(self) -> tuple[int, ...]:
        self._is_lost = True
        return ()

    def _named(self, at: int) -> Iterator[int]:
        # a column that is made of the table is written into the table
        bases = [self._facts.exprs[one.base] for one in self._links.writes.get(at, ())]
        is_kept = any(one[0] != "name" or one[1] not in self._names for one in bases)
        if is_kept or at in self._links.returned or at in self._links.tested:
            self._is_lost = True
        for index in self._links.bound.get(at, ()):
            one = self._facts.definitions[index]
            if one.kind == "item" and one.name in self._names:
                continue
            reads = self._links.reads(index, _LATER) if one.kind == "assign" and is_whole(one) else None
            if reads is None or self._links.is_read_inside(one):
                self._is_lost = True
            self._names.add(one.name)
            yield from reads or ()

    def _inside(self, at: int) -> Iterator[int]:
        for parent in self._links.parents.get(at, ()):
            one = self._facts.exprs[parent]
            if one[0] == "attr":
                yield from self._attribute(parent, one[2])
            elif one[0] == "call":
                yield from self._argument(CallRef(self._path, one[1]), parent)
            elif one[0] == "item" and one[1] == at:
                yield from self._item(parent, one)
            elif one[0] in ("binop", "unary"):
                yield parent
            elif one[0] != "compare":
                self._lose()

    def _attribute(self, parent: int, name: str) -> tuple[int, ...]:
        if parent not in self._links.callees:
            return () if name in _TELLING_FIELDS else self._lose() if name == "loc" else (parent,)
        number = self._links.callees[parent]
        call, expr = self._facts.calls[number], self._links.calls[number]
        if name == "head" and len(call.arguments) == 1 and self._is_count(call.arguments[0]):
            self._slices[0].add(expr)
            return ()
        if name in _TELLING:
            return ()
        is_columns = name == "drop" and _is_of_columns(self._facts, call)
        first = self._facts.exprs[call.arguments[0]] if call.arguments else ("none",)
        is_reshaped = name == "reshape" and first[0] == "unary" and self._facts.exprs[first[2]] == ("const", 1)
        return (expr,) if is_columns or is_reshaped or name in _KEEPING else self._lose()

    def _argument(self, ref: CallRef, parent: int) -> tuple[int, ...]:
        call = self._facts.calls[ref.call]
        values = self._work.resolver.values(self._path, call.function)
        paths = {one.path for one in values if isinstance(one, Library)} if values else set()
        if len(paths) != len(values) or not paths:
            return self._lose()
        if paths <= _TELLING_FUNCTIONS:
            return ()
        is_prepared = all(one.startswith("sklearn.preprocessing.") for one in paths)
        if is_prepared and last_name(self._facts.exprs[call.function]) in ("fit", "transform", "fit_transform"):
            return (parent,)
        return (parent,) if paths <= _KEEPING_FUNCTIONS else self._lose()

    def _item(self, parent: int, expr: Expr) -> tuple[int, ...]:
        key = self._facts.exprs[expr[2]] if expr[2] != NONE else ("none",)
        if key[0] == "tuple" and key[1]:
            key = self._facts.exprs[key[1][0]]
            if key[0] != "slice":
                return self._lose()
        if key[0] == "slice":
            return self._slice(parent, key)
        texts = [self._facts.exprs[one] for one in key[1]] if key[0] == "list" else [key]
        if all(one[0] == "const" and isinstance(one[1], str) for one in texts):
            return (parent,)
        values = self._work.resolver.values(self._path, expr[2])
        return (parent,) if values and len(known_texts(values)) == len(values) else self._lose()

    def _slice(self, parent: int, bounds: Expr) -> tuple[int, ...]:
        low, high, step = bounds[1:4]
        if step != NONE:
            return self._lose()
        if low == NONE and high == NONE:
            return (parent,)
        if (low == NONE) == (high == NONE) or not self._is_count(high if low == NONE else low):
            return self._lose()
        self._slices[0 if low == NONE else 1].add(parent)
        return ()

    def _is_count(self, index: int) -> bool:
        """Whether a number is that of the rows of the first table, as it is when it is joined."""
        expr = self._facts.exprs[index]
        if expr[0] == "name" and len(expr[2]) == 1:
            one = self._facts.definitions[expr[2][0]]
            is_plain = one.kind == "assign" and not one.path and one.value != NONE
            return is_plain and self._facts.exprs[one.value][0] != "name" and self._is_count(one.value)
        if expr[0] == "call":
            call = self._facts.calls[expr[1]]
            is_len = self._facts.exprs[call.function][:2] == ("name", "len") and not call.keywords
            return is_len and call.arguments == (self._first,)
        base = self._facts.exprs[expr[1]] if expr[0] == "item" else ("none",)
        is_first = expr[0] == "item" and expr[2] != NONE and self._facts.exprs[expr[2]] == ("const", 0)
        return is_first and base[0] == "attr" and base[2] == "shape" and base[1] == self._first


def _whole_table(facts: PythonFacts, index: int) -> int:
    """The name of a table that an expression gives all rows of; NONE for any other expression."""
    expr = facts.exprs[index]
    if expr[0] == "name":
        return index
    if expr[0] == "item" and expr[2] != NONE:
        key = facts.exprs[expr[2]]
        is_columns = key[0] == "list" and all(facts.exprs[one][0] == "const" for one in key[1])
        return _whole_table(facts, expr[1]) if is_columns else NONE
    if expr[0] == "call":
        call = facts.calls[expr[1]]
        function = facts.exprs[call.function]
        name = function[2] if function[0] == "attr" else ""
        is_whole = name == "copy" or (name == "drop" and _is_of_columns(facts, call))
        return _whole_table(facts, function[1]) if is_whole else NONE
    return NONE


def _is_of_columns(facts: PythonFacts, call: Call) -> bool:
    """Whether a call of `drop` is told that it names columns."""
    axes = [one for name, one in call.keywords if name == "axis"] or list(call.arguments[1:2])
    is_told = any(facts.exprs[one] in (("const", 1), ("const", "columns")) for one in axes)
    names = {name for name, _ in call.keywords}
    return "index" not in names and ("columns" in names or is_told)
