"""Job files of Ray, Anyscale and Azure Machine Learning."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.declarations import Command, EnvBinding

from .conftest import Declared

AZURE = "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json\n"


def said(command: Command) -> tuple[str, str, dict[str, str | None]]:
    """A command in short: its words, its working directory, the variables it sees."""
    return " ".join(command.words), command.cwd, {one.name: one.value for one in command.environment}


def test_a_ray_job_runs_its_entry_point_from_its_working_directory(declared: Declared) -> None:
    text = (
        "name: train\nentrypoint: cd sub && python a.py --x 1\n"
        "runtime_env:\n  working_dir: ml\n  env_vars: {MODE: full}\n"
    )

    found = declared("deploy/job.yaml", text)

    (command,) = [one for one in found if isinstance(one, Command)]
    assert said(command) == ("python a.py --x 1", "ml/sub", {"MODE": "full"})
    assert (command.kind, command.job) == ("script", "train")
    assert [one.name for one in found if isinstance(one, EnvBinding)] == ["MODE"]


@pytest.mark.parametrize(
    "text",
    [
        "ray_serve_config:\n  import_path: app.serve:entry\n",
        "applications:\n  - name: a\n    import_path: app.serve:entry\n",
    ],
)
def test_a_served_application_is_a_service(declared: Declared, text: str) -> None:
    (command,) = declared("service.yaml", text)

    assert isinstance(command, Command)
    assert (said(command)[0], command.kind) == ("serve run app.serve:entry", "service")


def test_an_entry_point_without_a_job_around_it_is_not_read(declared: Declared) -> None:
    assert declared("any.yaml", "entrypoint: python a.py\nother: 1\n") == ()


def test_the_inputs_of_an_azure_job_are_variables_of_its_command(declared: Declared) -> None:
    text = AZURE.format("commandJob") + (
        "code: src\ncommand: >-\n  python main.py --a ${{inputs.a}} $[[--b ${{inputs.b}}]]\n"
        "inputs:\n  a: {type: uri_file, path: wasbs://c@s/a.csv}\n  b: 0.5\n  d: {type: string}\n"
    )

    (command,) = declared("jobs/job.yml", text)

    assert isinstance(command, Command)
    words, cwd, inputs = said(command)
    assert (words, cwd) == ("python main.py --a ${{inputs.a}} --b ${{inputs.b}}", "jobs/src")
    assert inputs == {"inputs.a": "wasbs://c@s/a.csv", "inputs.b": "0.5", "inputs.d": None}
    assert [one.provenance for one in command.environment] == ["configured", "configured", "default"]


def test_jobs_of_an_azure_pipeline_see_its_inputs(declared: Declared) -> None:
    text = AZURE.format("pipelineJob") + (
        "inputs: {rows: a.csv}\njobs:\n  one:\n    command: python a.py ${{inputs.x}}\n"
        "    inputs: {x: '${{parent.inputs.rows}}'}\n"
        "  two:\n    trial: {command: python b.py, code: ../src}\n  three: {component: ./other.yml}\n"
    )

    first, second = (one for one in declared("jobs/job.yml", text) if isinstance(one, Command))

    assert said(first)[2] == {"inputs.x": "${{parent.inputs.rows}}", "parent.inputs.rows": "a.csv"}
    assert said(second)[:2] == ("python b.py", "src")
