"""What a run changes in the process, and what it keeps only when asked."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import pytest

from mltradeoff_lint.analysis import analyse, why, why_nothing
from mltradeoff_lint.cli import main as command_line
from mltradeoff_lint.model.collector import collector_at_rest
from mltradeoff_lint.model.problem import UsageError
from mltradeoff_lint.model.recursion import DEPTH, room_for_recursion
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree

FILES = {
    "train.py": "import pandas as pd\nfrom conf import PATH\nframe = pd.read_csv(PATH)\n",
    "conf.py": "PATH = 'a.csv'\n",
}
BROKEN = {**FILES, ".mltradeoff/catalog/own.yaml": "calls: 5\n"}


@pytest.mark.parametrize("is_enabled", [True, False])
def test_a_run_leaves_the_collector_and_the_recursion_limit_as_it_found_them(is_enabled: bool) -> None:
    limit, before = sys.getrecursionlimit(), gc.isenabled()
    (gc.enable if is_enabled else gc.disable)()
    try:
        analyse(MemoryTree(FILES), Settings())
        why(MemoryTree(FILES), Settings(), "train.py", 3)
        with pytest.raises(UsageError):
            analyse(MemoryTree(BROKEN), Settings())
        assert gc.isenabled() is is_enabled
        assert sys.getrecursionlimit() == limit
    finally:
        (gc.enable if before else gc.disable)()


def test_the_collector_rests_only_inside() -> None:
    assert gc.isenabled()
    with collector_at_rest():
        assert not gc.isenabled()
        with collector_at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_room_for_recursion_never_takes_room_away() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(DEPTH + 1)
    try:
        with room_for_recursion():
            assert sys.getrecursionlimit() == DEPTH + 1
    finally:
        sys.setrecursionlimit(limit)


def test_questions_are_kept_only_when_asked_for_and_change_no_finding() -> None:
    plain = analyse(MemoryTree(FILES), Settings(), as_of="2026-01-01")
    recorded = analyse(MemoryTree(FILES), Settings(), as_of="2026-01-01", is_recorded=True)
    assert not any(plain.questions.values())
    kinds = {question.kind for questions in recorded.questions.values() for question in questions}
    assert "python" in kinds
    assert plain.run == recorded.run


def test_the_collector_rests_to_the_end_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after the report: at its end an interpreter would walk everything once more, and free nothing of use."""
    noted: list[bool] = []

    def run(arguments: Sequence[str]) -> int:
        noted.append(gc.isenabled())
        return 0

    monkeypatch.setattr(command_line, "run", run)
    try:
        with pytest.raises(SystemExit):
            command_line.main()
        assert noted == [False]
        assert not gc.isenabled()
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
        gc.enable()


def test_a_run_keeps_the_program_only_for_questions_about_lines() -> None:
    assert analyse(MemoryTree(FILES), Settings()).program is None
    kept = analyse(MemoryTree(FILES), Settings(), is_kept=True)
    assert kept.program is not None
    told = why_nothing(MemoryTree(FILES), Settings(), kept, "train.py", 2)
    assert told == why_nothing(MemoryTree(FILES), Settings(), analyse(MemoryTree(FILES), Settings()), "train.py", 2)
