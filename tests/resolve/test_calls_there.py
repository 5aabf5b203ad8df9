"""What the calls of a line are, for a user who asks why no rule looks at it."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.calls_there import calls_there, lines_around
from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.sample import repository

SOURCE = """\
import json
import plugs

class Record: ...

def load(text):
    return json.loads(text)

def main(client):
    print(load("x"), Record())
    client.index.ask("x")
    unknown("x")
    plugs.open().encode(
        1,

    )
    done = True
"""


def told(line: int) -> tuple[str, ...]:
    """What is told of a line of the sample."""
    resolver = repository(SOURCE).resolver
    return calls_there(resolver, Sites(resolver), "app.py", line)


DECORATED = """\
from concurrent.futures import ProcessPoolExecutor

from fastapi import FastAPI

app = FastAPI()

@app.post("/ask")
def ask(text):
    return ProcessPoolExecutor().map(len, text)

@app.on("x")
def other(): ...
"""


def told_of_decorated(line: int) -> tuple[str, ...]:
    """What is told of a line of the sample with decorators."""
    resolver = repository(DECORATED).resolver
    return calls_there(resolver, Sites(resolver), "app.py", line)


def test_a_decorator_is_told_by_what_the_catalog_has_for_it() -> None:
    assert told_of_decorated(7) == (
        "`app.post(...)` is `fastapi.FastAPI().post`, in the library catalog as `endpoint`, "
        "and no rule looks at this use of it",
    )
    assert told_of_decorated(11) == ("`app.on(...)` is `fastapi.FastAPI().on`, which is not in the library catalog",)


def test_a_class_is_told_by_the_name_by_which_it_is_imported() -> None:
    assert sorted(told_of_decorated(9), reverse=True) == [
        "`ProcessPoolExecutor(...)` is `concurrent.futures.ProcessPoolExecutor`, which is not in the library catalog",
        "`ProcessPoolExecutor(...).map(...)` is `concurrent.futures.ProcessPoolExecutor().map`, "
        "in the library catalog as `calls-argument`, and no rule looks at this use of it",
    ]


def test_a_call_that_the_catalog_knows_by_its_result_is_told_by_that() -> None:
    source = "from feast import FeatureStore\nrows = FeatureStore().get_historical_features(orders, names).to_df()\n"
    resolver = repository(source).resolver
    told_lines = calls_there(resolver, Sites(resolver), "app.py", 2)
    (frame,) = [one for one in told_lines if ".to_df(...)" in one]
    assert frame.endswith(
        "`feast.FeatureStore().get_historical_features().to_df`, "
        "which the library catalog knows by what it gives alone: `pandas.DataFrame()`"
    )


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (
            7,
            (
                "`json.loads(...)` is `json.loads`, in the library catalog as `parse`, "
                "and no rule looks at this use of it",
            ),
        ),
        (
            10,
            (
                "`Record(...)` makes an object of a class of the repository (app.py:4)",
                "`load(...)` runs a function of the repository (app.py:6)",
            ),
        ),
        (12, ("`unknown(...)` did not resolve: unknown is not defined in its module",)),
        (
            13,
            (
                "`plugs.open(...)` is `plugs.open`, which is not in the library catalog",
                "`plugs.open(...).encode(...)` is `plugs.open().encode`, which is not in the library catalog",
            ),
        ),
        (17, ()),
    ],
)
def test_a_call_is_told_by_what_it_resolved_to(line: int, lines: tuple[str, ...]) -> None:
    assert sorted(told(line)) == sorted(lines)


def test_a_receiver_that_did_not_resolve_is_named_with_its_reason() -> None:
    (found,) = told(11)
    assert found.startswith("the receiver `client.index` of `client.index.ask(...)` did not resolve: ")
    assert "parameter client has no caller in the repository" in found


def test_a_line_inside_a_call_is_told_the_line_on_which_it_starts() -> None:
    assert told(15) == (
        "`plugs.open(...).encode(...)` (app.py:13) is `plugs.open().encode`, which is not in the library catalog",
    )


def test_the_lines_around_are_those_of_the_innermost_function() -> None:
    facts = repository(SOURCE).resolver.facts("app.py")
    around = lines_around(facts, 15)
    assert (around.line, around.end_line) == (9, 17)
    assert lines_around(facts, 2).line == 1
