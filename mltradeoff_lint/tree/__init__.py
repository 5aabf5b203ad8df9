"""Where files come from: every later step reads through a `Tree`, so that it need not know whether there is a disk."""

from __future__ import annotations

from mltradeoff_lint.tree.files import Tree, TreeFile
from mltradeoff_lint.tree.git import git_remote, git_revision
from mltradeoff_lint.tree.memory import MemoryTree
from mltradeoff_lint.tree.worktree import WorktreeTree

__all__ = ["MemoryTree", "Tree", "TreeFile", "WorktreeTree", "git_remote", "git_revision"]
