"""Names and versions that branches choose together: each name is pinned by the version that it meets."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

SHA = "3f2a9c1d"
HEAD = """\
import sys
from dataclasses import dataclass
from datasets import load_dataset
from transformers import Trainer
"""
RECORD = "@dataclass\nclass Source:\n    name: str\n    rev: str = 'main'\n"


def _pins(code: str, name: str, rev: str) -> dict[str, str]:
    """The pins of the datasets that a training reads, by their names."""
    fit = f"Trainer(train_dataset=load_dataset({name}, revision={rev}, split='train'))\n"
    found = nodes(analysed({"train.py": f"{HEAD}{code}{fit}"}), "Dataset")
    pins = {one.label: one.properties["pin"] for one in found}
    return {label: "unknown" if isinstance(pin, Unknown) else str(pin) for label, pin in pins.items()}


def _choose(first: str, second: str) -> str:
    body = f"    if kind == 'a':\n        return {first}\n    return {second}\n"
    return f"def choose(kind):\n{body}both = choose(sys.argv[1])\n"


@pytest.mark.parametrize(
    ("code", "name", "rev"),
    [
        (_choose(f"'shop/a', '{SHA}'", "'shop/b', 'main'") + "name, rev = both\n", "name", "rev"),
        (_choose(f"'shop/a', '{SHA}'", "'shop/b', 'main'"), "both[0]", "both[1]"),
        (
            _choose(f"{{'name': 'shop/a', 'rev': '{SHA}'}}", "{'name': 'shop/b', 'rev': 'main'}"),
            "both['name']",
            "both['rev']",
        ),
        (
            _choose("{'name': 'shop/b', 'rev': 'main'}", f"{{'name': 'shop/a', 'rev': '{SHA}'}}"),
            "both['name']",
            "both['rev']",
        ),
        (RECORD + _choose(f"Source('shop/a', '{SHA}')", "Source('shop/b')"), "both.name", "both.rev"),
        (
            f"if len(sys.argv) > 1:\n    name, rev = 'shop/a', '{SHA}'\nelse:\n    name, rev = 'shop/b', 'main'\n",
            "name",
            "rev",
        ),
    ],
)
def test_a_name_is_pinned_by_the_version_it_meets(code: str, name: str, rev: str) -> None:
    assert _pins(code, name, rev) == {"shop/a": "content-pinned", "shop/b": "mutable-explicit"}


def test_versions_that_all_fix_the_content_need_no_telling_apart() -> None:
    code = "name = 'shop/a' if load() else 'shop/b'\nrev = 'v1.0' if ask() else 'v2.0'\n"

    assert _pins(code, "name", "rev") == {"shop/a": "version-pinned", "shop/b": "version-pinned"}


@pytest.mark.parametrize("rev", [f"'main' if ask() else '{SHA}'", f"'{SHA}' if ask() else 'main'"])
def test_which_of_several_versions_several_names_meet_is_unknown(rev: str) -> None:
    code = f"name = 'shop/a' if load() else 'shop/b'\nrev = {rev}\n"

    assert _pins(code, "name", "rev") == {"shop/a": "unknown", "shop/b": "unknown"}


@pytest.mark.parametrize(
    ("rev", "state"),
    [(f"'{SHA}' if ask() else 'main'", "mutable-explicit"), (f"'{SHA}' if ask() else None", "unknown")],
)
def test_one_name_that_may_be_read_at_a_branch_is_not_pinned(rev: str, state: str) -> None:
    assert _pins(f"rev = {rev}\n", "'shop/a'", "rev") == {"shop/a": state}
