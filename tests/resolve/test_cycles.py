"""Questions that lead back to themselves: what was worked out on the way is not taken for an answer of its own."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mltradeoff_lint.resolve.cycles import FREE, Cycles
from tests.resolve.sample import repository
from tests.resolve.test_termination import PROGRAMS

FUNCTIONS = """
def f():
    return g() or 'f.csv'
def g():
    return h() or 'g.csv'
def h():
    return f() or 'h.csv'
first(f())
second(g())
third(h())
"""
MODULES = {
    "app.py": "from one import A\nfirst(A)\nfrom two import B\nsecond(B)",
    "one.py": "import two\nA = two.B if two.fast else 'a.csv'",
    "two.py": "import one\nB = one.A if one.slow else 'b.csv'",
}


def known(files: dict[str, str], *names: str) -> list[set[str]]:
    """The known texts of the arguments of some calls, asked in this order."""
    made = repository(files)
    return [{text for text in made.probe(name=name) if text != "?"} for name in names]


def test_functions_that_call_one_another_give_the_same_whichever_is_asked_first() -> None:
    texts = {"'f.csv'", "'g.csv'", "'h.csv'"}
    for order in (("first", "second", "third"), ("third", "second", "first"), ("second", "first", "third")):
        assert known({"app.py": FUNCTIONS}, *order) == [texts, texts, texts]


def test_modules_that_import_one_another_give_the_same_whichever_is_asked_first() -> None:
    texts = {"'a.csv'", "'b.csv'"}
    assert known(MODULES, "first", "second") == [texts, texts]
    assert known(MODULES, "second", "first") == [texts, texts]


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=30)
@given(PROGRAMS, st.integers(0, 10))
def test_nothing_is_held_once_no_question_is_open(files: dict[str, str], every: int) -> None:
    made = repository(files)
    for path in made.program.python_paths():
        for expr in range(0, len(made.resolver.facts(path).exprs), every + 1):
            found = made.resolver.values(path, expr)
            assert made.program.cycles.is_empty
            assert made.resolver.values(path, expr) == found


def test_an_answer_that_met_no_open_question_is_final() -> None:
    cycles = Cycles()
    assert cycles.leave(cycles.enter("only")) == FREE


def test_an_answer_is_held_until_the_question_it_met_is_answered() -> None:
    cycles = Cycles()
    first, second, third = cycles.enter("first"), cycles.enter("second"), cycles.enter("third")
    cycles.met(1)
    assert cycles.leave(third) == 1
    cycles.hold("third", "c", 1)
    cycles.met(0)
    assert cycles.leave(second) == 0
    # what rested on the second question now rests on the first
    assert cycles.held("third") == ("c",)
    cycles.hold("second", "b", 0)
    assert cycles.leave(first) == 0
    assert cycles.release(0) == {"third": "c", "second": "b"}
    assert cycles.is_empty


def test_who_uses_a_held_answer_rests_on_what_it_rests_on() -> None:
    cycles = Cycles()
    first = cycles.enter("first")
    cycles.hold("x", 1, 0)
    second = cycles.enter("second")
    assert cycles.held("x") == (1,)
    assert cycles.leave(second) == 0
    assert cycles.leave(first) == 0
    cycles.release(0)
    assert cycles.held("x") is None


def test_it_is_known_who_used_an_answer_that_is_not_the_last_word() -> None:
    cycles = Cycles()
    first, second = cycles.enter("first"), cycles.enter("second")
    cycles.met(0, "first")
    cycles.hold("second", "b", cycles.leave(second))
    assert list(cycles.users("first")) == ["second"]
    assert list(cycles.users("second")) == ["first"]
    assert cycles.leave(first) == 0
    cycles.drop_users(["first", "second"])
    assert not list(cycles.users("first"))


RING = """
class Store:
    def read(self): ...
class Cache:
    def read(self): ...
def first(depth):
    return second(depth) if depth else Store()
def second(depth):
    return third(depth) if depth else None
def third(depth):
    return first(depth) if depth else Cache()
one(first(read()))
two(second(read()))
three(third(read()))
"""


def test_objects_come_around_a_ring_of_functions_to_each_of_them() -> None:
    objects = {"Store()", "Cache()"}
    for order in (("one", "two", "three"), ("three", "one", "two"), ("two", "three", "one")):
        first, second, third = known({"app.py": RING}, *order)
        for found in (first, second, third):
            assert objects <= found


def test_a_thing_that_a_loop_leads_on_is_one_step_longer_and_not_more() -> None:
    made = repository("import lib\nx = lib.open()\nwhile x.more:\n    x = x.parent\nprobe(x)")
    assert made.probe() == ["lib.open()", "lib.open().parent"]


def test_a_caller_that_is_found_only_through_its_own_parameter_is_found() -> None:
    made = repository(
        "class Store:\n    def add(self, row):\n        probe(row)\n"
        "def run(store, left):\n    store.add('a')\n    if left:\n        run(store, left - 1)\n"
        "run(Store(), 3)"
    )
    assert made.probe() == ["'a'"]
    assert len(made.resolver.callers(made.function("app.py", "Store.add"))) == 1
