"""What `isinstance` rules out: an object of another class where it is read, and a call that passes one on."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

ROWS = (
    "from stores import Faiss, Weaviate\n\n\ndef rows(db, kind):\n    if {test}:\n        return\n    probe(kind)\n\n\n"
)
"""What follows is run for what is no `Faiss` alone."""

OTHER = "def other(db):\n    rows(db, 'b')\n\n\n"


@pytest.mark.parametrize(
    ("test", "guard", "found"),
    [
        ("isinstance(db, Faiss)", "isinstance(db, Faiss)", ["'b'"]),
        ("isinstance(db, Faiss)", "wanted and isinstance(db, Faiss)", ["'b'"]),
        ("isinstance(db, (Faiss, Weaviate))", "isinstance(db, Faiss)", ["'b'"]),
        ("wanted or isinstance(db, Faiss)", "isinstance(db, Faiss)", ["'b'"]),
        ("not isinstance(db, Faiss)", "not isinstance(db, Faiss)", ["'b'"]),
        ("not isinstance(db, Faiss)", "not isinstance(db, (Faiss, Weaviate))", ["'b'"]),
        # one class may be above another one
        ("isinstance(db, Faiss)", "isinstance(db, Weaviate)", ["'a'", "'b'"]),
        ("isinstance(db, Faiss)", "isinstance(db, (Faiss, Weaviate))", ["'a'", "'b'"]),
        ("isinstance(db, Faiss)", "wanted or isinstance(db, Faiss)", ["'a'", "'b'"]),
        ("isinstance(db, Faiss)", "isinstance(wanted, Faiss)", ["'a'", "'b'"]),
        ("wanted and isinstance(db, Faiss)", "isinstance(db, Faiss)", ["'a'", "'b'"]),
        ("not isinstance(db, (Faiss, Weaviate))", "not isinstance(db, Faiss)", ["'a'", "'b'"]),
    ],
)
def test_a_call_does_not_come_behind_a_test_that_its_own_decides(test: str, guard: str, found: list[str]) -> None:
    shown = f"def shown(db):\n    if {guard}:\n        rows(db, 'a')\n\n\n"
    assert probe(ROWS.format(test=test) + shown + OTHER) == found


def test_the_tests_around_the_calls_above_count_where_what_they_pass_is_handed_on() -> None:
    shown = "def shown(db):\n    rows(db, 'a')\n\n\n"
    first = "def first(db):\n    if isinstance(db, Faiss):\n        shown(db)\n\n\n"
    second = "def second(db):\n    shown(db)\n\n\n"
    source = ROWS.format(test="isinstance(db, Faiss)") + shown + OTHER
    assert probe(source + first) == ["'b'"]
    assert probe(source + first + second) == ["'a'", "'b'"]


def test_another_object_under_the_same_name_is_not_meant() -> None:
    shown = "def shown(db):\n    if isinstance(db, Faiss):\n        db = load()\n        rows(db, 'a')\n\n\n"
    assert probe(ROWS.format(test="isinstance(db, Faiss)") + shown + OTHER) == ["'a'", "'b'"]


def test_classes_of_the_repository_are_told_apart_too() -> None:
    stores = "class Faiss: ...\nclass Weaviate: ...\n"
    shown = "def shown(db):\n    if isinstance(db, {}):\n        rows(db, 'a')\n\n\n"
    source = ROWS.format(test="isinstance(db, Faiss)") + OTHER
    assert probe({"app.py": source + shown.format("Faiss"), "stores.py": stores}) == ["'b'"]
    assert probe({"app.py": source + shown.format("Weaviate"), "stores.py": stores}) == ["'a'", "'b'"]


def test_the_calls_above_may_stand_in_another_module() -> None:
    """The test is one of the module that it stands in, wherever the calls are that it is asked of."""
    padding = "".join(f"x{number} = {number} + {number}\n" for number in range(30))
    app = padding + ROWS.format(test="isinstance(db, Faiss)") + OTHER
    shown = "from app import rows\ndef shown(db):\n    rows(db, 'a')\n"
    first = "from stores import Faiss\nfrom shown import shown\n"
    first += "def first(db):\n    if isinstance(db, Faiss):\n        shown(db)\n"
    assert probe({"app.py": app, "shown.py": shown, "first.py": first}) == ["'b'"]


STORES = """
class Store:
    def factory(self, root):
        if root.is_local():
            return Disk(root)
        return Bucket(root)
class Disk(Store):
    def __init__(self, root):
        self.path = 'disk/rows.csv'
class Bucket(Store):
    def __init__(self, root):
        self.path = 's3://shop/rows.csv'
class Cold(Bucket):
    def __init__(self, root):
        self.path = 's3://cold/rows.csv'
class Reader:
    def __init__(self, root):
        self.store = Store().factory(root)
    def read(self):
"""
BOTH = ["'disk/rows.csv'", "'s3://shop/rows.csv'"]


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("isinstance(self.store, Bucket)", ["'s3://shop/rows.csv'"]),
        ("not isinstance(self.store, Bucket)", ["'disk/rows.csv'"]),
        ("isinstance(self.store, (Disk, Cold))", ["'disk/rows.csv'"]),
        ("isinstance(self.store, Store)", BOTH),
        ("isinstance(self.store, pathlib.Path)", BOTH),
        ("isinstance(self.store, (Disk, pathlib.Path))", BOTH),
        ("isinstance(self.other, Bucket)", BOTH),
    ],
)
def test_the_objects_that_a_test_of_their_class_leaves_are_read(test: str, found: list[str]) -> None:
    source = f"import pathlib\n{STORES}        if {test}:\n            probe(self.store.path)\n"
    assert probe(source) == found


def test_the_other_branch_has_the_other_objects() -> None:
    body = "        if isinstance(self.store, Bucket):\n            path = 'kept'\n        else:\n"
    assert probe(f"{STORES}{body}            path = self.store.path\n        probe(path)\n") == [
        "'disk/rows.csv'",
        "'kept'",
    ]


def test_what_is_read_behind_a_branch_that_left_is_of_the_other_objects() -> None:
    body = "        if isinstance(self.store, Disk):\n            return\n        probe(self.store.path)\n"
    assert probe(STORES + body) == ["'s3://shop/rows.csv'"]


def test_an_object_of_a_class_that_may_be_derived_from_stays() -> None:
    source = (
        f"{STORES}        pass\ndef read(store: Bucket):\n    if isinstance(store, Cold):\n        probe(store.path)\n"
    )
    assert "'s3://shop/rows.csv'" in probe(source)


def test_a_class_that_asks_for_methods_alone_leaves_every_object() -> None:
    protocol = "from typing import Protocol\nclass Named(Protocol):\n    path: str\n"
    assert (
        probe(f"{protocol}{STORES}        if isinstance(self.store, Named):\n            probe(self.store.path)\n")
        == BOTH
    )


def test_an_object_with_a_base_that_is_not_known_stays() -> None:
    source = STORES.replace("class Disk(Store)", "class Disk(made_up())")
    assert probe(f"{source}        if isinstance(self.store, Bucket):\n            probe(self.store.path)\n") == BOTH


def test_a_parameter_is_the_objects_that_pass() -> None:
    function = "def read(store):\n    if isinstance(store, Bucket):\n        probe(store.path)\n"
    assert probe(f"{STORES}        pass\n{function}read(Disk(1))\nread(Bucket(2))\n") == ["'s3://shop/rows.csv'"]
