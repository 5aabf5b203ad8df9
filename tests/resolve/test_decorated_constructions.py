"""`Bot.bind(llm)` of a class behind a decorator makes an object: its arguments are those of the constructor."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

BOT = """
from ray import serve
@serve.deployment(num_replicas=1)
class Bot:
    def __init__(self, llm, chunk=3):
        self.llm = llm
        started(llm)
    def __call__(self, request):
        asked(self.llm)
class Other:
    def __init__(self, llm):
        other(llm)
"""


@pytest.mark.parametrize(
    "call",
    [
        "app = Bot.bind(llm='gpt-4')",
        "app = Bot.bind('gpt-4', chunk=2)",
        "app = Bot.options(num_replicas=2).bind('gpt-4')",
        "Small = Bot.options(num_replicas=2)\napp = Small.bind(llm='gpt-4')",
        "serve.run(Bot.bind('gpt-4'))",
        "def main(): Bot.options(name='x').options(num_replicas=2).bind('gpt-4')",
    ],
)
def test_what_a_deployment_is_bound_with_are_the_arguments_of_its_constructor(call: str) -> None:
    assert probe(f"{BOT}{call}\n", name="started") == ["'gpt-4'"]
    assert probe(f"{BOT}{call}\n", name="asked") == ["'gpt-4'"]


def test_two_bindings_of_a_deployment_make_two_objects() -> None:
    assert probe(f"{BOT}a = Bot.bind('small')\nb = Bot.bind('large')\n", name="started") == ["'large'", "'small'"]


def test_a_method_that_makes_no_object_passes_nothing_to_the_constructor() -> None:
    assert probe(f"{BOT}a = Bot.options('gpt-4')\nb = Other.bind('gpt-4')\n", name="started") == ["?"]
    assert probe(f"{BOT}a = Bot.options('gpt-4')\nb = Other.bind('gpt-4')\n", name="other") == ["?"]


def test_an_actor_is_made_by_running_its_class() -> None:
    source = "import ray\n@ray.remote\nclass Actor:\n    def __init__(self, path):\n        probe(path)\n"
    assert probe(f"{source}Actor.options(num_cpus=1).remote('a.csv')\n") == ["'a.csv'"]
