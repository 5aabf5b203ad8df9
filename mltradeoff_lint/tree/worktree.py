"""The files of a folder on disk, as git lists them, else as a walk finds them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from mltradeoff_lint.model.problem import Problem, ProblemKind
from mltradeoff_lint.tree.files import EXECUTABLE_MODE, LINK_MODE, REGULAR_MODE, TreeFile
from mltradeoff_lint.tree.git import (
    GitError,
    IndexEntry,
    git_remote,
    git_revision,
    require_repository,
    tracked_files,
    untracked_files,
)
from mltradeoff_lint.tree.walk import ENVIRONMENT_MARK, SKIPPED_FOLDERS, walk

MAX_BYTES = 64 << 20
"""Largest file that `read` returns; later steps have lower limits of their own for each language."""

_SUBMODULE = 0o160000


class _LeftOutError(Exception):
    """A path is left out of the tree, and the user is told why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(path, why)
        self.path, self.why = path, why


class WorktreeTree:
    """A folder, or one file of it, as it is on disk now.

    Where git knows the folder, the files are the tracked ones and those it does not ignore; elsewhere all that no
    `.gitignore` excludes, which then count as tracked. Folders that tools write (`SKIPPED_FOLDERS`, virtual
    environments) are left out; submodules, links out of the root and special files are left out with a problem.
    """

    def __init__(self, path: Path) -> None:
        """Take a folder as the root, or a file: then its folder is the root and it is the only file."""
        self.root = path if path.is_dir() else path.parent
        self._only = None if path.is_dir() else path.name
        self._real_root = os.path.realpath(self.root)
        self._problems: list[Problem] = []
        self._inside: dict[str, bool] = {}
        self._knows_tracking = False
        self._files: dict[str, TreeFile] | None = None

    @property
    def name(self) -> str:
        """The name of the root folder, without the way to it."""
        return os.path.basename(self._real_root)

    @property
    def revision(self) -> str:
        """The commit that is checked out; empty without a repository or a commit."""
        return git_revision(self.root) or ""

    @property
    def remote(self) -> str:
        """The URL of `origin` without credentials; empty when there is none."""
        return git_remote(self.root) or ""

    @property
    def knows_tracking(self) -> bool:
        """Whether git told which files are tracked."""
        self._listed()
        return self._knows_tracking

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was left out, sorted by path."""
        self._listed()
        return tuple(sorted(self._problems, key=lambda problem: (problem.site.path, problem.message)))

    def files(self) -> tuple[TreeFile, ...]:
        """Every file, sorted by path; listed once."""
        return tuple(self._listed().values())

    def read(self, path: str) -> bytes:
        """The bytes of a listed file.

        Raises OSError when the file is not listed, has gone, has come to lead out of the root, or is above `MAX_BYTES`.
        """
        if path not in self._listed():
            raise FileNotFoundError(path)
        if not self._is_inside(os.path.realpath(self.root / path)):
            raise PermissionError(f"{path} leads out of the analysed folder")
        with open(self.root / path, "rb", opener=_open_without_waiting) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise OSError(f"{path} is no regular file any more")
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise OSError(f"{path} is larger than {MAX_BYTES >> 20} MB")
        return data

    def _listed(self) -> dict[str, TreeFile]:
        if self._files is None:
            found: list[TreeFile] = []
            for entry, is_tracked in self._candidates():
                try:
                    file = self._file(entry, is_tracked)
                except _LeftOutError as error:
                    self._leave_out(error.path, error.why)
                else:
                    found += [file] if file is not None else []
            self._files = {file.path: file for file in sorted(found)}
        return self._files

    def _candidates(self) -> list[tuple[IndexEntry, bool]]:
        """What git or the walk lists, without skipped folders, and whether it is tracked."""
        listed: list[tuple[IndexEntry, bool]]
        try:
            require_repository(self.root)
            listed = [(entry, True) for entry in tracked_files(self.root)]
            known = {entry.path for entry, _ in listed}
            loose = (path for path in untracked_files(self.root) if path not in known)
            listed += [(IndexEntry(path, REGULAR_MODE, True), False) for path in loose]
            self._knows_tracking = True
        except GitError as error:
            here = Path(self._real_root)
            if any((folder / ".git").exists() for folder in (here, *here.parents)):
                self._leave_out(".git", f"git did not answer, so all files count as tracked: {error}")
            listed = [(IndexEntry(path, REGULAR_MODE, True), True) for path in walk(self.root)]
        if self._only is not None:
            listed = [item for item in listed if item[0].path == os.fsencode(self._only)] or self._ignored_file()
        environments = _environments(entry.path for entry, _ in listed)
        return [item for item in listed if not _is_skipped(item[0].path, environments)]

    def _ignored_file(self) -> list[tuple[IndexEntry, bool]]:
        """The one file that was asked for, when git ignores it: asking for it by name is reason enough."""
        return [(IndexEntry(os.fsencode(self._only or ""), REGULAR_MODE, True), not self._knows_tracking)]

    def _file(self, entry: IndexEntry, is_tracked: bool) -> TreeFile | None:
        try:
            path = entry.path.decode("utf-8")
        except UnicodeDecodeError:
            raise _LeftOutError(entry.path.decode("utf-8", "backslashreplace"), "its name is not valid UTF-8") from None
        if entry.mode == _SUBMODULE:
            raise _LeftOutError(path, "a submodule: analyse it in a run of its own")
        if path.endswith("/"):
            raise _LeftOutError(path.rstrip("/"), "a repository of its own inside this one")
        if not entry.is_checked_out:
            return TreeFile(path, 0, is_tracked, entry.mode)
        full = self.root / path
        try:
            status = os.lstat(full)
            if stat.S_ISLNK(status.st_mode):
                return self._link(path, is_tracked)
            if not self._is_inside_folder(path):
                raise _LeftOutError(path, "its folder is a link that leads out of the analysed folder")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise _LeftOutError(path, f"cannot be looked at: {error}") from error
        if not stat.S_ISREG(status.st_mode):
            if stat.S_ISDIR(status.st_mode):
                return None
            raise _LeftOutError(path, "no regular file")
        mode = EXECUTABLE_MODE if status.st_mode & stat.S_IXUSR else REGULAR_MODE
        return TreeFile(path, status.st_size, is_tracked, mode)

    def _link(self, path: str, is_tracked: bool) -> TreeFile | None:
        """A link to a file inside the root; what a link to a folder leads to is listed by itself."""
        target = os.path.realpath(self.root / path)
        if not self._is_inside(target):
            raise _LeftOutError(path, "a link that leads out of the analysed folder")
        try:
            status = os.stat(target)
        except OSError:
            raise _LeftOutError(path, "a link that leads nowhere") from None
        if not stat.S_ISREG(status.st_mode):
            if stat.S_ISDIR(status.st_mode):
                return None
            raise _LeftOutError(path, "no regular file")
        return TreeFile(path, status.st_size, is_tracked, LINK_MODE)

    def _is_inside(self, real: str) -> bool:
        return real == self._real_root or real.startswith(self._real_root.rstrip(os.sep) + os.sep)

    def _is_inside_folder(self, path: str) -> bool:
        folder = path.rpartition("/")[0]
        if folder not in self._inside:
            self._inside[folder] = self._is_inside(os.path.realpath(self.root / folder))
        return self._inside[folder]

    def _leave_out(self, path: str, why: str) -> None:
        self._problems.append(Problem.of_file(ProblemKind.SKIPPED, path, f"not read: {why}"))


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file so that a pipe put in its place does not block."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _environments(paths: Iterable[bytes]) -> frozenset[bytes]:
    """The folders that are virtual environments; the root itself never counts."""
    mark = b"/" + ENVIRONMENT_MARK.encode()
    return frozenset(path[: -len(mark)] for path in paths if path.endswith(mark))


def _is_skipped(path: bytes, environments: frozenset[bytes]) -> bool:
    folders = path.split(b"/")[:-1]
    if any(os.fsdecode(folder) in SKIPPED_FOLDERS for folder in folders):
        return True
    return bool(environments) and any(b"/".join(folders[: n + 1]) in environments for n in range(len(folders)))
