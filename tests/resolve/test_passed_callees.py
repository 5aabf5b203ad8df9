"""A function that is called by the name of a parameter gets the arguments of the calls that pass it."""

from __future__ import annotations

from tests.resolve.sample import probe

RUNNER = (
    "class Runner:\n    def __init__(self, load):\n        self.load = load\n"
    "    def run(self, path):\n        return run(self.load, path)\n"
)
LOADERS = "def load(path):\n    probe(path)\ndef remote(path):\n    return path\n"
APP = f"def run(load, path):\n    return load(path)\n{RUNNER}{LOADERS}"


def test_each_function_gets_what_it_is_passed_with() -> None:
    assert probe(f"{APP}Runner(load).run('a.csv')\nrun(remote, 's3://b/c.csv')\n") == ["'a.csv'"]


def test_a_function_that_every_call_passes_gets_all() -> None:
    assert probe(f"{APP}Runner(load).run('a.csv')\nrun(load, 'b.csv')\n") == ["'a.csv'", "'b.csv'"]


def test_a_call_that_passes_something_unknown_may_pass_it() -> None:
    text = f"from lib import chosen\n{APP}Runner(load).run('a.csv')\nrun(chosen(), 'b.csv')\n"

    assert probe(text) == ["'a.csv'", "'b.csv'"]
