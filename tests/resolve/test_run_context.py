"""Parameters that Airflow fills for each run by their names are never the None that stands as their default."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

IMPORTS = "from airflow.decorators import task\nfrom airflow.operators.python import PythonOperator\n"


@pytest.mark.parametrize("parameter", ["ts_nodash=None", "ts_nodash: str = None", "ts_nodash"])
@pytest.mark.parametrize("decorator", ["@task", "@task(task_id='x')", "@task.python"])
def test_a_parameter_named_for_a_variable_of_the_run_is_a_hole(parameter: str, decorator: str) -> None:
    source = f"{decorator}\ndef score(*, {parameter}): probe(f'out_{{ts_nodash}}')\nscore()\n"

    assert probe(f"{IMPORTS}{source}") == ["f'out_{run:ts_nodash}'"]


@pytest.mark.parametrize(
    ("function", "call", "expected"),
    [
        ("@task\ndef score(x, ds=None): probe(ds)", "score('a')", ["?"]),
        ("@task\ndef score(x, ds=None): probe(f'{ds}')", "", ["f'{run:ds}'"]),
        ("@task\ndef score(ds=None): probe(ds)", "score(ds='2026-01-01')", ["'2026-01-01'"]),
        ("@task\ndef score(day=None): probe(day)", "score()", ["None"]),
        ("@task\ndef score(ds='x'): probe(ds)", "score()", ["'x'"]),
        ("def score(ds=None): probe(ds)", "score()", ["None"]),
        ("def score(ds=None): probe(f'{ds}')", "PythonOperator(python_callable=score)", ["f'{run:ds}'"]),
        ("def score(ds): probe(f'{ds}')", "PythonOperator(python_callable=score)", ["f'{run:ds}'"]),
        ("def score(**c): probe(f'{c[\"ds\"]}')", "PythonOperator(python_callable=score)", ["f'{run:ds}'"]),
        ("@task\ndef score(**context): probe(f'{context[\"ds\"]}')", "score()", ["f'{run:ds}'"]),
        ("@task\ndef score(**context): probe(context['own'])", "score(own='a')", ["'a'"]),
        ("@task\ndef score(dag_run=None): probe(f'{dag_run.run_id}')", "score()", ["f'{run:dag_run}'"]),
    ],
)
def test_only_what_the_calls_leave_to_the_run_comes_from_it(function: str, call: str, expected: list[str]) -> None:
    assert probe(f"{IMPORTS}{function}\n{call}\n") == expected
