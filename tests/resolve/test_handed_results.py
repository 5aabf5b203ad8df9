"""A function that has others run gives, at one call, what the function handed in at that call gives."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CALLS = """
def number():
    return 1
def text():
    return 'a'
async def main():
    run(text)
    probe(await run(number))
"""

ASYNC = "import asyncio\nfrom functools import partial\nasync def run(function, *args):\n"


@pytest.mark.parametrize(
    "body",
    [
        "    return await asyncio.get_running_loop().run_in_executor(None, function)\n",
        "    return await asyncio.get_running_loop().run_in_executor(None, partial(function, *args))\n",
        "    return await asyncio.to_thread(function)\n",
        "    return await asyncio.to_thread(lambda: function())\n",
        "    def wrapper():\n        return function(*args)\n"
        "    return await asyncio.get_running_loop().run_in_executor(None, wrapper)\n",
        "    def wrapper():\n        return function(*args)\n    return wrapper()\n",
        "    def wrapper(*rest):\n        return function(*rest)\n    return await asyncio.to_thread(wrapper, *args)\n",
        "    def wrapper():\n        def inner():\n            return function()\n        return inner()\n"
        "    return await asyncio.to_thread(wrapper)\n",
    ],
)
def test_a_function_that_runs_another_one_gives_what_that_of_the_call_gives(body: str) -> None:
    assert probe(f"{ASYNC}{body}{CALLS}") == ["1"]


def test_the_result_of_a_submitted_function_inside_another_is_that_of_the_call() -> None:
    source = (
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor()\n"
        "async def run(function):\n    def work():\n        return function()\n    return pool.submit(work).result()\n"
    )

    assert probe(f"{source}{CALLS}") == ["1"]


def test_a_method_that_runs_methods_of_its_base_gives_what_the_one_of_the_call_gives() -> None:
    source = """
import asyncio
from concurrent.futures import Executor
from lib import Store
class Quick(Store):
    @staticmethod
    async def _run(executor: Executor | None, function, *args):
        def wrapper():
            return function(*args)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(executor, wrapper)
    async def asearch(self, text):
        return await self._run(None, super().search, text)
    async def aadd(self, rows):
        return await self._run(None, super().add, rows)
async def main():
    await Quick().asearch('x')
    probe(await Quick().aadd([1]))
"""

    assert probe(source) == ["lib.Store().add()"]


def test_a_function_inside_another_that_is_given_away_is_one_of_all_calls() -> None:
    source = "def make(x):\n    def inner():\n        return x\n    return inner\nmake(1)\nprobe(make(2)())\n"

    assert "2" in probe(source)
