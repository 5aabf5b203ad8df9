"""How long each step of a run takes: `python -m benchmarks.speed REPOSITORY...` prints CPU seconds per step.

CPU time of this process, best of a few rounds, so that a busy machine changes little. The floor is `ast.parse` of the
same Python files: no reader of Python can be faster than the parser.
"""

from __future__ import annotations

import ast
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.linking import link
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import Tree
from mltradeoff_lint.tree.worktree import WorktreeTree

ROUNDS = 3
Result = TypeVar("Result")


def timed(step: Callable[[], Result]) -> tuple[Result, float]:
    """The result of a step and its least CPU seconds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        result = step()
        best = min(best, time.process_time() - started)
    return result, best


def parse_all(tree: Tree, paths: list[str]) -> None:
    """Parse files and drop the result."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in paths:
            ast.parse(tree.read(path))


def measure(root: Path) -> dict[str, float]:
    """CPU seconds of the parts of a run over one repository; `whole` is a complete run."""
    tree = WorktreeTree(root)
    read, reading = timed(lambda: read_tree(tree, lambda path: False))
    parsed = [path for path, file in read.facts.items() if isinstance(file.content, PythonFacts) and not file.host]
    sources = [path for path in parsed if path.endswith(".py")]
    _, floor = timed(lambda: parse_all(tree, sources))
    program, linking = timed(lambda: link(tree, read))
    _, sites = timed(lambda: Sites(WholeProgram(program)))
    _, whole = timed(lambda: analyse(tree, Settings()))
    return {"files": len(read.facts), "floor": floor, "read": reading, "link": linking, "sites": sites, "whole": whole}


def main() -> None:
    """Print one row for each repository named on the command line."""
    for name in sys.argv[1:]:
        row = measure(Path(name))
        figures = "  ".join(
            f"{key} {value:.2f}" if key != "files" else f"files {value:.0f}" for key, value in row.items()
        )
        print(f"{Path(name).name:40}  {figures}")


if __name__ == "__main__":
    main()
