"""Properties with a setter or deleter: reading one runs its getter, whichever of its functions stands last."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

STORE = """
class Store:
    def __init__(self, name):
        self._name = name
    @property
    def name(self):
        return self._name
"""
SETTER = "    @name.setter\n    def name(self, given):\n        self._name = given\n"
DELETER = "    @name.deleter\n    def name(self):\n        del self._name\n"


@pytest.mark.parametrize("more", ["", DELETER])
def test_a_property_with_a_deleter_gives_what_its_getter_returns(more: str) -> None:
    assert probe(f"{STORE}{more}probe(Store('rides').name)\n") == ["'rides'"]


@pytest.mark.parametrize("more", [SETTER, SETTER + DELETER, DELETER + SETTER])
def test_what_its_setter_may_have_been_given_counts_beside_it(more: str) -> None:
    assert probe(f"{STORE}{more}probe(Store('rides').name)\n") == ["'rides'", "?"]
    assert probe(f"{STORE}{more}    def show(self):\n        probe(self.name)\nStore('rides')\n") == ["'rides'", "?"]


def test_what_is_assigned_to_it_right_before_is_what_it_gives() -> None:
    source = f"{STORE}{SETTER}store = Store('rides')\nstore.name = 'trips'\nprobe(store.name)\n"
    assert probe(source) == ["'trips'"]


def test_a_getter_that_is_given_anew_replaces_the_first() -> None:
    anew = "    @name.getter\n    def name(self):\n        return 'anew'\n"
    assert probe(f"{STORE}{anew}probe(Store('rides').name)\n") == ["'anew'"]
    assert probe(f"{STORE}{anew}{DELETER}probe(Store('rides').name)\n") == ["'anew'"]


def test_a_setter_on_the_property_of_a_base_class_keeps_its_getter() -> None:
    derived = "class Cache(Store):\n    @Store.name.setter\n    def name(self, given):\n        pass\n"
    assert probe(f"{STORE}{derived}probe(Cache('rides').name)\n") == ["'rides'"]


def test_a_method_by_the_name_of_a_property_before_it_is_a_method() -> None:
    method = "    def name(self):\n        return 'called'\n"
    assert probe(f"{STORE}{method}probe(Store('rides').name())\n") == ["'called'"]
    assert probe(f"{STORE}{method}probe(Store('rides').name)\n") == ["def Store.name"]


def test_a_decorator_of_another_thing_that_is_called_setter_makes_no_property() -> None:
    source = "class Store:\n    @registry.setter\n    def name(self):\n        return 'called'\n"
    assert probe(f"import registry\n{source}probe(Store().name())\n") == ["'called'"]


@pytest.mark.parametrize("decorator", ["cachedproperty", "lazy_property", "reify", "other.cached_property"])
def test_a_property_of_another_library_is_read_and_not_called(decorator: str) -> None:
    source = f"import other\nfrom other import {decorator.rpartition('.')[2]}\n"
    own = f"class Tasks:\n    @{decorator}\n    def all(self):\n        return 'tasks'\nprobe(Tasks().all)\n"
    assert probe(source + own) == ["'tasks'"]


def test_a_function_that_another_decorator_changes_is_no_property() -> None:
    own = "from other import retry\nclass Tasks:\n    @retry\n    def all(self):\n        return 'tasks'\n"
    assert probe(f"{own}probe(Tasks().all)\n") != ["'tasks'"]
