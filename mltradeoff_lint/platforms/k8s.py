"""Kubernetes manifests: what containers run, on which schedule, with which variables, and whom labels name."""

from __future__ import annotations

from collections.abc import Iterator

from mltradeoff_lint.model.declarations import (
    Arguments,
    Command,
    DatasetDeclaration,
    Declaration,
    EnvSet,
    Image,
    OwnerDeclaration,
    Schedule,
    Unit,
)
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.environment import bindings
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import from_folder
from mltradeoff_lint.model.schedule import longest_gap_seconds
from mltradeoff_lint.model.source import Site
from mltradeoff_lint.readers import command_line

PLATFORM = "k8s"
_SCHEDULED = ("CronJob", "CronWorkflow", "ScheduledSparkApplication", "ScheduledWorkflow")
_ONCE = ("Job", "Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "SparkApplication", "RayJob", "PyTorchJob")
_OWNER_KEYS = ("owner", "owners", "team", "owned-by", "owning-team", "owner-team", "maintainer", "contact")
_PROGRAMS = ("python", "sh", "bash", "make", "uv", "poetry", "papermill")
"""Programs that start another one or a script, which no program takes as its first argument."""
_NOT_OURS = ("backstage.io",)


def applies(path: str, facts: FileFacts) -> bool:
    """Whether a document says `apiVersion` and `kind`."""
    return isinstance(facts.content, Documents) and any(_is_manifest(root) for root in facts.content.roots)


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """Declarations of every manifest of the file, those inside a `List` included."""
    if not isinstance(facts.content, Documents):
        return ()
    found: list[Declaration] = []
    for root in facts.content.roots:
        items = root.get("items")
        listed = items.items if root.text("kind") == "List" and items is not None else (root,)
        for manifest in listed:
            if _is_manifest(manifest):
                found += _manifest(facts.path, manifest)
    return tuple(found)


def _is_manifest(root: Entry) -> bool:
    version = root.text("apiVersion")
    return version is not None and root.text("kind") is not None and not version.startswith(_NOT_OURS)


def _manifest(path: str, manifest: Entry) -> Iterator[Declaration]:
    kind = manifest.text("kind") or ""
    name = manifest.text("metadata", "name") or manifest.text("metadata", "generateName") or kind
    yield from _owners(path, name, manifest)
    if kind == "ConfigMap":
        held = bindings(manifest.get("data"), path, PLATFORM)
        yield from held
        yield EnvSet(name, held, Site(path, manifest.span), PLATFORM)
        return
    role = "scheduled" if kind in _SCHEDULED else "script" if kind in _ONCE else "service"
    commands: list[Command] = []
    for container in _containers(manifest):
        for declaration in _container(path, name, container, role):
            yield declaration
            if isinstance(declaration, Command):
                commands.append(declaration)
    if kind in _SCHEDULED:
        yield from _schedules(path, name, manifest, tuple(commands))
    if kind == "InferenceService":
        yield from _storage(path, name, manifest)


def _owners(path: str, name: str, manifest: Entry) -> Iterator[OwnerDeclaration]:
    """Labels and annotations whose key, without its domain, is a word for an owner."""
    for section in ("labels", "annotations"):
        entry = manifest.get("metadata", section)
        for key, _, value in entry.entries if entry is not None else ():
            if (
                key.rsplit("/", 1)[-1].lower().replace("_", "-") in _OWNER_KEYS
                and value.value
                and "${" not in value.value
            ):
                yield OwnerDeclaration(value.value, name, Site(path, value.span), PLATFORM)


def _containers(manifest: Entry) -> Iterator[Entry]:
    """Every container of a manifest, wherever its kind keeps the pod template; init containers are left out."""
    for route, entry in manifest.walk():
        if entry.kind != "map" or len(route) < 2:
            continue
        listed = route[-1].isdecimal() and route[-2] == "containers"
        if listed or (route[-1] in ("container", "script") and "templates" in route):
            yield entry


def _container(path: str, name: str, container: Entry, kind: str) -> Iterator[Declaration]:
    environment = bindings(container.get("env"), path, PLATFORM)
    yield from environment
    image = container.get("image")
    unit = Unit(
        name, Site(path, container.span), PLATFORM, (), environment, (), _sets(container), _keys(container),
        "" if image is None else image.value,
    )  # fmt: skip
    yield unit
    if image is not None and image.value:
        yield Image(image.value, name, Site(path, image.span), PLATFORM)
    command, arguments = container.get("command"), container.get("args")
    where = command or arguments
    if where is not None and command is None:
        yield Arguments(_words(arguments), unit, Site(path, where.span), kind)
    if where is None or (command is None and not _names_program(_words(arguments))):
        return
    for part in command_line.of_words((*_words(command), *_words(arguments))):
        cwd = from_folder("", part.folder) or ""
        yield Command(part.words, Site(path, where.span), PLATFORM, name, kind, cwd, environment)


def _names_program(words: tuple[str, ...]) -> bool:
    """Whether words given to an image begin with a program, so that its entry point is none or hands on to them."""
    program = words[0].rpartition("/")[2].rstrip("0123456789.") if words else ""
    return program in _PROGRAMS


def _sets(container: Entry) -> tuple[str, ...]:
    """The ConfigMaps under `envFrom`; what a Secret holds is not told by the repository."""
    taken = container.get("envFrom")
    names = (item.text("configMapRef", "name") for item in taken.items) if taken is not None else ()
    return tuple(name for name in names if name)


def _keys(container: Entry) -> tuple[tuple[str, str, str], ...]:
    """(variable, ConfigMap, key) of each `valueFrom.configMapKeyRef`."""
    listed = container.get("env")
    found = []
    for item in listed.items if listed is not None else ():
        reference = item.get("valueFrom", "configMapKeyRef")
        name, source = item.text("name"), reference.text("name") if reference is not None else None
        key = reference.text("key") if reference is not None else None
        if name and source and key:
            found.append((name, source, key))
    return tuple(found)


def _words(entry: Entry | None) -> tuple[str, ...]:
    if entry is None or entry.kind in ("map", "null"):
        return ()
    return tuple(item.value for item in entry.items) if entry.kind == "seq" else (entry.value,)


def _schedules(path: str, name: str, manifest: Entry, commands: tuple[Command, ...]) -> Iterator[Schedule]:
    """The schedules of a cron resource; a suspended one has none."""
    if manifest.is_true("spec", "suspend"):
        return
    single, several = manifest.get("spec", "schedule"), manifest.get("spec", "schedules")
    for entry in (*((single,) if single is not None else ()), *(several.items if several is not None else ())):
        if entry.kind == "str":
            seconds = longest_gap_seconds(entry.value)
            yield Schedule(name, entry.value, seconds, Site(path, entry.span), PLATFORM, commands)


def _storage(path: str, name: str, manifest: Entry) -> Iterator[DatasetDeclaration]:
    """The model artefacts a KServe service loads; a bare URI says nothing of its version."""
    for route, entry in manifest.walk():
        if route and route[-1] == "storageUri" and entry.kind == "str":
            where = Site(path, entry.span)
            yield DatasetDeclaration(entry.value, False, "unknown", "storageUri", where, PLATFORM, "reads", name)
