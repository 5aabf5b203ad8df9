"""What git, DVC and the catalogues of a repository hold of the files that its code reads."""

from __future__ import annotations

import bisect
import itertools
import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mltradeoff_lint.graph.facets import pins
from mltradeoff_lint.graph.facets.pins import Pin
from mltradeoff_lint.graph.nodes.places import Place, short
from mltradeoff_lint.graph.nodes.working_folders import WorkingFolders
from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.model.declarations import Command, DatasetDeclaration
from mltradeoff_lint.model.repository_path import folder_of, folders_above, from_folder, upwards
from mltradeoff_lint.resolve.values.brought import ARTIFACT
from mltradeoff_lint.resolve.values.paths import inside_repository

_COMPETITION = re.compile(r"^(?:\.\./)+input/|^(?:\.\.[\\/])+input$|^/kaggle/input(?:/|$)")
_HOME = re.compile(
    r"^(?:/home/(?!jovyan/|airflow/|app/|appuser/|user/|ubuntu/|ec2-user/|azureuser/|sagemaker-user/|runner/|vscode/|hadoop/|spark/|ray/|mambauser/)[^/{]+/|/Users/[^/{]+/"
    r"|[A-Za-z]:[\\/](?:Users|Documents)[\\/]|~[\\/](?!\.|scikit_learn_data)|/content/(?:drive|gdrive)/)"
)
_MOUNTED = re.compile(r"^/(?:opt/ml/|tmp/|var/tmp/|dev/|proc/|var/run/|workspace/|app/|pfs/|azureml-)")
"""Folders that a platform fills before a run, or that hold scratch files: what is in them is told elsewhere."""
_SCRATCH = re.compile(r"^/(?:tmp|var/tmp|dev/shm)/")
_LEADING = re.compile(r"^(?:\.{1,2}/|/)+")
_PLACEHOLDER = re.compile(r"(?:^|/)(?:path[-_/]to[-_/]|your[-_][^/]|[^/<>]*<[a-z][\w .-]*>)", re.IGNORECASE)
_WILD = re.compile(r"\{[^{}]*\}|\*\*/|\*+|\?|\[[^\]]*\]")

MOST_FOLDERS = 24
"""Folders of commands that a relative path is tried from, beside those on the way up from its file."""


SCRATCH = Pin("unknown", "a folder that the platform fills before the run")
"""The pin of what lies in a folder of the machine for scratch files: known where the code itself puts it there."""

TEMPORARY = Pin("run-bound", "it lies in a temporary folder of the run")
"""The pin of what lies in a folder that is made for the run."""


class Held(NamedTuple):
    """A path that the repository holds or declares, and how firmly its content is fixed."""

    path: str
    """Empty where several files of the repository go by the name that is read."""
    pin: Pin
    is_tracked: bool = False


class LocalFiles:
    """Finds the file of the repository that a local path means."""

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._working = WorkingFolders(work)
        self._declared: dict[str, DatasetDeclaration] = {}
        folders: dict[tuple[str, str], None] = {}
        for one in work.resolver.program.declarations():
            if isinstance(one, DatasetDeclaration) and one.is_path and one.pin != "unknown":
                self._declared.setdefault(one.path.rstrip("/"), one)
            elif isinstance(one, Command) and one.cwd:
                folders[folder_of(one.site.path), one.cwd] = None
        self._folders = tuple(folders)
        self._tracked = tuple(sorted(work.repository.tracked))
        self._tracked_folders = frozenset(folder for path in self._tracked for folder in folders_above(path))
        self._by_name: dict[str, list[str]] = {}
        for path in (*self._tracked, *sorted(self._tracked_folders)):
            self._by_name.setdefault(posixpath.basename(path), []).append(path)

    @property
    def knows_tracking(self) -> bool:
        """Whether git told what is tracked; without it nothing can be called untracked."""
        return self._work.repository.has_git

    def candidates(self, text: str, seen_from: str) -> tuple[str, ...]:
        """The repository paths that a local path in a file may mean, likeliest first.

        A notebook runs in its own folder; a script in the root of its project, of the repository, or beside itself. A
        bare name says so little that it means the script's own folder or project only, and so does any path where
        nothing in the root says that code is run there. A path that is built on the place of its module means that one.
        """
        exact = inside_repository(text)
        if exact is not None:
            return (exact,)
        own = posixpath.dirname(seen_from)
        modules = self._work.resolver.program.modules
        project = modules.project_of(seen_from)
        is_own = seen_from.endswith(".ipynb") or text.startswith("..")
        if is_bare(text) or not (project or modules.is_run_from_root):
            return _seen(text, (own, project) if project else (own,))
        return _seen(text, (own, project, "") if is_own else (project, "", own))

    def _further(self, text: str, seen_from: str) -> tuple[str, ...]:
        """The same seen from every folder above, and from those that commands are run in: good for a look, not to
        tell two files to be one."""
        return _seen(text, ("", *folders_above(seen_from), *self._folders_of_commands(seen_from)))

    def _folders_of_commands(self, seen_from: str) -> tuple[str, ...]:
        """The folders that commands are run in which stand above a file, and not those of another project."""
        project = self._work.resolver.program.modules.project_of
        above, own = frozenset(upwards(folder_of(seen_from))), project(seen_from)
        found = (cwd for declared, cwd in self._folders if declared in above and project(f"{cwd}/") in ("", own))
        return tuple(dict.fromkeys(itertools.islice(found, MOST_FOLDERS)))

    def place(self, text: str, seen_from: str, provenance: str = "literal", *, has_holes: bool = False) -> Place:
        """What a local path means that code in a file reads, by what the repository holds and declares."""
        candidates = self.candidates(text, seen_from)
        held = self.find(text, seen_from)
        exact = inside_repository(text)
        if exact is not None:
            text, has_holes = exact, "{" in exact
        identity = candidates[0] if candidates else text
        if held is not None:
            path, label = held.path or identity, held.path or short(text)
            return Place(path, label, "file", held.pin, provenance, text, candidates, is_tracked=held.is_tracked)
        folder = competition_folder(text)
        if folder:
            pin = Pin("mutable-implicit", "it is the download of a competition", "track it with DVC")
            return Place(folder, f"{folder}/", "file", pin, provenance, text, candidates, is_convention=True)
        pin = untracked_pin(text, has_holes=has_holes)
        if pin.state.startswith("mutable") and not self.knows_tracking:
            pin = pins.NO_TRACKING
        return Place(identity, short(text), "file", pin, provenance, text, candidates, is_home=is_home(text))

    def find(self, text: str, seen_from: str) -> Held | None:
        """What the repository holds under a path that code in a file reads; None when it holds nothing there."""
        exact = inside_repository(text)
        if exact is not None:
            return self._held(exact) or (self._matching(exact) if is_open(exact) else None)
        candidates = (*self.candidates(text, seen_from), *self._further(text, seen_from))
        for path in candidates:
            held = self._held(path)
            if held is not None:
                return held
        # a hole in front says nothing of the folder
        for path in candidates if is_open(text) and not text.startswith("{") else ():
            held = self._matching(path)
            if held is not None:
                return held
        return self._by_tail(text, seen_from)

    def _held(self, path: str) -> Held | None:
        declared = self._declaration(path)
        if declared is not None:
            return Held(path, Pin(declared.pin, declared.how))
        if path in self._work.repository.tracked or path in self._tracked_folders:
            return Held(path, Pin("content-pinned", "it is committed to git"), True)
        return None

    def _declaration(self, path: str) -> DatasetDeclaration | None:
        """The declaration of a path or of a folder above it."""
        for one in (path, *folders_above(path)):
            if one in self._declared:
                return self._declared[one]
        return None

    def _matching(self, path: str) -> Held | None:
        """What a pattern or a path with holes names: a declared folder above it, or committed files that fit."""
        prefix = path[: _WILD.search(path).start()] if _WILD.search(path) else path  # type: ignore[union-attr]
        folder = prefix.rpartition("/")[0]
        declared = self._declaration(folder) if folder else None
        if declared is not None:
            return Held(folder, Pin(declared.pin, declared.how))
        literal = re.sub(_WILD, "", path).strip("/.")
        if not literal or "/" not in path.strip("/"):
            return None
        pattern = _pattern(path)
        for one in self._starting(prefix):
            if pattern.fullmatch(one):
                return Held(folder or one, Pin("content-pinned", "it is committed to git"), True)
        return None

    def _starting(self, prefix: str) -> Iterator[str]:
        for index in range(bisect.bisect_left(self._tracked, prefix), len(self._tracked)):
            if not self._tracked[index].startswith(prefix):
                return
            yield self._tracked[index]

    def _by_tail(self, text: str, seen_from: str) -> Held | None:
        """A committed path that ends in the one that is read, where it is seen from a folder that the code may run in.

        Which folder of a machine an absolute path stands in, nobody tells.
        """
        tail = posixpath.normpath(text.replace("\\", "/")).lstrip("./")
        name = posixpath.basename(tail)
        if "." not in name and "/" not in tail:
            return None
        found = [path for path in self._by_name.get(name, ()) if path == tail or path.endswith("/" + tail)]
        if text.startswith("/"):
            is_clone = not is_home(text) and any(tail.endswith(f"/{path}") for path in self._by_name.get(name, ()))
            how = "it lies outside the repository, which holds a file of that name"
            return Held("", Pin("unknown", how)) if found or is_clone else None
        if not self._working.is_changed(seen_from):
            seen = frozenset(_seen(text, self._working.folders(seen_from)))
            found = [path for path in found if path in seen]
        if not found:
            return None
        return Held(found[0] if len(found) == 1 else "", Pin("content-pinned", "it is committed to git"), True)

    def known(self, text: str, seen_from: str) -> bool:
        """Whether a name that may be local is one of the repository's files, folders or declared datasets."""
        present = self._work.repository.present
        return any(one in present or self._held(one) is not None for one in self.candidates(text, seen_from))

    def is_placeholder(self, text: str, seen_from: str) -> bool:
        """Whether a location asks to be replaced and is no path that the repository holds as it is written."""
        return asks_to_be_replaced(text) and not self.known(text, seen_from)


def asks_to_be_replaced(text: str) -> bool:
    """Whether a location stands for what only a user has: `path/to/a.csv`, `s3://your-bucket/a`, `<folder>/a.csv`."""
    return _PLACEHOLDER.search(text) is not None


def _seen(text: str, folders: Iterable[str]) -> tuple[str, ...]:
    found = [from_folder(folder, text) for folder in dict.fromkeys(folders)]
    return tuple(dict.fromkeys(one for one in found if one))


def tail_of(text: str) -> str:
    """A path without the steps up and the root in front of it: what two ways to write it have in common."""
    return _LEADING.sub("", (inside_repository(text) or text).replace("\\", "/"))


def is_open(text: str) -> bool:
    """Whether a path has open parts: holes or wildcards."""
    return bool(_WILD.search(text))


def is_bare(text: str) -> bool:
    """Whether a path is a file name without a folder."""
    return "/" not in text.replace("\\", "/").removeprefix("./")


def is_seen_from_here(text: str) -> bool:
    """Whether a path leads from the folder that the code runs in to what lies in it."""
    return not text.startswith(("/", "~", "..", "{", "\\")) and ":" not in text[:3]


def is_word(text: str) -> bool:
    """Whether a location is one word, without a folder or an ending: it may as well be a mark for something else."""
    return is_bare(text) and text.isidentifier()


def untracked_pin(text: str, *, has_holes: bool) -> Pin:
    """The pin state of a local path that the repository neither holds nor declares."""
    if "{run:temporary" in text:
        return TEMPORARY
    if is_copy(text):
        return Pin("unknown", "it is a copy of what is stored as an artifact")
    if pins.has_hash(text):
        return Pin("content-pinned", "the name holds a content hash")
    if pins.is_dated(text):
        return Pin("partition-pinned", "the path names a dated partition")
    if pins.names_version(text) and not is_home(text):
        return pins.VERSIONED_FILE
    if pins.has_version_hole(text):
        return Pin("run-bound", "the version in the path comes from the run")
    if _SCRATCH.match(text):
        return SCRATCH
    if _MOUNTED.match(text):
        return Pin("unknown", SCRATCH.how)
    if has_holes:
        return Pin("unknown", "a part of the path is not known")
    fix = "track it with DVC, or commit it when it is small"
    if text.startswith("/"):
        return Pin("mutable-implicit", "it lies outside the repository", fix)
    return Pin("mutable-implicit", "the file is not tracked by git, DVC or LFS", fix)


def is_copy(text: str) -> bool:
    """Whether a path is that of a copy which is made for the run of what is stored elsewhere."""
    return text.startswith(f"{{{ARTIFACT}")


def is_home(text: str) -> bool:
    """Whether a path stands in somebody's home folder, and not in that of a container's or a machine's user."""
    return bool(_HOME.match(text))


def competition_folder(text: str) -> str:
    """The input folder of a competition that a path stands in, which is frozen by convention; else empty."""
    found = _COMPETITION.match(text)
    if not found:
        return ""
    root = found.group().rstrip("/")
    name, slash, _ = text[found.end() :].replace("\\", "/").lstrip("/").partition("/")
    is_folder = bool(slash) or (bool(name) and "." not in name)
    return f"{root}/{name}" if is_folder and not is_open(name) else root


def _pattern(path: str) -> re.Pattern[str]:
    """A glob pattern or a path with holes as a regular expression; no part of it crosses a folder but `**`."""
    pieces: list[str] = []
    end = 0
    for found in _WILD.finditer(path):
        wild = found.group()
        any_of_it = "(?:.*/)?" if wild.endswith("/") else ".*" if wild == "**" else "[^/]*"
        pieces += [re.escape(path[end : found.start()]), any_of_it]
        end = found.end()
    return re.compile("".join([*pieces, re.escape(path[end:])]))
