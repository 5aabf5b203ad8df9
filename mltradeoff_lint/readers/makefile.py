"""Reads Makefiles: variables, and recipes as shell commands.

The extra content is one document that maps each target to the text of its recipe, so that a command is known to belong
to the target whose span holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Assignment, Documents, Reading, ShellCommand
from mltradeoff_lint.model.makefiles import Makefile, MakeRule
from mltradeoff_lint.model.source import Span
from mltradeoff_lint.readers.decoding import UndecodableError, decode, lines_of, marked_comments
from mltradeoff_lint.readers.shell_commands import scan

_VARIABLE = re.compile(r"\s*((?:export|override)\s+)?([\w.-]+)\s*(\?=|\+=|:{0,3}=|!=)\s*(.*)", re.DOTALL)
_OF_TARGET = re.compile(
    r"([^\s:=#][^:=#]*)::?\s*(?:(?:export|override|private)\s+)*([\w.-]+)\s*(?:\?=|:{0,3}=)(?!=)\s*(.*)", re.DOTALL
)
_RULE = re.compile(r"([^\s:=#][^:=#]*)::?(?!=)([^;]*)(;.*)?", re.DOTALL)
_PREFIX = re.compile(r"[\t @+-]*")
_REFERENCE = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")
_TARGET = re.compile(r"(?<!\ue000)\$@")
"""The automatic variable of GNU Make for the target."""
_ESCAPED_DOLLAR = "\ue000$"
"""Stands for `$$` while the recipe is scanned; as long as what it stands for, so that columns stay true."""


class _Makefile:
    """What a pass over the lines collects."""

    def __init__(self) -> None:
        self.variables: list[Assignment] = []
        self.targets: list[tuple[str, Span]] = []
        self.recipes: list[list[tuple[int, str]]] = []
        self.needs: list[str] = []
        self.own: dict[str, list[Assignment]] = {}
        """Variables that are set for the recipe of one target, by its name."""
        self.shown: list[str] = []
        """The text with everything but recipes blanked, line by line."""


def read(data: bytes | str, path: str) -> Reading:
    """Read a Makefile; in a recipe's words `$(NAME)` reads `${NAME}`, `$@` the target, and `$$` reads `$`."""
    try:
        text = decode(data, path)
    except UndecodableError as error:
        return Reading(None, problems=(error.problem,))
    found = _pass(lines_of(text))
    script = scan("\n".join(found.shown))
    own, automatic = _by_line(found), _automatic(found)
    commands = tuple(
        _plain(command, own.get(command.span.line, ()), automatic.get(command.span.line, "$@"))
        for command in script.commands
    )
    shell = Makefile(tuple(found.variables), commands, tuple(_rules(found)))
    return Reading(shell, (), marked_comments(text), (), (Documents((_targets(found),)),))


def _pass(lines: list[str]) -> _Makefile:
    found, defining, at = _Makefile(), False, 0
    while at < len(lines):
        line, first = lines[at], at
        if line.startswith("\t") and found.targets and not defining:
            continues = bool(found.recipes[-1]) and lines[at - 1].endswith("\\")
            found.recipes[-1].append((at + 1, line))
            found.shown.append(_unescaped(line) if continues else _recipe(line))
            at += 1
            continue
        defining = _defines(line, defining)
        while lines[at].endswith("\\") and at + 1 < len(lines):
            at += 1
        at += 1
        logical = " ".join(part.rstrip("\\").strip() for part in lines[first:at])
        inline = "" if defining else _declaration(found, logical, first, at, lines[at - 1])
        found.shown += [inline or "", *[""] * (at - first - 1)]
    return found


def _defines(line: str, defining: bool) -> bool:
    word = line.split(None, 1)[0] if line.strip() else ""
    return word == "define" or (defining and word != "endef")


def _declaration(found: _Makefile, logical: str, first: int, end: int, last: str) -> str:
    """Take a variable or a rule; the text of a recipe behind `;`, in its place on the line."""
    span = Span(first + 1, 0, end, len(last))
    if variable := _VARIABLE.fullmatch(logical):
        raw = variable[4].split(" #", 1)[0].strip()
        literal = "$" not in raw and variable[3] not in ("!=", "+=")
        computed = "" if literal or variable[3] in ("!=", "+=") else _unescaped(raw).replace("\ue000", "")
        exported = variable[1] is not None and "export" in variable[1]
        if variable[3] == "?=" and any(one.name == variable[2] for one in found.variables):
            return ""
        found.variables.append(Assignment(variable[2], raw if literal else None, exported, span, computed))
    elif (own := _OF_TARGET.fullmatch(logical)) and not logical.startswith("#"):
        raw = own[3].split(" #", 1)[0].strip()
        text = "" if "$" not in raw else _unescaped(raw).replace("\ue000", "")
        one = Assignment(own[2], None if text else raw, False, span, text)
        for name in own[1].split():
            found.own.setdefault(name, []).append(one)
    elif (rule := _RULE.fullmatch(logical)) and not logical.startswith("#"):
        name = rule[1].rstrip()
        found.targets.append((name, Span(first + 1, 0, first + 1, len(name))))
        found.recipes.append([])
        found.needs.append(rule[2].replace("|", " ").strip())
        if rule[3] and end == first + 1 and logical == last:
            found.recipes[-1].append((end, rule[3][1:]))
            return " " * (rule.start(3) + 1) + _recipe(rule[3][1:])
    return ""


def _recipe(line: str) -> str:
    prefix = _PREFIX.match(line)
    width = prefix.end() if prefix else 0
    return " " * width + _unescaped(line[width:])


def _unescaped(line: str) -> str:
    return _REFERENCE.sub(r"${\1}", line.replace("$$", _ESCAPED_DOLLAR))


def _plain(command: ShellCommand, own: tuple[Assignment, ...], target: str) -> ShellCommand:
    words = [_TARGET.sub(lambda _: target, word) for word in command.words]
    words = [word.replace("\ue000", "") for word in words]
    return command._replace(words=tuple(words), environment=(*own, *command.environment))


def _by_line(found: _Makefile) -> dict[int, tuple[Assignment, ...]]:
    """The variables of its target that each line of a recipe sees."""
    return {
        line: tuple(found.own[name])
        for (target, _), recipe in zip(found.targets, found.recipes, strict=True)
        for name in target.split()
        if name in found.own
        for line, _ in recipe
    }


def _automatic(found: _Makefile) -> dict[int, str]:
    """What `$@` stands for in each line of the recipe of one target that is no pattern."""
    named = zip(found.targets, found.recipes, strict=True)
    single = ((name, recipe) for (name, _), recipe in named if len(name.split()) == 1 and "%" not in name)
    return {line: _unescaped(name) for name, recipe in single for line, _ in recipe}


def _targets(found: _Makefile) -> Entry:
    entries = []
    for (name, span), recipe in zip(found.targets, found.recipes, strict=True):
        if recipe:
            body = Span(recipe[0][0], 0, recipe[-1][0], len(recipe[-1][1]))
            entries.append((name, span, Entry("str", body, "\n".join(line.strip() for _, line in recipe))))
    end = len(found.shown)
    return Entry("map", Span(1, 0, max(end, 1), len(found.shown[-1]) if found.shown else 0), "", tuple(entries))


def _rules(found: _Makefile) -> Iterator[MakeRule]:
    for (names, _), needs, recipe in zip(found.targets, found.needs, found.recipes, strict=True):
        lines = (recipe[0][0], recipe[-1][0]) if recipe else None
        yield MakeRule(tuple(names.split()), tuple(needs.split()), lines)
