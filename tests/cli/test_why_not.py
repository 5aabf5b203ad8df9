"""`check --why-not` of a line: the candidates there, else what its calls are and what is looked at near it."""

from __future__ import annotations

from pathlib import Path

import pytest

import mltradeoff_lint.analysis
from tests.cli.conftest import Cli

ASK = """from openai import OpenAI
import plugs

def ask(text):
    prompt = plugs.render(text)
    reply = OpenAI().responses.create(model="gpt-5-mini", input=prompt)
    print(reply.usage)
    return reply.output_text
"""


def said(cli: Cli, folder: Path, line: int) -> str:
    (folder / "repo").mkdir(exist_ok=True)
    (folder / "repo" / "ask.py").write_text(ASK)
    answer = cli("check", "repo", "--isolated", "--why-not", f"ask.py:{line}")
    assert answer.status == 0
    return answer.out


def test_a_recorded_call_is_told_with_the_recorder_and_its_place(cli: Cli, folder: Path) -> None:
    told = said(cli, folder, 6)
    assert "does not look at `responses.create`: it has the metering `satisfied` (" in told
    assert "ask.py:7), and the rule asks for `absent`" in told


def test_the_function_around_a_call_is_not_told_as_its_own_caller(cli: Cli, folder: Path) -> None:
    """The rule looks at the function that holds a call and at those that run it, whichever it is."""
    (folder / "repo").mkdir()
    (folder / "repo" / "ask.py").write_text(
        ASK.replace("    print(reply.usage)\n", "") + "\n\ndef main():\n    ask('Hi')\n"
    )
    told = cli("check", "repo", "--isolated", "--why-not", "ask.py:6").out
    assert "call is `responses.create`, function is one of `ask` and `main`" in told


def test_a_line_without_a_candidate_says_so_and_what_is_near(cli: Cli, folder: Path) -> None:
    assert said(cli, folder, 5) == (
        "ask.py:5: no rule has a candidate here\n"
        "`plugs.render(...)` is `plugs.render`, which is not in the library catalog\n"
        "near it, missing-cost-instrumentation looks at `responses.create` (ask.py:6)\n"
    )


def test_a_path_of_the_folder_is_found_though_the_working_directory_has_one_of_that_name(
    cli: Cli, folder: Path
) -> None:
    (folder / "ask.py").write_text("x = 1\n" * 20)
    assert "does not look at `responses.create`" in said(cli, folder, 6)
    (folder / "other.py").write_text("x = 1\n")
    outside = cli("check", "repo", "--isolated", "--why-not", "other.py:1")
    assert (outside.status, outside.err) == (2, "error: other.py is not inside repo\n")


def test_a_line_that_is_no_code_says_so(cli: Cli, folder: Path) -> None:
    assert said(cli, folder, 3) == "ask.py:3: no rule has a candidate here\n"


def test_the_files_are_read_once(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    read_tree = mltradeoff_lint.analysis.read_tree
    monkeypatch.setattr(mltradeoff_lint.analysis, "read_tree", lambda *given: read.append(given) or read_tree(*given))
    said(cli, folder, 5)
    assert len(read) == 1
