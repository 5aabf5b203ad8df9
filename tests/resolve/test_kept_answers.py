"""Answers that are kept for the rest of a run are those that a program gives which notes every question anew."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Instance, Values
from tests.resolve.sample import Repository, repository
from tests.resolve.test_termination import PROGRAMS

STORES = """
import pandas as pd
PATH = 'data/rows.csv'
class Store:
    def __init__(self, name):
        self.name = name
    def load(self, folder):
        return pd.read_csv(folder + self.name)
class Cache:
    def load(self, folder):
        return Store('b.csv').load(folder)
first = Store('a.csv')
second = Cache()
first.load('raw/')
second.load('hot/')
first.load('cold/')
def main(rows):
    return open(PATH), rows
main(1)
"""


def unrecorded(files: dict[str, str] | str) -> Repository:
    """A repository whose questions nobody notes, as in a run."""
    made = repository(files)
    made.program.is_recorded = False
    return made


def everything(made: Repository, order: int) -> list[tuple[object, ...]]:
    """The values of each expression, the members of each object and the callers of each function."""
    resolver, told = made.resolver, list[tuple[object, ...]]()
    for path in made.program.python_paths()[:: 1 - 2 * (order % 2)]:
        facts = resolver.facts(path)
        names = {one[2] for one in facts.exprs if one[0] == "attr"}
        for number in range(len(facts.scopes)):
            told.append(("callers", path, number, resolver.callers(FunctionRef(path, number))))
        for expr in range(len(facts.exprs))[:: 1 - 2 * (order // 2)]:
            values: Values = resolver.values(path, expr)
            told.append(("values", path, expr, values))
            for value in values:
                members = (
                    [resolver.member(value, name) for name in sorted(names)] if isinstance(value, Instance) else []
                )
                told.append(("members", path, expr, tuple(members)))
    return told


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=12)
@given(PROGRAMS, st.integers(0, 3))
def test_a_run_tells_what_a_recorded_run_tells(files: dict[str, str], order: int) -> None:
    assert everything(unrecorded(files), order) == everything(repository(files), order)


def test_methods_of_one_name_have_the_callers_of_their_own_class() -> None:
    made = unrecorded(STORES)
    told = everything(made, 0)
    assert told == everything(repository(STORES), 0)
    lines = {
        name: [made.resolver.call(ref).span[0] for ref in made.resolver.callers(made.function("app.py", name))]
        for name in ("Store.load", "Cache.load")
    }
    assert lines == {"Store.load": [11, 14, 16], "Cache.load": [15]}


def test_a_name_of_the_module_is_resolved_once_for_all_calls() -> None:
    made = unrecorded(STORES)
    main, call = made.function("app.py", "main"), made.call("app.py", "main")
    assert isinstance(call, CallRef)
    facts = made.resolver.facts("app.py")
    (name,) = [index for index, one in enumerate(facts.exprs) if one[0] == "name" and one[1] == "PATH"]
    (rows,) = [index for index, one in enumerate(facts.exprs) if one[0] == "name" and one[1] == "rows"]
    frame = Frame(main, call)
    assert made.resolver.values("app.py", name, frame) is made.resolver.values("app.py", name)
    assert made.resolver.values("app.py", rows, frame) is not made.resolver.values("app.py", rows)


def test_an_answer_is_final_once_it_was_asked_for() -> None:
    made = unrecorded(STORES)
    ref = made.call("app.py", "main")
    expr = made.resolver.call(ref).function
    assert not made.resolver.is_final("app.py", expr)
    made.resolver.values("app.py", expr)
    assert made.resolver.is_final("app.py", expr)
