"""What refreshes a stored input, and how fresh it can be: known, or unknown with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.graph.facets.refresh import Refresh, _decisive
from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

HOUR, DAY = 3600, 86400
VIEW = (
    "from feast import BigQuerySource, Entity, FeatureView\ncustomer = Entity(name='customer', join_keys=['id'])\n"
    "usage = FeatureView(name='usage', entities=[customer], source=BigQuerySource(table='shop.usage'))\n"
)
DAG = (
    "from airflow import DAG\nfrom airflow.operators.bash import BashOperator\n"
    "from airflow.operators.python import PythonOperator\n"
)
STORE = "from feast import FeatureStore\ndef refresh():\n    FeatureStore('repo').materialize_incremental(end)\n"
CRON = "on:\n  schedule:\n    - cron: '{}'\njobs:\n  run:\n    steps:\n      - run: {}\n"


def refresh_of(files: dict[str, str]) -> object:
    (view,) = nodes(analysed({"repo/views.py": VIEW, "repo/feature_store.yaml": "project: p", **files}), "FeatureView")
    return view.properties["refresh_seconds"]


@pytest.mark.parametrize(
    ("files", "seconds"),
    [
        (
            {
                "dag.py": DAG
                + (
                    "with DAG('d', schedule='@daily'):\n"
                    "    BashOperator(task_id='m', bash_command='feast materialize-incremental now')"
                )
            },
            DAY,
        ),
        (
            {
                "dag.py": DAG
                + STORE
                + "with DAG('d', schedule='@daily'):\n    PythonOperator(task_id='m', python_callable=refresh)"
            },
            DAY,
        ),
        (
            {".github/workflows/m.yml": CRON.format("0 * * * *", "cd repo && feast materialize-incremental $(date)")},
            HOUR,
        ),
        (
            {
                ".github/workflows/m.yml": CRON.format(
                    "0 3 * * *", "feast -c repo materialize-incremental x --views usage"
                )
            },
            DAY,
        ),
        ({".github/workflows/m.yml": CRON.format("0 3 * * *", "feast materialize-incremental x --views other")}, None),
        (
            {
                ".github/workflows/m.yml": CRON.format("0 3 * * *", "bash m.sh"),
                "m.sh": "feast materialize-incremental now",
            },
            DAY,
        ),
        ({".github/workflows/m.yml": CRON.format("0 3 * * *", "python m.py"), "m.py": STORE + "refresh()"}, DAY),
        ({".github/workflows/m.yml": CRON.format("0 3 * * *", "python other.py"), "m.py": STORE + "refresh()"}, None),
        ({"m.py": STORE + "refresh()"}, None),
        ({"m.sh": "feast materialize-incremental now"}, None),
        (
            {
                "dag.py": DAG
                + (
                    "with DAG('d', schedule=None):\n"
                    "    BashOperator(task_id='m', bash_command='feast materialize-incremental now')"
                )
            },
            None,
        ),
        (
            {
                "dag.py": DAG
                + (
                    "with DAG('d', schedule=pick()):\n"
                    "    BashOperator(task_id='m', bash_command='feast materialize-incremental now')"
                )
            },
            None,
        ),
        ({}, None),
    ],
)
def test_a_view_is_as_fresh_as_what_materialises_it(files: dict[str, str], seconds: int | None) -> None:
    found = refresh_of(files)
    assert isinstance(found, Unknown) if seconds is None else found == seconds


NIGHTLY = {".github/workflows/m.yml": CRON.format("0 3 * * *", "feast materialize-incremental now")}


def test_a_back_fill_by_hand_changes_no_schedule() -> None:
    assert refresh_of({**NIGHTLY, "backfill.py": STORE + "if __name__ == '__main__':\n    refresh()"}) == DAY


@pytest.mark.parametrize(
    "live",
    [
        "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/refresh')\ndef now(): refresh()",
        "from celery import shared_task\n@shared_task\ndef now(): refresh()",
        DAG + "with DAG('d', schedule=pick()):\n    PythonOperator(task_id='m', python_callable=refresh)",
    ],
)
def test_a_refresh_that_nobody_can_foresee_makes_the_schedule_unknown(live: str) -> None:
    assert isinstance(refresh_of({**NIGHTLY, "live.py": STORE + live}), Unknown)


def test_the_store_of_another_project_refreshes_nothing_here() -> None:
    files = {
        "one/pyproject.toml": "[project]\nname = 'one'",
        "one/feature_store.yaml": "project: one",
        "one/views.py": VIEW,
        "two/pyproject.toml": "[project]\nname = 'two'",
        "two/feature_store.yaml": "project: two",
        "two/dag.py": DAG
        + (
            "with DAG('d', schedule='@daily'):\n"
            "    BashOperator(task_id='m', bash_command='feast materialize-incremental now')"
        ),
    }
    (view,) = nodes(analysed(files), "FeatureView")
    assert isinstance(view.properties["refresh_seconds"], Unknown)


@settings(max_examples=80)
@given(
    st.lists(
        st.one_of(
            st.builds(Refresh, st.integers(1, 10**6), st.just("cron"), st.none(), st.just("scheduled")),
            st.builds(Refresh, st.none(), st.just("event"), st.none(), st.just("live")),
            st.builds(Refresh, st.none(), st.just("hand"), st.none(), st.just("manual")),
        ),
        max_size=6,
    )
)
def test_the_decisive_refresh_is_the_least_known_and_then_the_most_frequent(found: list[Refresh]) -> None:
    decisive = _decisive(found)
    kinds = {one.kind for one in found}
    if not found:
        assert decisive is None
    elif "live" in kinds:
        assert decisive is not None
        assert decisive.kind == "live"
    elif "scheduled" in kinds:
        assert decisive is not None
        assert decisive.seconds == min(one.seconds for one in found if one.seconds is not None)
    else:
        assert decisive is not None
        assert decisive.seconds is None
