"""Dockerfile: what a container runs, the variables it starts with, the images it builds on."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mltradeoff_lint.model.declarations import BuildStep, Command, Declaration, EntryPoint, EnvBinding, Image, Unit
from mltradeoff_lint.model.environment import interpolate
from mltradeoff_lint.model.facts import Dockerfile, FileFacts, Instruction
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line

PLATFORM = "dockerfile"
_HOLDERS = ("docker", ".docker", "dockerfiles", ".devcontainer", "deploy", "deployment", "build")
_STAGE = re.compile(r"(.*?)\s+as\s+(\S+)\s*", re.IGNORECASE | re.DOTALL)


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file was read as a Dockerfile."""
    return isinstance(facts.content, Dockerfile)


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """Images, variables, and the command of each build stage that has one; the job is the path and the stage."""
    if not isinstance(facts.content, Dockerfile):
        return ()
    found: list[Declaration] = []
    stages: dict[str, _State] = {}
    for stage in _stages(facts.content.instructions):
        name, state = "", _State()
        if stage[0].keyword.upper() == "FROM":
            image, name = _image(stage[0])
            job = f"{facts.path}:{name}" if name else facts.path
            if image and image.lower() not in stages and image != "scratch":
                found.append(Image(image, job, Site(facts.path, stage[0].span), PLATFORM))
            state = stages.get(image.lower(), state)
        declared, state = _stage(facts, stage, name, state)
        stages[name.lower()] = state
        found += declared
    return tuple(found)


class _State(NamedTuple):
    """What a stage hands on to those that build on it: its folder, its copies, and how it starts."""

    workdir: str = ""
    copies: tuple[tuple[str, str], ...] = ()
    entry: Instruction | None = None
    command: Instruction | None = None


def _stages(instructions: tuple[Instruction, ...]) -> Iterator[list[Instruction]]:
    current: list[Instruction] = []
    for instruction in instructions:
        if instruction.keyword.upper() == "FROM" and current:
            yield current
            current = []
        current.append(instruction)
    if current:
        yield current


def _image(instruction: Instruction) -> tuple[str, str]:
    """The image of a FROM line and the name of the stage."""
    words = " ".join(instruction.words).split()
    text = " ".join(word for word in words if not word.startswith("--"))
    named = _STAGE.fullmatch(text)
    return (named[1], named[2]) if named else (text, "")


def _stage(facts: FileFacts, stage: list[Instruction], name: str, before: _State) -> tuple[list[Declaration], _State]:
    """The variables and the command of one stage; the last CMD and ENTRYPOINT win, as in Docker."""
    bindings: list[EnvBinding] = []
    known: dict[str, str] = {}
    workdir, job = before.workdir, f"{facts.path}:{name}" if name else facts.path
    copies = list(before.copies)
    last: dict[str, Instruction] = {}
    runs: list[tuple[Instruction, str]] = []
    for instruction in stage:
        keyword = instruction.keyword.upper()
        if keyword == "ARG":
            known.update(_arguments(instruction, known))
        elif keyword == "ENV":
            bindings += _bindings(facts.path, instruction, known)
            known.update((one.name, one.value) for one in bindings if one.value is not None)
        elif keyword == "WORKDIR":
            workdir = posixpath.normpath(posixpath.join(workdir or "/", " ".join(instruction.words).strip("\"' ")))
        elif keyword in ("COPY", "ADD"):
            copies += _copies(instruction, workdir)
        elif keyword == "RUN":
            runs.append((instruction, workdir or "/"))
        elif keyword in ("CMD", "ENTRYPOINT"):
            last[keyword] = instruction
    folder = _source_folder(facts.path, workdir, copies)
    inside = posixpath.relpath(folder or ".", folder_of(facts.path) or ".")
    unit = Unit(job, Site(facts.path, stage[0].span), PLATFORM, (inside,), tuple(bindings))
    entry = last.get("ENTRYPOINT") or before.entry
    # an ENTRYPOINT takes back the CMD of the image it builds on
    command = last.get("CMD") or (None if "ENTRYPOINT" in last else before.command)
    start = EntryPoint(_entry_words(entry), name, Site(facts.path, stage[0].span), folder, tuple(bindings))
    commands = _commands(facts.path, entry, command, job, folder, tuple(bindings)) if last else ()
    steps = (one for run, inside in runs for one in _build_steps(facts.path, run, inside, workdir or "/", folder))
    return [*bindings, unit, start, *commands, *steps], _State(workdir, tuple(copies), entry, command)


def _build_steps(path: str, run: Instruction, inside: str, workdir: str, cwd: str) -> Iterator[BuildStep]:
    """The simple commands of a RUN line, behind the options of the line itself."""
    words = list(itertools.dropwhile(lambda word: word.startswith("--"), " ".join(run.words).split(" ")))
    for part in command_line.of_words(run.words) if run.is_exec else command_line.split(" ".join(words)):
        folder = posixpath.normpath(posixpath.join(inside, part.folder))
        yield BuildStep(part.words, Site(path, run.span), folder, workdir, cwd)


def _entry_words(entry: Instruction | None) -> tuple[str, ...]:
    """An ENTRYPOINT in its exec form; the text of a shell form is run by a shell, which drops what follows."""
    if entry is None:
        return ()
    return entry.words if entry.is_exec else ("/bin/sh", "-c", " ".join(entry.words))


def _arguments(instruction: Instruction, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The arguments of a build that have a default; whoever builds may pass another value."""
    for word in instruction.words:
        name, equals, text = word.partition("=")
        value = interpolate(text, known).value if equals else None
        if value is not None:
            yield name, value


def _bindings(path: str, instruction: Instruction, known: Mapping[str, str]) -> Iterator[EnvBinding]:
    for word in instruction.words:
        name, _, value = word.partition("=")
        if name:
            yield EnvBinding(name, interpolate(value, known).value, Site(path, instruction.span), PLATFORM, "default")


def _copies(instruction: Instruction, workdir: str) -> Iterator[tuple[str, str]]:
    """(source in the build context, absolute target) pairs; copies from other stages and URLs are left out."""
    words = list(instruction.words) if instruction.is_exec else " ".join(instruction.words).split()
    if any(word.startswith("--from") for word in words):
        return
    places = [word for word in words if not word.startswith("--")]
    for source in places[:-1]:
        if "://" not in source:
            target = posixpath.normpath(posixpath.join(workdir or "/", places[-1]))
            yield posixpath.normpath(source.lstrip("/") or "."), target


def _source_folder(path: str, workdir: str, copies: list[tuple[str, str]]) -> str:
    """The folder of the repository that the working directory was copied from."""
    context = _context(folder_of(path), [source for source, _ in copies])
    for source, target in copies:
        inside = posixpath.relpath(workdir or "/", target)
        if not inside.startswith("..") and ("." not in posixpath.basename(source) or source == "."):
            return from_folder(context, posixpath.join(source, inside)) or ""
    return context


def _context(folder: str, sources: list[str]) -> str:
    """The likely build context: the file cannot say it, so the copies and the name of its folder have to.

    A copy of the Dockerfile's own folder by its full path means the root; a folder that only holds Dockerfiles means
    the folder above; otherwise it is the folder of the Dockerfile, as `docker build .` there has it.
    """
    if folder and any(source == folder or source.startswith(folder + "/") for source in sources):
        return ""
    return posixpath.dirname(folder) if posixpath.basename(folder).lower() in _HOLDERS else folder


def _commands(
    path: str,
    entry: Instruction | None,
    command: Instruction | None,
    job: str,
    folder: str,
    environment: tuple[EnvBinding, ...],
) -> Iterator[Command]:
    if entry is not None and entry.is_exec:
        tail = command.words if command is not None and command.is_exec else ()
        parts, where = command_line.of_words((*entry.words, *tail)), entry
    else:
        where_or_none = entry or command
        if where_or_none is None:
            return
        where = where_or_none
        parts = command_line.of_words(where.words) if where.is_exec else command_line.split(" ".join(where.words))
    for part in parts:
        local = tuple(EnvBinding(key, value, Site(path, where.span), PLATFORM) for key, value in part.environment)
        cwd = from_folder(folder, part.folder) or "" if part.folder else folder
        yield Command(part.words, Site(path, where.span), PLATFORM, job, "service", cwd, environment + local)
