from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mltradeoff_lint.model.graph import Node, NodeId
from mltradeoff_lint.model.value import Property, Unknown
from mltradeoff_lint.query.fields import Field, duration, parse, render


def said(text: str, label: str = "churn", **properties: Property) -> str:
    return render(text, {"x": Node(NodeId("Model", "k"), label, properties)}, {"days": 3})


def test_fields_are_filled_with_properties_the_label_and_options() -> None:
    assert said("{x.label} has {x.members} members, {options.days} days", members=4) == "churn has 4 members, 3 days"


def test_several_values_are_listed_and_quoted_one_by_one() -> None:
    assert said("of `{x.names}`", names=("a", "b", "c")) == "of `a`, `b` and `c`"
    assert said("of {x.names}", names=("a",)) == "of a"
    assert said("{x.names|count} of them", names=("a", "b")) == "2 of them"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("calls `{x.pin_how}` now", "calls an unresolved pin how now"),
        ("calls `{x.model}` now", "calls no model now"),
        ("calls `{x.empty}` now", "calls no empty now"),
    ],
)
def test_what_has_no_value_is_spoken_of_without_quotes(text: str, expected: str) -> None:
    assert said(text, pin_how=Unknown("why"), empty=()) == expected


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (86400, "1 day"),
        (129600, "36 hours"),
        (604800, "7 days"),
        (100000, "1.2 days"),
    ],
)
def test_a_duration_is_told_in_the_largest_unit_that_fits(seconds: int, words: str) -> None:
    assert duration(seconds) == words
    assert said("{x.refresh|duration}", refresh=seconds) == words


@given(st.integers(min_value=1, max_value=10**9))
def test_a_duration_is_told_within_a_tenth(seconds: int) -> None:
    amount, unit = duration(seconds).split()
    size = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}[unit.removesuffix("s")]
    assert abs(float(amount) * size - seconds) <= 0.05 * size + 1e-6


def test_numbers_shares_and_flags_read_plainly() -> None:
    assert said("{x.a|percent}, {x.b}, {x.c}", a=0.345, b=2.50, c=False) == "34 %, 2.5, false"


def test_what_the_repository_supplies_cannot_break_a_message() -> None:
    text = said("reads `{x.label}`", label="s3://user:hunter22@host/`x`\n\x1b[31m" + "y" * 500)
    assert "hunter22" not in text
    assert "\x1b" not in text
    assert text.count("`") == 2
    assert len(text) < 120


@pytest.mark.parametrize("text", ["{x}", "a } b", "{x.label", "{ x.label }", "{X.label}", "{x.label|}"])
def test_a_brace_without_a_field_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="a brace"):
        parse(text)


def test_backticks_that_close_elsewhere_stay_where_they_are() -> None:
    assert parse("`{a.b} c`") == ("`", Field("a", "b", "", False), " c`")
    assert parse("`{a.b}`") == (Field("a", "b", "", True),)


@given(st.text(alphabet="ab .`"), st.sampled_from(["{v.p}", "`{v.p}`", ""]), st.text(alphabet="ab .`"))
def test_the_parts_of_a_message_put_together_are_the_message(before: str, middle: str, after: str) -> None:
    text = before + middle + after
    parts = ["`{v.p}`" if isinstance(p, Field) and p.is_quoted else "{v.p}" if isinstance(p, Field) else p
             for p in parse(text)]  # fmt: skip
    assert "".join(parts) == text
