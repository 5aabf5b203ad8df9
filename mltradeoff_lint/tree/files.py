"""What a tree is: a list of files and a way to read one."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from mltradeoff_lint.model.problem import Problem

REGULAR_MODE = 0o100644
EXECUTABLE_MODE = 0o100755
LINK_MODE = 0o120000


class TreeFile(NamedTuple):
    """A file of the tree; `mode` is one of git's (regular, executable, link)."""

    path: str
    """Relative to the root, with `/` between parts."""
    size: int
    """In bytes; of the target for a link."""
    is_tracked: bool
    """Whether git tracks it; also true where nobody can tell, see `Tree.knows_tracking`."""
    mode: int = REGULAR_MODE


class Tree(Protocol):
    """A set of files under one root."""

    @property
    def name(self) -> str:
        """What a report calls the root; never an absolute path."""
        ...

    @property
    def revision(self) -> str:
        """The commit the files stand for; empty when there is none."""
        ...

    @property
    def remote(self) -> str:
        """The URL of the repository without credentials; empty when there is none."""
        ...

    @property
    def knows_tracking(self) -> bool:
        """Whether `is_tracked` was told by git; false for a folder without a repository."""
        ...

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was left out of `files`, and why."""
        ...

    def files(self) -> tuple[TreeFile, ...]:
        """Every file, data and binaries too, sorted by path."""
        ...

    def read(self, path: str) -> bytes:
        """The bytes of one of `files`; raises OSError when it cannot be read (any more)."""
        ...
