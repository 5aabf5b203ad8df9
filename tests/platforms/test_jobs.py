"""GitHub Actions, Procfiles, langgraph.json, and the command lines inside them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.declarations import Command, EnvBinding, Instrumentation, Schedule, Step
from mltradeoff_lint.readers import command_line

from .conftest import Declared

WORKFLOW = """\
name: Nightly
on:
  schedule:
    - cron: "0 3 * * *"
  workflow_dispatch:
env:
  REGION: eu
defaults:
  run:
    working-directory: ml
jobs:
  train:
    runs-on: ubuntu-latest
    env: {TOKEN: "${{ secrets.TOKEN }}"}
    steps:
      - uses: actions/checkout@v4
      - run: |
          pip install .
          python train.py --name ${{ github.sha }}
        env: {MODE: full}
      - shell: python
        run: print("not shell")
  publish:
    needs: [train]
    steps:
      - run: cd ../tools && ./publish.sh
        working-directory: ml
"""
PATH = ".github/workflows/nightly.yml"


def _of(kind, found):
    return [item for item in found if isinstance(item, kind)]


def test_a_scheduled_workflow_declares_its_commands_as_scheduled(declared: Declared) -> None:
    commands = _of(Command, declared(PATH, WORKFLOW))
    assert [(item.job, item.words, item.cwd) for item in commands] == [
        ("train", ("pip", "install", "."), "ml"),
        ("train", ("python", "train.py", "--name", "${{ github.sha }}"), "ml"),
        ("publish", ("./publish.sh",), "tools"),
    ]
    assert {item.kind for item in commands} == {"scheduled"}


def test_a_command_of_a_block_text_stands_on_its_own_line(declared: Declared) -> None:
    commands = _of(Command, declared(PATH, WORKFLOW))
    lines = WORKFLOW.split("\n")
    assert lines[commands[1].site.span.line - 1].strip().startswith("python train.py")


def test_a_workflow_without_a_schedule_is_ci(declared: Declared) -> None:
    commands = _of(Command, declared(PATH, "on: push\njobs:\n  a:\n    steps:\n      - run: pytest\n"))
    assert [(item.words, item.kind) for item in commands] == [(("pytest",), "ci")]


def test_workflow_variables_reach_the_commands_below_them(declared: Declared) -> None:
    command = _of(Command, declared(PATH, WORKFLOW))[1]
    assert [(item.name, item.value) for item in command.environment] == [
        ("REGION", "eu"),
        ("TOKEN", None),
        ("MODE", "full"),
    ]


def test_a_workflow_declares_its_schedule_and_the_order_of_its_jobs(declared: Declared) -> None:
    found = declared(PATH, WORKFLOW)
    (schedule,) = _of(Schedule, found)
    assert (schedule.job, schedule.expression, schedule.seconds) == ("Nightly", "0 3 * * *", 86400)
    assert len(schedule.commands) == 3
    assert [(item.name, item.after) for item in _of(Step, found)] == [("train", ()), ("publish", ("train",))]


def test_a_yaml_file_outside_the_workflow_folder_is_no_workflow(declared: Declared) -> None:
    assert declared("docs/workflow.yml", WORKFLOW) == ()


def test_a_procfile_declares_services_and_a_release_script(declared: Declared) -> None:
    text = "web: WORKERS=2 gunicorn app:app\nrelease: python migrate.py\n"
    commands = _of(Command, declared("backend/Procfile", text))
    assert [(item.job, item.words, item.kind, item.cwd) for item in commands] == [
        ("web", ("gunicorn", "app:app"), "service", "backend"),
        ("release", ("python", "migrate.py"), "script", "backend"),
    ]
    assert [item.name for item in commands[0].environment] == ["WORKERS"]


def test_langgraph_declares_each_graph_as_a_service_from_the_root(declared: Declared) -> None:
    text = '{"graphs": {"agent": "./src/agent.py:graph", "other": {"path": "b.py:g"}}, "env": {"MODE": "x"}}'
    found = declared("app/langgraph.json", text)
    assert [(item.job, item.words) for item in _of(Command, found)] == [
        ("agent", ("langgraph", "app/src/agent.py:graph")),
        ("other", ("langgraph", "app/b.py:g")),
    ]
    assert [item.name for item in _of(EnvBinding, found)] == ["MODE"]
    assert [item.state for item in _of(Instrumentation, found)] == ["unknown"]


def test_sh_c_is_looked_into_and_cd_moves_what_follows() -> None:
    (first, second) = command_line.of_words(["/bin/sh", "-ec", "cd a && A=$X run; cd b; stop"])
    assert (first.words, first.folder, first.environment) == (("run",), "a", (("A", None),))
    assert (second.words, second.folder) == (("stop",), "a/b")


@settings(deadline=None)
@given(st.text(alphabet="ab \"'`$(){}<>|&;#\\\n=-c", max_size=80))
def test_any_shell_text_gives_commands_with_words(text: str) -> None:
    for command in (*command_line.split(text), *command_line.of_words(["sh", "-c", text])):
        assert command.words
        assert 0 <= command.line <= text.count("\n")
