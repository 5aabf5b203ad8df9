"""How long each step of a run takes: `python -m benchmarks.speed REPOSITORY...` prints CPU seconds per step.

CPU time of this process, best of a few rounds, so that a busy machine changes little. The floor is `ast.parse` of the
same Python files: no reader of Python can be faster than the parser. `whole` is a run in this process, `cold` one of
the command line with everything to import. `resolve` is the share of the cold run that is spent in `resolve/` and in
what that calls: for the sites, and for the values and callers that the graph asks for.
"""

from __future__ import annotations

import ast
import gc
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TypeVar

from mltradeoff_lint.analysis import analyse
from mltradeoff_lint.linking import link
from mltradeoff_lint.model.collector import collector_at_rest
from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.model.recursion import room_for_recursion
from mltradeoff_lint.reading import read_tree
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import Tree
from mltradeoff_lint.tree.worktree import WorktreeTree

ROUNDS = 3
TICK = 0.005
"""CPU seconds between two looks at what runs; a run of a second gives a share within a few hundredths."""

Result = TypeVar("Result")


def timed(step: Callable[[], Result]) -> tuple[Result, float]:
    """The result of a step and its least CPU seconds, with the garbage of the round before taken away."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        result = step()
        best = min(best, time.process_time() - started)
    return result, best


def at_rest(step: Callable[[], Result]) -> Result:
    """A step as a run takes it: without cyclic collection, and with room for long chains of questions."""
    with collector_at_rest(), room_for_recursion():
        return step()


def share_of(folder: str, step: Callable[[], object]) -> float:
    """The share of a step's CPU time in which code of a folder of the package runs, or waits for what it called."""
    inside = outside = 0
    part = f"/mltradeoff_lint/{folder}/"

    def tick(number: int, frame: FrameType | None) -> None:
        nonlocal inside, outside
        while frame is not None and part not in frame.f_code.co_filename:
            frame = frame.f_back
        inside += frame is not None
        outside += frame is None

    before = signal.signal(signal.SIGPROF, tick)
    signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
    try:
        step()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return inside / max(inside + outside, 1)


def cold_run(root: Path) -> float:
    """The CPU seconds of `mltradeoff-lint check` in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [sys.executable, "-m", "mltradeoff_lint", "check", "--exit-zero", str(root)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def parse_all(tree: Tree, paths: list[str]) -> None:
    """Parse files and drop the result."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in paths:
            ast.parse(tree.read(path))


def measure(root: Path) -> dict[str, float]:
    """CPU seconds of the parts of a run over one repository; `files` is a number and `resolve` a share."""
    tree = WorktreeTree(root)
    read, reading = timed(lambda: read_tree(tree, lambda path: False))
    parsed = [path for path, file in read.facts.items() if isinstance(file.content, PythonFacts) and not file.host]
    sources = [path for path in parsed if path.endswith(".py")]
    _, floor = timed(lambda: parse_all(tree, sources))
    _, linking = timed(lambda: at_rest(lambda: link(tree, read)))
    # a program remembers its answers: each round asks a new one
    _, with_sites = timed(lambda: at_rest(lambda: Sites(WholeProgram(link(tree, read)))))
    _, whole = timed(lambda: analyse(tree, Settings()))
    cold = min(cold_run(root) for _ in range(ROUNDS))
    started = time.process_time()
    share = share_of("resolve", lambda: analyse(tree, Settings()))
    run = time.process_time() - started
    with tempfile.TemporaryDirectory() as empty:
        start = min(cold_run(Path(empty)) for _ in range(ROUNDS))
    # of one and the same run, with what a process needs before it reads anything
    resolving = share * run / (run + start)
    return {
        "files": len(read.facts),
        "floor": floor,
        "read": reading,
        "link": linking,
        "sites": with_sites - linking,
        "whole": whole,
        "cold": cold,
        "resolve": resolving,
    }


def main() -> None:
    """Print one row for each repository named on the command line."""
    # as the command line does, which leaves nothing to collect at its end
    gc.disable()
    styles = {"files": ".0f", "resolve": ".0%"}
    for name in sys.argv[1:]:
        row = measure(Path(name))
        figures = "  ".join(f"{key} {value:{styles.get(key, '.2f')}}" for key, value in row.items())
        print(f"{Path(name).name:40}  {figures}")


if __name__ == "__main__":
    main()
