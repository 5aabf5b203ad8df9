"""Deployments of Prefect: the flow, its parameters, and the schedules that are on."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.declarations import Deployment, Schedule

from .conftest import Declared

TWO = """\
deployments:
  - name: nightly
    entrypoint: flows/train.py:train
    parameters: {path: data/a.csv}
    schedules:
      - cron: "0 3 * * *"
      - interval: 600
        active: false
  - name: broken
    entrypoint: nothing
"""


def test_a_deployment_names_its_flow_parameters_and_schedules(declared: Declared) -> None:
    one, schedule = declared("ml/prefect.yaml", TWO)

    assert isinstance(one, Deployment)
    assert isinstance(schedule, Schedule)
    assert (one.path, one.function) == ("ml/flows/train.py", "train")
    assert [(name, value.value) for name, value in one.parameters] == [("path", "data/a.csv")]
    assert (schedule.job, schedule.seconds) == ("nightly", 86400)
    assert one.schedules == (schedule,)


def test_a_file_built_for_one_deployment_is_read_too(declared: Declared) -> None:
    text = "name: d\nflow_name: train\nentrypoint: train.py:train\nschedule: {interval: 3600.0}\n"
    one, schedule = declared("deployment.yaml", text)

    assert isinstance(one, Deployment)
    assert isinstance(schedule, Schedule)
    assert (one.path, schedule.seconds) == ("train.py", 3600)


@pytest.mark.parametrize("path", ["prefect.yaml", "deployment.yaml"])
def test_a_file_without_an_entry_point_declares_no_deployment(declared: Declared, path: str) -> None:
    found = declared(path, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n")

    assert not any(isinstance(one, Deployment) for one in found)
