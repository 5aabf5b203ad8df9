"""A class that only code makes which is never run: no object, value or caller comes from there."""

from __future__ import annotations

import pytest

from mltradeoff_lint.resolve.running.reach import Reach
from mltradeoff_lint.resolve.sites import Sites
from tests.resolve.sample import probe, repository

AGENTS = """\
class Agent:
    def __init__(self, name):
        self.name = name

    def act(self):
        raise NotImplementedError


class Live(Agent):
    def act(self):
        return "live"


class Dead(Agent):
    size = 3

    def __init__(self, name, limit=5):
        super().__init__(name)
        self.limit = limit
        self.kind = "dead"

    def act(self):
        PROBE
        return "dead"


def run(flag, choice):
    agent: Agent
    if choice == 1:
        agent = Live("a")
    elif choice == 2 and False:
        agent = Dead("b", 7)
    return agent.act()
"""


def agents(probed: str, more: str = "") -> str:
    return AGENTS.replace("PROBE", f"probe({probed})") + more


@pytest.mark.parametrize("name", ["name", "limit", "kind"])
def test_what_an_object_holds_that_is_never_made_is_unknown(name: str) -> None:
    assert probe(agents(f"self.{name}")) == ["?"]


def test_the_methods_of_such_an_object_are_still_known() -> None:
    assert probe(agents("self.act")) == ["def Dead.act"]


MADE = {
    "called elsewhere": "Dead('c')\n",
    "called in a condition": "if FLAG:\n    Dead('c')\n",
    "kept in a table": "TABLE = {'dead': Dead}\n",
    "handed on": "register(Dead)\n",
    "given back": "def kind():\n    return Dead\n",
    "derived from": "class More(Dead):\n    pass\n",
    "called by another name": "Other = Dead\n",
    "named in a text": "make('agents.Dead')\n",
    "known to its base": "def kinds():\n    return Agent.__subclasses__()\n",
    "the type of a field": "class Holder:\n    held: Dead\n",
    "the type of a parameter": "def use(held: Dead):\n    pass\n",
    "a class method": "Dead.create()\n",
}


@pytest.mark.parametrize("more", MADE.values(), ids=MADE)
def test_a_class_that_is_read_in_any_other_way_may_be_made(more: str) -> None:
    assert probe(agents("self.kind", more)) == ["'dead'"]


@pytest.mark.parametrize("more", ["if isinstance(one, Dead):\n    pass\n", "found: Dead = load()\n"])
def test_a_test_of_a_class_makes_no_object(more: str) -> None:
    assert probe(agents("self.kind", more)) == ["?"]


def test_a_class_that_a_configuration_names_may_be_made() -> None:
    files = {"app.py": agents("self.kind"), "agents.yaml": "agent:\n  class: app.Dead\n"}
    assert probe(files) == ["'dead'"]


def test_a_call_on_a_base_class_runs_no_method_of_an_object_that_is_never_made() -> None:
    base = "def use(agent: Agent):\n    probe_of_base(agent.act)\n"
    assert repository(agents("1", base)).probe(name="probe_of_base") == ["def Live.act"]
    made = repository(agents("1", f"{base}Dead('c')\n")).probe(name="probe_of_base")
    assert made == ["def Dead.act", "def Live.act"]


def test_nobody_runs_a_method_of_an_object_that_is_never_made() -> None:
    base = "def use(agent: Agent):\n    agent.act()\n"
    found = repository(agents("1", base))
    assert Reach(found.resolver).incoming(found.function("app.py", "Dead.act")) == ()
    assert Reach(found.resolver).incoming(found.function("app.py", "Live.act")) != ()
    made = repository(agents("1", f"{base}Dead('c')\n"))
    assert Reach(made.resolver).incoming(made.function("app.py", "Dead.act")) != ()


ASKING = """\
import os
from openai import OpenAI


class Grounding:
    def ask(self):
        return OpenAI().chat.completions.create(model="small", messages=[])


class Agent:
    def __init__(self):
        self.grounding: Grounding | None = None
        self.grounding = Grounding()


def run(choice):
    if choice == 1 and False:
        return Agent()
    CODE
"""


@pytest.mark.parametrize(
    ("code", "operations"),
    [
        ("return None", []),
        ("return Agent()", ["openai.OpenAI().chat.completions.create"]),
        ("return Grounding().ask()", ["openai.OpenAI().chat.completions.create"]),
        ("return os.environ['A'].split(Agent)", ["openai.OpenAI().chat.completions.create"]),
    ],
)
def test_calls_of_what_only_objects_make_that_are_never_made_have_no_meaning(code: str, operations: list[str]) -> None:
    repo = repository({"app.py": ASKING.replace("CODE", code)})

    assert [use.meaning.path for use in Sites(repo.resolver).of_kind("model-call")] == operations


def test_a_call_in_dead_code_has_no_meaning() -> None:
    source = "import pandas\nif False:\n    pandas.read_csv('a.csv')\npandas.read_csv('b.csv')\n"
    repo = repository({"app.py": source})

    assert [use.ref.call for use in Sites(repo.resolver).of_kind("dataset-read")] == [1]
