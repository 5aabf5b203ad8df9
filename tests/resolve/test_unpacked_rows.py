"""Names that one unpacking binds hold parts of one entry, and a test of one of them tells the entry of the others."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

CLASSES = """
class Small:
    def __init__(self, model):
        self.model = model
        small(model)
class Rank:
    def __init__(self, model):
        self.model = model
        rank(self.model)
TABLE = {"small": (Small, "gpt-5-mini"), "rank": (Rank, "rerank-v3.5")}
FILES = {"x": ("csv", "a"), "y": ("pq", "b")}
"""
UNPACKED = f"{CLASSES}def make(name):\n    kind, model = TABLE[name]\n"
READ = f"{CLASSES}def read(name):\n    kind, path = FILES.get(name)\n"


@pytest.mark.parametrize(
    "body",
    [
        "    if kind is Small:\n        return Small(model)\n    return Rank(model)\n",
        "    if kind is not Small:\n        return Rank(model)\n    return Small(model)\n",
        "    if kind in (Rank, Small) and kind == Rank:\n        return Rank(model)\n    return Small(model)\n",
        "    return Small(model) if kind is Small else Rank(model)\n",
        "    return kind(model)\n",
        "    return kind(model=model)\n",
    ],
)
def test_a_class_of_a_table_is_made_with_what_stands_in_its_entry(body: str) -> None:
    assert probe(UNPACKED + body, name="small") == ["'gpt-5-mini'"]
    assert probe(UNPACKED + body, name="rank") == ["'rerank-v3.5'"]


@pytest.mark.parametrize(
    "body", ["    if kind == 'csv':\n        probe(path)\n", "    if kind != 'csv':\n        return\n    probe(path)\n"]
)
def test_a_test_of_one_part_tells_the_others(body: str) -> None:
    assert probe(READ + body) == ["'a'"]


def test_a_test_of_one_target_of_a_loop_tells_the_others() -> None:
    loop = "for kind, path in FILES.values():\n    if kind == 'csv':\n        probe(path)\n"
    assert probe(CLASSES + loop) == ["'a'"]


def test_a_text_of_several_parts_is_one_an_entry() -> None:
    assert probe(f"{READ}    probe(f'{{path}}.{{kind}}')\n") == ["'a.csv'", "'b.pq'"]
    assert probe(f"{READ}    if kind == 'csv':\n        probe(f'{{path}}.{{kind}}')\n") == ["'a.csv'"]


def test_a_name_that_is_bound_anew_is_no_part_of_the_entry() -> None:
    assert probe(f"{READ}    path = other(path)\n    if kind == 'csv':\n        probe(path)\n") == ["?"]


@pytest.mark.parametrize(
    ("kind", "found"),
    [("torch.optim.AdamW", ["'a'"]), ("transformers.AdamW", ["'a'"]), ("torch.optim.SGD", ["'a'"]), ("keras.SGD", [])],
)
def test_a_class_of_a_library_may_be_handed_on_by_another_one(kind: str, found: list[str]) -> None:
    table = f"import keras, torch, transformers\nKINDS = {{'a': ({kind}, 'a'), 'b': (torch.optim.AdamW, 'b')}}\n"
    body = "def f(name):\n    kind, model = KINDS[name]\n    if kind is torch.optim.AdamW:\n        probe(model)\n"
    assert probe(table + body) == [*found, "'b'"]


def test_a_part_that_no_test_asks_about_keeps_all_entries() -> None:
    assert probe(f"{READ}    if name:\n        probe(path)\n") == ["'a'", "'b'"]


def test_an_entry_that_is_not_known_may_pass_every_test() -> None:
    body = "    kind, path = FILES[name] if name in FILES else fetch()\n    if kind == 'csv':\n        probe(path)\n"
    assert probe(f"{CLASSES}def read(name):\n{body}") == ["'a'", "?"]


LOADED = """
import importlib
from configs import SmallConfig, RankConfig
TABLE = {"small": ("models.Small", SmallConfig), "rank": ("models.Rank", RankConfig)}
def load(path):
    module, name = path.rsplit(".", 1)
    return getattr(importlib.import_module(module), name)
def make(name, config=None, **further):
    path, config_class = TABLE[name]
    kind = load(path)
    if config is None:
        config = config_class(**further)
    elif isinstance(config, dict):
        config = config_class(**config)
    return kind(config)
"""
CONFIGS = """
class SmallConfig:
    def __init__(self, model="gpt-5-mini"):
        self.model = model
class RankConfig:
    def __init__(self, model="rerank-v3.5"):
        self.model = model
"""
MODELS = """
class Small:
    def __init__(self, config):
        self.config = config
    def ask(self):
        return self.config.model
class Rank:
    def __init__(self, config):
        self.config = config
"""


def test_a_class_that_is_loaded_by_its_path_is_given_the_object_of_its_entry() -> None:
    files = {"app.py": f"{LOADED}probe(make(chosen()).ask())\n", "configs.py": CONFIGS, "models.py": MODELS}
    assert set(probe(files)) == {"'gpt-5-mini'", "?"}


def test_a_table_with_more_entries_than_a_set_holds_keeps_its_rows() -> None:
    table = "TABLE = {" + ", ".join(f"'{n}': ({'second' if n == 11 else 'first'}, 'm{n}')" for n in range(12)) + "}\n"
    functions = "def first(model):\n    pass\ndef second(model):\n    probe(model)\n"
    body = "def make(name):\n    run, model = TABLE[name]\n    if run is second:\n        run(model)\n"
    assert probe(functions + table + body) == ["'m11'"]
