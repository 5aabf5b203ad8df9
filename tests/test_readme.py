"""The README shows what the program really prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from mltradeoff_lint.cli.main import run

README = Path(__file__).parents[1] / "README.md"
DEMO = re.compile(r"```text\n\$ mltradeoff-lint ([^\n]*)\n(.*?)```", re.DOTALL)


def test_the_output_in_the_readme_is_what_its_command_prints(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(README.parent)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    text = README.read_text("utf-8")
    demo = DEMO.search(text)
    assert demo is not None, "the README has no ```text block that starts with `$ mltradeoff-lint`"
    run(shlex.split(demo[1]))
    said = capsys.readouterr().out
    if request.config.getoption("--update-golden"):
        README.write_text(text[: demo.start(2)] + said + text[demo.end(2) :], "utf-8")
    else:
        assert demo[2] == said
