"""A switch that only tests are run with: it says nothing of what is served."""

from __future__ import annotations

import pytest

from tests.graph.metering_repository import CHAIN, verdict

STEP = "on: push\njobs:\n  one:\n    steps:\n      - run: {run}\n        env: {{LANGSMITH_TRACING: true}}\n"
JOB = "on: push\njobs:\n  one:\n    env: {{LANGSMITH_TRACING: true}}\n    steps:\n      - run: |\n{lines}"
WORKFLOW = ".github/workflows/a.yml"


@pytest.mark.parametrize(
    "command",
    [
        "pytest tests",
        "python -m pytest -q",
        "uv run --group test pytest tests",
        "poetry run coverage run -m pytest",
        "python -m unittest discover",
        "tox -e py312",
        "nox -s tests",
        "make test",
        "python tests/check.py",
        "docker compose run app pytest",
    ],
)
def test_a_switch_of_a_step_that_only_tests_says_nothing_of_what_is_served(command: str) -> None:
    files = {"ask.py": CHAIN, "tests/check.py": "import ask\n", WORKFLOW: STEP.format(run=command)}
    assert verdict(files).state == "absent"


def test_a_recipe_that_tests_is_a_test_run() -> None:
    files = {"ask.py": CHAIN, "Makefile": "check:\n\tpytest tests\n", WORKFLOW: STEP.format(run="make check")}
    assert verdict(files).state == "absent"


@pytest.mark.parametrize(
    ("command", "state"),
    [("python ask.py", "satisfied"), ("./deploy", "satisfied"), ("pip install pytest", "satisfied")],
)
def test_a_switch_of_a_step_that_does_not_test_counts(command: str, state: str) -> None:
    assert verdict({"ask.py": CHAIN, WORKFLOW: STEP.format(run=command)}).state == state


@pytest.mark.parametrize(
    ("commands", "state"),
    [
        (("pip install -r requirements.txt", "ruff check", "pytest"), "absent"),
        (("pytest", "./deploy"), "unknown"),
        (("pytest", "python ask.py"), "unknown"),
    ],
)
def test_a_switch_of_a_job_counts_by_all_that_the_job_runs(commands: tuple[str, ...], state: str) -> None:
    lines = "".join(f"          {one}\n" for one in commands)
    assert verdict({"ask.py": CHAIN, WORKFLOW: JOB.format(lines=lines)}).state == state


SERVICE = "    build: .\n{command}    environment: {{LANGSMITH_TRACING: 'true'}}\n"


def test_a_switch_of_a_service_that_only_tests_says_nothing_of_what_is_served() -> None:
    tests = "services:\n  tests:\n" + SERVICE.format(command="    command: pytest tests\n")
    app = "  app:\n" + SERVICE.format(command="")
    assert verdict({"ask.py": CHAIN, "compose.yaml": tests}).state == "absent"
    assert verdict({"ask.py": CHAIN, "compose.yaml": tests + app}).state == "satisfied"


def test_a_switch_of_a_build_stage_that_only_tests_says_nothing_of_what_is_served() -> None:
    stages = "FROM python:3.12 AS tests\nENV LANGSMITH_TRACING=true\nCMD pytest\nFROM python:3.12\nCMD python ask.py\n"
    assert verdict({"ask.py": CHAIN, "Dockerfile": stages}).state == "absent"
    both = stages.replace("FROM python:3.12\nCMD", "FROM python:3.12\nENV LANGSMITH_TRACING=true\nCMD")
    assert verdict({"ask.py": CHAIN, "Dockerfile": both}).state == "satisfied"


def test_a_variable_that_switches_tracing_off_for_tests_leaves_it_on_for_others() -> None:
    text = "from agents import Agent, Runner\nRunner.run_sync(Agent(name='a'), 'Hello')\n"
    step = STEP.format(run="pytest").replace("LANGSMITH_TRACING: true", "OPENAI_AGENTS_DISABLE_TRACING: '1'")
    assert verdict({"a.py": text, WORKFLOW: step}).state == "satisfied"
    assert verdict({"a.py": text, WORKFLOW: step.replace("pytest", "python a.py")}).state == "absent"
