"""Code that measures models, told by what it is called and by the part of a library it takes for that."""

from __future__ import annotations

from mltradeoff_lint.graph.workspace import Workspace
from mltradeoff_lint.resolve.folders import is_evaluation, names_evaluation


def measures(work: Workspace, path: str) -> bool:
    """Whether a file measures models rather than runs them.

    A word for it somewhere in the path is enough where the file imports what a library evaluates with: the pipeline
    `intent_evaluation_opik` with `opik.evaluation`.
    """
    if is_evaluation(path):
        return True
    if not names_evaluation(path):
        return False
    program = work.resolver.program
    modules = (one.module for one in work.resolver.facts(path).imports if not one.level)
    return any(names_evaluation(one.replace(".", "/")) and program.module(path, one) is None for one in modules)
