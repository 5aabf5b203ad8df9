"""A tree in memory: what the tests of the rules and callers of the Python API hand in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mltradeoff_lint.model.problem import Problem
from mltradeoff_lint.tree.files import TreeFile


class MemoryTree:
    """Files given as a mapping of path to content; text is stored as UTF-8."""

    def __init__(self, files: Mapping[str, bytes | str], untracked: Collection[str] = ()) -> None:
        """Take the files; the paths in `untracked` are those git would not track."""
        self._contents = {
            path: content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
            for path, content in files.items()
        }
        self._untracked = frozenset(untracked)

    name = "memory"
    revision = ""
    remote = ""

    @property
    def knows_tracking(self) -> bool:
        """Always true: the caller said what is tracked."""
        return True

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Always empty: nothing is left out."""
        return ()

    def files(self) -> tuple[TreeFile, ...]:
        """Every file, sorted by path."""
        return tuple(
            TreeFile(path, len(content), path not in self._untracked)
            for path, content in sorted(self._contents.items())
        )

    def read(self, path: str) -> bytes:
        """The bytes of a file; raises FileNotFoundError for a path that is not there."""
        try:
            return self._contents[path]
        except KeyError:
            raise FileNotFoundError(path) from None
