"""What one file says, read without knowing any other file: the output of the readers.

Facts are plain tuples and named tuples of strings, numbers and None, so that a store can keep them and a
child process can send them. An expression is a tagged tuple in a per-file table and is named by its index:

| expression | meaning |
|---|---|
| `("const", value)` | a literal str, int, float, bool or None (other literals are `other`) |
| `("name", ident, definitions, scope)` | a load in a scope; the definitions there that reach it (none: look outward) |
| `("attr", e, name)` | `e.name` |
| `("item", e, index)` | `e[index]` |
| `("slice", low, high, step)` | a slice; -1 for an absent part |
| `("call", id)` | the call `calls[id]` |
| `("binop", op, left, right)` | `op` as written: `+ - * / // % ** @ & | ^ << >>` |
| `("boolop", "and"/"or", operands)` | short-circuit operators |
| `("compare", operators, operands)` | a comparison chain |
| `("unary", op, e)` | `not - + ~` |
| `("ifexp", test, then, otherwise)` | a conditional expression |
| `("fstring", parts)` | an f-string; literal parts are `const` |
| `("tuple"/"list"/"set", items)` | displays; a starred item is `("star", e)` |
| `("dict", pairs)` | `(key, value)` pairs; key -1 for `**value` |
| `("comp", kind, element, key, iterables, conditions)` | list, set, dict or generator; key -1 unless dict |
| `("lambda", scope)` | a lambda; its body is the scope's only return |
| `("await", e)`, `("yield", e)` | as written; `yield from` is `("yieldfrom", e)` |
| `("other", kind, children)` | anything else |
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.problem import Problem
from mltradeoff_lint.model.source import IDENTITY, LineMap, ParameterCells, Span

Expr: TypeAlias = tuple[Any, ...]
NONE = -1
"""The index that stands for `there is no such expression`."""


class Definition(NamedTuple):
    """One binding of a name, or one new version of it.

    A projection through unpacking has a step for each level: the place of an item, from the end behind a starred
    target, or for a starred target the bounds of what it takes, such as `"1:-1"`.

    | kind | value | path | previous |
    |---|---|---|---|
    | `assign` | right-hand side | projection through unpacking | |
    | `augment` | right-hand side | (operator,) | the versions before |
    | `loop` | iterable | projection of one element | |
    | `enter` | context manager | projection | |
    | `param` | index in the scope's parameters | | |
    | `import` | index in `imports` | | |
    | `function`, `class` | index in `scopes` / `classes` | | |
    | `phi` | | | the versions that join here |
    | `item` | value written | (key expression, projection of the value) for `x[key] = value` | the versions before |
    | | | beneath other keys (`x["a"]["b"] = value`) the key expression is `("other", "keys", keys)` | |
    | `attribute` | value written | (name, projection of the value) for `x.name = value` | the versions before |
    | `method` | the call expression `x.append(...)` | (method,) | the versions before |
    | `injected` | | | the defaults of a notebook's parameter, which whoever runs it may replace; none: it is given |
    | `except`, `match`, `global`, `delete` | exception type / subject | | |
    """

    name: str
    kind: str
    value: int
    path: tuple[Any, ...]
    previous: tuple[int, ...]
    scope: int
    region: int
    span: Span


class Import(NamedTuple):
    """One imported name: `from <dots><module> import <name> as <bound>`, or `import <module> as <bound>`.

    `name` is None for a plain import and `*` for a star import; a plain `import a.b` binds `a`.
    """

    module: str
    name: str | None
    bound: str
    level: int
    scope: int
    region: int
    span: Span


class Parameter(NamedTuple):
    """A parameter; kind is `positional`, `both`, `keyword`, `*` or `**`; -1 where there is no expression."""

    name: str
    kind: str
    default: int
    annotation: int


class Return(NamedTuple):
    """A value that leaves a function by return or yield."""

    value: int
    region: int
    span: Span


class Scope(NamedTuple):
    """A module (index 0), function, lambda or class body.

    `finals` are the definitions of each name that are live at the end of the scope; a load in an inner scope
    sees these.
    """

    kind: str
    name: str
    qualname: str
    parent: int
    owner: int
    """Index in `classes` of the class this is the body or a method of, else -1."""
    is_async: bool
    parameters: tuple[Parameter, ...]
    decorators: tuple[int, ...]
    returns: tuple[Return, ...]
    yields: tuple[Return, ...]
    annotation: int
    region: int
    span: Span
    name_span: Span
    finals: dict[str, tuple[int, ...]]
    docstring: str


class ClassFact(NamedTuple):
    """A class statement; `scope` is its body."""

    name: str
    qualname: str
    bases: tuple[int, ...]
    keywords: tuple[tuple[str | None, int], ...]
    decorators: tuple[int, ...]
    scope: int
    span: Span
    name_span: Span


class Region(NamedTuple):
    """A stretch of code that runs under one condition; dominance is an ancestor test.

    kind: `scope`, `then`, `else`, `after` (the rest of a block behind an `if` that left it), `loop`, `while`,
    `loopelse`, `try`, `except`, `tryelse`, `finally`, `with`, `case`. `test` is the condition, iterable, exception
    type, context manager or subject; `exits` says that every path through it leaves the enclosing block, of a
    function's own region that none comes to its end.
    """

    parent: int
    kind: str
    test: int
    exits: bool
    scope: int


class Call(NamedTuple):
    """A call; `arguments` may hold `star` expressions, a keyword without a name is `**value`."""

    function: int
    arguments: tuple[int, ...]
    keywords: tuple[tuple[str | None, int], ...]
    scope: int
    region: int
    span: Span
    statement: Span


class Write(NamedTuple):
    """A write to an attribute or subscript of anything, such as `self.client = ...` or `row["x"] = ...`.

    For kind `attribute`, `key` is the name; for `item` it is the index of the key expression. `path` is the
    projection of `value` through unpacking; `operator` is set for `+=` and its kin.
    """

    kind: str
    base: int
    key: Any
    value: int
    path: tuple[Any, ...]
    operator: str
    scope: int
    region: int
    span: Span


class Comment(NamedTuple):
    """A comment that holds one of the markers the reader looks for; `text` is without the `#`."""

    line: int
    column: int
    text: str


@dataclass(slots=True)
class PythonFacts:
    """The facts of a Python module or notebook; `is_databricks` is a notebook in the source form of Databricks."""

    exprs: list[Expr] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    again: list[tuple[int, int]] = field(default_factory=list)
    """Expression and a line beside its first in `lines`, in order, for what its scope holds more than once."""
    expr_scopes: list[int] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    classes: list[ClassFact] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)
    discarded: list[int] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)
    """Expressions that stand alone as statements, and items and attributes that are deleted."""
    module_all: tuple[str, ...] | None = None
    parser: str = "ast"
    is_databricks: bool = False

    def readings(self, expr: int) -> tuple[int, ...]:
        """The first lines of an expression wherever it is read: equal ones of a scope are one entry of the table."""
        start, end = (bisect_left(self.again, (one,)) for one in (expr, expr + 1))
        return (self.lines[expr], *[line for _, line in self.again[start:end]])

    def line_in(self, expr: int, inside: Span) -> int:
        """The line where an expression is read inside of what it stands in, such as a call or a return.

        Where it does not stand there it is the nearest reading before, else the first of all.
        """
        lines = self.readings(expr)
        within = [line for line in lines if inside.line <= line <= inside.end_line]
        return min(within) if within else max((line for line in lines if line < inside.line), default=min(lines))

    def first_line(self, of: Scope | ClassFact) -> int:
        """The line on which a function or class starts, decorators included."""
        above = of.span._replace(end_line=of.span.line - 1)
        return min([of.span.line, of.name_span.line, *(self.line_in(one, above) for one in of.decorators if one >= 0)])


class Instruction(NamedTuple):
    """One Dockerfile instruction with its continuation lines joined; `words` is the exec form, or one shell string.

    ENV, ARG and LABEL have one `NAME=value` per word, without quotes (`NAME` alone for an ARG without default).
    """

    keyword: str
    words: tuple[str, ...]
    is_exec: bool
    span: Span


class OwnerLine(NamedTuple):
    """One CODEOWNERS rule; a pattern without owners removes ownership."""

    pattern: str
    owners: tuple[str, ...]
    section: str
    span: Span


class Requirement(NamedTuple):
    """One required distribution; `name` is normalised (PEP 503), `specifier` as written."""

    name: str
    specifier: str
    group: str
    span: Span


class Assignment(NamedTuple):
    """`NAME=value` of an environment file or shell script; `value` None when it is not literal."""

    name: str
    value: str | None
    exported: bool
    span: Span
    text: str = ""
    """What is assigned when it is not literal, `$VAR` as written; a list keeps its round brackets."""
    is_conditional: bool = False
    """Whether it stands in a branch or a loop, so that an earlier value may still hold."""


class ShellCommand(NamedTuple):
    """One simple command of a shell script or `RUN` line; words keep `$VAR` as written, without quotes."""

    words: tuple[str, ...]
    environment: tuple[Assignment, ...]
    span: Span


class TableUse(NamedTuple):
    """A table a SQL statement uses; `mode` is `reads` or `writes`."""

    name: str
    mode: str
    span: Span


class Statement(NamedTuple):
    """One SQL statement: what it reads and writes, and its text."""

    tables: tuple[TableUse, ...]
    time_travel: str
    """The text of a FOR SYSTEM_TIME / AT / VERSION AS OF clause, or empty."""
    span: Span


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a YAML, TOML or JSON file."""

    roots: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """The instructions of a Dockerfile."""

    instructions: tuple[Instruction, ...]


@dataclass(frozen=True, slots=True)
class OwnersFile:
    """The rules of a CODEOWNERS file, in order."""

    rules: tuple[OwnerLine, ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a requirements file, pyproject or conda environment asks for."""

    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """Assignments and commands of a shell script, Makefile recipe or environment file, in order."""

    assignments: tuple[Assignment, ...]
    commands: tuple[ShellCommand, ...]


@dataclass(frozen=True, slots=True)
class Sql:
    """The statements of a SQL text."""

    statements: tuple[Statement, ...]


Content: TypeAlias = PythonFacts | Documents | Dockerfile | OwnersFile | Requirements | Shell | Sql | None


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text of another language inside a file: notebook cells, `%%writefile`, RUN lines, workflow `run:`."""

    language: str
    text: str
    lines: LineMap
    path: str = ""
    """What a `%%writefile` cell would write, as written and seen from the host's folder; empty for the host's own."""
    parameters: ParameterCells | None = None
    """The cells that set the parameters of a notebook; None for a text that tells them itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader returns for one text: its content, texts embedded in it, comments and problems."""

    content: Content
    embedded: tuple[Embedded, ...] = ()
    comments: tuple[Comment, ...] = ()
    problems: tuple[Problem, ...] = ()
    extra: tuple[Content, ...] = ()
    """Further contents of the same file, such as the requirements a pyproject.toml holds beside its tables."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """All that was read from one path: a file, or a text embedded in one (then `host` is the file)."""

    path: str
    language: str
    content: Content
    comments: tuple[Comment, ...] = ()
    lines: LineMap = IDENTITY
    host: str = ""
    digest: str = ""
    """Identity of the bytes that were read: git blob id or a hash of the content."""

    @property
    def file(self) -> str:
        """The path of the file on disk that this text stands in."""
        return self.host or self.path
