"""The catalog as an index over access paths: canonical spellings, what calls give, and what they mean."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from mltradeoff_lint.model.catalog import Meaning, Selector

Section = Literal["calls", "decorators", "classes", "assignments", "imports"]

MAX_PATH = 160
"""A longer access path belongs to no catalogued thing and is cut."""

_TOKEN = re.compile(r"\*\*\.|\*\*|\*|[^*]+")
_ROOT = re.compile(r"[\w*]+")
_MADE_WITH = re.compile(r".*?\([^()]+\)")
_CALLS = re.compile(r"(\(\)|\[\])+$")

_METHODS = {"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "**": "__pow__", "@": "__matmul__"}
"""Source: Python reference, "Emulating numeric types"."""


class _Patterns:
    """Patterns of one table, most literal first, tried after the exact entries.

    They are kept by their first name, so that a path meets the patterns of its own library only.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[int, str, str]]] = {}
        self._of_root: dict[str, list[_Row]] = {}
        self._compiled: dict[str, re.Pattern[str]] = {}

    def add(self, pattern: str, value: str) -> None:
        root = _root(pattern)
        literal = len(pattern.replace("*", ""))
        self._rows.setdefault("" if "*" in root else root, []).append((-literal, pattern, value))
        self._of_root.clear()

    def rows(self) -> dict[str, str]:
        """Every pattern with its value."""
        return {pattern: value for rows in self._rows.values() for _, pattern, value in rows}

    def find(self, path: str) -> str | None:
        root = _root(path)
        rows = self._of_root.get(root)
        if rows is None:
            found = sorted([*self._rows.get(root, ()), *self._rows.get("", ())])
            rows = self._of_root[root] = [_row(pattern, value) for _, pattern, value in found]
        for row in rows:
            if path.startswith(row.head) and path.endswith(row.tail) and self._matches(row.pattern, path):
                return row.value
        return None

    def _matches(self, pattern: str, path: str) -> bool:
        """Whether a path matches a pattern, which is compiled when the first path has its literal ends."""
        compiled = self._compiled.get(pattern)
        if compiled is None:
            compiled = self._compiled[pattern] = _compile(pattern)
        return compiled.fullmatch(path) is not None


class _Row(NamedTuple):
    """A pattern with its value, and the literal texts with which what it matches begins and ends."""

    pattern: str
    value: str
    head: str
    tail: str


def _row(pattern: str, value: str) -> _Row:
    return _Row(pattern, value, pattern.partition("*")[0], pattern.rpartition("*")[2].removeprefix("."))


def _root(path: str) -> str:
    """The first name of a path or pattern."""
    found = _ROOT.match(path)
    return found.group() if found else ""


def _compile(pattern: str) -> re.Pattern[str]:
    parts = {"**.": r"(?:\w+\.)*", "**": r"[\w.]+", "*": r"\w*"}
    return re.compile("".join(parts.get(token, re.escape(token)) for token in _TOKEN.findall(pattern)))


class Named(NamedTuple):
    """A path by which a program calls something, and the canonical path of what it calls; both may be patterns."""

    path: str
    meant: str

    @property
    def receiver(self) -> str:
        """The path of what it is called on."""
        return _CALLS.sub("", self.path).rpartition(".")[0]


class Catalog:
    """What is known of the libraries a repository uses; every question is answered once and remembered."""

    def __init__(self) -> None:
        self._same: dict[str, str] = {}
        self._same_patterns = _Patterns()
        self._gives: dict[str, str] = {}
        self._gives_patterns = _Patterns()
        self._rows: dict[Section, dict[str, list[Meaning]]] = {}
        self._row_patterns: dict[Section, _Patterns] = {}
        self._by_argument: dict[str, Selector] = {}
        self._made_with: set[str] = set()
        self._canonical: dict[str, str] = {}
        self._called: dict[str, str] = {}
        self._meanings: dict[tuple[Section, str], tuple[Meaning, ...]] = {}
        self._named: dict[str, list[Named]] = {}
        self._name_patterns: dict[str, re.Pattern[str]] = {}
        self._by_name: dict[str, tuple[Named, ...]] = {}

    def add_same(self, other: str, canonical: str) -> None:
        """Make `other` (a path or pattern) another spelling of `canonical`."""
        self._note(other, canonical)
        if "*" in other:
            self._same_patterns.add(other, canonical)
        else:
            self._same[other] = canonical

    def add_gives(self, expression: str, result: str) -> None:
        """Say what a call (`path()`) or attribute gives; `self` is the receiver of the method."""
        # what a call gives is no name of a call, another spelling of an attribute is
        self._note(expression, None if expression.endswith("()") else result)
        if "*" in expression:
            self._gives_patterns.add(expression, result)
        else:
            self._gives[expression] = result

    def add(self, section: Section, meaning: Meaning) -> None:
        """Add one row."""
        rows = self._rows.setdefault(section, {})
        if "*" in meaning.path and meaning.path not in rows:
            self._row_patterns.setdefault(section, _Patterns()).add(meaning.path, meaning.path)
        rows.setdefault(meaning.path, []).append(meaning)
        if section in ("calls", "assignments"):
            self._note(meaning.path, meaning.path)

    def add_by_argument(self, path: str, selector: Selector) -> None:
        """Say which argument of a constructor tells what it makes: `boto3.client("s3")` gives `boto3.client(s3)`."""
        self._by_argument[path] = selector

    def _note(self, path: str, meant: str | None) -> None:
        """Remember the name by which a program can call a path, and what constructors are told apart by."""
        last = _last(path)
        if meant is not None and last != "*":
            self._named.setdefault(last, []).append(Named(path, meant))
            if "*" in last:
                self._name_patterns[last] = _compile(last)
            self._by_name.clear()
        made = _MADE_WITH.match(path)
        if made:
            self._made_with.add(made.group())

    def is_member(self, name: str) -> bool:
        """Whether a row or spelling names a call `something.name(...)` or a write to `something.name`.

        Rows for any name of a module do not count.
        """
        return bool(self.named(name))

    def named(self, name: str) -> tuple[Named, ...]:
        """The rows and spellings of `something.name`."""
        found = self._by_name.get(name)
        if found is None:
            rows = list(self._named.get(name, ()))
            for last, pattern in self._name_patterns.items():
                rows += self._named[last] if pattern.fullmatch(name) else ()
            found = self._by_name[name] = tuple(rows)
        return found

    def giving(self) -> dict[str, list[str]]:
        """Every path that another spelling or a call gives, with the expressions that do; patterns included."""
        found: dict[str, list[str]] = {}
        tables = (self._same, self._gives, self._same_patterns.rows(), self._gives_patterns.rows())
        for expression, result in (row for table in tables for row in table.items()):
            found.setdefault(_receiver(expression) if result == "self" else result, []).append(expression)
        return found

    def canonical(self, path: str) -> str:
        """The canonical spelling of an access path."""
        found = self._canonical.get(path)
        if found is None:
            found = self._same.get(path) or self._gives.get(path)
            found = found or self._same_patterns.find(path) or self._gives_patterns.find(path)
            if found == "self":
                found = _receiver(path)
            self._canonical[path] = found = path[:MAX_PATH] if found is None else found
        return found

    def imported(self, dotted: str) -> str:
        """The canonical path of a dotted import; a spelling known for a part of it counts for the rest."""
        found = self.canonical(dotted)
        if found != dotted:
            return found
        first, *rest = dotted.split(".")
        found = self.canonical(first)
        for name in rest:
            found = self.member(found, name)
        return found

    def member(self, path: str, name: str) -> str:
        """The canonical path of a member."""
        return self.canonical(f"{path}.{name}")

    def called(self, path: str) -> str:
        """The canonical path of what calling `path` gives."""
        found = self._called.get(path)
        if found is None:
            expression = f"{path}()"
            found = self._gives.get(expression) or self._same.get(expression) or self._gives_patterns.find(expression)
            if found == "self":
                found = _receiver(expression)
            self._called[path] = found = expression[:MAX_PATH] if found is None else found
        return found

    def computed(self, path: str, operator: str) -> str | None:
        """What an operator makes of an object, by the row of its method (`__add__`); the same where it stands right."""
        method = _METHODS.get(operator)
        return None if method is None else self._gives.get(f"{path}.{method}()")

    def told_by(self, path: str) -> Selector | None:
        """The argument that says what calling `path` makes; None when no argument does."""
        return self._by_argument.get(path)

    def made_with(self, path: str, word: str) -> str:
        """What calling `path` with a telling argument gives; `?` is an argument that did not resolve."""
        expression = f"{path}({word})"
        return self.canonical(expression) if expression in self._made_with else self.called(path)

    def meanings(self, section: Section, path: str) -> tuple[Meaning, ...]:
        """The rows of a section for a canonical path; an exact row beats a pattern."""
        key = (section, path)
        found = self._meanings.get(key)
        if found is None:
            rows = self._rows.get(section, {})
            name = path if path in rows else None
            if name is None and section in self._row_patterns:
                name = self._row_patterns[section].find(path)
            self._meanings[key] = found = tuple(rows[name]) if name is not None else ()
        return found

    def rows(self, section: Section) -> tuple[Meaning, ...]:
        """All rows of a section."""
        return tuple(meaning for meanings in self._rows.get(section, {}).values() for meaning in meanings)

    @property
    def roots(self) -> frozenset[str]:
        """The import roots the catalog knows: names that mean a library, not a folder of the repository."""
        paths = [*self._rows.get("calls", ()), *self._rows.get("classes", ()), *self._same, *self._gives]
        return frozenset(re.split(r"[.(*]", path, maxsplit=1)[0] for path in paths) - {"", "agents", "code", "src"}


def _last(path: str) -> str:
    """The name by which a path is read or called: its last one, behind which only calls and subscripts stand."""
    return _CALLS.sub("", path).rpartition(".")[2].partition("(")[0]


def _receiver(expression: str) -> str:
    """What the last step of an expression was taken of: `a` of `a.b`, `a[]` and `a.b()`, `a()` of `a()()`."""
    if not expression.endswith(("()", "[]")):
        return expression.rpartition(".")[0]
    inner = expression[:-2]
    return inner if expression.endswith("[]") or inner.endswith((")", "]")) else inner.rpartition(".")[0]
