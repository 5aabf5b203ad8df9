"""Which notebook of the repository a name in a command line or call means."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from mltradeoff_lint.resolve.interface import Resolver

SUFFIX = ".ipynb"


class Notebooks:
    """Finds notebooks by the names that runners are given."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._all: tuple[str, ...] | None = None

    def find(self, name: str, folders: Sequence[str]) -> str | None:
        """The notebook of a name, seen from one of some folders; None when there is none, or no telling which.

        An absolute name is that of another machine: its file, and its last folder, have to fit one notebook alone.
        """
        if not name.endswith(SUFFIX):
            return None
        for folder in folders if not name.startswith("/") else ():
            path = posixpath.normpath(posixpath.join(folder, name))
            if path.startswith("/"):
                # behind a `cd` to a folder of another machine
                return self.find(path, ())
            if self._resolver.program.python(path) is not None:
                return path
        words = [word for word in posixpath.normpath(name).split("/") if word and word != ".."]
        first = range(max(1, len(words) - 1)) if name.startswith("/") else range(min(1, len(words) - 1))
        for start in first:
            fitting = self._ending("/".join(words[start:]))
            if fitting:
                return fitting[0] if len(fitting) == 1 else None
        return None

    def _ending(self, tail: str) -> list[str]:
        if self._all is None:
            self._all = tuple(path for path in self._resolver.program.python_paths() if path.endswith(SUFFIX))
        return [path for path in self._all if path == tail or path.endswith(f"/{tail}")]
