"""Functions and coroutines that a program hands to a library: what they are passed, and what the call gives back."""

from __future__ import annotations

import pytest

from tests.resolve.prepared import prepared
from tests.resolve.sample import probe

CLIENT = "from openai import OpenAI\ndef make(x): return OpenAI()\nasync def load(x): return OpenAI()\n"


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasync def f(): probe(await asyncio.to_thread(make, 1))",
        "import asyncio\nasync def f():\n loop = asyncio.get_running_loop()\n"
        " probe(await loop.run_in_executor(None, make, 1))",
        "import asyncio\nasync def f(): probe(await asyncio.get_event_loop().run_in_executor(None, lambda: make(1)))",
        "import asyncio\nprobe(asyncio.run(load(1)))",
        "import asyncio\nprobe(asyncio.get_event_loop().run_until_complete(load(1)))",
        "import asyncio\nasync def f():\n task = asyncio.create_task(load(1))\n probe(await task)",
        "import asyncio\nasync def f():\n one, _ = await asyncio.gather(load(1), other())\n probe(one)",
        "import asyncio\nasync def f():\n for one in await asyncio.gather(*[load(x) for x in 'ab']): probe(one)",
        "from fastapi.concurrency import run_in_threadpool\nasync def f(): probe(await run_in_threadpool(make, 1))",
        "import anyio\nasync def f(): probe(await anyio.to_thread.run_sync(make, 1))",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as pool:\n"
        " probe(pool.submit(make, 1).result())",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor()\n"
        "future = pool.submit(make, 1)\nprobe(future.result())",
        "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor()\n"
        "for one in pool.map(make, [1]): probe(one)",
        "from multiprocessing import Pool\nprobe(Pool().apply_async(make, (1,)).get())",
    ],
)
def test_a_call_that_runs_a_function_gives_what_the_function_gives(source: str) -> None:
    assert probe(CLIENT + source) == ["openai.OpenAI()"]


def test_a_gathered_list_keeps_the_order_of_its_coroutines() -> None:
    source = "import asyncio\nasync def a(): return 'a'\nasync def b(): return 'b'\n"
    assert probe(source + "async def f(): probe(await asyncio.gather(a(), b()))") == ["['a', 'b']"]
    open_list = "async def f(xs): probe(await asyncio.gather(a(), *[b() for x in xs]))"
    assert probe(source + open_list) == ["['a', 'b', ...]"]


def test_a_library_function_that_is_handed_on_gives_what_it_gives_when_called() -> None:
    source = "import asyncio, joblib\nasync def f(): probe(await asyncio.to_thread(joblib.load, 'm.pkl'))"
    assert probe(source) == ["joblib.load()"]


def test_what_is_handed_on_and_gives_nothing_is_no_result() -> None:
    source = "import threading\ndef make(): return 'x'\nprobe(threading.Thread(target=make))"
    assert probe(source) == ["threading.Thread()"]


def test_a_function_that_hands_itself_on_ends() -> None:
    assert probe("import asyncio\nasync def f(): return await asyncio.to_thread(f)\nprobe(asyncio.run(f()))") == ["?"]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("asyncio.to_thread(f, 'a', 'b')", ["'b'"]),
        ("asyncio.to_thread(f, *('a', 'b'))", ["'b'"]),
        ("asyncio.to_thread(f, 'a', *['b'])", ["'b'"]),
        ("asyncio.to_thread(f, *unknown)", ["?"]),
        ("asyncio.to_thread(f, *unknown, 'b')", ["?"]),
        ("asyncio.to_thread(f, *('a',), 'b')", ["?"]),
    ],
)
def test_a_handed_function_is_passed_what_stands_behind_it_with_splats_opened(call: str, expected: list[str]) -> None:
    assert probe(f"import asyncio\ndef f(x, y): probe(y)\nasync def g(): await {call}") == expected


@pytest.mark.parametrize("decorator", ["", "@staticmethod\n "])
def test_a_method_that_is_handed_on_is_passed_its_own_arguments(decorator: str) -> None:
    method = f"class A:\n {decorator}def f({'' if decorator else 'self, '}x): probe(x)\n"
    call = " async def g(self): await asyncio.to_thread(self.f, 'a')"
    assert probe("import asyncio\n" + method + call) == ["'a'"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("@staticmethod\n def score(model, rows): return model(**rows)", []),
        ("def score(self, rows): return self(**rows)", []),
        ("@classmethod\n def score(kind, rows): return kind(**rows)", ["A.score"]),
        ("def score(cls, rows): return cls(**rows)", ["A.score"]),
    ],
)
def test_only_the_class_itself_is_constructed_by_calling_the_first_parameter(method: str, expected: list[str]) -> None:
    found = prepared(f"class A:\n def __init__(self, x): ...\n {method}\n")
    callers = found.reach.incoming(found.function("app.py", "A.__init__"))
    assert [found.resolver.scope(one.caller).qualname for one in callers] == expected


TRAINED = "def loop(config): probe(config['where'])\n"


@pytest.mark.parametrize(
    ("imports", "call", "expected"),
    [
        ("ray.train.torch import TorchTrainer", "TorchTrainer(train_loop_per_worker=loop, {config})", ["'a'"]),
        ("ray.train.torch import TorchTrainer", "TorchTrainer(loop, {config}).fit()", ["'a'"]),
        ("ray.train.xgboost import XGBoostTrainer", "XGBoostTrainer(loop, {config})", ["'a'"]),
        ("ray.train.data_parallel_trainer import DataParallelTrainer", "DataParallelTrainer(loop, {config})", ["'a'"]),
        ("ray.train.torch import TorchTrainer", "TorchTrainer(loop)", ["?"]),
        ("ray.train.torch import TorchTrainer", "TorchTrainer(loop, train_loop_config=given)", ["?"]),
    ],
)
def test_a_training_loop_of_workers_is_passed_its_configuration(imports: str, call: str, expected: list[str]) -> None:
    config = "train_loop_config={'where': 'a'}"

    assert probe(f"from {imports}\n{TRAINED}{call.format(config=config)}\n") == expected


def test_a_training_loop_that_another_function_hands_on_is_passed_what_that_one_was() -> None:
    source = "from ray.train.torch import TorchTrainer\ndef fit(f, c): TorchTrainer(f, train_loop_config=c).fit()\n"

    assert probe(f"{source}{TRAINED}fit(loop, {{'where': 'a'}})\n") == ["'a'"]
