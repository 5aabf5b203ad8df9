"""Docker Compose: the services, what each runs, and the variables it runs with."""

from __future__ import annotations

import posixpath
import re

from mltradeoff_lint.model.declarations import Arguments, Command, Declaration, EnvBinding, Image, Unit
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.environment import bindings, interpolate
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line

PLATFORM = "compose"
_NAME = re.compile(r"(?:.*[-_.])?compose(?:[-_.].*)?\.ya?ml", re.IGNORECASE)
_SERVICE_KEYS = ("image", "build", "command", "entrypoint")
_MERGE_DEPTH = 8


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document has services with an image, a build or a command."""
    if not isinstance(facts.content, Documents) or not path.lower().endswith((".yml", ".yaml")):
        return False
    return any(_is_compose(root, path) for root in facts.content.roots)


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """The image, the variables and the command of each service."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        services = root.get("services")
        if services is None or not _is_compose(root, facts.path):
            continue
        for name, _, service in services.entries:
            if service.kind == "map":
                found += _service(facts.path, name, service)
    return tuple(found)


def _is_compose(root: Entry, path: str) -> bool:
    services = root.get("services")
    if services is None or services.kind != "map" or root.get("apiVersion") is not None:
        return False
    named = _NAME.fullmatch(path.rsplit("/", 1)[-1]) is not None
    keys = _SERVICE_KEYS[:1] if not named else (*_SERVICE_KEYS, "environment", "env_file", "extends")
    return any(service.get(key) is not None for _, _, service in services.entries for key in keys)


def _service(path: str, name: str, service: Entry) -> list[Declaration]:
    service = _whole(service)
    environment = bindings(service.get("environment"), path, PLATFORM)
    image = service.get("image")
    unit = Unit(
        name, Site(path, service.span), PLATFORM, _folders(service), environment, _files(service.get("env_file")),
        image="" if image is None else image.value, dockerfile=_dockerfile(path, service),
        target=service.text("build", "target") or "", mounts=_mounts(service.get("volumes")),
    )  # fmt: skip
    found: list[Declaration] = [*environment, unit]
    if image is not None and image.value:
        found.append(Image(interpolate(image.value).value or image.value, name, Site(path, image.span), PLATFORM))
    found += _commands(path, name, service, environment)
    command = service.get("command")
    if command is not None and _words(command) and not _words(service.get("entrypoint")):
        found.append(Arguments(_words(command), unit, Site(path, command.span)))
    return found


def _whole(service: Entry, depth: int = 0) -> Entry:
    """A service with the maps under its merge keys written out; its own keys win."""
    merged = [one for name, _, child in service.entries if name == "<<" for one in (child, *child.items)]
    if not merged or depth > _MERGE_DEPTH:
        return service
    entries = [entry for one in merged for entry in _whole(one, depth + 1).entries]
    return service._replace(entries=(*entries, *(entry for entry in service.entries if entry[0] != "<<")))


def _folders(service: Entry) -> tuple[str, ...]:
    """Where a service's code comes from: the folder of a Dockerfile that stands below its context, then the context."""
    context = service.text("build") or service.text("build", "context")
    dockerfile = service.text("build", "dockerfile") or ""
    if context is None and not dockerfile:
        return ()
    context = interpolate(context or ".").value or "."
    below = posixpath.dirname(dockerfile)
    return (posixpath.join(context, below), context) if below else (context,)


def _dockerfile(path: str, service: Entry) -> str:
    """The Dockerfile that a service is built by, from the root; empty when it is only run."""
    if service.get("build") is None:
        return ""
    context = interpolate(service.text("build") or service.text("build", "context") or ".").value
    folder = from_folder(folder_of(path), context or ".")
    return "" if folder is None else from_folder(folder, service.text("build", "dockerfile") or "Dockerfile") or ""


def _files(entry: Entry | None) -> tuple[str, ...]:
    """The environment files of a service: one, a list, or a list of maps with a `path`."""
    if entry is None:
        return ()
    written = [entry.value] if entry.kind == "str" else [item.text("path") or item.value for item in entry.items]
    return tuple(filled for one in written if (filled := interpolate(one).value))


def _mounts(entry: Entry | None) -> tuple[str, ...]:
    """The folders and files of the host that a service sees, as written: `./src:/app`, or a map with a `source`.

    A volume with a name is none of them; what a variable names is empty.
    """
    found: list[str] = []
    for item in entry.items if entry is not None else ():
        if item.kind == "map":
            written = item.text("source") or "" if item.text("type") == "bind" else None
        else:
            written = item.value
        if written is None:
            continue
        filled = interpolate(written).value
        source = "" if filled is None else filled if item.kind == "map" else filled.partition(":")[0]
        if not source or "/" in source or source.startswith((".", "~")):
            found.append(source)
    return tuple(found)


def _commands(path: str, name: str, service: Entry, environment: tuple[EnvBinding, ...]) -> list[Command]:
    entrypoint, command = service.get("entrypoint"), service.get("command")
    where = command if _words(command) else entrypoint
    if where is None:
        return []
    if _words(entrypoint) and _words(command):
        parts = command_line.of_words(_words(entrypoint) + _words(command))
    else:
        parts = command_line.of_entry(where)
    folder = _context(path, service)
    return [
        Command(
            part.words, Site(path, where.span), PLATFORM, name, "service", _inside(folder, part.folder), environment
        )
        for part in parts
    ]


def _words(entry: Entry | None) -> tuple[str, ...]:
    """The words of a command: compose splits a text without a shell, so operators in it are words too."""
    if entry is None or entry.kind in ("map", "null"):
        return ()
    if entry.kind == "seq":
        return tuple(item.value for item in entry.items if item.kind not in ("map", "seq"))
    return tuple(word for part in command_line.split(entry.value) for word in part.words)


def _inside(folder: str, inner: str) -> str:
    return from_folder(folder, inner) or "" if inner else folder


def _context(path: str, service: Entry) -> str:
    """The folder a service is built from, relative to the root; the folder of the file when it only has an image."""
    written = service.text("build") or service.text("build", "context") or "."
    return from_folder(folder_of(path), written) or folder_of(path)
