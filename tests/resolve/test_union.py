"""Sets of values: what is one value and what is two, and how many are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.value import Unknown
from mltradeoff_lint.resolve.domain import (
    MAX_VALUES,
    CallRef,
    ClassRef,
    Function,
    FunctionRef,
    Hole,
    Instance,
    Items,
    Literal,
    Made,
    Template,
    Value,
    union,
)
from tests.resolve.sample import probe

SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 2.5]) | st.sampled_from("ab")
LITERALS = st.builds(Literal, SCALARS, st.sampled_from(["literal", "default"]))
VALUES: st.SearchStrategy[Value] = LITERALS | st.builds(lambda one: Items(((one,),)), LITERALS)


def test_a_number_and_a_truth_value_that_python_calls_equal_are_two_values() -> None:
    assert probe("x = 1 if flag else True\nprobe(x)") == ["1", "True"]
    assert probe("x = [0] if flag else [False]\nprobe(x)") == ["[0]", "[False]"]
    assert probe("x = 1 if flag else 1.0\nprobe(x)") == ["1", "1.0"]


@given(st.lists(st.lists(VALUES, max_size=4).map(tuple), max_size=4))
def test_a_union_keeps_each_value_once_and_loses_none_below_the_bound(sets: list[tuple[Value, ...]]) -> None:
    found = union(*sets)
    written = [repr(value) for values in sets for value in values]
    assert len(found) == len({repr(value) for value in found})
    if len(set(written)) <= MAX_VALUES:
        assert [repr(value) for value in found] == list(dict.fromkeys(written))
    else:
        assert len(found) == MAX_VALUES
        assert isinstance(found[-1], Unknown)


def test_a_set_that_is_too_large_keeps_what_is_known_and_not_the_many_reasons_why_more_is_not() -> None:
    reasons: list[Value] = [Unknown(f"reason {number}") for number in range(MAX_VALUES)]
    brought = Unknown("parameter path", "request:path")
    known: list[Value] = [Literal("rides.csv"), Template(("data/", Hole("name")))]

    found = union(tuple(reasons), (Template((Hole("part"), "/", Hole("part"))), brought), tuple(known))

    assert set(known) < set(found)
    assert brought in found
    assert found[-1] == Unknown("too many values")


def test_a_set_that_is_too_large_keeps_another_function_rather_than_the_same_one_of_one_more_object() -> None:
    method, other = FunctionRef("io.py", 3), Function(FunctionRef("gui.py", 1))
    bound: list[Value] = [
        Function(method, Instance(ClassRef("io.py", 0), Made(CallRef("app.py", number)))) for number in range(9)
    ]
    found = union((*bound, other))
    assert other in found
    assert found[0] == bound[0]
    assert len(found) == MAX_VALUES


def test_the_rest_of_a_set_that_is_too_large_has_no_name_in_a_text() -> None:
    calls = "".join(f"show('http://host{number}')\n" for number in range(12))
    told = probe(f"def show(url):\n    probe(url + '/health')\n{calls}")
    assert len(told) == MAX_VALUES
    assert not any("{values}" in one for one in told)
