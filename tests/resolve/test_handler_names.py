"""A handler's line names a model or location: the one there is, or some of several, and says so."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.running.handler_lines import HandlerLines
from mltradeoff_lint.resolve.running.handlers import Handlers
from tests.resolve.prepared import prepared

APP = "import torch\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef handle(name):\n"


def told(body: str, more: str = "") -> str:
    """What the handler is said to load."""
    found = prepared(f"{APP}{body}\n{more}")
    (handler,) = Handlers(found.resolver, found.sites, found.reach, found.entries).all()
    line = list(HandlerLines(found.resolver, found.sites).of(handler))[1]
    return line.partition("`torch.load`")[2].rpartition(" (app.py")[0].strip()


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "of `m0`"),
        (2, "of `m0` or `m1`"),
        (3, "of `m0`, `m1` or 1 more"),
        (5, "of `m0`, `m1` or 3 more"),
        (9, "of `m0`, `m1` or others"),
    ],
)
def test_one_of_several_names_is_not_told_as_if_it_were_the_only_one(count: int, words: str) -> None:
    calls = "".join(f"    load('m{number}')\n" for number in range(count))

    assert told(calls, "def load(path):\n    torch.load(path)\n") == words


def test_a_name_that_may_be_replaced_by_one_that_nobody_knows_is_told_as_one_of_several() -> None:
    assert told("    torch.load(name or 'm')\n") == "of `m` or others"


def test_one_name_that_is_written_and_configured_is_one_name() -> None:
    assert told("    torch.load('m' if name else 'm')\n") == "of `m`"
