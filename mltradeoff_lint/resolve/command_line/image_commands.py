"""Command lines of containers: what a service or manifest gives to the entry point of an image built here.

A compose `command` without an `entrypoint`, and Kubernetes `args` without a `command`, stand behind the ENTRYPOINT of
the image and in place of its CMD. Sources: Docker documentation, "Understand how CMD and ENTRYPOINT interact";
Kubernetes documentation, "Define a Command and Arguments for a Container".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mltradeoff_lint.model.declarations import Arguments, Command, Declaration, EntryPoint, Schedule, Unit
from mltradeoff_lint.model.facts import FileFacts, Shell
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line
from mltradeoff_lint.resolve.command_line.signatures import Signature, parse

_BUILDERS = ("docker", "podman", "nerdctl")
_OPTIONS = Signature({"-t": 1, "--tag": 1, "-f": 1, "--file": 1, "--target": 1, "--build-arg": 1, "--platform": 1,
                      "--push": 0, "--load": 0, "--no-cache": 0, "--pull": 0, "-q": 0, "--rm": 0})  # fmt: skip

_Build = tuple[str, str]
"""A Dockerfile, and the stage in it that the image is; empty for the last one."""


def with_images(declared: Sequence[Declaration], files: Iterable[FileFacts]) -> tuple[Declaration, ...]:
    """What is declared, where containers are given words with the command lines that these make.

    The scripts among the files tell how the images are named that they build.
    """
    given = [one for one in declared if isinstance(one, Arguments)]
    starts = [one for one in declared if isinstance(one, EntryPoint)]
    if not given or not starts:
        return tuple(declared)
    names = _names((*declared, *_of_scripts(files)), frozenset(one.site.path for one in starts))
    joined = {one: found for one in given if (found := _joined(one, names, starts))}
    replaced = {(one.site, one.unit.name) for one in joined}
    kept = [one for one in declared if not isinstance(one, Command) or (one.site, one.job) not in replaced]
    made = [command for commands in joined.values() for command in commands]
    return (*(_timed(one, made) if isinstance(one, Schedule) else one for one in kept), *made)


def _timed(schedule: Schedule, made: Sequence[Command]) -> Schedule:
    """A schedule with the commands that its containers make of their images."""
    own = (one for one in made if (one.site.path, one.job) == (schedule.site.path, schedule.job))
    return replace(schedule, commands=(*schedule.commands, *own))


def _joined(given: Arguments, names: dict[str, set[_Build]], starts: Sequence[EntryPoint]) -> tuple[Command, ...]:
    """The commands that words given to an image make; none when the image is not known to be built here."""
    unit = given.unit
    builds = {(unit.dockerfile, unit.target)} if unit.dockerfile else names.get(_name(unit.image), set())
    if len(builds) != 1:
        return ()
    ((path, target),) = builds
    stages = [one for one in starts if one.site.path == path and (not target or one.stage.lower() == target.lower())]
    if not stages:
        return ()
    start = stages[-1]
    if not start.words and unit.dockerfile:
        # the words are the whole command line, and their own file says more of the folder
        return ()
    environment = (*start.environment, *unit.environment)
    return tuple(
        Command(
            part.words, given.site, unit.platform, unit.name, given.kind,
            (from_folder(start.cwd, part.folder) or "") if part.folder else start.cwd, environment,
        )
        for part in command_line.of_words((*start.words, *given.words))
    )  # fmt: skip


def _names(declared: Sequence[Declaration], dockerfiles: frozenset[str]) -> dict[str, set[_Build]]:
    """The builds of each image name: of compose services that name what they build, and of `docker build -t`."""
    found: dict[str, set[_Build]] = {}
    for one in declared:
        if isinstance(one, Unit) and one.dockerfile and _name(one.image):
            found.setdefault(_name(one.image), set()).add((one.dockerfile, one.target))
        elif isinstance(one, Command):
            for cwd in dict.fromkeys((one.cwd, "")):
                built = [pair for pair in _built(one, cwd) if pair[1][0] in dockerfiles]
                for image, build in built:
                    found.setdefault(image, set()).add(build)
                if built:
                    break
    return found


def _of_scripts(files: Iterable[FileFacts]) -> Iterator[Command]:
    for file in files:
        for one in file.content.commands if isinstance(file.content, Shell) else ():
            if one.words[0] in _BUILDERS:
                yield Command(one.words, Site(file.path, one.span), "shell", file.path, cwd=folder_of(file.path))


def _built(command: Command, cwd: str) -> Iterator[tuple[str, _Build]]:
    """The images that a `docker build` command names when it runs in a folder, each with what it is built from."""
    words = command.words[2:] if command.words[1:2] == ("buildx",) else command.words[1:]
    if not command.words or command.words[0] not in _BUILDERS or words[:1] != ("build",):
        return
    parsed = parse(words[1:], _OPTIONS)
    context = from_folder(cwd, parsed.positionals[-1]) if parsed is not None and parsed.positionals else None
    if parsed is None or context is None:
        return
    options = parsed.options
    written = (*options.get("-f", ()), *options.get("--file", ()))
    path = from_folder(cwd, written[0]) if written else from_folder(context, "Dockerfile")
    for tag in (*options.get("-t", ()), *options.get("--tag", ())):
        if path and _name(tag):
            yield _name(tag), (path, next(iter(options.get("--target", ())), ""))


def _name(image: str) -> str:
    """The last word of an image's name, without registry, tag and digest; empty when a variable stands in it."""
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
    return "" if any(sign in name for sign in "${}") else name
