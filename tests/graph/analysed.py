"""A small repository in memory, analysed by the whole program."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mltradeoff_lint.analysis import Analysis, analyse
from mltradeoff_lint.model.declared import Declarations
from mltradeoff_lint.model.graph import Node
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree


def analysed(
    files: Mapping[str, str], untracked: Collection[str] = (), declare: Declarations | None = None
) -> Analysis:
    """Analyse files; a run in which our own code fails is a failure of the test."""
    settings = Settings(declare=declare or Declarations())
    analysis = analyse(MemoryTree(files, untracked), settings, as_of="2026-01-01")
    assert [one.message for one in analysis.run.notifications if one.level == "error"] == []
    return analysis


def nodes(analysis: Analysis, kind: str) -> list[Node]:
    """The nodes of a kind, in the order they were added."""
    return list(analysis.graph.nodes(kind))
