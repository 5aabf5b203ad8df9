"""Where a value that is written is not the one that is read: other types, other callers, other containers."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe


@pytest.mark.parametrize(
    ("given", "kind", "told"),
    [
        ("'Champion'", "int", ["'other'"]),
        ("7", "int", ["7"]),
        ("7.5", "(int, float)", ["7.5"]),
        ("True", "bool", ["True"]),
        ("7", "str", ["'other'"]),
        ("'7'", "int", ["'7'", "'other'"]),
    ],
)
def test_a_test_of_the_type_leaves_what_is_of_it(given: str, kind: str, told: list[str]) -> None:
    branch = f"def uri(v):\n    if isinstance(v, {kind}):\n        return v\n    return 'other'\nprobe(uri({given}))"
    assert probe(branch) == told


def test_a_list_has_no_items_by_text() -> None:
    assert probe("upstream = ['join']\nprobe(upstream['join'])") == ["?"]
    assert probe("upstream = ['join']\nprobe(upstream[0])") == ["'join'"]


def test_a_library_that_is_handed_a_function_may_pass_more_than_our_own_calls_do() -> None:
    make = "def make(path):\n    probe(path)\nmake('eval.csv')\n"
    assert probe(make) == ["'eval.csv'"]
    assert probe(f"import ray\n{make}ray.tune.register_env('E', make)") == ["'eval.csv'", "?"]
    assert probe(f"import inspect\n{make}inspect.signature(make)") == ["'eval.csv'"]
