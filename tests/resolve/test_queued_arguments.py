"""What the methods of a task pass to it, and calls that run a task by its name."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CELERY = "from celery import Celery, shared_task\napp = Celery('shop')\n"
TASK = "@app.task\ndef score(payload): probe(payload)\n"
NAMED = "@app.task(name='shop.score')\ndef score(payload): probe(payload)\n"
BOUND = "@app.task(bind=True, name='shop.score')\ndef score(self, payload): probe(payload)\n"


@pytest.mark.parametrize("task", [TASK, "@shared_task\ndef score(payload): probe(payload)\n", NAMED, BOUND])
@pytest.mark.parametrize(
    "call",
    [
        "score.delay('a')",
        "score.delay(payload='a')",
        "score.apply_async(('a',))",
        "score.apply_async(args=['a'], queue='q')",
        "score.apply_async(kwargs={'payload': 'a'})",
    ],
)
def test_a_queued_task_is_passed_what_its_method_is(task: str, call: str) -> None:
    assert probe(f"{CELERY}{task}{call}\n") == ["'a'"]


@pytest.mark.parametrize("task", [NAMED, BOUND])
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("app.send_task('shop.score', args=['a'])", ["'a'"]),
        ("app.send_task(name='shop.score', kwargs={'payload': 'a'}, queue='q')", ["'a'"]),
        ("TASKS = {'score': 'shop.score'}\napp.send_task(name=TASKS['score'], args=('a',))", ["'a'"]),
        ("app.send_task('shop.other', args=['a'])", ["?"]),
        ("app.send_task('score', args=['a'])", ["?"]),
        ("app.send_task(name(), args=['a'])", ["?"]),
        ("app.send_task('shop.score', args=rows())", ["?"]),
        ("other.send_task('shop.score', args=['a'])", ["?"]),
    ],
)
def test_a_task_is_run_by_its_name(task: str, call: str, expected: list[str]) -> None:
    assert probe(f"{CELERY}{task}{call}\n") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("shop.tasks.score", ["'a'"]), ("tasks.score", ["'a'"]), ("score", ["?"]), ("shop.jobs.score", ["?"])],
)
def test_a_task_without_a_name_goes_by_its_module(name: str, expected: list[str]) -> None:
    files = {
        "shop/tasks.py": f"{CELERY}{TASK}",
        "api.py": f"from celery import Celery\nqueue = Celery('shop')\nqueue.send_task('{name}', args=['a'])\n",
    }

    assert probe(files, "shop/tasks.py") == expected


def test_two_tasks_of_one_name_in_code_are_told_apart_by_their_module() -> None:
    files = {
        "a.py": f"{CELERY}{TASK}score.delay('a')\n",
        "b.py": f"{CELERY}@app.task\ndef score(payload): pass\nscore.delay('b')\n",
    }

    assert probe(files, "a.py") == ["'a'"]


AIRFLOW = "from airflow.decorators import task\n"
MAPPED = "@task\ndef score(kind, run): probe(run)\n"
KIND = "@task\ndef score(kind, run): probe(kind)\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"{MAPPED}score.partial(kind='k').expand(run=['a', 'b'])", ["'a'", "'b'"]),
        (f"{MAPPED}score.override(task_id='x').partial(kind='k').expand(run=['a'])", ["'a'"]),
        (f"{KIND}score.partial(kind='k').expand(run=['a', 'b'])", ["'k'"]),
        (f"{KIND}score.partial(kind='x/{{{{ ds }}}}').expand(run=['a', 'b'])", ["f'x/{input:ds}'"]),
        (f"{MAPPED}@task\ndef rows(): return ['a', 'b']\nscore.partial(kind='k').expand(run=rows())", ["'a'", "'b'"]),
        (f"{MAPPED}score.partial(kind='k').expand(run={{'a': 1}})", ["?"]),
        (f"{MAPPED}score.partial(kind='k').expand(run=rows())", ["?"]),
        (f"{MAPPED}other.partial(kind='k').expand(run=['a'])", ["?"]),
    ],
)
def test_a_mapped_task_is_passed_one_element_at_a_time(source: str, expected: list[str]) -> None:
    assert probe(f"{AIRFLOW}{source}\n") == expected


def test_a_method_of_a_function_that_is_no_task_passes_nothing() -> None:
    source = "def score(payload): probe(payload)\nscore.delay = print\nscore.delay('a')\n"

    assert probe(f"{CELERY}{source}") == ["?"]
