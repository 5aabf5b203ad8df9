"""What the command lines of a repository pass for an option or argument of a program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.command_lines import CommandLine, CommandLines
from mltradeoff_lint.resolve.command_line.command_values import CommandValues
from mltradeoff_lint.resolve.command_line.signatures import Parsed, Signature, has_spliced, parse
from mltradeoff_lint.resolve.domain import (
    NO_LINE,
    Items,
    Literal,
    Value,
    Values,
    marked_default,
    union,
    unknown,
)
from mltradeoff_lint.resolve.interface import Resolver

MAX_IMPORTS = 3
"""Imports between the module that is started and the one that describes its options."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}|\d{0,15}\.\d{1,15}|\d{1,15}\.)(?:[eE][+-]?\d{1,3})?", re.ASCII)


class Option(NamedTuple):
    """How a value reaches a program: by flags with a number of values (0 for a switch), or by position."""

    flags: tuple[str, ...] = ()
    takes: int = 1
    position: int | None = None
    """The place among the positional words; None for an option with flags."""
    is_number: bool = False
    present: Values = (Literal(True),)
    """What a switch gives when it is there."""
    off: tuple[str, ...] = ()
    """Flags that switch it off, such as `--no-cache`."""
    choices: Values = ()
    """What it may be where no command line passes it, beside its default."""


class Passed(NamedTuple):
    """What one command line passes, with the words it is written in."""

    values: Values
    line: CommandLine
    words: tuple[str, ...]


class Written(NamedTuple):
    """Where a text that a command line passes is written: the commands on the way, nearest first, and the places."""

    commands: tuple[Site, ...]
    places: tuple[Site, ...]
    """What each variable is set to, last the place where the text stands; empty when the command itself holds it."""


class OptionValues:
    """Answers what command lines pass for an option of the program a module is."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.lines = CommandLines(resolver)
        self._words = CommandValues(resolver)
        self._entries: dict[str, set[str]] | None = None
        self._imported: dict[str, tuple[str, ...]] = {}

    def values(self, path: str, option: Option, signature: Signature) -> Values:
        """All that is passed, each once; where nothing is, what it is one of, and empty when that is not told."""
        return union(*(one.values for one in self.passed(path, option, signature))) or option.choices

    def passed(self, path: str, option: Option, signature: Signature) -> Iterator[Passed]:
        """What each command line passes, in path order."""
        for line in self.of_program(path):
            parsed = parse(line.words, signature)
            found = self._in(parsed, option, line, path) if parsed is not None else None
            if found is not None:
                yield found

    def _in(self, parsed: Parsed, option: Option, line: CommandLine, path: str) -> Passed | None:
        """What one command line passes; None where it leaves the option out."""
        if option.position is not None:
            words = parsed.positionals[option.position :]
            words = words[:1] if option.takes == 1 else words
            return self._passed(words, option, line, path) if words else None
        if any(flag in parsed.options for flag in option.off):
            return Passed((Literal(False),), line, ())
        given = [words for flag, words in parsed.options.items() if flag in option.flags]
        return self._passed(given[-1], option, line, path) if given else None

    def told_apart(self, path: str) -> tuple[int, ...]:
        """The numbers of the command lines of a module, of those that say the same the first."""
        found: dict[tuple[object, ...], int] = {}
        for number, line in enumerate(self.of_program(path)):
            found.setdefault((line.words, line.variables, line.exprs), number)
        return tuple(found.values())

    def in_line(self, path: str, option: Option, signature: Signature, number: int, default: Values) -> Values:
        """What an option is where one command line starts the program, or one that leaves all options out.

        Nothing where that line runs another sub-command, or leaves an option out that has no default.
        """
        if number == NO_LINE:
            # a default of None says nothing, and what nobody passes may be any of its choices
            said = tuple(one for one in default if one != Literal(None))
            return union(marked_default(said), () if any(self.passed(path, option, signature)) else option.choices)
        line = self.of_program(path)[number]
        parsed = parse(line.words, signature)
        found = self._in(parsed, option, line, path) if parsed is not None else None
        if parsed is None or found is not None:
            return found.values if found is not None else ()
        further = unknown("words of a command line that stand elsewhere") if has_spliced(line.words) else ()
        return union(marked_default(default), further)

    def is_run(self, path: str, signature: Signature, number: int) -> bool:
        """Whether a command line runs a command, and not another one of its program."""
        return number == NO_LINE or parse(self.of_program(path)[number].words, signature) is not None

    def _passed(self, words: tuple[str, ...], option: Option, line: CommandLine, path: str) -> Passed:
        if option.takes == 0:
            return Passed(option.present, line, ())
        each = [self._typed(self._words.values(word, line, path), option) for word in words]
        values = each[0] if option.takes == 1 and each else (Items(tuple(each)),) if each else ()
        return Passed(values, line, words)

    def _typed(self, values: Values, option: Option) -> Values:
        return tuple(as_number(value) for value in values) if option.is_number else values

    def word(self, word: str, line: CommandLine, path: str) -> Values:
        """What one word of a command line can be."""
        return self._words.values(word, line, path)

    def program_arguments(self, path: str) -> Values:
        """`sys.argv` of a module: for each command line that starts it, the script and the words behind it."""
        return union(
            *(
                (
                    Items(
                        ((Literal(path, "configured"),), *(self._words.values(word, line, path) for word in line.words))
                    ),
                )
                for line in self.lines.of(path)
            )
        )

    def written(self, path: str, option: Option, signature: Signature, text: str) -> Written | None:
        """Where the text that a command line passes for an option is written; None when none passes it."""
        for one in self.passed(path, option, signature):
            for word in one.words:
                for expanded in self._words.expanded(word, one.line, path):
                    value = expanded.value
                    if isinstance(value, Literal) and value.value == text:
                        return Written((one.line.site, *reversed(one.line.via)), expanded.steps)
        return None

    def of_program(self, path: str) -> tuple[CommandLine, ...]:
        """The command lines of a module, else those of the only started module that imports it."""
        own = self.lines.of(path)
        if own:
            return own
        entries = self._reaching().get(path, set())
        return self.lines.of(next(iter(entries))) if len(entries) == 1 else ()

    def _reaching(self) -> dict[str, set[str]]:
        """The started modules that import a module, a few imports deep."""
        if self._entries is None:
            self._entries = {}
            for entry in self.lines.started():
                pending, seen = [(entry, 0)], {entry}
                for path, depth in pending:
                    for other in self._imports(path) if depth < MAX_IMPORTS else ():
                        if other not in seen:
                            seen.add(other)
                            pending.append((other, depth + 1))
                            self._entries.setdefault(other, set()).add(entry)
        return self._entries

    def _imports(self, path: str) -> tuple[str, ...]:
        if path not in self._imported:
            self._imported[path] = tuple(dict.fromkeys(self._import(path)))
        return self._imported[path]

    def _import(self, path: str) -> Iterator[str]:
        program = self._resolver.program
        for one in self._resolver.facts(path).imports:
            names = (one.module, f"{one.module}.{one.name}") if one.name and one.name != "*" else (one.module,)
            for name in names:
                target = program.module(path, name.lstrip("."), one.level)
                if target is not None and program.python(target) is not None:
                    yield target


def as_number(value: Value) -> Value:
    """A text that is a plain number as that number; anything else as it is."""
    if not isinstance(value, Literal) or not isinstance(value.value, str) or not _NUMBER.fullmatch(value.value):
        return value
    is_whole = value.value.lstrip("+-").isdecimal()
    return Literal(int(value.value) if is_whole else float(value.value), value.provenance)
