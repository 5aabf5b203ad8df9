"""DVC: `*.dvc` files pin data by content, `dvc.yaml` declares stages, `dvc.lock` records what they read and wrote."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mltradeoff_lint.model.declarations import Command, DatasetDeclaration, Declaration, Step
from mltradeoff_lint.model.entries import Entry
from mltradeoff_lint.model.facts import Documents, FileFacts
from mltradeoff_lint.model.repository_path import folder_of, from_folder
from mltradeoff_lint.model.source import Site, Span
from mltradeoff_lint.readers import command_line

PLATFORM = "dvc"
_DIGESTS = ("md5", "etag", "checksum", "sha256", "version_id")
_OUTPUTS = ("outs", "metrics", "plots")
_HOLE = re.compile(r"\$\{\s*((?:item|key)(?:[.\[][\w.\]\[-]*)?)\s*\}")
_MOST_EXPANSIONS = 64
"""Stages that one `foreach` or `matrix` may become; the rest is left out."""


class _Place(NamedTuple):
    """The file and the folder that the paths of a stage are relative to."""

    path: str
    folder: str


def applies(path: str, facts: FileFacts) -> bool:
    """Whether the file is one of the three kinds of DVC."""
    name = path.rsplit("/", 1)[-1]
    return isinstance(facts.content, Documents) and (
        name in ("dvc.yaml", "dvc.lock") or (name.endswith(".dvc") and name != ".dvc")
    )


def read(facts: FileFacts) -> tuple[Declaration, ...]:
    """Datasets with their pin state; for `dvc.yaml` also the command and the order of each stage.

    Paths in `dvc.lock` are taken from its own folder: a `wdir` of a stage is written in `dvc.yaml` only.
    """
    if not isinstance(facts.content, Documents):
        return ()
    name = facts.path.rsplit("/", 1)[-1]
    read_root = {"dvc.yaml": _pipeline, "dvc.lock": _lock}.get(name, _pointer)
    return tuple(itertools.chain.from_iterable(read_root(facts.path, root) for root in facts.content.roots))


def _dataset(
    place: _Place, written: str, span: Span, pin: str, how: str, mode: str, job: str = ""
) -> DatasetDeclaration:
    inside = from_folder(place.folder, written)
    site = Site(place.path, span)
    return DatasetDeclaration(inside or written, inside is not None, pin, how, site, PLATFORM, mode, job)


def _digest(entry: Entry) -> str:
    """`md5 1a2b3c4d` for an entry that records the content; empty when it does not."""
    for key in _DIGESTS:
        value = entry.text(key)
        if value:
            return f"{key} {value[:8]}"
    files = entry.get("files")
    return f"{len(files.items)} files with digests" if files is not None and files.items else ""


def _pointer(path: str, root: Entry) -> Iterator[Declaration]:
    """A `.dvc` file: outs that it pins, and for an import the source they come from."""
    place = _Place(path, from_folder(folder_of(path), root.text("wdir") or ".") or "")
    revision = ""
    for item in _items(root, "deps"):
        written = item.text("path")
        locked = item.text("repo", "rev_lock")
        digest = f"rev_lock {locked[:8]}" if locked else _digest(item)
        revision = revision or digest
        if written:
            pin = "version-pinned" if locked else "content-pinned" if digest else "unknown"
            url = item.text("repo", "url")
            name = f"{url}:{written}" if url else written
            how = f"{digest} in {path}" if digest else f"dep of {path} without a digest"
            if url:
                yield DatasetDeclaration(name, False, pin, how, Site(path, item.span), PLATFORM, "reads")
            else:
                yield _dataset(place, written, item.span, pin, how, "reads")
    for item in _items(root, "outs"):
        written = item.text("path")
        if written:
            digest = _digest(item)
            pin = "content-pinned" if digest else "version-pinned" if revision else "unknown"
            how = f"{digest or revision} in {path}" if digest or revision else f"out of {path} without a digest"
            yield _dataset(place, written, item.span, pin, how, "declares")


def _items(root: Entry, key: str) -> tuple[Entry, ...]:
    listed = root.get(key)
    return () if listed is None else tuple(item for item in listed.items if item.kind == "map")


def _lock(path: str, root: Entry) -> Iterator[Declaration]:
    place = _Place(path, folder_of(path))
    stages = root.get("stages")
    for name, _, stage in (stages or root).entries:
        for key, mode in (("deps", "reads"), ("outs", "writes")):
            for item in _items(stage, key):
                written, digest = item.text("path"), _digest(item)
                if written and digest:
                    how = f"{digest} of stage {name} in {path}"
                    yield _dataset(place, written, item.span, "content-pinned", how, mode, name)


def _pipeline(path: str, root: Entry) -> Iterator[Declaration]:
    stages = root.get("stages")
    reads: dict[str, list[str]] = {}
    writers: dict[str, str] = {}
    sites: dict[str, Site] = {}
    for written_name, key, entry in stages.entries if stages is not None else ():
        for name, stage, fill in _expanded(written_name, entry):
            place = _Place(path, from_folder(folder_of(path), _filled(stage.text("wdir") or ".", fill)) or "")
            sites.setdefault(name, Site(path, key))
            for declaration in _stage(place, name, stage, fill):
                yield declaration
                if isinstance(declaration, DatasetDeclaration) and declaration.mode == "writes":
                    writers.setdefault(declaration.path, name)
                elif isinstance(declaration, DatasetDeclaration):
                    reads.setdefault(name, []).append(declaration.path)
    for name, site in sites.items():
        after = dict.fromkeys(writers[dep] for dep in reads.get(name, ()) if dep in writers)
        yield Step(path, name, tuple(after), site, PLATFORM)


def _stage(place: _Place, name: str, stage: Entry, fill: Mapping[str, str]) -> Iterator[Declaration]:
    yield from _stage_commands(place, name, stage, fill)
    for written, span, _ in _paths(stage, "deps", fill):
        yield _dataset(place, written, span, "unknown", f"dep of stage {name} in {place.path}", "reads", name)
    for key in _OUTPUTS:
        for written, span, options in _paths(stage, key, fill):
            cached = options is None or (options.text("cache") or "true").lower() not in ("false", "no", "off")
            pin = "content-pinned" if cached else "generated"
            how = f"{'cached' if cached else 'uncached'} out of stage {name} in {place.path}"
            yield _dataset(place, written, span, pin, how, "writes", name)


def _stage_commands(place: _Place, name: str, stage: Entry, fill: Mapping[str, str]) -> Iterator[Command]:
    written = stage.get("cmd")
    if written is None or written.kind in ("map", "null"):
        return
    for entry in written.items if written.kind == "seq" else (written,):
        for part in command_line.split(_filled(entry.value, fill)):
            cwd = from_folder(place.folder, part.folder) or "" if part.folder else place.folder
            yield Command(part.words, Site(place.path, entry.span), PLATFORM, name, "stage", cwd)


def _paths(stage: Entry, key: str, fill: Mapping[str, str]) -> Iterator[tuple[str, Span, Entry | None]]:
    """(path, span, options) of a list whose items are a path, or a map of one path to its options."""
    listed = stage.get(key)
    if listed is None:
        return
    for item in listed.items or (listed,):
        if item.kind == "map":
            for written, span, options in item.entries:
                yield _filled(written, fill), span, options if options.kind == "map" else None
        elif item.kind not in ("seq", "null") and item.value:
            yield _filled(item.value, fill), item.span, None


def _filled(text: str, fill: Mapping[str, str]) -> str:
    """The text with the holes of a `foreach` or `matrix` filled; those of params stay as written."""
    return _HOLE.sub(lambda hole: fill.get(hole[1], hole[0]), text) if fill else text


def _expanded(name: str, entry: Entry) -> Iterator[tuple[str, Entry, Mapping[str, str]]]:
    """The stages an entry stands for: itself, or one for each item of its `foreach` or `matrix`."""
    each, body, matrix = entry.get("foreach"), entry.get("do"), entry.get("matrix")
    if each is not None and body is not None:
        fills = list(itertools.islice(_each(each), _MOST_EXPANSIONS))
        for suffix, fill in fills:
            yield f"{name}@{suffix}", body, fill
        if not fills:
            yield name, body, {}
    elif matrix is not None and matrix.kind == "map" and all(axis.kind == "seq" for _, _, axis in matrix.entries):
        axes = [[(key, str(index), item) for index, item in enumerate(axis.items)] for key, _, axis in matrix.entries]
        for combination in itertools.islice(itertools.product(*axes), _MOST_EXPANSIONS):
            values: dict[str, str] = {}
            for key, _, item in combination:
                values.update(_values(f"item.{key}", item))
            labels = [item.value if item.kind not in ("map", "seq") else index for _, index, item in combination]
            yield f"{name}@{'-'.join(labels)}", entry, values
    else:
        yield name, entry, {}


def _each(each: Entry) -> Iterator[tuple[str, Mapping[str, str]]]:
    for index, item in enumerate(each.items):
        label = item.value if item.kind not in ("map", "seq") else str(index)
        yield label, {**_values("item", item), "key": label}
    for key, _, item in each.entries:
        yield key, {**_values("item", item), "key": key}


def _values(prefix: str, item: Entry) -> dict[str, str]:
    if item.kind not in ("map", "seq"):
        return {prefix: item.value}
    return {f"{prefix}.{key}": child.value for key, _, child in item.entries if child.kind not in ("map", "seq")}
