"""An object that `isinstance` rules out is none of those that are read there."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

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
