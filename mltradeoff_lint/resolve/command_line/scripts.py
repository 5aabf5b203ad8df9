"""The commands of a shell script in order, each with the variables that are set before it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.facts import Assignment, Shell, ShellCommand
from mltradeoff_lint.model.source import Site, Span

MAX_VARIABLES = 200
"""Variables of a script that are kept; what uses a further one has a hole."""
MAX_SETTINGS = 8
"""Values one variable may have where branches and loops set it."""

_GIVEN = re.compile(r"\$(?:([1-9])|\{([1-9])(?::?[-=]([^}]*))?\}|\{([1-9]):?\?[^}]*\})")
_ALL_GIVEN = frozenset({"$@", "$*", "${@}", "${*}"})
_REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?[-=]([^${}]*))?\})")
_PROGRAMS = (".py", ".ipynb", ".sh", ".bash")
SOURCES = ("source", ".")
_MOVES = ("cd", "pushd", "popd")
_NOWHERE = Span(0, 0, 0, 0)
_OWN_FOLDER = re.compile(r"\$\(\s*dirname\s[^()]*(?:\([^()]*\)[^()]*)?\)")
"""`$(dirname "$0")`, also around `$(readlink -f "$0")`."""


class Setting(NamedTuple):
    """One value a variable is given: its text with `$VAR` as written, None when it is not known; and where."""

    text: str | None
    site: Site
    provenance: str = "configured"


Variables = tuple[tuple[str, tuple[Setting, ...]], ...]


class ScriptCommand(NamedTuple):
    """A simple command of a script, the variables it sees, and those that what it starts sees as well."""

    words: tuple[str, ...]
    variables: Variables
    exported: Variables
    site: Site
    folder: str = ""
    """Where `cd` led, from the folder the script starts in; empty while nothing moved or nobody can tell."""


Sourced = Callable[[str], tuple[str, Shell] | None]
"""The script a name means, for `source`."""


def commands(
    path: str,
    shell: Shell,
    sourced: Sourced,
    outer: Variables = (),
    given: Sequence[str] | None = None,
    *,
    is_ordered: bool = True,
) -> Iterator[ScriptCommand]:
    """The commands of a script; `given` are the words behind its name, None when nobody is known to start it.

    The variables of a Makefile hold for all of its recipes (`is_ordered` false).
    """
    state = _State(path, dict(outer), given)
    if not is_ordered:
        for one in shell.assignments:
            state.assign(one)
    line, around = 0, _NOWHERE
    items: list[Assignment | ShellCommand] = [*(shell.assignments if is_ordered else ()), *shell.commands]
    for item in sorted(items, key=lambda one: (one.span.line, isinstance(one, ShellCommand), one.span.column)):
        is_inside = (
            (around.line, around.column) <= (item.span.line, item.span.column) < (around.end_line, around.end_column)
        )
        around = around if is_inside else item.span
        if isinstance(item, Assignment):
            state.assign(item)
            continue
        if not is_ordered and item.span.line != line:
            # every line of a recipe is run by a shell of its own
            state.folder, line = "", item.span.line
        if item.words[0] in _MOVES and not is_inside:
            # what a command substitution moves is a shell of its own
            state.move(item.words[1:])
        if item.words[0] in SOURCES and len(item.words) > 1:
            other = sourced(item.words[1])
            for one in other[1].assignments if other is not None and other[0] != path else ():
                state.assign(one, other[0] if other is not None else path)
        yield state.command(item)


class _State:
    """The variables of a script as far as it was read."""

    def __init__(self, path: str, outer: dict[str, tuple[Setting, ...]], given: Sequence[str] | None) -> None:
        self._path = path
        self._given = given
        self._set = outer
        self._exported = set(outer)
        self._frozen: tuple[Variables, Variables] | None = None
        self.folder = ""

    def move(self, words: Sequence[str]) -> None:
        """Follow `cd`; the folder of the script itself counts as where it starts, any other expression does not."""
        written = _OWN_FOLDER.sub(".", next((word for word in words if not word.startswith("-")), "$"))
        target = "" if "$" in written or "`" in written else posixpath.join(self.folder, written)
        self.folder = posixpath.normpath(target) if target else ""

    def assign(self, one: Assignment, path: str = "") -> None:
        """Take an assignment; one in a branch leaves the earlier values possible."""
        earlier = self._set.get(one.name, ())
        if one.exported:
            self._exported.add(one.name)
        if not earlier and len(self._set) >= MAX_VARIABLES:
            return
        text = one.value if one.value is not None else self._filled(one.text) or None
        if text is not None and one.value is None and earlier:
            text = _with_earlier(text, one.name, earlier)
        setting = Setting(text, Site(path or self._path, one.span))
        self._set[one.name] = (*earlier, setting)[-MAX_SETTINGS:] if one.is_conditional else (setting,)
        self._frozen = None

    def command(self, one: ShellCommand) -> ScriptCommand:
        """A command with the variables as they stand, those in front of it included."""
        if self._frozen is None:
            exported = {name: found for name, found in self._set.items() if name in self._exported}
            self._frozen = (tuple(self._set.items()), tuple(exported.items()))
        plain, exported_ones = self._frozen
        site = Site(self._path, one.span)
        own = tuple(
            (
                each.name,
                (Setting(each.value if each.value is not None else each.text or None, Site(self._path, each.span)),),
            )
            for each in one.environment
        )
        words = tuple(filled for word in one.words for filled in self._words(word))
        if "$" in "".join(words):
            named = (self._named(word, dict(own)) for word in words[1:])
            words = (*self._known(words[0], dict(own)).split(), *named) or words
        return ScriptCommand(words, (*plain, *own), (*exported_ones, *own), site, self.folder)

    def _words(self, word: str) -> Sequence[str]:
        if word in _ALL_GIVEN and self._given is not None:
            return self._given
        return (self._filled(word),)

    def _named(self, word: str, own: Mapping[str, tuple[Setting, ...]]) -> str:
        """A word that names a program, with what it is known to be; any other keeps its variables for later."""
        return self._known(word, own) if "$" in word and word.endswith(_PROGRAMS) else word

    def _known(self, text: str, own: Mapping[str, tuple[Setting, ...]]) -> str:
        """The text with the variables that have one plain value; the text itself when one of them has not."""
        found = text
        for _ in range(MAX_SETTINGS):
            if "$" not in found:
                return found
            for one in _REFERENCE.finditer(found):
                name, default = one[1] or one[2], one[3]
                settings = own.get(name) or self._set.get(name, ())
                value = settings[0].text if len(settings) == 1 else None if settings else default
                if value is None:
                    return text
                found = found.replace(one[0], value)
                break
            else:
                return text
        return text

    def _filled(self, text: str) -> str:
        """The text with `$1` and its kin replaced by the words the script is started with."""
        if self._given is None or "$" not in text:
            return text
        given = self._given

        def argument(found: re.Match[str]) -> str:
            number = int(found[1] or found[2] or found[4])
            return given[number - 1] if number <= len(given) else found[3] if found[3] is not None else found[0]

        return _GIVEN.sub(argument, text)


def _with_earlier(text: str, name: str, earlier: tuple[Setting, ...]) -> str:
    """`X=$X/more` with what X held before; what cannot be told stays as written."""
    before = earlier[0].text if len(earlier) == 1 else None
    if before is None:
        return text
    return re.sub(rf"\$(?:{re.escape(name)}\b|\{{{re.escape(name)}\}})", lambda _: before, text)
