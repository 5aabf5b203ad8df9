"""An object that a factory makes under a test is not there under a test of the same thing that says otherwise."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

STORES = """
class Milvus:
    def run(self):
        return 'milvus'
class Lance:
    def run(self):
        return 'lance'
class Other:
    def run(self):
        return 'other'
"""
FACTORY = """
def make(path, config=None):
    if config is None:
        config = default()
    if config.store.name == 'milvus':
        return Milvus()
    elif config.store.name == 'lance':
        return Lance()
    return Other()
"""
USE = """
class App:
    def __init__(self, config):
        self.config = config
    def prepare(self):
        store = make('x', config=self.config)
        return store, 'name'
    def ingest(self):
        store, _ = self.prepare()
        self.write(store)
    def write(self, store):
        print(store)
        if {test}:
            probe(store.run())
"""
ALL = ["'lance'", "'milvus'", "'other'"]


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("self.config.store.name == 'lance'", ["'lance'"]),
        ("store is not None and self.config.store.name == 'lance'", ["'lance'"]),
        ("self.config.store.name != 'lance'", ["'milvus'", "'other'"]),
        ("self.config.store.name in ('lance', 'milvus')", ["'lance'", "'milvus'"]),
        ("self.config.store.kind == 'lance'", ALL),
        ("self.other.store.name == 'lance'", ALL),
        ("self.config.store.name", ALL),
    ],
)
def test_a_test_of_what_the_factory_was_passed_says_what_it_made(test: str, found: list[str]) -> None:
    assert probe(STORES + FACTORY + USE.format(test=test)) == found


def test_a_name_that_is_passed_and_tested_in_one_function_says_the_same() -> None:
    use = "def use(cfg):\n    store = make('x', cfg)\n    if cfg.store.name == 'lance':\n        probe(store.run())\n"

    assert probe(STORES + FACTORY + use) == ["'lance'"]


def test_a_name_that_holds_something_else_where_it_is_tested_says_nothing() -> None:
    use = (
        "def use(cfg):\n    store = make('x', cfg)\n    cfg = other()\n"
        "    if cfg.store.name == 'lance':\n        probe(store.run())\n"
    )

    assert probe(STORES + FACTORY + use) == ALL


def test_a_field_that_is_set_anew_behind_the_factory_says_nothing() -> None:
    use = (
        "def use(cfg):\n    store = make('x', cfg)\n    cfg.store.name = chosen()\n"
        "    if cfg.store.name == 'lance':\n        probe(store.run())\n"
    )

    assert probe(STORES + FACTORY + use) == ALL


def test_a_factory_that_puts_another_thing_in_place_of_the_parameter_tells_nothing() -> None:
    factory = FACTORY.replace("    if config is None:\n        config = default()\n", "    config = better(config)\n")

    assert probe(STORES + factory + USE.format(test="self.config.store.name == 'lance'")) == ALL


def test_a_call_outside_the_branch_is_one_of_all_that_are_made() -> None:
    use = USE.format(test="self.config.store.name == 'lance'")
    outside = use.replace("probe(store.run())", "store.run()").replace("print(store)", "probe(store.run())")

    assert probe(STORES + FACTORY + outside) == ALL


def test_a_factory_that_tests_more_than_one_thing_makes_what_passes_all_of_it() -> None:
    factory = (
        "def make(path, config=None):\n    if config.kind == 'a' and config.store.name == 'lance':\n"
        "        return Lance()\n    return Other()\n"
    )

    assert probe(STORES + factory + USE.format(test="self.config.store.name == 'lance'")) == ["'lance'", "'other'"]
