"""Reads SQL: which tables each statement reads and writes, and whether it asks for a point in time.

sqlglot parses, imported on first use. Jinja tags become identifiers of equal length first, so that dbt models parse:
`{{ ref('x') }}` is the table `ref:x`, `{{ source('a', 'b') }}` is `source:a.b`, and a table named by another tag keeps
the tag's text as a part that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mltradeoff_lint.model.facts import Reading, Sql, Statement, TableUse
from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import Positions, UndecodableError, decode, marked_comments
from mltradeoff_lint.readers.templates import has_tags, spaces, tags

DIALECTS = ("", "bigquery", "snowflake", "postgres", "spark", "tsql")
"""Tried in this order; the first that parses every statement wins, else the one that fails least."""
MAX_NESTING = 100
"""Deepest nesting of brackets that is handed to the parser, which is recursive."""
MAX_SIZE = 400_000
"""Longest text that is parsed, in characters."""
MAX_TOKENS = 40_000
"""Most words and signs of a text that is parsed: up to six dialects take some 10 microseconds each for one."""

_DBT = re.compile(
    r"\{\{-?\s*(ref|source)\s*\(\s*['\"]([^'\"]+)['\"]\s*(?:,\s*['\"]([^'\"]+)['\"]\s*)?(?:,[^)]*)?\)\s*-?\}\}"
)
_SILENT = re.compile(r"\{\{-?\s*(?:config|log|print|return|exceptions|snapshot|test)\b")
_TOKEN = re.compile(r"\w+|'[^']*'|--[^\r\n]*|[^\w\s]")
_PLACEHOLDER = re.compile(r"_j\d+_")
_REFERENCE = re.compile(r"\b(?:from|join)\s+(_j\d+_)", re.IGNORECASE)
_RUN = re.compile(r"(?:\b(?:not|case|when)\b\s*|[-~+]\s+){60}", re.IGNORECASE)


class _Text(NamedTuple):
    """A text whose tags are replaced, and what each placeholder stands for."""

    sql: str
    names: Mapping[str, str]


class _Parsed(NamedTuple):
    """The statements of a text in one dialect; a tree is None where the parser failed."""

    dialect: str
    trees: Sequence[Any]
    bounds: Sequence[tuple[int, int]]

    @property
    def failures(self) -> int:
        """How many statements the parser failed at."""
        return sum(tree is None for tree in self.trees)

    @property
    def rank(self) -> tuple[int, int]:
        """Failures, then statements that the parser only passes over (sqlglot's `Command`); less is better."""
        return self.failures, sum(tree is not None and tree.key == "command" for tree in self.trees)


def read(data: bytes | str, path: str) -> Reading:
    """Read the statements of a SQL text.

    Statements that no dialect parses are one PARTIAL problem (TEMPLATE when the text holds tags); of these only the
    `ref` and `source` tags behind FROM and JOIN are kept. Table names are qualified as written.
    """
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    comments = marked_comments(text, "--")
    is_too_long = len(text) > MAX_SIZE or sum(1 for _ in _TOKEN.finditer(text)) > MAX_TOKENS
    if is_too_long or _is_too_deep(text):
        words = "not read: too long" if is_too_long else "not read: nested too deeply"
        return Reading(None, comments=comments, problems=(Problem.of_file(ProblemKind.SKIPPED, path, words),))
    shown, parsed = _best(text)
    positions = Positions(text)
    statements = tuple(_statements(shown, parsed, positions))
    return Reading(Sql(statements), (), comments, tuple(_problems(text, path, parsed, positions)))


def _best(text: str) -> tuple[_Text, _Parsed]:
    shown = _replaced(text, keep_values=True)
    parsed = _parse(shown.sql)
    if parsed.failures and shown.names:
        other = _replaced(text, keep_values=False)
        again = _parse(other.sql)
        if again.rank < parsed.rank:
            return other, again
    return shown, parsed


def _replaced(text: str, keep_values: bool) -> _Text:
    """Replace the tags; without `keep_values` only `ref` and `source` stay, for tags that are no expression."""
    pieces, names, done = [], dict[str, str](), 0
    for start, end in tags(text):
        tag = text[start:end]
        name = _name(tag, keep_values)
        filler = spaces(tag)
        if name and (place := _room(filler, len(names))):
            left, right = place
            placeholder = f"_j{len(names):0{right - left - 3}d}_"
            names[placeholder] = name
            filler = filler[:left] + placeholder + filler[right:]
        pieces += [text[done:start], filler]
        done = end
    return _Text("".join([*pieces, text[done:]]), names)


def _name(tag: str, keep_values: bool) -> str:
    """What a tag stands for as a table name; empty when it stands for nothing."""
    if found := _DBT.fullmatch(tag):
        return f"{found[1]}:{found[2]}.{found[3]}" if found[3] else f"{found[1]}:{found[2]}"
    return tag if keep_values and tag.startswith("{{") and not _SILENT.match(tag) else ""


def _room(filler: str, index: int) -> tuple[int, int] | None:
    """The first line of a tag that is long enough for the placeholder of an index."""
    for line in re.finditer(r" +", filler):
        if line.end() - line.start() >= 3 + len(str(index)):
            return line.span()
    return None


def _is_too_deep(text: str) -> bool:
    depth = 0
    for sign in re.finditer(r"[()\[\]{}]", text):
        depth += 1 if sign[0] in "([{" else -1
        if depth > MAX_NESTING:
            return True
        depth = max(depth, 0)
    return _RUN.search(text) is not None


def _parse(sql: str) -> _Parsed:
    import logging

    logger = logging.getLogger("sqlglot")
    was_disabled, logger.disabled = logger.disabled, True
    try:
        best: _Parsed | None = None
        for dialect in DIALECTS:
            parsed = _parse_as(sql, dialect)
            if best is None or parsed.rank < best.rank:
                best = parsed
            if best.rank == (0, 0):
                break
        assert best is not None
        return best
    finally:
        logger.disabled = was_disabled


def _parse_as(sql: str, dialect: str) -> _Parsed:
    from sqlglot import ErrorLevel
    from sqlglot.dialects.dialect import Dialect
    from sqlglot.errors import SqlglotError

    language = Dialect.get_or_raise(dialect)
    try:
        tokens = language.tokenize(sql)
    except (SqlglotError, RecursionError, ValueError):
        return _Parsed(dialect, (None,), ((0, len(sql)),))
    trees, bounds = [], []
    for chunk in _chunks(tokens):
        bounds.append((chunk[0].start, chunk[-1].end + 1))
        try:
            trees.append(language.parser(error_level=ErrorLevel.IMMEDIATE).parse(chunk, sql)[0])
        except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, KeyError, IndexError):
            trees.append(None)
    return _Parsed(dialect, trees, bounds)


def _chunks(tokens: Sequence[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for token in tokens:
        if token.token_type.name == "SEMICOLON":
            if chunk:
                yield chunk
            chunk = []
        else:
            chunk.append(token)
    if chunk:
        yield chunk


def _statements(shown: _Text, parsed: _Parsed, positions: Positions) -> Iterator[Statement]:
    for tree, (start, end) in zip(parsed.trees, parsed.bounds, strict=True):
        span = positions.span(start, end)
        if tree is None:
            uses = tuple(_references(shown, start, end, positions))
            if uses:
                yield Statement(uses, "", span)
            continue
        uses = tuple(sorted(_uses(tree, shown, span, positions), key=lambda use: use.span))
        yield Statement(uses, _time_travel(tree, parsed.dialect), span)


def _references(shown: _Text, start: int, end: int, positions: Positions) -> Iterator[TableUse]:
    for found in _REFERENCE.finditer(shown.sql, start, end):
        name = shown.names.get(found[1], "")
        if name.startswith(("ref:", "source:")):
            yield TableUse(name, "reads", positions.span(*found.span(1)))


def _uses(tree: Any, shown: _Text, whole: Span, positions: Positions) -> Iterator[TableUse]:
    from sqlglot import exp

    local = {cte.alias for cte in tree.find_all(exp.CTE)}
    written, ignored = _targets(tree)
    for table in tree.find_all(exp.Table):
        if id(table) in ignored or (table.name in local and not table.db and id(table) not in written):
            continue
        name = _table_name(table)
        if name:
            name = _PLACEHOLDER.sub(lambda found: shown.names.get(found[0], found[0]), name)
            yield TableUse(name, "writes" if id(table) in written else "reads", _place(table, whole, positions))


def _targets(tree: Any) -> tuple[set[int], set[int]]:
    """The ids of the tables that are written, and of those that are neither read nor written."""
    from sqlglot import exp

    written, ignored = set[int](), set[int]()
    for node in tree.find_all(exp.Insert, exp.Merge, exp.Update, exp.Delete, exp.Into, exp.Create, exp.Copy):
        target = _table_of(node.this)
        if target is None or (isinstance(node, exp.Copy) and not node.args.get("kind")):
            continue
        is_data = not isinstance(node, exp.Create) or node.kind in ("TABLE", "VIEW")
        (written if is_data else ignored).add(id(target))
    for node in tree.find_all(
        exp.Drop, exp.Alter, exp.TruncateTable, exp.Reference, exp.Grant, exp.Comment, exp.Describe
    ):
        ignored |= {id(table) for table in node.find_all(exp.Table)}
    return written, ignored


def _table_of(node: Any) -> Any:
    from sqlglot import exp

    node = node.this if isinstance(node, exp.Schema) else node
    return node if isinstance(node, exp.Table) else None


def _table_name(table: Any) -> str:
    """The name as written; the path for `read_parquet('path')` and its kin; empty for other functions."""
    from sqlglot import exp

    if isinstance(table.this, exp.Func):
        function = table.this
        name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
        first = next(iter(function.expressions or [function.this]), None)
        is_read = name.lower().startswith("read_") and isinstance(first, exp.Literal) and first.is_string
        return str(first.this) if is_read and isinstance(first, exp.Literal) else ""
    if not all(isinstance(part, exp.Identifier) for part in table.parts):
        return ""
    return ".".join(part.name for part in table.parts)


def _place(table: Any, whole: Span, positions: Positions) -> Span:
    metas = [part.meta for part in table.parts if "start" in part.meta]
    if not metas:
        return whole
    return positions.span(min(meta["start"] for meta in metas), max(meta["end"] for meta in metas) + 1)


def _time_travel(tree: Any, dialect: str) -> str:
    from sqlglot import exp

    clauses = (node.sql(dialect=dialect) for node in tree.find_all(exp.Version, exp.HistoricalData))
    return "; ".join(dict.fromkeys(clauses))


def _problems(text: str, path: str, parsed: _Parsed, positions: Positions) -> Iterator[Problem]:
    if not parsed.failures:
        return
    first = next(bound for tree, bound in zip(parsed.trees, parsed.bounds, strict=True) if tree is None)
    is_template = has_tags(text)
    words = f"{parsed.failures} of {len(parsed.trees)} SQL statements could not be read"
    words += ": a template makes them" if is_template else ""
    kind = ProblemKind.TEMPLATE if is_template else ProblemKind.PARTIAL
    yield Problem.of_file(kind, path, words, positions.span(*first))
