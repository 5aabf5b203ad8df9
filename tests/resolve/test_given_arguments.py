"""Rows that count only where a call passes one of their arguments."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.words import resolved

CLIENT = "from databricks.sdk import WorkspaceClient\nw = WorkspaceClient()\n"
DEPLOYED = "from mlflow.deployments import get_deploy_client\nc = get_deploy_client('databricks')\n"


def kinds(source: str) -> list[str]:
    uses = Sites(resolved({"a.py": source})).uses
    return [one.meaning.literal("operation") or one.meaning.kind for one in uses]


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        ("name='a', messages=[m]", ["chat"]),
        ("'a', prompt='Hello'", ["chat"]),
        ("'a', input=['Hello']", ["embed"]),
        ("'a', inputs=[1]", ["prediction"]),
        ("'a', dataframe_records=[{}]", ["prediction"]),
        ("'a', dataframe_split=rows", ["prediction"]),
        ("'a', **{'messages': [m]}", ["chat"]),
        ("'a', **unknown()", []),
        ("'a'", []),
    ],
)
def test_what_is_passed_tells_a_model_call_from_a_prediction(arguments: str, meant: list[str]) -> None:
    assert kinds(f"{CLIENT}w.serving_endpoints.query({arguments})\n") == meant


@pytest.mark.parametrize(
    ("inputs", "meant"),
    [
        ("{'messages': [m], 'max_tokens': 4}", ["chat"]),
        ("{'input': 'a'}", ["embed"]),
        ("dict(dataframe_split=rows)", ["prediction"]),
        ("unknown()", []),
        ("{}", []),
    ],
)
def test_a_key_of_what_is_passed_tells_them_apart_too(inputs: str, meant: list[str]) -> None:
    assert kinds(f"{DEPLOYED}c.predict(endpoint='a', inputs={inputs})\n") == meant


def test_another_deployment_target_is_none_of_databricks() -> None:
    source = DEPLOYED.replace("databricks", "sagemaker")
    assert kinds(f"{source}c.predict(endpoint='a', inputs={{'messages': [m]}})\n") == []
