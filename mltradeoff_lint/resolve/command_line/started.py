"""Command lines that Python code starts: `subprocess.run([...])`, `os.system(...)`, operators of orchestrators.

The words are read from the syntax of the argument alone, so that collecting them asks for no value that a command
line might decide. An expression inside a word is kept as a mark and resolved when the word is wanted.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command
from mltradeoff_lint.model.facts import NONE, Call, Expr, PythonFacts
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.domain import CallRef, Library, Template, known_texts
from mltradeoff_lint.resolve.folders import is_test
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.notebooks.provided import PROVIDED
from mltradeoff_lint.resolve.selectors import pick
from mltradeoff_lint.resolve.values.paths import inside_repository

MAX_DEPTH = 6
"""Names and operators that are followed to the text of a command."""

OPEN = "\ue001"
CLOSE = "\ue002"
"""Signs of the private use area around the number of an expression."""

_GROWS = frozenset({"append", "extend"})


def mark(number: int) -> str:
    """What stands for an expression inside a word."""
    return f"{OPEN}{number}{CLOSE}"


class StartedCommand(NamedTuple):
    """A command that Python starts; a word may hold `mark(n)` for the expression `exprs[n]`."""

    command: Command
    exprs: tuple[tuple[str, int], ...]


class Started:
    """Collects the commands that the code of a repository starts."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        rows = [row for row in resolver.program.catalog.rows("calls") if row.kind == "command"]
        self._names = frozenset(row.path.rpartition(".")[2] for row in rows)

    def commands(self) -> Iterator[StartedCommand]:
        """Every command whose words can be read, in path and source order; tests are left out."""
        for path in self._resolver.program.python_paths():
            if not is_test(path):
                facts = self._resolver.facts(path)
                for number, call in enumerate(facts.calls):
                    expr = facts.exprs[call.function]
                    may_start = expr[0] == "name" or (expr[0] == "attr" and expr[2] in self._names)
                    if may_start and _imported_name(facts, expr) in self._names:
                        yield from self._call(facts, CallRef(path, number), call)

    def _call(self, facts: PythonFacts, ref: CallRef, call: Call) -> Iterator[StartedCommand]:
        for value in self._resolver.values(ref.path, call.function):
            meanings = self._resolver.program.meanings("calls", value.path) if isinstance(value, Library) else ()
            for meaning in (one for one in meanings if one.kind == "command"):
                words = _Words(ref.path, facts)
                picked = {
                    name: [pick(facts, ref, selector) for selector in meaning.selectors(name)]
                    for name in ("words", "folder", "inputs", "options", "parameters")
                }
                if meaning.literal("program"):
                    yield from self._notebook(ref, meaning.literal("program"), picked)
                    continue
                found = words.joined(*(picked[name] for name in ("words", "inputs", "options")))
                folder = next((str(facts.exprs[one][1]) for one in picked["folder"] if _is_text(facts, one)), "")
                folder = self._folder(ref.path, folder) if folder else ""
                job = facts.scopes[call.scope].qualname
                for plain in self._programs(found, words.exprs):
                    command = Command(plain, Site(ref.path, call.span), "python", job, cwd=folder)
                    yield StartedCommand(command, tuple(words.exprs))

    def _notebook(self, ref: CallRef, program: str, picked: Mapping[str, Sequence[int]]) -> Iterator[StartedCommand]:
        """A program that a call runs by itself, for each name of what it is to run, with a dict of parameters."""
        exprs = tuple((ref.path, expr) for expr in picked["parameters"] if expr != NONE)
        given = tuple(word for number in range(len(exprs)) for word in ("-y", mark(number)))
        call = self._resolver.call(ref)
        job = self._resolver.facts(ref.path).scopes[call.scope].qualname
        for name in (name for expr in picked["words"] for name in self._names_of(ref.path, expr)):
            yield StartedCommand(Command((program, name, *given), Site(ref.path, call.span), "python", job), exprs)

    def _names_of(self, path: str, expr: int) -> Iterator[str]:
        """The texts of an expression; of one that begins with what is not known, the end that is."""
        for value in self._resolver.values(path, expr) if expr != NONE else ():
            yield from known_texts((value,))
            if isinstance(value, Template) and isinstance(value.parts[-1], str):
                inside = inside_repository(value.text)
                yield inside if inside is not None else f"/{value.parts[-1].lstrip('/')}"

    def _folder(self, path: str, folder: str) -> str:
        """A working directory from the root: below the folder of the code that names it, else as written."""
        beside = from_folder(posixpath.dirname(path), folder) or ""
        is_there = any(one.startswith(f"{beside}/") for one in self._resolver.program.python_paths())
        return beside if is_there else from_folder("", folder) or ""

    def _programs(self, words: Sequence[str], exprs: Sequence[tuple[str, int]]) -> Iterator[tuple[str, ...]]:
        """The words, once for each value of a program that is itself an expression (`script_name=settings.script`).

        A script that lies beside the code is named from the root of the repository.
        """
        if words and words[0] == mark(0) and len(words) > 1:
            for value in self._resolver.values(*exprs[0]):
                inside = inside_repository(value.text) if isinstance(value, Template) else None
                for text in known_texts((value,)) if inside is None else (inside,):
                    yield (text, *words[1:])
        elif words:
            yield tuple(words)


class _Words:
    """Reads the words of one command from expressions: a list of words, or one text for a shell."""

    def __init__(self, path: str, facts: PythonFacts) -> None:
        self._path = path
        self._facts = facts
        self.exprs: list[tuple[str, int]] = []

    def joined(self, exprs: Sequence[int], inputs: Sequence[int], options: Sequence[int]) -> list[str]:
        """The words of several arguments with inputs filled and options behind; none where one cannot be read."""
        found: list[str] = []
        for expr in exprs:
            words = self.of(expr) if expr != NONE else []
            if words is None and not found:
                # a program whose name is an expression
                words = [self._marked(expr)]
            if words is None:
                return []
            found += words
        for index in inputs:
            found = [self._with_inputs(word, index) for word in found] if index != NONE else found
        for index in options:
            for name, value in self._pairs(index) if index != NONE and found else ():
                found += [f"--{name}", self._word(value)]
        return found

    def of(self, index: int, depth: int = 0) -> list[str] | None:
        """The words, a single one with blanks in it for a shell; None when they cannot be read."""
        expr = self._facts.exprs[index]
        if depth > MAX_DEPTH:
            return None
        if expr[0] in ("list", "tuple"):
            return [self._word(item) for item in expr[1]]
        if expr[0] == "name":
            return self._named(expr, depth)
        if expr[0] == "call":
            return self._called(self._facts.calls[expr[1]], depth)
        if expr[0] == "binop" and expr[1] == "+":
            left, right = self.of(expr[2], depth + 1), self.of(expr[3], depth + 1)
            if left is None or right is None:
                return None
            is_text = self._is_text(expr[2]) or self._is_text(expr[3])
            return [" ".join(left) + " ".join(right)] if is_text else [*left, *right]
        return [self._word(index)] if self._is_text(index) else None

    def _with_inputs(self, word: str, inputs: int) -> str:
        """The word with `${{inputs.NAME}}` replaced by a mark of what the dict of inputs holds under the name."""
        for name, value in self._inputs(inputs):
            if f"inputs.{name}" in word:
                word = re.sub(rf"\$\{{\{{\s*inputs\.{re.escape(name)}\s*\}}\}}", self._marked(value), word)
        return word

    def _inputs(self, index: int) -> Iterator[tuple[str, int]]:
        """Names and values of inputs; of an object that describes one, its path or default."""
        for name, value in self._pairs(index):
            described = self._facts.exprs[value]
            if described[0] != "call":
                yield name, value
                continue
            given = dict(self._facts.calls[described[1]].keywords)
            yield from ((name, given[key]) for key in ("path", "default") if key in given)

    def _pairs(self, index: int) -> list[tuple[str, int]]:
        """Names and values of `{...}` or `dict(...)`, also behind a name with one binding."""
        expr = self._facts.exprs[index]
        if expr[0] == "name":
            reaching = expr[2] or self._facts.scopes[0].finals.get(expr[1], ())
            one = self._facts.definitions[reaching[0]] if len(reaching) == 1 else None
            expr = self._facts.exprs[one.value] if one is not None and one.kind == "assign" and not one.path else expr
        if expr[0] == "dict":
            keyed = [(self._facts.exprs[key], value) for key, value in expr[1] if key != NONE]
            return [(str(key[1]), value) for key, value in keyed if key[0] == "const"]
        if expr[0] == "call":
            return [(name, value) for name, value in self._facts.calls[expr[1]].keywords if name]
        return []

    def _is_text(self, index: int) -> bool:
        expr = self._facts.exprs[index]
        return expr[0] == "fstring" or (expr[0] == "const" and isinstance(expr[1], str))

    def _word(self, index: int) -> str:
        expr = self._facts.exprs[index]
        if expr[0] == "const" and isinstance(expr[1], (str, int, float)):
            return str(expr[1])
        if expr[0] == "fstring":
            return "".join(self._word(part) for part in expr[1])
        if expr[0] == "star":
            return "$@"
        if expr[0] == "attr" and expr[2] == "executable" and self._facts.exprs[expr[1]][:2] == ("name", "sys"):
            return "python"
        if expr[0] == "call" and self._facts.exprs[self._facts.calls[expr[1]].function][:2] == ("name", "str"):
            inner = self._facts.calls[expr[1]].arguments
            return self._word(inner[0]) if len(inner) == 1 else self._marked(index)
        return self._marked(index)

    def _marked(self, index: int) -> str:
        self.exprs.append((self._path, index))
        return mark(len(self.exprs) - 1)

    def _called(self, call: Call, depth: int) -> list[str] | None:
        """`shlex.split(text)`, `text.split()` and `" ".join(words)` are their text or words."""
        function = self._facts.exprs[call.function]
        name = function[2] if function[0] == "attr" else function[1] if function[0] == "name" else ""
        if name == "join" and len(call.arguments) == 1:
            return self.of(call.arguments[0], depth + 1)
        if name == "split":
            inner = call.arguments[0] if call.arguments else function[1] if function[0] == "attr" else NONE
            return self.of(inner, depth + 1) if inner != NONE else None
        return None

    def _named(self, name: Expr, depth: int) -> list[str] | None:
        """A name with one binding, and what is added to it on the straight way to here."""
        reaching: tuple[int, ...] = name[2] or self._facts.scopes[0].finals.get(name[1], ())
        if len(reaching) != 1:
            return None
        one = self._facts.definitions[reaching[0]]
        if one.kind == "assign" and not one.path:
            return self.of(one.value, depth + 1)
        if one.kind not in ("augment", "method") or len(one.previous) != 1 or not one.path:
            return None
        before = self._named(("name", name[1], one.previous, name[3]), depth + 1) if depth < MAX_DEPTH else None
        more = self._added(one.kind, str(one.path[0]), one.value, depth)
        return None if before is None or more is None else [*before, *more]

    def _added(self, kind: str, how: str, value: int, depth: int) -> list[str] | None:
        if kind == "augment":
            return self.of(value, depth + 1) if how == "Add" else None
        expr = self._facts.exprs[value]
        call = self._facts.calls[expr[1]] if expr[0] == "call" else None
        if call is None or how not in _GROWS or len(call.arguments) != 1:
            return None
        return [self._word(call.arguments[0])] if how == "append" else self.of(call.arguments[0], depth + 1)


def _is_text(facts: PythonFacts, index: int) -> bool:
    return index != NONE and facts.exprs[index][0] == "const" and isinstance(facts.exprs[index][1], str)


def _imported_name(facts: PythonFacts, expr: Expr) -> str:
    """The last name of a called thing that comes from an import, under the name it has there; else empty."""
    last = str(expr[2]) if expr[0] == "attr" else ""
    while expr[0] == "attr":
        expr = facts.exprs[expr[1]]
    if expr[0] != "name":
        return ""
    reaching = expr[2] or facts.scopes[0].finals.get(expr[1], ())
    if not reaching and expr[1] in PROVIDED:
        return last
    found = [one for one in (facts.definitions[index] for index in reaching) if one.kind == "import"]
    return (last or facts.imports[found[0].value].name or "") if found else ""
