"""Command lines that containers make of an image's entry point and the words they are given."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from mltradeoff_lint.analysis import linked
from mltradeoff_lint.model.declarations import Command, Schedule
from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import Literal, Template
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree.memory import MemoryTree

PROGRAM = "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data')\nprobe(p.parse_args().data)\n"
ENTRY = 'FROM python:3.11\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["python", "app.py"]\nCMD ["--data", "image.csv"]\n'


def program(files: Mapping[str, str]) -> WholeProgram:
    return WholeProgram(linked(MemoryTree(files), Settings()))


def probed(files: Mapping[str, str], path: str = "app.py") -> list[str]:
    """What the option of the program can be, in words, sorted."""
    resolver = program({path: PROGRAM, **files})
    facts = resolver.facts(path)
    (call,) = [one for one in facts.calls if facts.exprs[one.function][:2] == ("name", "probe")]
    found: list[str] = []
    for value in resolver.values(path, call.arguments[0]):
        assert isinstance(value, (Literal, Template, Unknown))
        found.append(
            "?" if isinstance(value, Unknown) else str(value.value if isinstance(value, Literal) else value.text)
        )
    return sorted(found)


def commands(files: Mapping[str, str], platform: str) -> list[tuple[str, ...]]:
    declared = program(files).program.declarations()
    return [one.words for one in declared if isinstance(one, Command) and one.platform == platform]


def compose(service: str) -> str:
    return f"services:\n  a: {service}\n"


def manifest(container: str) -> str:
    return (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n"
        f"      containers:\n        - {container}\n"
    )


GIVEN = ["given.csv", "image.csv"]
IMAGE_ONLY = ["image.csv"]

SERVICES = {
    "command behind the entry point": ("{build: ., command: --data given.csv}", GIVEN),
    "command as a list": ("{build: {context: .}, command: [--data, given.csv]}", GIVEN),
    "variable of the service": ("{build: ., environment: {D: given.csv}, command: --data $D}", GIVEN),
    "entry point of the service": ("{build: ., entrypoint: python app.py, command: --data given.csv}", GIVEN),
    "entry point alone, which drops the image's words": ("{build: ., entrypoint: python other.py}", IMAGE_ONLY),
    "nothing of its own": ("{build: .}", IMAGE_ONLY),
    "another image": ("{image: redis, command: --data given.csv}", IMAGE_ONLY),
}


@pytest.mark.parametrize("how", SERVICES)
def test_a_compose_command_stands_behind_the_entry_point_of_the_image(how: str) -> None:
    service, expected = SERVICES[how]
    assert probed({"Dockerfile": ENTRY, "compose.yaml": compose(service)}) == expected


def test_a_command_that_is_an_argument_starts_nothing_of_its_own() -> None:
    files = {"Dockerfile": ENTRY, "compose.yaml": compose("{build: ., command: [train.py, --data, given.csv]}")}
    assert commands(files, "compose") == [("python", "app.py", "train.py", "--data", "given.csv")]


def test_a_build_names_its_dockerfile_and_stage() -> None:
    stages = (
        'FROM python:3.11 AS base\nWORKDIR /app\nCOPY src .\nENTRYPOINT ["python"]\n'
        'FROM base AS serve\nCMD ["app.py", "--data", "image.csv"]\nFROM base AS other\nENTRYPOINT ["node"]\n'
    )
    service = (
        "{build: {context: ml, dockerfile: docker/api.Dockerfile, target: serve}, command: app.py --data given.csv}"
    )
    files = {"ml/docker/api.Dockerfile": stages, "deploy/compose.yaml": compose(service.replace("ml,", "../ml,"))}
    assert probed(files, "ml/src/app.py") == GIVEN
    assert commands(files, "dockerfile") == [
        ("python",),
        ("python", "app.py", "--data", "image.csv"),
        ("node",),
    ]


def test_an_entry_point_in_shell_form_drops_what_it_is_given() -> None:
    shell = "FROM python:3.11\nCOPY . .\nENTRYPOINT python app.py --data image.csv\n"
    files = {"Dockerfile": shell, "compose.yaml": compose("{build: ., command: --data given.csv}")}
    assert probed(files) == IMAGE_ONLY


def test_a_script_as_entry_point_passes_on_what_it_is_given() -> None:
    files = {
        "Dockerfile": 'FROM python:3.11\nCOPY . .\nENTRYPOINT ["./start.sh"]\n',
        "start.sh": 'set -e\nexec "$@"\n',
        "compose.yaml": compose("{build: ., command: python app.py --data given.csv}"),
    }
    assert probed(files) == ["given.csv"]


ARGS = 'args: ["--data", "given.csv"]'
NAMED = {
    "compose": {"compose.yaml": compose("{build: ., image: shop/scorer}")},
    "makefile": {"Makefile": "build:\n\tdocker build -t shop/scorer:latest .\n"},
    "script with a file": {"build.sh": "docker buildx build --push -f Dockerfile --tag registry/scorer .\n"},
    "workflow": {
        ".github/workflows/a.yml": "on: push\njobs:\n  a:\n    steps:\n      - run: docker build . -t scorer\n"
    },
}


@pytest.mark.parametrize("how", NAMED)
def test_arguments_of_a_container_stand_behind_the_entry_point_of_an_image_built_here(how: str) -> None:
    container = f"{{image: registry.example/shop/scorer:1.2, {ARGS}}}"
    assert probed({"Dockerfile": ENTRY, "job.yaml": manifest(container), **NAMED[how]}) == GIVEN


def test_a_scheduled_container_runs_what_its_arguments_make_of_the_image() -> None:
    job = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec:\n  schedule: '0 3 * * *'\n  jobTemplate:\n"
        f"    spec: {{template: {{spec: {{containers: [{{image: scorer, {ARGS}}}]}}}}}}\n"
    )
    declared = program({"Dockerfile": ENTRY, "job.yaml": job, **NAMED["makefile"]}).program.declarations()
    (schedule,) = [one for one in declared if isinstance(one, Schedule)]
    assert [one.words for one in schedule.commands] == [("python", "app.py", "--data", "given.csv")]


def test_arguments_of_a_container_take_the_place_of_the_words_of_an_image_without_entry_point() -> None:
    files = {
        "Dockerfile": 'FROM python:3.11\nCOPY . .\nCMD ["python", "app.py"]\n',
        "job.yaml": manifest('{image: scorer, args: ["python", "app.py", "--data", "given.csv"]}'),
        **NAMED["makefile"],
    }
    assert probed(files) == ["given.csv"]


def test_a_command_of_a_container_replaces_the_entry_point() -> None:
    container = '{image: scorer, command: ["python", "other.py"], args: ["--data", "given.csv"]}'
    assert probed({"Dockerfile": ENTRY, "job.yaml": manifest(container), **NAMED["makefile"]}) == IMAGE_ONLY


def test_an_image_that_two_files_build_or_none_is_not_known() -> None:
    job = {"Dockerfile": ENTRY, "job.yaml": manifest(f"{{image: scorer, {ARGS}}}")}
    assert probed(job) == IMAGE_ONLY
    two = {"Makefile": "a:\n\tdocker build -t scorer .\n\tdocker build -t scorer -f gpu/Dockerfile .\n"}
    assert probed({**job, "gpu/Dockerfile": ENTRY, **two}) == IMAGE_ONLY


def test_a_stage_starts_as_the_stage_it_builds_on() -> None:
    stages = (
        'FROM python:3.11 AS base\nENTRYPOINT ["python", "app.py"]\nCMD ["--data", "image.csv"]\n'
        'FROM base\nENV A=1\nFROM base\nCMD ["--data", "given.csv"]\nFROM base\nENTRYPOINT ["python", "b.py"]\n'
    )
    assert commands({"Dockerfile": stages}, "dockerfile") == [
        ("python", "app.py", "--data", "image.csv"),
        ("python", "app.py", "--data", "given.csv"),
        ("python", "b.py"),
    ]
