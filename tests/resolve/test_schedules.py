"""How often Python code runs by itself, as its orchestrator is told."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.schedule import longest_gap_seconds, shortest_gap_seconds
from mltradeoff_lint.resolve.running.timings import Timing, every, soonest
from tests.resolve.prepared import prepared

HOUR, DAY = 3600, 86400
AIRFLOW = (
    "from datetime import timedelta\nfrom airflow import DAG\n"
    "from airflow.operators.python import PythonOperator\ndef f(): ...\n"
)
ARQ = "from arq import cron\nasync def f(context): ...\n"
APS = "from apscheduler.schedulers.background import BackgroundScheduler\ns = BackgroundScheduler()\ndef f(): ...\n"
CELERY = "from celery import Celery\nfrom celery.schedules import crontab\napp = Celery('a')\n@app.task\ndef f(): ...\n"
PREFECT = "from prefect import flow\n@flow\ndef f(): ...\n"


@pytest.mark.parametrize(
    ("source", "seconds"),
    [
        (AIRFLOW + "with DAG('d', schedule='@daily'):\n    PythonOperator(task_id='f', python_callable=f)", DAY),
        (
            AIRFLOW
            + "dag = DAG('d', schedule=timedelta(hours=6))\nPythonOperator(task_id='f', python_callable=f, dag=dag)",
            6 * HOUR,
        ),
        (AIRFLOW + "with DAG('d', schedule=None):\n    PythonOperator(task_id='f', python_callable=f)", None),
        (AIRFLOW + "with DAG('d', schedule=unknown()):\n    PythonOperator(task_id='f', python_callable=f)", None),
        (
            AIRFLOW
            + (
                "C = '@daily' if x else '@hourly'\nwith DAG('d', schedule=C):\n"
                "    PythonOperator(task_id='f', python_callable=f)"
            ),
            HOUR,
        ),
        (
            (
                "from airflow.decorators import dag, task\n@dag(schedule='@weekly')\ndef d():\n"
                "    @task\n    def f(): ...\n    f()\nd()"
            ),
            7 * DAY,
        ),
        (APS + "s.add_job(f, 'interval', hours=2)", 2 * HOUR),
        (APS + "s.add_job(f, 'cron', hour=3)", DAY),
        (APS + "s.add_job(f, 'cron', day_of_week='mon-fri', hour=5, minute=30)", 3 * DAY),
        (APS + "s.add_job(f, 'cron', day_of_week=0)", 7 * DAY),
        (APS + "s.add_job(f, 'cron', hour=h)", None),
        (ARQ + "cron(f, hour=6, minute=0)", DAY),
        (ARQ + "cron(f, hour={6, 18}, minute=0)", DAY // 2),
        (ARQ + "cron(f, weekday=0, hour=6, minute=0)", 7 * DAY),
        (ARQ + "cron(f, month=None, hour=6, minute=0)", DAY),
        (ARQ + "cron(f, hour=h)", None),
        (APS + "s.add_job(f, 'date', run_date='2026-01-01')", None),
        (APS + "from apscheduler.triggers.cron import CronTrigger\ns.add_job(f, CronTrigger(minute='*/20'))", 1200),
        (
            APS
            + "from apscheduler.triggers.interval import IntervalTrigger\ns.add_job(f, IntervalTrigger(minutes=90))",
            5400,
        ),
        (CELERY + "app.conf.beat_schedule = {'n': {'task': 'app.f', 'schedule': crontab(hour=2, minute=0)}}", DAY),
        (CELERY + "app.conf.update(beat_schedule={'n': {'task': 'app.f', 'schedule': 1800.0}})", 1800),
        (CELERY + "app.conf.beat_schedule = {'n': {'task': 'app.g', 'schedule': 1800.0}}", None),
        ("import schedule\ndef f(): ...\nschedule.every(10).minutes.do(f)", 600),
        ("import schedule\ndef f(): ...\nschedule.every().day.at('02:00').do(f)", DAY),
        (PREFECT + "f.serve(name='n', cron='0 4 * * *')", DAY),
        (PREFECT + "f.deploy('n', interval=900)", 900),
        (PREFECT + "f()", None),
        (
            (
                "from dagster import ScheduleDefinition, job\n@job\ndef f(): ...\n"
                "ScheduleDefinition(job=f, cron_schedule='0 0 * * 1')"
            ),
            7 * DAY,
        ),
        (
            "from dagster import ScheduleDefinition, asset, define_asset_job\n@asset\ndef f(): ...\n"
            "ScheduleDefinition(job=define_asset_job('all'), cron_schedule='@hourly')",
            HOUR,
        ),
        ("import modal\napp = modal.App()\n@app.function(schedule=modal.Period(days=1))\ndef f(): ...", DAY),
        ("from fastapi_utils.tasks import repeat_every\n@repeat_every(seconds=60 * 60)\ndef f(): ...", HOUR),
        ("from metaflow import schedule\n@schedule(daily=True)\ndef f(): ...", DAY),
    ],
)
def test_a_function_runs_as_often_as_it_is_told(source: str, seconds: int | None) -> None:
    found = prepared(source)
    target = next(
        name for name in ("f", "d.f") if any(s.qualname == name for s in found.resolver.facts("app.py").scopes)
    )
    timed = {entry.seconds for entry in found.above("app.py", target) if entry.kind == "scheduled"}
    assert timed == (set() if seconds is None else {seconds})


def test_a_schedule_that_does_not_resolve_is_told_from_none() -> None:
    source = AIRFLOW + "with DAG('d', schedule={}):\n    PythonOperator(task_id='f', python_callable=f)"
    lost = prepared(source.format("Variable.get('cron')")).above("app.py", "f")
    manual = prepared(source.format("None")).above("app.py", "f")
    assert [(one.kind, bool(one.how)) for one in lost] == [("task", True)]
    assert [(one.kind, bool(one.how)) for one in manual] == [("task", False)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.builds(Timing, st.one_of(st.none(), st.integers(1, 10**7)), st.just("w"))), max_size=6
    )
)
def test_the_soonest_schedule_is_unknown_when_one_is_and_else_the_least(timings: list[Timing | None]) -> None:
    found = soonest(timings)
    seconds = [one.seconds for one in timings if one is not None]
    if not seconds:
        assert found is None
    elif None in seconds:
        assert found is not None
        assert found.seconds is None
    else:
        assert found is not None
        assert found.seconds == min(one for one in seconds if one is not None)


@given(st.integers(1, 999_999))
def test_an_interval_is_said_in_words_that_a_schedule_reader_takes_back(seconds: int) -> None:
    assert longest_gap_seconds(every(seconds).words) == seconds


@settings(max_examples=50, deadline=None)
@given(
    st.sets(st.integers(0, 59), min_size=1, max_size=4),
    st.sets(st.integers(0, 23), min_size=1, max_size=4),
    st.sets(st.integers(0, 6), min_size=1, max_size=7),
)
def test_the_shortest_gap_agrees_with_a_walk_over_minutes(
    minutes: set[int], hours: set[int], weekdays: set[int]
) -> None:
    fires = [
        minute
        for minute in range(2 * 7 * 24 * 60)
        if minute % 60 in minutes and minute // 60 % 24 in hours and minute // 1440 % 7 in weekdays
    ]
    fields = [",".join(map(str, sorted(one))) for one in (minutes, hours, weekdays)]
    expected = min((after - before for before, after in pairwise(fires)), default=0) * 60
    assert shortest_gap_seconds(f"{fields[0]} {fields[1]} * * {fields[2]}") == expected


@given(st.text(alphabet="0123456789*/,-? @everymintsTZ=()LW#", max_size=40))
def test_the_shortest_gap_is_never_longer_than_the_longest(text: str) -> None:
    shortest, longest = shortest_gap_seconds(text), longest_gap_seconds(text)
    assert (shortest is None) == (longest is None)
    assert shortest is None or longest is None or 0 < shortest <= longest
