"""What is counted as a site, and when a site is known, a template or unknown."""

from __future__ import annotations

import pytest

from mltradeoff_lint.analysis import analyse, linked
from mltradeoff_lint.resolve.resolution import (
    DATA,
    MODEL,
    OTHER,
    RUNNABLE,
    SDK,
    Resolution,
    Resolutions,
    coverage_line,
)
from mltradeoff_lint.resolve.resolver import WholeProgram
from mltradeoff_lint.resolve.sites import Sites
from mltradeoff_lint.settings import Settings
from mltradeoff_lint.tree import MemoryTree


def resolutions(code: str, path: str = "app.py") -> list[Resolution]:
    """The sites of a repository of one file."""
    resolver = WholeProgram(linked(MemoryTree({path: code}), Settings()))
    return list(Resolutions(resolver, Sites(resolver)).all())


def states(code: str, kind: str) -> list[str]:
    """The states of the sites of one kind."""
    return [one.state for one in resolutions(code) if one.kind == kind]


READ = "import pandas as pd, os\ndef load(p, q):\n    return pd.read_csv({0})\n"


@pytest.mark.parametrize(
    ("argument", "state"),
    [
        ("'data/x.csv'", "known"),
        ("['a.csv', 'b.csv']", "known"),
        ("open('x.csv')", "known"),
        ("f'data/{p}.csv'", "template"),
        ("os.environ['DATA_URL']", "template"),
        ("'a.csv' if q else p", "template"),
        ("p", "unknown"),
        ("f'{p}'", "unknown"),
        ("os.path.join(p, q)", "unknown"),
        ("''", "known"),
    ],
)
def test_the_location_of_a_read_is_as_known_as_its_least_known_value(argument: str, state: str) -> None:
    assert set(states(READ.format(argument), DATA)) == {state}


def test_every_unknown_site_has_a_reason() -> None:
    unknown = [one for one in resolutions(READ.format("p")) if one.state == "unknown" and one.kind == DATA]

    assert [one.reason for one in unknown] == ["parameter p has no caller in the repository"]


CLIENT = "from openai import OpenAI\nclient = OpenAI()\n"


def test_a_typed_receiver_is_counted_once_and_its_model_apart() -> None:
    code = f"{CLIENT}client.chat.completions.create(model='gpt-5-mini', messages=[])\n"

    assert states(code, SDK) == ["known"]
    assert states(code, MODEL) == ["known"]


def test_a_receiver_that_is_not_known_stays_in_the_count() -> None:
    code = f"{CLIENT}def ask(c):\n    return c.chat.completions.create(model='m', messages=[])\n"

    assert states(code, SDK) == ["unknown"]


def test_a_name_that_no_model_call_has_behind_that_member_is_no_site() -> None:
    code = f"{CLIENT}def ask(c):\n    return c.orders.archive.create(model='m')\n"

    assert states(code, SDK) == []


def test_a_runnable_is_resolved_also_when_it_is_certainly_no_model() -> None:
    code = (
        "from langchain_openai import ChatOpenAI\n"
        "class Own:\n    def invoke(self, x):\n        return x\n"
        "Own().invoke(1)\nChatOpenAI().invoke('hello')\n"
        "def use(chain):\n    return chain.invoke('hello')\n"
    )

    assert sorted(states(code, RUNNABLE)) == ["known", "known", "unknown"]


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("None", "no value is passed"),
        ("f'{p}'", "a string with no known part"),
        ("base64.b64decode(p)", "`base64.b64decode()` has no known value"),
        ("pymongo.MongoClient()['a']['b']", "`pymongo.MongoClient()[...][...]` has no known value"),
    ],
)
def test_a_reason_says_what_is_missing(argument: str, reason: str) -> None:
    code = "import base64, pymongo\n" + READ.format(argument)

    assert [one.reason for one in resolutions(code) if one.kind == DATA] == [reason]


def test_calls_of_other_libraries_are_kept_apart() -> None:
    code = "from crewai import Crew\nCrew(agents=[], tasks=[]).kickoff()\ndef run(crew):\n    return crew.kickoff()\n"

    assert sorted(states(code, OTHER)) == ["known", "unknown"]


def test_an_option_is_known_by_what_command_lines_or_its_default_give_it() -> None:
    code = (
        "import typer\napp = typer.Typer()\n@app.command()\n"
        "def train(data: str, rate: float = 0.1, name: str = None):\n    pass\nif __name__ == '__main__':\n    app()\n"
    )
    files = {"train.py": code, "run.sh": "python train.py s3://b/x.csv\n"}
    resolver = WholeProgram(linked(MemoryTree(files), Settings()))
    found = Resolutions(resolver, Sites(resolver)).options(resolver.given_options())

    assert sorted(one.state for one in found) == ["known", "known", "unknown"]


def test_tests_are_left_out() -> None:
    assert resolutions(READ.format("'x.csv'"), "tests/test_load.py") == []


def test_check_says_how_much_is_known_and_what_is_in_the_way() -> None:
    code = READ.format("p") + "def other():\n    return pd.read_csv('x.csv')\n"
    lines = analyse(MemoryTree({"app.py": code}), Settings()).run.coverage.lines

    assert lines == (
        "values: 1 known, 0 template, 1 unknown of 2 data locations, model names and receivers; "
        "most common reasons: parameter p has no caller in the repository (1)",
    )


def test_nothing_to_resolve_says_nothing() -> None:
    assert coverage_line(resolutions("x = 1\n")) == ""
