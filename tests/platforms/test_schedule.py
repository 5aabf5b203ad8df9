"""The longest gap of a schedule, against a calendar that is walked minute by minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mltradeoff_lint.model.schedule import duration_seconds, longest_gap_seconds

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [
        ("* * * * *", MINUTE),
        ("*/5 * * * *", 5 * MINUTE),
        ("*/7 * * * *", 7 * MINUTE),
        ("0 * * * *", HOUR),
        ("0 9-17 * * *", 16 * HOUR),
        ("0 3 * * *", DAY),
        ("0 0 * * 1-5", 3 * DAY),
        ("0 0 * * MON,THU", 4 * DAY),
        ("0 0 * * fri-sun", 5 * DAY),
        ("0 0 * * 7", 7 * DAY),
        ("30 2 1 * *", 31 * DAY),
        ("0 0 31 * *", 61 * DAY),
        ("0 0 1 jan *", 366 * DAY),
        ("0 0 29 2 *", 1461 * DAY),
        ("0 0 1,15 * 1", 7 * DAY),
        ("0 0 */2 * 1", 21 * DAY),
        ("@daily", DAY),
        ("@hourly", HOUR),
        ("@weekly", 7 * DAY),
        ("@monthly", 31 * DAY),
        ("@every 1h30m", 90 * MINUTE),
        ("every 5 minutes", 5 * MINUTE),
        ("every 24 hours", DAY),
        ("rate(1 day)", DAY),
        ("rate(15 minutes)", 15 * MINUTE),
        ("cron(0 10 * * ? *)", DAY),
        ("cron(0 10 ? * MON-FRI *)", 3 * DAY),
        ("cron(0 10 ? * 1 *)", 7 * DAY),
        ("TZ=Europe/Paris 0 3 * * *", DAY),
    ],
)
def test_known_schedules_have_known_gaps(expression: str, seconds: int) -> None:
    assert longest_gap_seconds(expression) == seconds


@pytest.mark.parametrize(
    "expression",
    [
        "", "daily", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8",
        "*/0 * * * *", "5-1 * * * *", "a * * * *", "0 0 31 2 *", "@reboot", "@once", "@continuous", "rate(0 minutes)",
        "rate(5 parsecs)", "cron(0 10 * * ? 2030)", "cron(0 10 ? * 2#1 *)", "0 0 L * *", "@every soon", "\0 * * * *",
        "\u0661 * * * *", "99999999999999999999 * * * *", "*/99999999999 * * * *", ", * * * *", "1- * * * *",
    ],
)  # fmt: skip
def test_what_is_no_schedule_or_never_fires_has_no_gap(expression: str) -> None:
    assert longest_gap_seconds(expression) is None


def _values(low: int, high: int) -> st.SearchStrategy[tuple[str, frozenset[int]]]:
    """A field as text, with the set of values it stands for, built side by side."""
    number = st.integers(low, high)
    single = number.map(lambda value: (str(value), frozenset({value})))
    spans = st.tuples(number, number, st.integers(1, high)).map(
        lambda drawn: (
            f"{min(drawn[:2])}-{max(drawn[:2])}/{drawn[2]}",
            frozenset(range(min(drawn[:2]), max(drawn[:2]) + 1, drawn[2])),
        )
    )
    every = st.integers(1, high).map(lambda step: (f"*/{step}", frozenset(range(low, high + 1, step))))
    plain = st.just(("*", frozenset(range(low, high + 1))))
    listed = st.lists(st.one_of(single, spans), min_size=1, max_size=3).map(
        lambda parts: (",".join(text for text, _ in parts), frozenset().union(*(values for _, values in parts)))
    )
    return st.one_of(listed, every, plain)


@settings(max_examples=40, deadline=None)
@given(_values(0, 59), _values(0, 23), _values(0, 6))
def test_times_and_weekdays_agree_with_a_walk_over_minutes(
    minute: tuple[str, frozenset[int]], hour: tuple[str, frozenset[int]], weekday: tuple[str, frozenset[int]]
) -> None:
    start = datetime(2023, 1, 1)
    fires = [
        offset
        for offset in range(3 * 7 * 24 * 60)
        if (moment := start + timedelta(minutes=offset)).minute in minute[1]
        and moment.hour in hour[1]
        and moment.isoweekday() % 7 in weekday[1]
    ]
    gap = max(after - before for before, after in pairwise(fires))
    assert longest_gap_seconds(f"{minute[0]} {hour[0]} * * {weekday[0]}") == gap * MINUTE


@settings(max_examples=40, deadline=None)
@given(_values(1, 31), _values(1, 12), _values(0, 6))
def test_days_agree_with_a_walk_over_the_calendar(
    day: tuple[str, frozenset[int]], month: tuple[str, frozenset[int]], weekday: tuple[str, frozenset[int]]
) -> None:
    either = not day[0].startswith("*") and not weekday[0].startswith("*")
    last = None
    longest = 0
    for offset in range(2 * 28 * 366):
        moment = date(2001, 1, 1) + timedelta(days=offset)
        in_day, in_week = moment.day in day[1], moment.isoweekday() % 7 in weekday[1]
        if moment.month in month[1] and (in_day or in_week if either else in_day and in_week):
            longest = max(longest, offset - last if last is not None else 0)
            last = offset
    expected = longest * DAY if longest else None
    assert longest_gap_seconds(f"15 4 {day[0]} {month[0]} {weekday[0]}") == expected


@settings(deadline=None)
@given(st.text(alphabet="0123456789*/,-? @everymintsTZ=()LW#", max_size=40))
def test_any_text_gives_a_positive_gap_or_none(text: str) -> None:
    gap = longest_gap_seconds(text)
    assert gap is None or gap > 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5s", 5), ("90 s", 90), ("10m", 600), ("1h30m", 5400), ("2 days", 172800), ("1w", 604800),
        ("", None), ("0s", None), ("5", None), ("5 apples", None), ("5s!", None), ("x5s", None), ("-5s", None),
    ],
)  # fmt: skip
def test_durations_are_numbers_with_units(text: str, seconds: int | None) -> None:
    assert duration_seconds(text) == seconds
