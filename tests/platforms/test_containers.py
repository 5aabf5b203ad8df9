"""Dockerfile, compose, Kubernetes and Helm."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.declarations import (
    Command,
    DatasetDeclaration,
    EnvBinding,
    Image,
    Instrumentation,
    OwnerDeclaration,
    Schedule,
)

from .conftest import Declared

DOCKERFILE = """\
FROM python:3.11-slim AS base
ENV MODEL_PATH=/models/v1.pkl NAME="two words"
ENV LEGACY some value
WORKDIR /app
COPY requirements.txt .
COPY . /app
FROM base AS serve
WORKDIR /app
COPY ./src /app/src
ENTRYPOINT ["opentelemetry-instrument"]
CMD ["uvicorn", "src.main:app", "--port", "80"]
"""


def _of(kind, found):
    return [item for item in found if isinstance(item, kind)]


def test_a_dockerfile_declares_its_foreign_images_only(declared: Declared) -> None:
    images = _of(Image, declared("api/Dockerfile", DOCKERFILE))
    assert [(image.name, image.job) for image in images] == [("python:3.11-slim", "api/Dockerfile:base")]


def test_dockerfile_variables_are_defaults_in_both_spellings(declared: Declared) -> None:
    bindings = _of(EnvBinding, declared("api/Dockerfile", DOCKERFILE))
    assert {(item.name, item.value, item.provenance) for item in bindings} == {
        ("MODEL_PATH", "/models/v1.pkl", "default"),
        ("NAME", "two words", "default"),
        ("LEGACY", "some value", "default"),
    }


def test_a_dockerfile_runs_its_entrypoint_with_its_cmd_as_arguments(declared: Declared) -> None:
    (command,) = _of(Command, declared("api/Dockerfile", DOCKERFILE))
    assert command.words == ("opentelemetry-instrument", "uvicorn", "src.main:app", "--port", "80")
    assert (command.kind, command.cwd, command.job) == ("service", "api", "api/Dockerfile:serve")
    assert command.site.span.line == 10


def test_a_wrapper_in_a_command_meters_the_process(declared: Declared) -> None:
    (instrumentation,) = _of(Instrumentation, declared("api/Dockerfile", DOCKERFILE))
    assert (instrumentation.product, instrumentation.state, instrumentation.reach) == ("OpenTelemetry", "on", "process")
    assert instrumentation.facets == ("latency", "tokens")


def test_the_last_cmd_of_a_stage_wins(declared: Declared) -> None:
    text = "FROM a:1\nCMD python old.py\nCMD cd app && FLAG=1 python new.py\n"
    (command,) = _of(Command, declared("Dockerfile", text))
    assert (command.words, command.cwd) == (("python", "new.py"), "app")
    assert [(item.name, item.value) for item in command.environment] == [("FLAG", "1")]


@pytest.mark.parametrize(
    ("path", "copy", "cwd"),
    [
        ("api/Dockerfile", "COPY . /app", "api"),
        ("api/Dockerfile", "COPY ./api /app", "api"),
        ("docker/Dockerfile", "COPY . /app", ""),
        ("Dockerfile", "COPY backend /app", "backend"),
        ("api/Dockerfile", "COPY --from=builder /x /app", "api"),
    ],
)
def test_the_working_directory_is_traced_to_the_folder_that_was_copied(
    declared: Declared, path: str, copy: str, cwd: str
) -> None:
    (command,) = _of(Command, declared(path, f"FROM a:1\nWORKDIR /app\n{copy}\nCMD python main.py\n"))
    assert command.cwd == cwd


COMPOSE = """\
x-env: &shared
  REGION: eu
services:
  api:
    build: ./backend
    command: bash -c "cd src && python serve.py"
    environment:
      <<: *shared
      MODEL: ${MODEL:-small}
      KEY: ${KEY}
      LITERAL: v1
  db:
    image: postgres:16
    environment:
      - PGDATA=/data
      - SECRET
  tool:
    image: tool
    entrypoint: ["python", "-m"]
    command: ["tool.main"]
"""


def test_compose_services_declare_commands_in_the_folder_they_are_built_from(declared: Declared) -> None:
    commands = _of(Command, declared("docker-compose.yml", COMPOSE))
    assert [(item.job, item.words, item.cwd) for item in commands] == [
        ("api", ("python", "serve.py"), "backend/src"),
        ("tool", ("python", "-m", "tool.main"), ""),
    ]


def test_compose_variables_say_whether_their_value_is_known(declared: Declared) -> None:
    bindings = {item.name: item for item in _of(EnvBinding, declared("docker-compose.yml", COMPOSE))}
    assert {name: (item.value, item.provenance) for name, item in bindings.items()} == {
        "REGION": ("eu", "configured"),
        "MODEL": ("small", "default"),
        "KEY": (None, "configured"),
        "LITERAL": ("v1", "configured"),
        "PGDATA": ("/data", "configured"),
        "SECRET": (None, "configured"),
    }


def test_a_yaml_file_with_services_of_another_kind_is_no_compose_file(declared: Declared) -> None:
    assert declared("config/app.yml", "services:\n  api:\n    url: http://api\n") == ()


CRONJOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: refresh
  labels: {example.com/team: data-platform}
spec:
  schedule: "0 */6 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: main
              image: registry/refresh:1.2
              command: ["python", "refresh.py"]
              args: ["--all"]
              env:
                - {name: MODE, value: full}
                - {name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: k}}}
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: iris}
spec:
  predictor:
    model:
      storageUri: gs://bucket/iris
"""


def test_a_cronjob_declares_its_schedule_with_its_commands(declared: Declared) -> None:
    found = declared("k8s/jobs.yaml", CRONJOB)
    (schedule,) = _of(Schedule, found)
    assert (schedule.job, schedule.seconds) == ("refresh", 6 * 3600)
    assert [command.words for command in schedule.commands] == [("python", "refresh.py", "--all")]
    assert schedule.commands[0].kind == "scheduled"
    assert [(item.name, item.value) for item in _of(EnvBinding, found)] == [("MODE", "full"), ("TOKEN", None)]


def test_a_suspended_cronjob_has_no_schedule(declared: Declared) -> None:
    text = CRONJOB.replace('schedule: "0 */6 * * *"', 'schedule: "0 */6 * * *"\n  suspend: true')
    assert _of(Schedule, declared("k8s/jobs.yaml", text)) == []


def test_labels_name_owners_and_inference_services_name_their_artefact(declared: Declared) -> None:
    found = declared("k8s/jobs.yaml", CRONJOB)
    assert [(item.owner, item.subject) for item in _of(OwnerDeclaration, found)] == [("data-platform", "refresh")]
    (artefact,) = _of(DatasetDeclaration, found)
    assert (artefact.path, artefact.is_path, artefact.pin, artefact.job) == (
        "gs://bucket/iris",
        False,
        "unknown",
        "iris",
    )


def test_helm_values_declare_images_and_variables_by_key_path(declared: Declared) -> None:
    image = "{registry: ghcr.io, repository: acme/api, tag: 2.0}"
    text = f"api:\n  image: {image}\n  env:\n    - {{name: A, value: b}}\nname: x\n"
    found = declared("chart/values.yaml", text)
    assert [(item.name, item.job) for item in _of(Image, found)] == [("ghcr.io/acme/api:2.0", "api")]
    assert [(item.name, item.value, item.provenance) for item in _of(EnvBinding, found)] == [("A", "b", "default")]
