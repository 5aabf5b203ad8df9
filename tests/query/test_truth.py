from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.rule import Test as PropertyTest
from mltradeoff_lint.model.value import Property, Scalar, Unknown
from mltradeoff_lint.query.clauses import OPERATORS
from mltradeoff_lint.query.truth import Doubt, all_hold, test_holds, values_agree

holds = test_holds
del test_holds


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("is", "s3", "s3", True),
        ("is", "s3", "gs", False),
        ("is", True, True, True),
        ("is", 1, True, False),
        ("is", 1, 1.0, True),
        ("in", ("s3", "gs"), "gs", True),
        ("in", ("s3", "gs"), "file", False),
        ("not", "s3", "gs", True),
        ("not", ("s3", "gs"), "gs", False),
        ("present", True, "", True),
        ("missing", True, "x", False),
        ("unknown", True, "x", False),
        ("at_least", 3, 3, True),
        ("at_least", 3, 2.9, False),
        ("below", 3, 3, False),
        ("below", 3, 2, True),
        ("at_least", 0, "many", False),
        ("below", 9, True, False),
        ("includes_all", ("a", "b"), ("c", "b", "a"), True),
        ("includes_all", ("a", "b"), ("a",), False),
        ("includes_all", ("a",), "a", False),
    ],
)
def test_an_operator_compares_a_known_value(
    operator: str, wanted: Scalar | tuple[Scalar, ...], value: Property, expected: bool
) -> None:
    assert holds(PropertyTest("p", operator, wanted), {"p": value}) is expected


@pytest.mark.parametrize("operator", ["is", *OPERATORS])
def test_an_unknown_value_leaves_every_test_in_doubt_but_the_one_that_asks_for_it(operator: str) -> None:
    value = Unknown("a plugin decides")
    found = holds(PropertyTest("p", operator, 1), {"p": value})
    assert found is (True if operator == "unknown" else value)


@pytest.mark.parametrize("operator", ["is", *OPERATORS])
def test_an_absent_value_satisfies_only_missing(operator: str) -> None:
    assert holds(PropertyTest("p", operator, 1), {}) is (operator == "missing")


def test_a_false_test_decides_before_a_doubt() -> None:
    tests = (PropertyTest("a", "is", 1), PropertyTest("b", "is", 1))
    unknown = Unknown("why")
    assert all_hold(tests, {"a": unknown, "b": 2}, "match.x") is False
    assert all_hold(tests, {"a": 1, "b": unknown}, "match.x") == Doubt("match.x.b", "why")
    assert all_hold(tests, {"a": 1, "b": 1}, "match.x") is True


values = st.one_of(st.booleans(), st.integers(-2, 2), st.sampled_from(["1", "a"]), st.just(("a",)))


@given(values, values)
def test_values_agree_in_either_order_and_never_across_types(left: Property, right: Property) -> None:
    agree = values_agree(left, right)
    assert agree == values_agree(right, left)
    assert agree == (left == right and isinstance(left, bool) == isinstance(right, bool))


def test_an_absent_value_agrees_with_nothing_and_an_unknown_one_is_in_doubt() -> None:
    assert values_agree(None, None) is False
    assert values_agree(Unknown("why"), None) is False
    assert values_agree("a", Unknown("why")) == Unknown("why")
