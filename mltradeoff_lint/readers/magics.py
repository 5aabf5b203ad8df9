"""Masks what IPython adds to Python in a notebook cell, without moving a line.

Source: IPython "Input transformation". A masked line becomes a statement that says nothing (`pass`), an assignment from
a magic becomes one from an unknown call, and `%time CODE` becomes `CODE` with the width that was cut off its front.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Sequence
from typing import NamedTuple

PYTHON_MAGICS = frozenset({
    "time", "timeit", "capture", "prun", "memit", "lprun", "mprun", "debug", "wandb", "pyspark", "spark", "px",
    "notify", "cache", "heat", "rerun", "skip_if", "local",
})  # fmt: skip
"""Cell magics that run what stands below them as a cell of this kernel, which may begin with a magic of its own."""
SHELL_MAGICS = frozenset({"bash", "sh", "shell", "!", "system", "sx"})
SQL_MAGICS = frozenset({"sql", "bigquery", "bq", "sparksql", "dbsql"})
FILE_MAGICS = frozenset({"writefile", "file"})
FOREIGN_MAGICS = frozenset({
    "html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "R", "ai", "ruby", "perl", "cython",
    "julia", "script", "cmd", "powershell", "python2", "pypy", "skip", "configure", "fsharp", "cpp", "cu", "manim",
    "mermaid",
})  # fmt: skip
"""Cell magics whose body is another language, or does not run here."""
DATABRICKS_MAGICS = frozenset({"sql", "md", "md-sandbox", "scala", "r", "sh", "fs", "sql-sandbox"})
"""Magics of one `%` that Databricks reads as the language of their whole cell."""
MAX_CELL = 500_000
"""Longest cell that is parsed, in characters."""
MAX_LINE = 2000
"""Longest line that is looked at for more than its first sign."""

_MAGIC = re.compile(r"(\s*)(%{1,2}(?=\s?(?:pip|conda)\b|[A-Za-z_])|!{1,2})\s*(.*)", re.DOTALL)
_CELL_BREAK = "# COMMAND ----------"
_CELL_LANGUAGE = re.compile(r"%([\w-]+)")
_CELL_MAGIC = re.compile(r"\s*%%([\w!]+)\s*(.*)", re.DOTALL)
_ASSIGNED = re.compile(r"(\s*[\w.,\[\]'\" ()*]+?\s*=\s*)([%!])(?!=)\s*(.*)", re.DOTALL)
_HELP = re.compile(r"(\s*)(?:\?{1,2}\s*[\w.*%]+|[\w.\[\]'\"%*]+\s*\?{1,2})\s*;?\s*(?:#.*)?", re.DOTALL)
_TIMED = re.compile(r"(\s*%(?:time|timeit|prun|memit)\s+(?:-\w+\s*\d*\s+)*)(\S.*)", re.DOTALL)
_SET = re.compile(r"([A-Za-z_]\w*)(?:\s*=\s*|\s+)(\S.*)", re.DOTALL)
_FILLED = re.compile(r"\$([A-Za-z_]\w*)|\{\{([A-Za-z_]\w*)\}\}")
_AUTOMAGIC = re.compile(
    r"(\s*)((?:pip3?|conda|mamba)\s+(?:install|uninstall)|(?:cd|mkdir|rm|cp|mv|cat|ls)\s+[\w./~-])(?!.*[=(])"
)
_SHELL_LINES = {"pip": "pip ", "conda": "conda ", "mamba": "mamba ", "cd": "cd ", "run": "python ", "env": "export ",
                "set_env": "export ", "uv": "uv ", "system": "", "sx": "", "sh": ""}  # fmt: skip


class ShellLine(NamedTuple):
    """A line of a cell that a shell runs: its row in the cell from 0, its text, and the column that text begins at."""

    row: int
    text: str
    column: int


class Masked(NamedTuple):
    """A cell after masking."""

    lines: tuple[str, ...]
    """As many lines as the cell has, in Python."""
    shifts: tuple[int, ...]
    """For each line, how many characters were cut off its front."""
    shell: tuple[ShellLine, ...] = ()
    language: str = ""
    """The language of the whole cell below its first line when it is not Python of this kernel."""
    target: str = ""
    """The file a `%%writefile` cell writes; its language is told from this name."""
    problem: str = ""
    """What is said of a cell that was not read, or not all of it."""
    is_appended: bool = False
    """Whether the cell adds to the file it writes."""
    body: int = 0
    """The row below the magic that makes the cell another language; its own row where the text begins behind it."""
    head: int = 0
    """How many characters of that row the magic takes."""


def parses(lines: Sequence[str]) -> bool:
    """Whether the lines are Python of the running interpreter."""
    try:
        ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False
    return True


def mask(lines: Sequence[str]) -> Masked:
    """Mask the magics of one cell; a cell that is no Python even so is masked whole and says so in `problem`."""
    if sum(map(len, lines)) > MAX_CELL:
        return _nothing(lines, problem="is longer than any code: not read")
    head = _magics_in_front(lines)
    if not head:
        return _mask_cell(lines)
    masked = _mask_cell(lines[head:])
    return masked._replace(
        lines=(*("pass" if line.lstrip().startswith("%%") else line for line in lines[:head]), *masked.lines),
        shifts=(*(0,) * head, *masked.shifts),
        shell=tuple(row._replace(row=row.row + head) for row in masked.shell),
        body=masked.body + head,
    )


def _magics_in_front(lines: Sequence[str]) -> int:
    """How many rows the magics take that run the rest of a cell as a cell, with the rows above them.

    Source: IPython "Built-in magic commands", `%%capture`, `%%prun`, `%%time`, `%%timeit`.
    """
    rows = 0
    for index, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _CELL_MAGIC.fullmatch(line)
        if found is None or found[1] not in PYTHON_MAGICS:
            break
        rows = index + 1
    return rows


def _mask_cell(lines: Sequence[str]) -> Masked:
    if parses(lines):
        return Masked(tuple(lines), (0,) * len(lines))
    indent = _indent(lines)
    if indent:
        cut = _mask_cell([line.removeprefix(indent) for line in lines])
        widths = [len(indent) if line.startswith(indent) else 0 for line in lines]
        shifts = tuple(shift + width for shift, width in zip(cut.shifts, widths, strict=True))
        return cut._replace(
            shifts=shifts, shell=tuple(row._replace(column=row.column + widths[row.row]) for row in cut.shell)
        )
    first = next((i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#")), 0)
    found = _CELL_MAGIC.fullmatch(lines[first]) if lines else None
    if found is None:
        return _of_databricks(lines, first) or _mask_lines(lines)
    return _foreign(lines, found[1], found[2].strip())._replace(body=first + 1)


def _of_databricks(lines: Sequence[str], first: int) -> Masked | None:
    """A cell whose first line names its language as Databricks has it; None for a line magic with Python below.

    Elsewhere `%sql` is a magic of its own line, also without words, and the others are none.
    Source: Databricks "Develop code in notebooks", mixed languages.
    """
    found = _CELL_LANGUAGE.match(lines[first]) if lines else None
    if found is None or found[1] not in DATABRICKS_MAGICS:
        return None
    rest = lines[first][found.end() :]
    if (found[1].startswith("sql") or rest.strip()) and not _mask_lines(lines).problem:
        return None
    language = "shell" if found[1] == "sh" else "sql" if found[1].startswith("sql") else ""
    if not rest.strip():
        return _nothing(lines, language=language)._replace(body=first + 1)
    return _nothing(lines, language=language)._replace(body=first, head=found.end())


def mask_source(text: str) -> str:
    """Mask the magics in the source form of a Databricks notebook; cells that are Python stay as they are.

    A cell that is no Python even so keeps its other lines, since it may be syntax of a newer Python.
    """
    cells: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.rstrip() == _CELL_BREAK:
            cells.append([])
        cells[-1].append(line)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return "\n".join(line for cell in cells for line in _source_cell(cell))


def _source_cell(lines: Sequence[str]) -> Sequence[str]:
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    found = _CELL_LANGUAGE.match(first)
    if found and found[1] in DATABRICKS_MAGICS:
        return [""] * len(lines)
    if found and found[1] == "python":
        at = lines.index(first)
        lines = [*lines[:at], first[found.end() :].lstrip() or "pass", *lines[at + 1 :]]
    masked = mask(lines)
    if not masked.problem:
        return masked.lines
    return [f"{magic[1]}pass" if (magic := _MAGIC.fullmatch(line)) else line for line in lines]


def _indent(lines: Sequence[str]) -> str:
    """The white space before the first line that has words; IPython takes it off every line."""
    first = next((line for line in lines if line.strip()), "")
    return first[: len(first) - len(first.lstrip(" \t"))]


def _foreign(lines: Sequence[str], name: str, arguments: str) -> Masked:
    words = arguments.split()
    if name in SHELL_MAGICS or (name == "script" and words and words[-1].rsplit("/", 1)[-1] in ("bash", "sh", "zsh")):
        return _nothing(lines, language="shell")
    if name in SQL_MAGICS:
        return _nothing(lines, language="sql")
    if name in FILE_MAGICS and words:
        found = _nothing(lines, target=words[-1].strip("'\""))
        return found._replace(is_appended=bool({"-a", "--append"} & set(words[:-1])))
    return _nothing(lines, problem="" if name in FOREIGN_MAGICS else f"has a magic that is not known: %%{name[:40]}")


def _nothing(lines: Sequence[str], language: str = "", target: str = "", problem: str = "") -> Masked:
    return Masked(("",) * len(lines), (0,) * len(lines), (), language, target, problem)


def _mask_lines(lines: Sequence[str]) -> Masked:
    shown: list[str] = []
    shifts: list[int] = []
    shell: list[ShellLine] = []
    continues = is_shell = False
    for index, line in enumerate(lines):
        if continues:
            text, shift = "", 0
            if is_shell:
                shell.append(ShellLine(index, line, 0))
        else:
            text, shift, command = _mask_line(line, index)
            is_shell = command is not None
            if command is not None:
                shell.append(command)
        continues = (continues or text != line) and line.rstrip().endswith("\\") and shift == 0
        shown.append(text)
        shifts.append(shift)
    if parses(shown):
        return Masked(tuple(shown), tuple(shifts), tuple(shell))
    return _nothing(lines, problem="is not valid Python")._replace(shell=tuple(shell))


def _mask_line(line: str, index: int) -> tuple[str, int, ShellLine | None]:
    """The line in Python, how much was cut off its front, and the shell command in it."""
    if found := _MAGIC.fullmatch(line) if len(line) > MAX_LINE else None:
        return f"{found[1]}pass", 0, None
    if len(line) > MAX_LINE:
        return line, 0, None
    if timed := _TIMED.fullmatch(line):
        indent = line[: len(line) - len(line.lstrip())]
        return indent + timed[2], len(timed[1]) - len(indent), None
    if found := _MAGIC.fullmatch(line):
        code = _in_python(found[3]) if found[2] == "%" else "pass"
        return f"{found[1]}{code}", 0, _shell_line(found[2], found[3], index, found.start(3))
    if found := _ASSIGNED.fullmatch(line):
        return f"{found[1]}get_ipython().getoutput()", 0, _shell_line(found[2], found[3], index, found.start(3))
    if found := _HELP.fullmatch(line):
        return f"{found[1]}pass", 0, None
    if found := _AUTOMAGIC.match(line):
        return f"{found[1]}pass", 0, ShellLine(index, line.lstrip(), found.start(2))
    return line, 0, None


def _in_python(text: str) -> str:
    """What a line magic does in this kernel, where Python can say it: `%run` takes in names, `%env` sets a variable."""
    name, _, arguments = text.partition(" ")
    arguments = arguments.strip()
    if name == "run" and arguments:
        return f"get_ipython().run_line_magic('run', {arguments!r})"
    if name in ("env", "set_env") and (found := _SET.fullmatch(arguments)):
        value = _FILLED.sub(_hole, found[2].replace("{", "{{").replace("}", "}}"))
        return f"import os; os.environ[{found[1]!r}] = f{value!r}"
    return "pass"


def _hole(found: re.Match[str]) -> str:
    """`$name` or `{name}` of a magic as the hole of an f-string; what can be no name stays a text."""
    name = found[1] or found[2]
    return found[0] if keyword.iskeyword(name) else f"{{{name}}}"


def _shell_line(sign: str, text: str, index: int, column: int) -> ShellLine | None:
    if sign.startswith("!"):
        return ShellLine(index, text, column)
    name, _, arguments = text.partition(" ")
    if name not in _SHELL_LINES or not arguments.strip():
        return None
    if name in ("env", "set_env") and "=" not in arguments:
        variable, _, value = arguments.strip().partition(" ")
        arguments = f"{variable}={value.strip()}" if value else variable
    return ShellLine(index, _SHELL_LINES[name] + arguments.strip(), column)
