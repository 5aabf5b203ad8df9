"""Units of deployment: whose code a service or container runs, and where its variables come from."""

from __future__ import annotations

from mltradeoff_lint.model.declarations import EnvSet, Unit

from .conftest import Declared


def test_a_service_names_its_build_folder_its_files_and_its_image(declared: Declared) -> None:
    text = """
x-common: &common
  env_file: common.env
services:
  api:
    <<: *common
    image: shop/api:1
    build: {context: ../services, dockerfile: api/Dockerfile}
    environment: {A: "1"}
  job:
    image: shop/job
    env_file: [a.env, {path: b.env, required: false}]
"""
    units = {one.name: one for one in declared("deploy/compose.yaml", text) if isinstance(one, Unit)}

    assert units["api"].folders == ("../services/api", "../services")
    assert units["api"].files == ("common.env",)
    assert (units["api"].image, [one.name for one in units["api"].environment]) == ("shop/api:1", ["A"])
    assert (units["job"].folders, units["job"].files) == ((), ("a.env", "b.env"))


def test_a_container_names_the_config_maps_it_takes_whole_or_by_key(declared: Declared) -> None:
    text = """
apiVersion: v1
kind: ConfigMap
metadata: {name: config}
data: {A: "1"}
---
apiVersion: batch/v1
kind: Job
metadata: {name: train}
spec:
  template:
    spec:
      containers:
        - image: shop/train
          envFrom: [{configMapRef: {name: config}}, {secretRef: {name: keys}}]
          env: [{name: B, valueFrom: {configMapKeyRef: {name: config, key: A}}}, {name: C, value: c}]
"""
    found = declared("k8s/train.yaml", text)
    (unit,) = [one for one in found if isinstance(one, Unit)]
    (held,) = [one for one in found if isinstance(one, EnvSet)]

    assert (unit.sets, unit.keys) == (("config",), (("B", "config", "A"),))
    assert [one.name for one in unit.environment] == ["B", "C"]
    assert (held.name, [one.name for one in held.environment]) == ("config", ["A"])


def test_values_of_a_chart_are_those_of_the_workload_they_stand_beside(declared: Declared) -> None:
    text = "api:\n  image: {repository: shop/api, tag: '1'}\n  env: [{name: A, value: a}]\nworker:\n  env: {B: b}\n"
    units = [one for one in declared("chart/values.yaml", text) if isinstance(one, Unit)]

    assert [(one.name, one.image, [bound.name for bound in one.environment]) for one in units] == [
        ("api", "shop/api:1", ["A"]),
        ("worker", "", ["B"]),
    ]


def test_a_stage_of_a_dockerfile_runs_the_folder_it_copies(declared: Declared) -> None:
    text = "FROM python:3.11\nENV A=1\nWORKDIR /app\nCOPY ./src /app\nCMD python main.py\n"
    (unit,) = [one for one in declared("api/Dockerfile", text) if isinstance(one, Unit)]

    assert (unit.folders, [one.name for one in unit.environment]) == (("src",), ["A"])
