"""A function that the repository's own code runs for whoever hands it in is passed what is written beside it."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

HANDED = "def score(payload, other='d'): probe(payload)\n"
ASYNC = "import asyncio\nfrom functools import partial\n"


@pytest.mark.parametrize(
    "body",
    [
        "    return function(*args, **kwargs)\n",
        "    loop = asyncio.get_running_loop()\n"
        "    return await loop.run_in_executor(None, partial(function, *args, **kwargs))\n",
        "    return await asyncio.to_thread(function, *args, **kwargs)\n",
        "    return await asyncio.to_thread(lambda: function(*args, **kwargs))\n",
        "    def work():\n        return function(*args, **kwargs)\n    return work()\n",
        "    return await inner(function, *args, **kwargs)\n",
    ],
)
@pytest.mark.parametrize("call", ["run(score, 'a')", "run(score, payload='a')", "run(score, 'a', other='b')"])
def test_a_function_that_a_runner_is_given_is_passed_what_stands_behind_it(body: str, call: str) -> None:
    source = (
        f"{ASYNC}{HANDED}async def inner(f, /, *args, **kwargs):\n    return f(*args, **kwargs)\n"
        f"async def run(function, /, *args, **kwargs):\n{body}"
    )

    assert probe(f"{source}async def main():\n    await {call}\n") == ["'a'"]


def test_a_method_that_runs_a_bound_method_passes_what_stands_behind_it() -> None:
    source = """
import asyncio
class Bounded:
    async def run(self, function, /, *args):
        return await asyncio.to_thread(function, *args)
class Service:
    def score(self, payload): probe(payload)
executor, service = Bounded(), Service()
async def main():
    await executor.run(service.score, 'a')
"""

    assert probe(source) == ["'a'"]


@pytest.mark.parametrize(
    ("runner", "call", "expected"),
    [
        ("def run(f, x): f(x)", "run(score, 'a')", ["'a'"]),
        ("def run(x, *, f): f(x)", "run('a', f=score)", ["'a'"]),
        ("def run(f, *args): f('own', *args)", "run(score, 'a')", ["'own'"]),
        ("def run(f, x=None):\n    f = f or print\n    f(x)", "run(score, 'a')", ["?"]),
        ("def run(f, *args):\n    f = wrapped(f)\n    f(*args)", "run(score, 'a')", ["?"]),
        ("def run(f, *args):\n    args = more(args)\n    f(*args)", "run(score, 'a')", ["?"]),
        ("def run(f, *args): kept.append((f, args))", "run(score, 'a')", ["?"]),
        ("def run(f, *args): f(*args)", "run(score, *rows)", ["?"]),
        ("def run(f, *args): f(*args)", "run(score, *('a', 'b'))", ["'a'"]),
        ("def run(f, rows):\n    for row in rows:\n        f(row)", "run(score, ['a', 'b'])", ["'a'", "'b'"]),
        ("def run(f, *args): g(f, *args)\ndef g(f, *args): pool.submit(f, *args)", "run(score, 'a')", ["?"]),
        ("def run(*fs):\n    for f in fs: f('own')", "run(score)", ["?"]),
    ],
)
def test_only_what_the_runner_itself_hands_on_is_passed(runner: str, call: str, expected: list[str]) -> None:
    assert probe(f"{HANDED}{runner}\n{call}\n") == expected


def test_each_function_is_passed_what_stands_beside_it_alone() -> None:
    source = f"{HANDED}def other(payload): pass\ndef run(f, *args): f(*args)\nrun(score, 'a')\nrun(other, 'b')\n"

    assert probe(source) == ["'a'"]


def test_a_wrapper_that_is_called_later_tells_nothing_of_which_function_gets_what() -> None:
    source = (
        "def wrap(f):\n    def call(*args):\n        return f(*args)\n    return call\n"
        "def other(payload): pass\none, two = wrap(score), wrap(other)\none('a')\ntwo('b')\n"
    )

    assert "'b'" not in probe(HANDED + source)


def test_a_branch_that_the_call_closes_passes_nothing() -> None:
    source = (
        "def run(f, kind):\n    if kind == 'x':\n        f('of x')\n    else:\n        f('of y')\nrun(score, 'y')\n"
    )

    assert probe(HANDED + source) == ["'of y'"]


def test_a_runner_that_hands_a_function_to_itself_ends() -> None:
    assert probe(f"{HANDED}def run(f, *args):\n    run(f, *args)\nrun(score, 'a')\n") == ["?"]


def test_a_call_of_a_test_passes_nothing_to_code_in_use() -> None:
    source = f"{HANDED}def run(f, *args): f(*args)\n"
    files = {"app.py": source, "tests/test_app.py": "from app import *\nrun(score, 'a')\n"}

    assert probe(files) == ["?"]
