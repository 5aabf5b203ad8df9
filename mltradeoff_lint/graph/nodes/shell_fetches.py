"""What the shell lines of notebooks, scripts and Python fetch and unpack into files that code then reads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.nodes.checked_downloads import Check, by_path, check_of, is_near, judged, prints_digest
from mltradeoff_lint.graph.nodes.fetch_lines import (
    Transfer,
    checks_digest,
    fetches,
    fetches_or_checks,
    transfers,
)
from mltradeoff_lint.graph.nodes.local_files import LocalFiles, is_open, is_seen_from_here, tail_of
from mltradeoff_lint.graph.nodes.places import Place, short
from mltradeoff_lint.graph.nodes.unpacked import parts_below, stem_of
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.declarations import BuildStep, Command
from mltradeoff_lint.model.repository_path import folders_above, from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.resolve.command_line.command_lines import CommandLine
from mltradeoff_lint.resolve.command_line.command_values import CommandValues
from mltradeoff_lint.resolve.command_line.commands import Commands
from mltradeoff_lint.resolve.command_line.started import OPEN, Started
from mltradeoff_lint.resolve.domain import known_texts
from mltradeoff_lint.resolve.folders import is_test

_NOTEBOOK = ".ipynb#"
_READ_AS_SHELL = ("make", "shell")
"""Platforms whose files are read as scripts of a shell."""
_REFERENCES = ("$", "{", "`", OPEN)


class _Line(NamedTuple):
    """A simple command, the file it stands in, and the folders it is known to run in."""

    path: str
    line: CommandLine
    folders: tuple[str, ...] = ()


class Fetched(NamedTuple):
    """What a line brings, seen from the file it stands in."""

    transfer: Transfer
    path: str
    """The notebook, script or module that holds the line."""
    site: Site
    source: Place
    folders: tuple[str, ...] = ()
    """Folders that the target is seen from, where a configuration tells in which one the line runs."""


class ShellFetches:
    """Answers which lines of a shell bring what a local path means."""

    def __init__(self, work: Workspace, files: LocalFiles) -> None:
        self._work = work
        self._files = files
        self._values = CommandValues(work.resolver)
        self._by_path: dict[str, list[Fetched]] = {}
        self._folders: dict[str, list[Fetched]] = {}
        self._here: dict[str, list[Fetched]] = {}
        lines = (*self._lines(), *self._declared(), *self._built())
        self._checks = by_path(self._checked(lines))
        for one in lines:
            for fetched in self._fetched(one):
                self._keep(fetched)

    def of(self, place: Place, reader: str) -> tuple[Fetched, ...]:
        """The lines that bring a file, or the folder it lies in; none where any of several archives may hold it."""
        paths = _paths(place)
        found = [one for path in paths for one in self._by_path.get(path, ())]
        lines = _of_one_file(found, reader) or _told_apart(place, self._in_folder(place, reader))
        return tuple(self._through(one, place) if one.transfer.kind == "link" else one for one in lines)

    def is_one_of_several(self, place: Place, reader: str) -> bool:
        """Whether a file may come from any of several archives that are unpacked into its folder."""
        found = self._in_folder(place, reader)
        return bool(found) and not self.of(place, reader)

    def _in_folder(self, place: Place, reader: str) -> tuple[Fetched, ...]:
        """The lines that bring a whole folder that a place lies in."""
        folders = (folder for path in _paths(place) for folder in folders_above(path))
        found = [one for folder in folders for one in self._folders.get(folder, ())]
        found += self._here.get(reader, []) if _paths(place) and is_seen_from_here(place.text) else []
        # an archive is not taken out of itself
        return _of_one_file([one for one in found if one.source.identity != place.identity], reader)

    def _through(self, one: Fetched, place: Place) -> Fetched:
        """A link with what a place below it is called where the link leads to."""
        below = tail_of(place.text).removeprefix(tail_of(one.transfer.target)).strip("/")
        seen = _from(one.folders[-1], one.transfer.source) if one.folders else one.transfer.source
        path = posixpath.join(seen, below) if below else seen
        return one._replace(source=self._files.place(path, "" if one.folders else one.path))

    def _keep(self, one: Fetched) -> None:
        target = one.transfer.target
        if not target.strip("./"):
            if one.folders:
                return
            self._here.setdefault(one.path, []).append(one)
            return
        kept = self._folders if one.transfer.is_folder else self._by_path
        for path in _seen_from(one) if one.folders else self._files.candidates(target, one.path) or (target,):
            kept.setdefault(path.rstrip("/"), []).append(one)
            if one.transfer.is_folder:
                self._by_path.setdefault(path.rstrip("/"), []).append(one)

    # -- lines

    def _checked(self, lines: tuple[_Line, ...]) -> Iterator[tuple[str, Check]]:
        """The checks of digests, with the file each stands in; the command before one may print what it reads."""
        for before, (path, line, _) in zip((None, *lines), lines, strict=False):
            if checks_digest(line.words):
                words = [self._text(word, line, path) for word in line.words]
                is_piped = before is not None and is_near(before.line.site, line.site)
                printed = [self._text(word, before.line, path) for word in before.line.words] if before else []
                yield path, check_of(words, printed, is_near=is_piped)

    def _lines(self) -> Iterator[_Line]:
        """The simple commands of cells, scripts and recipes, and of what Python starts, with the file they stand in."""
        commands = Commands(self._work.resolver)
        for path, shell in self._work.resolver.program.shells():
            if not is_test(path) and ("#" not in path or _NOTEBOOK in path):
                for step in commands.script(path, shell):
                    line = CommandLine(step.words, step.variables, step.site, "shell")
                    yield _Line(path.partition("#")[0], line)
        for call in Started(self._work.resolver).commands():
            if not call.command.cwd:
                for words in commands.simple(Command(call.command.words, call.command.site, "python", "")):
                    line = CommandLine(words, (), call.command.site, "python", exprs=call.exprs)
                    yield _Line(call.command.site.path, line)

    def _declared(self) -> Iterator[_Line]:
        """The commands that a configuration runs, each in a folder of the repository."""
        for one in self._work.resolver.program.declarations():
            if isinstance(one, Command) and one.platform not in _READ_AS_SHELL and _is_asked(one.words):
                line = CommandLine(one.words, (), one.site, one.platform)
                yield _Line(one.site.path, line, (one.cwd,))

    def _built(self) -> Iterator[_Line]:
        """The commands that the build of an image runs, in a folder of the image and so of what is copied there."""
        for one in self._work.resolver.program.declarations():
            if isinstance(one, BuildStep) and _is_asked(one.words):
                inside = posixpath.relpath(one.folder, one.workdir)
                copied = () if inside.startswith("..") else (from_folder(one.cwd, inside) or "",)
                line = CommandLine(_from_workdir(one), (), one.site, "dockerfile")
                yield _Line(one.site.path, line, (one.folder, *copied))

    def _fetched(self, one: _Line) -> Iterator[Fetched]:
        path, line, folders = one
        words = [self._text(word, line, path) for word in line.words] if fetches(line.words) else []
        for transfer in transfers(words):
            if not _is_unknown(transfer.source) and not _is_unknown(transfer.target):
                yield Fetched(transfer, path, line.site, self._place(transfer, path, folders), folders)

    def _text(self, word: str, line: CommandLine, path: str) -> str:
        """The only text that a word stands for; the word as it is written where that is not told."""
        if not any(sign in word for sign in _REFERENCES):
            return word
        found = dict.fromkeys(known_texts(self._values.values(word, line, path)))
        return next(iter(found)) if len(found) == 1 else word

    def _place(self, one: Transfer, path: str, folders: tuple[str, ...]) -> Place:
        """The place of what a line brings, judged as the same read by a library is."""
        if one.kind == "url":
            pin = pins.remote_pin(one.source)
            digests = judged(self._checks.get(path, ()), one)
            if pin.state.startswith("mutable") and digests.fixes:
                pin = Pin("content-pinned", "a digest is checked after the download")
            elif pin.state.startswith("mutable") and digests.may_fix:
                pin = Pin("unknown", "digests are checked, and nothing tells whether its own is")
            return Place(one.source, short(one.source), pins.scheme_of(one.source), pin, "literal", one.source)
        if one.kind in ("archive", "link"):
            seen = _from(folders[-1], one.source) if folders else one.source
            return self._files.place(seen, "" if folders else path)
        is_convention = one.kind == "competition"
        fix = pins.fix_of_name("kaggle.competition" if is_convention else "kaggle", "hub")
        pin = Pin("mutable-implicit", "no version is named", fix)
        label = short(one.source)
        return Place(f"hub:{one.source}", label, "hub", pin, "literal", one.source, is_convention=is_convention)


def _is_asked(words: tuple[str, ...]) -> bool:
    """Whether a command of a configuration says anything of what is downloaded, or prints what another checks."""
    return fetches_or_checks(words) or prints_digest(words)


def _from_workdir(step: BuildStep) -> tuple[str, ...]:
    """The words of a step that runs where the code does, with paths below that folder seen from it."""
    below = f"{step.workdir}/"
    is_there = step.folder == step.workdir != "/"
    return tuple(word.removeprefix(below) if is_there else word for word in step.words)


def _seen_from(one: Fetched) -> tuple[str, ...]:
    """The paths of a target in the folders that its line is known to run in."""
    return tuple(dict.fromkeys(_from(folder, one.transfer.target) for folder in one.folders))


def _from(folder: str, path: str) -> str:
    """A path seen from a folder of the repository or of an image."""
    return posixpath.normpath(posixpath.join(folder, path))


def _is_unknown(text: str) -> bool:
    """Whether a part of an address or path is not told; an address may hold a question mark, and a path no pattern."""
    return any(sign in text for sign in _REFERENCES) or ("://" not in text and is_open(text))


def _paths(place: Place) -> tuple[str, ...]:
    return () if place.is_remote or not place.is_whole else (place.identity, *place.candidates)


def _of_one_file(found: list[Fetched], reader: str) -> tuple[Fetched, ...]:
    """The lines of the reading file itself, else those of another where it is the only one."""
    own = [one for one in found if one.path == reader]
    is_one = len({one.path for one in found}) == 1
    return tuple(dict.fromkeys(own or (found if is_one else ())))


def _told_apart(place: Place, found: tuple[Fetched, ...]) -> tuple[Fetched, ...]:
    """Of several archives in one folder the one that goes by the name of the file."""
    if len({one.source.identity for one in found}) < 2:
        return found
    return tuple(one for one in found if stem_of(one.source) in parts_below(place.text, one.transfer.target))
