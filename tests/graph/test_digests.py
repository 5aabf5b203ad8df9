"""Whether a digest that is computed of a download is what keeps it from changing unseen."""

from __future__ import annotations

import pytest

from mltradeoff_lint.model.value import Unknown
from tests.graph.analysed import analysed, nodes

HEAD = """
import hashlib
import logging
import os
import urllib.request
from pathlib import Path

import mlflow
import pandas as pd
from sklearn.linear_model import Ridge

URL = "https://example.org/rides.csv"
KNOWN = "9f1c2b3a4d5e6f70818293a4b5c6d7e8"


def digest_of(name):
    made = hashlib.sha256()
    with open(name, "rb") as handle:
        for block in iter(lambda: handle.read(4096), b""):
            made.update(block)
    return made.hexdigest()


def verify(name, wanted):
    if digest_of(name) != wanted:
        raise ValueError(name)


def insist(found, wanted):
    assert found == wanted


"""

FIT = """

rows = pd.read_csv(fetch())
Ridge().fit(rows[["x"]], rows["y"])
"""


def pin_of(body: str) -> str:
    """The pin of a download, by what the function does that fetches it."""
    code = "".join(f"    {line}\n" for line in body.splitlines())
    taken = '    urllib.request.urlretrieve(URL, "rides.csv")\n'
    analysis = analysed({"train.py": f'{HEAD}def fetch():\n{taken}{code}    return "rides.csv"\n{FIT}'})
    pins = [one.properties["pin"] for one in nodes(analysis, "Dataset") if "example.org" in one.id.key]
    assert len(pins) == 1
    return "unknown" if isinstance(pins[0], Unknown) else str(pins[0])


@pytest.mark.parametrize(
    "body",
    [
        'if digest_of("rides.csv") != KNOWN:\n    raise ValueError',
        'found = digest_of("rides.csv")[:8]\nassert found == KNOWN[:8]',
        'verify("rides.csv", KNOWN)',
        'insist(digest_of("rides.csv"), wanted=KNOWN)',
        'made = hashlib.md5(open("rides.csv", "rb").read())\nassert made.hexdigest() in (KNOWN,)',
        'import hmac\nassert hmac.compare_digest(digest_of("rides.csv"), KNOWN)',
        'assert digest_of("rides.csv").startswith("9f1c")',
    ],
)
def test_a_digest_that_is_compared_fixes_what_was_fetched(body: str) -> None:
    assert pin_of(body) == "content-pinned"


@pytest.mark.parametrize(
    "body",
    [
        'mlflow.log_param("data", digest_of("rides.csv"))',
        'mlflow.set_tags({"data": digest_of("rides.csv")})',
        'with open("rides.sha256", "w") as kept:\n    kept.write(digest_of("rides.csv"))',
        'Path("rides.sha256").write_text(digest_of("rides.csv"))',
        'name = digest_of("rides.csv") + ".csv"\nPath(name).write_bytes(Path("rides.csv").read_bytes())',
    ],
)
def test_a_digest_that_is_kept_as_the_version_fixes_what_was_fetched(body: str) -> None:
    assert pin_of(body) == "content-pinned"


@pytest.mark.parametrize(
    "body",
    [
        'digest_of("rides.csv")',
        'print("fetched", digest_of("rides.csv"))',
        'made = hashlib.md5()\nmade.update(open("rides.csv", "rb").read())',
        'size = len(digest_of("rides.csv"))',
        'key = hashlib.md5(URL.encode()).hexdigest()\nPath(key + ".csv").write_bytes(Path("rides.csv").read_bytes())',
        'seen = set()\nassert hashlib.md5(URL.encode("utf-8")).hexdigest() not in seen',
    ],
)
def test_a_digest_that_nothing_is_held_against_fixes_nothing(body: str) -> None:
    assert pin_of(body) == "mutable-implicit"


@pytest.mark.parametrize(
    "body",
    [
        'from shop.checks import check\ncheck(digest_of("rides.csv"))',
        'logging.info("fetched %s", digest_of("rides.csv"))',
        'Ridge.rides = digest_of("rides.csv")',
    ],
)
def test_a_digest_that_goes_out_of_sight_leaves_the_version_open(body: str) -> None:
    assert pin_of(body) == "unknown"


def test_a_digest_is_compared_by_whoever_asked_for_the_download() -> None:
    fetch = """def fetch():
    urllib.request.urlretrieve(URL, "rides.csv")
    return digest_of("rides.csv")


if fetch() != KNOWN:
    raise ValueError
rows = pd.read_csv("rides.csv")
Ridge().fit(rows[["x"]], rows["y"])
"""
    analysis = analysed({"train.py": f"{HEAD}{fetch}"})
    assert [one.properties["pin"] for one in nodes(analysis, "Dataset") if "example.org" in one.id.key] == [
        "content-pinned"
    ]
