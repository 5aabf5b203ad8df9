"""An object is not there behind a `hasattr` that its class decides: it has the attribute for certain, or none."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

STORES = """
from abc import ABC
class Base(ABC):
    def size(self):
        return 1
class Milvus(Base):
    def __init__(self, url, key=None):
        if key is None:
            raise ValueError(key)
        self.endpoint = url
        if key:
            self.key = key
    def drop(self):
        return 1
    @property
    def rows(self):
        return self.kept
    def run(self):
        return 'milvus'
class Lance(Base):
    kind = 'lance'
    note: str
    def run(self):
        return 'lance'
def make(name):
    if name == 'milvus':
        return Milvus(load_url(), load_key())
    return Lance()
store = make(load_name())
"""
BOTH = ["'lance'", "'milvus'"]


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("hasattr(store, 'endpoint')", ["'milvus'"]),
        ("not hasattr(store, 'endpoint')", ["'lance'"]),
        ("hasattr(store, 'drop')", ["'milvus'"]),
        ("hasattr(store, 'endpoint') and hasattr(store, 'drop')", ["'milvus'"]),
        ("not (hasattr(store, 'endpoint') and hasattr(store, 'drop'))", ["'lance'"]),
        ("not (hasattr(store, 'endpoint') and check())", BOTH),
        ("not (hasattr(store, 'endpoint') or check())", ["'lance'"]),
        ("not hasattr(store, 'kind')", ["'milvus'"]),
        ("getattr(store, 'endpoint', None)", ["'milvus'"]),
        # what it has may be empty
        ("not getattr(store, 'endpoint', None)", BOTH),
        ("getattr(store, 'endpoint', 'http://own')", BOTH),
        ("callable(getattr(store, 'drop', None))", ["'milvus'"]),
        # what some ways through the constructor set, what a function gives and what is declared alone
        ("not hasattr(store, 'key')", BOTH),
        ("not hasattr(store, 'rows')", BOTH),
        ("hasattr(store, 'note')", ["'lance'"]),
        ("not hasattr(store, 'note')", BOTH),
        ("hasattr(store, name_of())", BOTH),
        ("hasattr(store, '__call__')", BOTH),
        ("hasattr(other, 'endpoint')", BOTH),
    ],
)
def test_the_objects_whose_class_decides_the_test_the_other_way_are_not_read(test: str, found: list[str]) -> None:
    assert probe(f"{STORES}if {test}:\n    probe(store.run())\n") == found


def test_the_last_branch_has_what_none_of_the_tests_before_it_takes() -> None:
    body = "if hasattr(store, 'endpoint'):\n    store.drop()\nelif check():\n    pass\nelse:\n    probe(store.run())\n"

    assert probe(STORES + body) == ["'lance'"]


ELSE = "if hasattr(store, 'endpoint'):\n    pass\nelse:\n    probe(store.run())\n"
THEN = "if hasattr(store, 'endpoint'):\n    probe(store.run())\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # the attribute is not set on every way through the constructor
        ("            raise ValueError(key)", "            return"),
        ("        self.endpoint = url", "        with maybe():\n            self.endpoint = url"),
        ("        self.endpoint = url", "        def later():\n            self.endpoint = url"),
        ("    def __init__(self, url", "    @guarded\n    def __init__(self, url"),
        ("    def __init__(self, url, key=None):", "    def open(self, url, key=None):"),
        # or may be gone later
        ("    def drop(self):", "    def close(self):\n        del self.endpoint\n    def drop(self):"),
        ("    def drop(self):", "    def close(self):\n        delattr(self, 'endpoint')\n    def drop(self):"),
        ("    def drop(self):", "    def __getstate__(self):\n        return {}\n    def drop(self):"),
        (
            "    def drop(self):",
            "    def __getattribute__(self, name):\n        return look(name)\n    def drop(self):",
        ),
    ],
)
def test_an_object_stays_where_the_attribute_may_be_missing(old: str, new: str) -> None:
    assert old in STORES
    assert probe(STORES + ELSE) == ["'lance'"]
    assert probe(STORES.replace(old, new) + ELSE) == BOTH


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("class Lance(Base):", "from shop import Made\nclass Lance(Base, Made):"),
        ("class Lance(Base):", "class Lance(made_up()):"),
        ("class Lance(Base):", "@filled\nclass Lance(Base):"),
        ("class Lance(Base):", "class Lance(Base, metaclass=Filled):"),
        ("    kind = 'lance'", "    endpoint = None"),
        ("    kind = 'lance'", "    endpoint: str"),
        ("    kind = 'lance'", "    def __getattr__(self, name):\n        return look(name)"),
        ("    kind = 'lance'", "    def open(self):\n        self.endpoint = 'x'"),
        ("    kind = 'lance'", "    def open(self, values):\n        self.__dict__.update(values)"),
        ("    kind = 'lance'", "    def open(self, name):\n        setattr(self, name, 1)"),
        ("    def size(self):\n        return 1", "    def size(self):\n        self.endpoint = 'x'"),
        ("store = make(load_name())", "store = make(load_name())\nstore.endpoint = 'x'"),
        ("store = make(load_name())", "store = make(load_name())\nsetattr(store, 'endpoint', 'x')"),
        ("store = make(load_name())", "def fill(one, name):\n    setattr(one, name, 1)\nstore = make(load_name())"),
    ],
)
def test_an_object_stays_where_somebody_may_give_it_the_attribute(old: str, new: str) -> None:
    assert old in STORES
    assert probe(STORES + THEN) == ["'milvus'"]
    assert "'lance'" in probe(STORES.replace(old, new) + THEN)


def test_what_others_give_their_own_objects_is_not_meant() -> None:
    other = "class Unlike:\n    def open(self, name):\n        self.endpoint = 'x'\n        setattr(self, name, 1)\n"

    assert probe(other + STORES + THEN) == ["'milvus'"]


def test_a_constructor_that_calls_the_one_above_it_sets_what_that_sets() -> None:
    derived = "class Own(Milvus):\n    def __init__(self):\n{body}    def run(self):\n        return 'own'\n"
    source = STORES.replace("def make(name):", derived + "def make(name):\n    if name == 'own':\n        return Own()")

    assert probe(source.replace("{body}", "        super().__init__('x', 'y')\n") + ELSE) == ["'lance'"]
    assert probe(source.replace("{body}", "        self.own = 1\n") + ELSE) == ["'lance'", "'own'"]
    assert probe(source.replace("{body}", "        if check():\n            super().__init__('x')\n") + ELSE) == [
        "'lance'",
        "'own'",
    ]


def test_an_object_of_a_class_that_may_be_derived_from_has_what_the_class_body_has() -> None:
    derived = "class Own(Milvus):\n    def __init__(self):\n        self.own = 1\n"
    use = "def use(store: Milvus):\n    if {test}:\n        probe(store.run())\n"

    assert probe(STORES + derived + use.format(test="not hasattr(store, 'endpoint')")) == ["'milvus'"]
    assert probe(STORES + derived + use.format(test="hasattr(store, 'own')")) == ["'milvus'"]
    assert probe(STORES + derived + use.format(test="not hasattr(store, 'drop')")) == ["?"]


def test_a_parameter_is_the_objects_that_pass() -> None:
    use = "def use(one):\n    if hasattr(one, 'endpoint'):\n        return\n    probe(one.run())\n"

    assert probe(f"{STORES}{use}use(store)\nuse(Milvus('x', 'y'))\n") == ["'lance'"]


def test_an_object_that_is_still_made_may_miss_what_its_constructor_sets() -> None:
    source = """
class Store:
    def __init__(self):
        self.open()
        self.path = 'kept'
    def open(self):
        if not hasattr(self, 'path'):
            probe(self.name())
    def name(self):
        return 'new'
Store()
"""
    assert probe(source) == ["'new'"]


def test_a_class_beside_others_has_what_its_own_constructor_sets() -> None:
    source = f"from shop import Made\n{STORES.replace('class Milvus(Base):', 'class Milvus(Base, Made):')}"

    assert probe(source + ELSE) == ["'lance'"]
    derived = source.replace("class Lance(Base):", "class Own(Milvus, Made):\n    pass\nclass Lance(Base):")
    assert probe(derived.replace("return Milvus(", "return Own(") + ELSE) == BOTH
