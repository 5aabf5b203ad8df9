"""What the words of a command line stand for: shell variables, parameters of pipelines, expressions of Python."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line import hosted_values, printed_folders
from mltradeoff_lint.resolve.command_line.command_lines import CommandLine
from mltradeoff_lint.resolve.command_line.scripts import Setting
from mltradeoff_lint.resolve.command_line.started import CLOSE, OPEN
from mltradeoff_lint.resolve.domain import MAX_VALUES, Hole, Template, Value, Values, union, weakest
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.values.strings import make, parts_of, provenance_of

MAX_DEPTH = 6
"""Variables that are set from one another deeper than this are holes."""

_FLAT = r"(?:[^()]|\([^()]*\))*"
_NESTED = rf"(?:[^()]|\({_FLAT}\))*"
_REFERENCE = re.compile(
    rf"{OPEN}(?P<mark>\d+){CLOSE}"
    r"|\$\{\{\s*(?P<hosted>[^{}]*?)\s*\}\}"
    r"|\{\{\s*(?P<jinja>[^{}]*?)\s*\}\}"
    r"|\$\{(?P<name>\w+)(?:(?::?[-=])(?P<default>[^{}]*))?\}"
    r"|\$\{(?P<dotted>\w[\w.\[\]-]*)\}"
    r"|\$\{(?P<other>[^{}]*)\}"
    r"|\$(?P<plain>\w+)"
    rf"|\$\((?P<output>{_NESTED})\)"
    r"|\$\((?P<unclosed>.*)"
    r"|`(?P<quoted>[^`]*)`"
    r"|\{(?P<cell>[A-Za-z_]\w*)\}",
    re.DOTALL,
)
_FOLDER = frozenset({"pwd", "PWD", "CURDIR"})
_OWN = frozenset({"0", "BASH_SOURCE", "BASH_SOURCE[0]"})
"""What a script calls itself."""

_OWN_FOLDER = frozenset({"0%/*", "BASH_SOURCE%/*", "BASH_SOURCE[0]%/*"})
_OUTPUT = Hole("command output")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


class Expanded(NamedTuple):
    """One thing a word can stand for, and the places where its parts are set, nearest first."""

    parts: tuple[str | Hole, ...]
    steps: tuple[Site, ...] = ()
    provenance: str = "configured"

    @property
    def value(self) -> Value:
        """The word as a value."""
        return make(self.parts, self.provenance)


class CommandValues:
    """Expands words of command lines; what nobody sets stays a hole of its name."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def values(self, word: str, line: CommandLine, path: str) -> Values:
        """What a word of a command line that starts a module can be."""
        if line.exprs and word.startswith(OPEN) and word.index(CLOSE) == len(word) - 1:
            # a whole word keeps the type of its expression
            return self._resolver.values(*line.exprs[int(word[1:-1])])
        return union(tuple(one.value for one in self.expanded(word, line, path)))

    def expanded(self, word: str, line: CommandLine, path: str) -> tuple[Expanded, ...]:
        """A word with its references replaced, in every combination of what they can be."""
        return tuple(_Expansion(self._resolver, line, path).of(word, 0))


class _Expansion:
    """The expansion of words of one line."""

    def __init__(self, resolver: Resolver, line: CommandLine, path: str) -> None:
        self._resolver = resolver
        self._line = line
        self._path = path
        self._variables = dict(line.variables)
        self._open: set[str] = set()
        self._script = line.site.path
        host, is_embedded, _ = line.site.path.partition("#")
        self._cell_module = host if is_embedded and host.endswith(".ipynb") else ""

    def of(self, text: str, depth: int) -> list[Expanded]:
        """Every combination of the references of a text, within a bound."""
        pieces: list[list[Expanded]] = []
        end = 0
        for found in _REFERENCE.finditer(text):
            pieces.append([Expanded((text[end : found.start()],))])
            end = found.end()
            pieces.append(self._reference(found, depth) or [Expanded((Hole(found[0]),))])
        pieces.append([Expanded((text[end:],))])
        return [_joined(one) for one in itertools.islice(itertools.product(*pieces), MAX_VALUES)]

    def _reference(self, found: re.Match[str], depth: int) -> list[Expanded]:
        groups = found.groupdict()
        if groups["mark"] is not None:
            return self._expression(int(groups["mark"]))
        if groups["cell"] is not None:
            return self._of_cell(groups["cell"]) or [Expanded((found[0],))]
        name = groups["name"] or groups["plain"]
        if name is None and groups["output"] is not None and self._line.platform == "k8s":
            # a manifest writes `$(NAME)` for a variable of its container
            name = groups["output"] if _IDENTIFIER.fullmatch(groups["output"]) else None
        hosted = groups["hosted"]
        if hosted is not None:
            plain = hosted.removeprefix("env.")
            name = plain if plain in self._variables or plain != hosted else None
        if (own := self._own(name or groups["dotted"] or groups["other"])) is not None:
            return [own]
        if name is not None:
            return self._variable(name, groups["default"], depth)
        if groups["dotted"] is not None and self._line.platform == "dvc":
            return self._parameter(groups["dotted"])
        if (groups["output"] or groups["quoted"] or "").strip() in _FOLDER:
            return [Expanded((".",))]
        if hosted is not None and self._line.site.path.endswith((".yml", ".yaml")):
            told = hosted_values.hosted(
                self._line.site.path, self._resolver.program.roots(self._line.site.path), self._line.site.span, hosted
            )
            if told and len(told) <= MAX_VALUES:
                return [Expanded((text,), (site,), provenance) for text, site, provenance in told]
        given = hosted or groups["jinja"] or (groups["dotted"] if self._line.platform == "databricks" else None)
        if given is not None:
            # an expression of a pipeline that nothing here fills: whoever runs the pipeline does
            return [Expanded((Hole(f"input:{given.strip().removeprefix('inputs.')}"),))]
        if command := groups["output"] or groups["quoted"]:
            return self._printed(command, depth)
        return [
            Expanded((Hole(groups["dotted"] or groups["other"]) if groups["dotted"] or groups["other"] else _OUTPUT,))
        ]

    # -- places of scripts

    def _own(self, written: str | None) -> Expanded | None:
        """The script itself, or its folder; None for any other reference."""
        parts = printed_folders.own_path(self._script) if written in _OWN or written in _OWN_FOLDER else None
        if parts is not None and written in _OWN_FOLDER:
            parts = printed_folders.folder(parts, is_around=True)
        return None if parts is None else Expanded(parts)

    def _printed(self, command: str, depth: int) -> list[Expanded]:
        """What a command substitution gives: the folder that the command prints, else a hole."""
        told = printed_folders.printed_of(command) if depth <= MAX_DEPTH else None
        if told is None:
            return [Expanded((_OUTPUT,))]
        word, is_around = told
        found = self.of(word, depth + 1) if word else [Expanded(printed_folders.ROOT)]
        places = [(one, printed_folders.folder(one.parts, is_around=is_around)) for one in found]
        return [one._replace(parts=parts or (_OUTPUT,)) for one, parts in places]

    # -- variables

    def _variable(self, name: str, default: str | None, depth: int) -> list[Expanded]:
        if self._line.platform == "dvc" and (found := self._parameter(name)):
            return found
        if name in _FOLDER:
            return [Expanded((".",))]
        settings = self._variables.get(name, ()) if name not in self._open else ()
        if not settings or all(one.text is None for one in settings):
            settings = self._configured(name) or settings
        if not settings and (of_cell := self._of_cell(name)):
            return of_cell
        if depth > MAX_DEPTH or not settings:
            return self._fallback(name, default, depth)
        self._open.add(name)
        found = [one for setting in settings for one in self._set(name, setting, depth)]
        self._open.discard(name)
        return found[:MAX_VALUES]

    def _set(self, name: str, setting: Setting, depth: int) -> list[Expanded]:
        if setting.text is None:
            return [Expanded((Hole(f"env:{name}"),), (setting.site,))]
        around, self._script = self._script, setting.site.path
        found = self.of(setting.text, depth + 1)
        self._script = around
        return [
            Expanded(_named(one.parts, name), (setting.site, *one.steps), weakest(setting.provenance, one.provenance))
            for one in found
        ]

    def _configured(self, name: str) -> tuple[Setting, ...]:
        """What configuration files set a variable to where the module runs."""
        bound = [one for one in self._resolver.variable(name, self._path) if one.value is not None]
        return tuple(Setting(one.value, one.site, one.provenance) for one in bound[:MAX_VALUES])

    def _fallback(self, name: str, default: str | None, depth: int) -> list[Expanded]:
        if default is None or depth > MAX_DEPTH:
            return [Expanded((Hole(f"option:{name}" if name.isdecimal() else f"env:{name}"),))]
        return [one._replace(provenance=weakest("default", one.provenance)) for one in self.of(default, depth + 1)]

    # -- Python

    def _expression(self, number: int) -> list[Expanded]:
        if number >= len(self._line.exprs):
            return []
        path, expr = self._line.exprs[number]
        return [_of_value(value) for value in self._resolver.values(path, expr)]

    def _of_cell(self, name: str) -> list[Expanded]:
        """`!python train.py {folder}` and `$folder`: a variable of the notebook; other braces stay as written."""
        values = self._resolver.global_name(self._cell_module, name) if self._cell_module else None
        return [_of_value(value) for value in values or ()]

    # -- parameters of a pipeline

    def _parameter(self, name: str) -> list[Expanded]:
        """`${train.rate}` of a DVC stage: its value in `params.yaml`, or under `vars` of the pipeline.

        Source: DVC documentation, "Templating".
        """
        keys = [key for key in re.split(r"[.\[\]]+", name) if key]
        for path, root in self._roots():
            entry = _at(root, keys)
            if entry is not None and entry.kind not in ("map", "seq", "null"):
                return [Expanded((entry.value,), (Site(path, entry.span),))]
        return []

    def _roots(self) -> Iterator[tuple[str, Entry]]:
        folder = posixpath.dirname(self._line.site.path)
        names = ["params.yaml"]
        for root in self._resolver.program.roots(self._line.site.path):
            listed = [one.get("vars") for one in (*self._stages(root), root)]
            for item in (item for one in listed if one is not None for item in one.items):
                if item.kind == "map":
                    yield self._line.site.path, item
                else:
                    names.append(item.value.partition(":")[0])
        for name in names:
            path = posixpath.normpath(posixpath.join(folder, name))
            for root in self._resolver.program.roots(path):
                yield path, root

    def _stages(self, root: Entry) -> Iterator[Entry]:
        """The stage that the command of the line stands in: its own variables come before those of the pipeline."""
        stages = root.get("stages")
        for _, key, stage in stages.entries if stages is not None else ():
            if key.line <= self._line.site.span.line <= stage.span.end_line:
                yield stage


def _at(root: Entry, keys: Sequence[str]) -> Entry | None:
    here: Entry | None = root
    for key in keys:
        if here is None:
            return None
        if here.kind == "seq":
            here = here.items[int(key)] if key.isdecimal() and int(key) < len(here.items) else None
        else:
            here = here.get(key)
    return here


def _of_value(value: Value) -> Expanded:
    return Expanded(parts_of(value, "?"), (), provenance_of(value))


def _joined(pieces: tuple[Expanded, ...]) -> Expanded:
    parts = tuple(part for piece in pieces for part in piece.parts if part != "")
    steps = tuple(dict.fromkeys(step for piece in pieces for step in piece.steps))
    return Expanded(parts, steps, weakest(*(piece.provenance for piece in pieces)))


def _named(parts: tuple[str | Hole, ...], name: str) -> tuple[str | Hole, ...]:
    """Parts with the outputs of commands called after the variable that holds them; two of one variable are counted."""
    if _OUTPUT not in parts:
        return parts
    count = itertools.count(1)
    names = iter([name] if parts.count(_OUTPUT) == 1 else (f"{name}[{number}]" for number in count))
    return tuple(Hole(next(names)) if part == _OUTPUT else part for part in parts)


def is_open(value: Value) -> bool:
    """Whether a word is nothing but what nobody sets."""
    return isinstance(value, Template) and not any(isinstance(part, str) for part in value.parts)
